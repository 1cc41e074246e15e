//! Runs of digits, and the sequences that they form when only separators lie between them.

use smallvec::SmallVec;

/// How a group is joined to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joint {
    /// It is the first.
    None,
    /// By one character that joins as much as it separates: hyphen, full stop, underscore.
    Tight(char),
    /// By blanks, or by several characters.
    Loose,
}

/// A run of ASCII digits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) joint: Joint,
}

impl Group {
    pub(super) const fn len(&self) -> usize {
        self.end - self.start
    }
}

/// Whether a value is one telephone number and cannot be a card: up to 12 digits, or up to the 15
/// of E.164 where it begins like an international number. Otherwise three, two and four digits
/// are written like a US social security number.
pub(super) fn is_phone(value: &str) -> bool {
    let value = value.trim();
    let international = value.starts_with('+') || value.starts_with("00");
    let marks =
        |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '(' | ')' | '.' | '/' | ' ');
    let most = if international { 15 } else { 12 };
    let prefix = if value.starts_with("00") { 2 } else { 0 };
    let groups = value.split(|c: char| !c.is_ascii_digit());
    let lengths = groups.map(str::len).filter(|length| *length > 0);
    value.chars().all(marks)
        && count(value) - prefix <= most
        && (international || !lengths.eq([3, 2, 4]))
}

/// Characters between two groups at most: blank, dash, blank.
const GAP_MAX: usize = 3;

/// ASCII digits in `text`.
pub(super) fn count(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// Calls `each` with every longest sequence of groups.
pub(super) fn sequences(text: &str, mut each: impl FnMut(&[Group])) {
    let bytes = text.as_bytes();
    let mut groups: SmallVec<[Group; 8]> = SmallVec::new();
    let mut at = 0;
    while let Some(start) = bytes[at..].iter().position(u8::is_ascii_digit) {
        let mut joint = Joint::None;
        let mut start = at + start;
        loop {
            let length = bytes[start..]
                .iter()
                .take_while(|b| b.is_ascii_digit())
                .count();
            at = start + length;
            groups.push(Group {
                start,
                end: at,
                joint,
            });
            match gap(&text[at..]) {
                Some((length, next)) => (start, joint) = (at + length, next),
                None => break,
            }
        }
        each(&groups);
        groups.clear();
    }
}

/// Length and kind of the separators that lead to another digit.
fn gap(rest: &str) -> Option<(usize, Joint)> {
    let mut length = 0;
    let mut joint = Joint::None;
    for c in rest.chars().take(GAP_MAX + 1) {
        if c.is_ascii_digit() {
            return (length > 0).then_some((length, joint));
        }
        if !is_separator(c) {
            return None;
        }
        length += c.len_utf8();
        joint = match (joint, c) {
            (Joint::None, '-' | '.' | '_') => Joint::Tight(c),
            _ => Joint::Loose,
        };
    }
    None
}

/// What people and forms write between the groups of a number.
pub(super) const fn is_separator(c: char) -> bool {
    matches!(
        c,
        ' ' | '-' | '.' | '_' | '+' | '\t' | '\u{a0}' | '\u{ad}' | '\u{2000}'
            ..='\u{2015}' | '\u{202f}' | '\u{2212}' | '\u{3000}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_or_a_social_security_number_is_no_telephone_number() {
        for (value, is) in [
            ("+49 151 234 567 89", true),
            ("+123456789012345", true),
            ("00 12345678901 2345", true),
            ("+358 40 1234", true),
            ("555-123-4567", true),
            ("+4111 1111 1111 1111", false),
            ("004111 1111 1111 1111", false),
            ("4111111111111", false),
            ("123-45-6789", false),
            ("(123) 45 6789", false),
        ] {
            assert_eq!(is_phone(value), is, "{value}");
        }
    }

    #[test]
    fn groups_belong_together_when_only_separators_lie_between() {
        let of = |text: &str| {
            let mut out = Vec::new();
            sequences(text, |groups| {
                out.push(
                    groups
                        .iter()
                        .map(|g| &text[g.start..g.end])
                        .collect::<Vec<_>>()
                        .join("|"),
                );
            });
            out
        };
        assert_eq!(of("a 12-34 - 56, 7"), ["12|34|56", "7"]);
        assert_eq!(of("4111\u{a0}1111\u{2013}22x9"), ["4111|1111|22", "9"]);
        assert_eq!(of("1    2"), ["1", "2"]);
        assert!(of("none").is_empty());
    }
}
