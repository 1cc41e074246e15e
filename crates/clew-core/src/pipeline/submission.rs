//! What was typed into a form, made fit to be kept.
//!
//! Secret fields and numbers of cards, accounts and passports go ([`crate::redact`]); e-mail
//! addresses and telephone numbers stay, because they are what a form is filled in for. Text stays
//! text: markup is kept as it was typed and harmless where it is shown, because whatever shows it
//! escapes it; characters that no form has (control characters, NUL, turns of the reading
//! direction) are dropped. The number and length of values are bounded; where there is no room for
//! all, those that say who wrote stay.

use super::text;
use crate::model::{SiteKey, Submission, contact};
use crate::redact::{is_phone_name, redact_submitted, redact_text};
use crate::wire::WireSubmission;
use std::borrow::Cow;
use std::collections::BTreeMap;

const FIELDS_MAX: usize = 64;
const NAME_MAX: usize = 128;
const FORM_MAX: usize = 255;
const PHONE_MAX: usize = 50;
/// Values of fields that say who somebody is.
const SHORT_MAX: usize = 255;
/// Messages, and whatever else a form asks.
const LONG_MAX: usize = 10 * 1024;
/// All values of one form together.
const TOTAL_MAX: usize = 64 * 1024;

/// Fields that say who wrote, in the spelling of every family, without separators.
const CONTACT: &[&str] = &[
    "email",
    "emailaddress",
    "mail",
    "name",
    "fullname",
    "firstname",
    "lastname",
    "company",
    "organization",
    "organisation",
];

/// `own` takes the client's address out of a text where it may not be stored.
pub(super) fn clean(
    wire: WireSubmission,
    form: Option<&str>,
    key: &SiteKey,
    own: impl Fn(Cow<'_, str>) -> String,
) -> Submission {
    let (contacts, others): (Vec<_>, Vec<_>) = wire
        .fields
        .into_iter()
        .partition(|(name, _)| is_phone_name(name) || is_contact(name));
    let mut fields = BTreeMap::new();
    let mut room = TOTAL_MAX;
    for (name, value) in contacts.into_iter().chain(others).take(FIELDS_MAX) {
        let value = bounded(&name, value);
        let name = text::bounded(name, NAME_MAX);
        let size = name.len() + value.len();
        if name.is_empty() || value.is_empty() || size > room {
            continue;
        }
        room -= size;
        let value = own(redact_submitted(&name, &value));
        let name = own(redact_text(&name));
        fields.entry(name).or_insert(value);
    }
    let form = text::bounded(form.unwrap_or_default().to_owned(), FORM_MAX);
    let form = own(redact_text(&form));
    Submission::new(wire.kind, form, fields, key)
}

fn bounded(name: &str, value: String) -> String {
    if is_phone_name(name) {
        text::bounded(value, PHONE_MAX)
    } else if is_contact(name) || contact::email(&value).is_some() {
        text::bounded(value, SHORT_MAX)
    } else {
        text::prose(value, LONG_MAX)
    }
}

fn is_contact(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    let word: String = letters.flat_map(char::to_lowercase).take(32).collect();
    CONTACT.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SubmissionKind;

    fn cleaned(fields: &[(&str, &str)]) -> BTreeMap<String, String> {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let wire = WireSubmission {
            kind: SubmissionKind::Submitted,
            fields: fields.iter().map(own).collect(),
        };
        let key = SiteKey::new([1; 32]);
        let clean = clean(wire, None, &key, |text: Cow<'_, str>| text.into_owned());
        clean.fields().clone()
    }

    fn value(name: &str, value: &str) -> String {
        let fields = cleaned(&[(name, value)]);
        fields.into_values().next().unwrap_or_default()
    }

    #[test]
    fn who_wrote_stays_and_secrets_go() {
        for (name, given, kept) in [
            ("email", "jane@mail.example", "jane@mail.example"),
            (
                "message",
                "write to jane@mail.example",
                "write to jane@mail.example",
            ),
            ("phone", "+49 151 1234 5678", "+49 151 1234 5678"),
            // Digits of a telephone number that would pass for a card.
            ("phone", "+4915112345673", "+4915112345673"),
            ("phone", "4111 1111 1111 1111", "[REDACTED]"),
            (
                "message",
                "card 4111 1111 1111 1111 ok",
                "card [REDACTED] ok",
            ),
            ("message", "my SSN is 123-45-6789", "my SSN is [REDACTED]"),
            ("note", "DE89 3704 0044 0532 0130 00", "[REDACTED]"),
            ("note", "passport no. C01X00T47", "passport no. [REDACTED]"),
            ("password", "hunter2", "[REDACTED]"),
            ("confirm_password", "hunter2", "[REDACTED]"),
            ("cvv", "123", "[REDACTED]"),
            ("security_code", "123", "[REDACTED]"),
            ("shipping_address", "Pine Street 5", "Pine Street 5"),
        ] {
            assert_eq!(value(name, given), kept, "{name}: {given}");
        }
    }

    #[test]
    fn text_stays_text_without_what_no_form_has() {
        let script = "<script>alert('x')</script> & \"more\"";
        assert_eq!(value("message", script), script);
        assert_eq!(value("name", "Ja\u{0}ne\u{1b}[31m\r\n"), "Jane[31m");
        assert_eq!(value("message", "a\r\nb\u{202e}c\u{0}\td"), "a\nbc\td");
    }

    #[test]
    fn lengths_are_bounded() {
        assert_eq!(value("first_name", &"ä".repeat(200)).len(), 254);
        assert_eq!(value("phone", &"5".repeat(80)).len(), 50);
        assert_eq!(value("message", &"x".repeat(20_000)).len(), LONG_MAX);
        assert_eq!(value(&"n".repeat(500), "x"), "x");
        assert!(cleaned(&[(" ", "x"), ("y", "")]).is_empty());
    }

    #[test]
    fn who_wrote_finds_room_first() {
        let long = "x".repeat(9_000);
        let many: Vec<_> = (0..100).map(|n| format!("a{n:03}")).collect();
        let mut all: Vec<_> = many
            .iter()
            .map(|name| (name.as_str(), long.as_str()))
            .collect();
        all.extend([("e-mail", "jane@mail.example"), ("tel", "030 12345")]);
        let kept = cleaned(&all);
        assert!(kept.contains_key("e-mail") && kept.contains_key("tel"));
        let total: usize = kept.values().map(String::len).sum();
        assert!(total <= TOTAL_MAX && total > TOTAL_MAX - 10_000, "{total}");
        let short: Vec<_> = many.iter().map(|name| (name.as_str(), "x")).collect();
        assert_eq!(cleaned(&short).len(), FIELDS_MAX);
    }
}
