//! Passport numbers: letters and digits as every order number has them, so only what the words
//! around it call a passport's is one.

use super::Spans;
use super::context::{self, Word};

/// Characters of a number.
const LENGTH: std::ops::RangeInclusive<usize> = 6..=12;
/// Bytes around the number in which `passport` makes it one without standing next to it.
const REACH: usize = 40;

/// The word in the languages that write it differently, in lower case.
const WORDS: &[&str] = &[
    "passport",
    "passeport",
    "pasaporte",
    "passaporte",
    "passaporto",
    "reisepass",
    "paspoort",
    "paszport",
    "paşaport",
    "pasaport",
    "passnummer",
    "passnr",
    "паспорт",
    "护照",
    "旅券",
    "パスポート",
    "여권",
];

/// Whether the text has the word at all. The first letters decide for almost every text.
pub(super) fn is_mentioned(text: &str) -> bool {
    let bytes = text.as_bytes();
    if text.is_ascii() {
        return (0..bytes.len().saturating_sub(7)).any(|at| {
            bytes[at] | 0x20 == b'p' && bytes[at + 1] | 0x20 == b'a' && starts_word(bytes, at)
                || bytes[at] | 0x20 == b'r' && has(bytes, at, b"reisepass")
        });
    }
    let lower = text.to_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
}

fn starts_word(bytes: &[u8], at: usize) -> bool {
    WORDS.iter().any(|word| has(bytes, at, word.as_bytes()))
}

fn has(bytes: &[u8], at: usize, word: &[u8]) -> bool {
    bytes
        .get(at..at + word.len())
        .is_some_and(|found| found.eq_ignore_ascii_case(word))
}

/// Whether the field's name says it.
pub(super) fn is_named(name: &str) -> bool {
    !name.is_empty() && is_mentioned(name)
}

pub(super) fn find(text: &str, name: &str, found: &mut Spans) {
    if !is_mentioned(text) && !is_named(name) {
        return;
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let length = bytes[at..]
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric())
            .count();
        if LENGTH.contains(&length) && is_one(text, name, at, at + length) {
            found.push(at..at + length);
        }
        at += length.max(1);
    }
}

fn is_one(text: &str, name: &str, start: usize, end: usize) -> bool {
    let token = &text[start..end];
    let digits = super::digits::count(token);
    let capitals = !token.bytes().any(|b| b.is_ascii_lowercase());
    if digits < 2 || (digits < 5 && !capitals) {
        return false;
    }
    context::before(text, start, name, judge) == Word::Says
        || (digits >= 5 && is_mentioned(around(text, start, end)))
}

fn around(text: &str, start: usize, end: usize) -> &str {
    let mut from = start.saturating_sub(REACH);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let mut to = (end + REACH).min(text.len());
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    &text[from..to]
}

fn judge(word: &str) -> Word {
    match word {
        word if WORDS.iter().any(|passport| word.starts_with(passport)) => Word::Says,
        "id" | "book" | "holder" | "für" | "for" | "and" | "und" | "us" | "uk" | "eu" | "usa" => {
            Word::Filler
        }
        word if context::is_filler(word) => Word::Filler,
        _ => Word::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
        let mut spans = Spans::new();
        find(text, name, &mut spans);
        spans.into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn a_number_is_a_passports_only_if_somebody_says_so() {
        for (text, name, number) in [
            ("Passport: L898902C3", "", "L898902C3"),
            ("passport no. 123456789, thanks", "", "123456789"),
            ("my Passport Number is C01X00T47", "", "C01X00T47"),
            ("Reisepassnummer CZ6311T47", "", "CZ6311T47"),
            ("PASSPORT of John Doe is X1234567", "", "X1234567"),
            ("X1234567 is my passport", "", "X1234567"),
            ("护照 E12345678", "", "E12345678"),
            ("12AB34567", "passport_number", "12AB34567"),
            ("паспорт № 123456789", "", "123456789"),
        ] {
            assert_eq!(found(text, name), [number], "{text}");
        }
        for text in [
            "SKU AB123456",
            "passport photos from 2026",
            "order AB1234567",
            "Passport renewal takes 12 weeks",
        ] {
            assert_eq!(found(text, ""), [""; 0], "{text}");
        }
    }
}
