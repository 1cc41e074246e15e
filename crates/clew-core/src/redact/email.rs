//! E-mail addresses: a local part, an at sign, a domain with a top level.
//!
//! Letters of any script count, so that nothing of `jürgen@müller.example` stays behind.

use super::Spans;
use std::ops::Range;

/// Texts of this length may have been cut where their column ends: the domain of an address at
/// their end may be missing its top level.
const MAYBE_CUT: usize = 120;
const LABEL_MAX: usize = 63;
/// What files end in and mail domains do not.
const FILES: &[&str] = &[
    "js", "mjs", "css", "map", "json", "png", "jpg", "svg", "webp", "tgz",
];

pub(super) fn find(text: &str, found: &mut Spans) {
    for (at, _) in text.match_indices('@') {
        if let Some(span) = address(text, at) {
            found.push(span);
        }
    }
}

fn address(text: &str, at: usize) -> Option<Range<usize>> {
    let local = local(&text[..at]);
    let domain = domain(&text[at + 1..], text.len() >= MAYBE_CUT)?;
    if local == 0 || is_file(&text[at + 1..at + 1 + domain]) {
        return None;
    }
    Some(at - local..at + 1 + domain)
}

/// Length of the local part that ends `text`.
fn local(text: &str) -> usize {
    if let Some(quoted) = text.strip_suffix('"') {
        return quoted
            .rfind('"')
            .filter(|open| quoted.len() - open <= 66)
            .map_or(0, |open| text.len() - open);
    }
    let is_part = |c: char| {
        c.is_alphanumeric()
            || matches!(
                c,
                '.' | '_'
                    | '+'
                    | '-'
                    | '\''
                    | '!'
                    | '#'
                    | '$'
                    | '*'
                    | '^'
                    | '`'
                    | '{'
                    | '|'
                    | '}'
                    | '~'
            )
    };
    let before = text.trim_end_matches(is_part);
    let mut local = &text[before.len()..];
    // An escape in front (`\n`, `%20`) is not of it.
    let bytes = local.as_bytes();
    if before.ends_with('\\') && matches!(bytes.first(), Some(b'n' | b't' | b'r')) {
        local = &local[1..];
    } else if before.ends_with('%')
        && bytes.len() > 2
        && bytes[..2].iter().all(u8::is_ascii_hexdigit)
    {
        local = &local[2..];
    }
    // Punctuation before an address is not of it.
    local
        .trim_start_matches(|c: char| !c.is_alphanumeric() && c != '_')
        .len()
}

/// Length of the domain that begins `text`: labels, the last one of letters; or `[192.0.2.1]`.
fn domain(text: &str, maybe_cut: bool) -> Option<usize> {
    if let Some(literal) = text.strip_prefix('[') {
        let end = literal.find(']').filter(|end| (4..=45).contains(end))?;
        let is_address = literal[..end]
            .bytes()
            .all(|b| b.is_ascii_hexdigit() || matches!(b, b'.' | b':' | b'I' | b'P' | b'v'));
        return is_address.then_some(end + 2);
    }
    let (mut end, mut at) = (None, 0);
    let mut labels = 0;
    loop {
        let label = text[at..]
            .find(|c: char| !c.is_alphanumeric() && c != '-')
            .unwrap_or(text.len() - at);
        let name = &text[at..at + label];
        if name.trim_matches('-').is_empty() || name.chars().count() > LABEL_MAX {
            break;
        }
        at += label;
        labels += 1;
        if labels > 1 && is_top(name) {
            end = Some(at);
        }
        match text.as_bytes().get(at) {
            Some(b'.') => at += 1,
            _ => break,
        }
    }
    end.or_else(|| (maybe_cut && at >= text.len()).then_some(text.len()))
}

/// Two letters at least; what is glued to them goes too.
fn is_top(label: &str) -> bool {
    label.chars().take(2).filter(|c| c.is_alphabetic()).count() == 2
}

/// `logo@2x.png` is for sharp screens, `vue@3.js` a version.
fn is_file(domain: &str) -> bool {
    let number = domain.split('.').next().unwrap_or_default();
    let digits = number.strip_suffix(['x', 'X']).unwrap_or(number);
    let name = domain.rsplit('.').next().unwrap_or_default();
    !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit())
        && (digits.len() < number.len() || FILES.iter().any(|end| name.eq_ignore_ascii_case(end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut spans = Spans::new();
        find(text, &mut spans);
        spans.into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn addresses_are_found_whole() {
        for (text, address) in [
            ("jane@example.com", "jane@example.com"),
            (
                "Mail: <jane.doe+x@mail.example.co.uk>.",
                "jane.doe+x@mail.example.co.uk",
            ),
            ("/user/jane@example.com/edit", "jane@example.com"),
            (r#"{"a":"jane@example.com"}"#, "jane@example.com"),
            ("mailto:jane@example.com?subject=x", "jane@example.com"),
            ("jürgen@müller.example", "jürgen@müller.example"),
            ("j@xn--mller-kva.xn--p1ai", "j@xn--mller-kva.xn--p1ai"),
            ("(jane@example.com)", "jane@example.com"),
            ("\"john doe\"@example.com", "\"john doe\"@example.com"),
            ("x@[192.0.2.1]", "x@[192.0.2.1]"),
            ("wang@163.com", "wang@163.com"),
            ("jane@example.com.", "jane@example.com"),
            ("o'neil@example.ie", "o'neil@example.ie"),
            (r"a\njane@example.com", "jane@example.com"),
            ("%20jane@example.com", "jane@example.com"),
            ("jane@example.com2026", "jane@example.com2026"),
        ] {
            assert_eq!(found(text), [address], "{text}");
        }
        for text in [
            "@jane",
            "https://medium.example/@jane.doe",
            "react@18.2.0",
            "logo@2x.png",
            "vue@3.js",
            "jane@localhost",
            "a @ b.com",
            "@",
            "x@.com",
            "maps/@48.85,2.35,15z",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn an_address_that_was_cut_is_one_still() {
        let long = format!("{} jane@exam", "x".repeat(130));
        assert_eq!(found(&long), ["jane@exam"]);
    }
}
