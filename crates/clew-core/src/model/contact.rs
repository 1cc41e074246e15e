//! E-mail addresses and telephone numbers as people type them into forms.
//!
//! Owns the shapes that are taken for one, and the spelling under which two of them are the same.
//! Whether anybody answers there is no question that a text can answer.

use std::collections::BTreeSet;

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

/// Every address in a longer text, as [`email`] spells it. A mark that may be part of an address and
/// more often stands around one (`=jane@…`, `'jane@…'`) is tried both ways, so that nobody is missed.
pub fn emails_in(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices('@') {
        let (before, after) = (&text[..at], &text[at + 1..]);
        let host = after.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-')));
        let host = host.take(1).collect::<String>();
        let host = host.trim_end_matches(['.', '-']);
        for part in [is_local_char as fn(char) -> bool, is_plain_local_char] {
            // Nobody's address is longer, and a text may be one long word.
            let start = before.char_indices().rev();
            let start = start.take(LOCAL_MAX).take_while(|(_, c)| part(*c)).last();
            let local = start.map_or("", |(start, _)| &before[start..]);
            let local = local.trim_matches(['.', '\'', '`', '*', '_', '~', '=']);
            found.extend(email(&format!("{local}@{host}")));
        }
    }
    found
}

fn is_local_char(c: char) -> bool {
    !is_odd(c)
}

fn is_plain_local_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '\'')
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
    !local.contains(is_odd)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

fn is_odd(c: char) -> bool {
    c.is_control() || c.is_whitespace() || "<>()[],;:\\\"@".contains(c)
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
    fn addresses_are_found_inside_of_texts() {
        for (text, expected) in [
            ("write to jane@x.example", &["jane@x.example"][..]),
            (
                "Jane <Jane@X.example>, or joe@y.example.",
                &["jane@x.example", "joe@y.example"],
            ),
            ("mailto:o'brien@x.example?subject=x", &["o'brien@x.example"]),
            ("'jane@x.example'", &["jane@x.example"]),
            (
                "*jane@x.example*; mail=jane@x.example",
                &["jane@x.example", "mail=jane@x.example"],
            ),
            ("jürgen@müller.de!", &["jürgen@müller.de"]),
            ("a@b@x.example", &["b@x.example"]),
            ("price @ 5.00, @handle, x@y", &[]),
        ] {
            let found: Vec<_> = emails_in(text).into_iter().collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn a_text_of_nothing_but_marks_is_read_in_time() {
        let text = "a@".repeat(32 * 1024);
        assert!(emails_in(&text).is_empty());
        assert!(emails_in(&"@".repeat(64 * 1024)).is_empty());
        let text = format!("{}@x.example", "a".repeat(64 * 1024));
        let whole = format!("{}@x.example", "a".repeat(LOCAL_MAX));
        assert_eq!(emails_in(&text), [whole].into());
    }

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
