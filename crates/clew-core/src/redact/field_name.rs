//! Names of fields, read by whole words.
//!
//! `shipping_address` holds `pin` and `opinion` does too; neither is one. A name is split at
//! everything that is no letter or digit, at `camelCase` and between letters and digits; only
//! whole words count.

use smallvec::SmallVec;

/// Names of secrets, as the words that must follow each other.
const SECRET: &[&[&str]] = &[
    &["password"],
    &["passwd"],
    &["pwd"],
    &["passphrase"],
    &["passcode"],
    &["passwort"],
    &["kennwort"],
    &["ssn"],
    &["social", "security"],
    &["socialsecurity"],
    &["socialsecuritynumber"],
    &["credit", "card"],
    &["creditcard"],
    &["creditcardnumber"],
    &["debit", "card"],
    &["card", "number"],
    &["cardnumber"],
    &["card", "num"],
    &["card", "no"],
    &["cc", "number"],
    &["ccnumber"],
    &["cc", "num"],
    &["ccnum"],
    &["cc", "no"],
    &["cvv"],
    &["cvc"],
    &["csc"],
    &["pin"],
    &["security", "code"],
    &["securitycode"],
    &["confirmpassword"],
    &["iban"],
    &["passport"],
    &["bank", "account"],
    &["account", "number"],
    &["accountnumber"],
    &["api", "key"],
    &["apikey"],
    &["private", "key"],
    &["privatekey"],
];

/// Secrets only as the last word: `token_count` counts.
const SECRET_AT_END: &[&str] = &["token", "accesstoken", "secret", "otp"];

const PHONE: &[&str] = &[
    "phone",
    "phones",
    "phonenumber",
    "telephone",
    "tel",
    "telefon",
    "telefonnummer",
    "mobile",
    "mobilephone",
    "cellphone",
    "handynummer",
    "msisdn",
    "fax",
    "whatsapp",
];

type Parts<'a> = SmallVec<[&'a str; 8]>;

/// Is a field of this name never to be kept?
pub fn is_secret(name: &str) -> bool {
    may_be_listed(name) && {
        let words = words(name);
        SECRET.iter().any(|secret| holds(&words, secret))
            || words
                .last()
                .is_some_and(|last| SECRET_AT_END.contains(&last.as_str()))
    }
}

/// Does the name say that a phone number follows?
pub(crate) fn is_phone(name: &str) -> bool {
    words(name)
        .iter()
        .any(|word| PHONE.contains(&word.as_str()))
}

/// Every secret name has a `p`, `c`, `s`, `k` or `i` somewhere; the rest need not be taken apart.
fn may_be_listed(name: &str) -> bool {
    name.len() >= 3
        && name
            .bytes()
            .any(|b| matches!(b | 0x20, b'p' | b'c' | b's' | b'k' | b'i'))
}

fn holds(words: &[String], secret: &[&str]) -> bool {
    words
        .windows(secret.len())
        .any(|window| window.iter().eq(secret.iter()))
}

fn words(name: &str) -> SmallVec<[String; 8]> {
    let runs = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|run| !run.is_empty());
    runs.flat_map(parts).map(str::to_lowercase).collect()
}

/// `camelCase`, `HTMLText` and `cvv2` in their parts.
pub(super) fn parts(run: &str) -> Parts<'_> {
    let mut parts = Parts::new();
    let mut start = 0;
    let (mut previous, mut chars) = (Kind::Other, run.char_indices().peekable());
    while let Some((i, c)) = chars.next() {
        let kind = Kind::of(c);
        let next = chars.peek().map_or(Kind::Other, |(_, c)| Kind::of(*c));
        let begins = match (previous, kind) {
            // The last capital of `HTMLText` begins the next word.
            (Kind::Upper, Kind::Upper) => next == Kind::Lower,
            (Kind::Lower, Kind::Upper)
            | (Kind::Digit, Kind::Lower | Kind::Upper | Kind::Other)
            | (Kind::Lower | Kind::Upper | Kind::Other, Kind::Digit) => true,
            _ => false,
        };
        if begins && i > start {
            parts.push(&run[start..i]);
            start = i;
        }
        previous = kind;
    }
    parts.push(&run[start..]);
    parts
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Lower,
    Upper,
    Digit,
    Other,
}

impl Kind {
    fn of(c: char) -> Self {
        if c.is_ascii_digit() {
            Self::Digit
        } else if c.is_uppercase() {
            Self::Upper
        } else if c.is_lowercase() {
            Self::Lower
        } else {
            Self::Other
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_found_by_whole_words() {
        for name in [
            "password",
            "confirm_password",
            "confirmPassword",
            "passwd",
            "pwd",
            "user.pwd",
            "SSN",
            "social_security",
            "social_security_number",
            "socialSecurityNumber",
            "credit_card",
            "creditCard",
            "card_number",
            "card-number",
            "cardNumber",
            "payment.card.number",
            "cc_number",
            "cvv",
            "CVV2",
            "cvc",
            "pin",
            "userPIN",
            "PINCode",
            "security_code",
            "securityCode",
            "password2",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "shipping_address",
            "opinion",
            "spinner",
            "username",
            "filename",
            "name",
            "passenger",
            "compassword",
            "pinterest",
            "pinned",
            "card",
            "card_type",
            "cvvx",
            "security",
            "code",
            "social",
            "discount_code",
            "postcode",
            "zip_code",
            "bypass",
            "",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn a_phone_is_named_as_one() {
        for (name, is) in [
            ("phone", true),
            ("phoneNumber", true),
            ("customer.tel", true),
            ("mobile_phone", true),
            ("hotel", false),
            ("microphones", false),
            ("telemetry", false),
        ] {
            assert_eq!(is_phone(name), is, "{name}");
        }
    }

    #[test]
    fn names_fall_apart_at_their_seams() {
        assert_eq!(parts("orderId").as_slice(), ["order", "Id"]);
        assert_eq!(parts("HTMLText").as_slice(), ["HTML", "Text"]);
        assert_eq!(parts("cvv2").as_slice(), ["cvv", "2"]);
        assert_eq!(parts("word").as_slice(), ["word"]);
    }
}
