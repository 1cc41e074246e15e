//! E-mail addresses and telephone numbers as people type them into forms.
//!
//! Owns the shapes that are taken for one, and the spelling under which two of them are the same.
//! Whether anybody answers there is no question that a text can answer.

/// Longest that SMTP can carry (RFC 5321).
const EMAIL_MAX: usize = 254;
const LOCAL_MAX: usize = 64;
const PHONE_MAX: usize = 50;
/// E.164 has at most 15 digits; extensions come on top.
const DIGITS: std::ops::RangeInclusive<usize> = 5..=20;

/// The address in small letters, without spaces around it; None when `text` is no address.
pub fn email(text: &str) -> Option<String> {
    let text = text.trim();
    let (local, host) = text.rsplit_once('@')?;
    let fits = text.len() <= EMAIL_MAX && (1..=LOCAL_MAX).contains(&local.len());
    (fits && is_local(local) && is_host(host)).then(|| text.to_lowercase())
}

/// Its digits, without the zeros that stand for a `+`; None when `text` is no number.
pub fn phone(text: &str) -> Option<String> {
    let text = text.trim();
    let mark = |c: char| matches!(c, '+' | '-' | '(' | ')' | '.' | '/' | ' ' | '\u{a0}' | '#');
    let extension = |c: char| matches!(c, 'e' | 'x' | 't' | 'E' | 'X' | 'T');
    let known = |c: char| c.is_ascii_digit() || mark(c) || extension(c);
    if text.len() > PHONE_MAX || !text.starts_with(['+', '(']) && !text.starts_with(is_digit) {
        return None;
    }
    let digits: String = text.chars().filter(|c| is_digit(*c)).collect();
    let digits = digits.strip_prefix("00").unwrap_or(&digits);
    (text.chars().all(known) && DIGITS.contains(&digits.len())).then(|| digits.to_owned())
}

const fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn is_local(local: &str) -> bool {
    let odd = |c: char| c.is_control() || c.is_whitespace() || "<>()[],;:\\\"@".contains(c);
    !local.contains(odd)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let top = host.rsplit_once('.').map_or("", |(_, top)| top);
    top.chars().count() >= 2
        && !top.bytes().all(|b| b.is_ascii_digit())
        && host.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_texts() {
        for (text, expected) in [
            (" Jane.Doe+x@Mail.Example ", "jane.doe+x@mail.example"),
            ("o'brien@a-b.co.uk", "o'brien@a-b.co.uk"),
            ("jürgen@müller.de", "jürgen@müller.de"),
        ] {
            assert_eq!(email(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "",
            "@",
            "jane",
            "jane@",
            "@mail.example",
            "jane@mail",
            "jane@mail.1",
            "jane@-mail.example",
            "jane doe@mail.example",
            "<script>@mail.example",
            "a@b@mail.example",
            "a..b@mail.example",
            "jane@mail..example",
            &format!("{}@mail.example", "a".repeat(65)),
            &format!("a@{}.example", "b".repeat(250)),
        ] {
            assert_eq!(email(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_one_in_every_spelling() {
        for (text, expected) in [
            ("+49 (151) 234-567", "49151234567"),
            ("0049151234567", "49151234567"),
            ("555.0199 ext 12", "555019912"),
            ("030/12345", "03012345"),
        ] {
            assert_eq!(phone(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "",
            "1234",
            "call me",
            "+",
            "12345 <b>",
            "x12345",
            &"1".repeat(21),
            &"1".repeat(60),
        ] {
            assert_eq!(phone(text), None, "{text}");
        }
    }
}
