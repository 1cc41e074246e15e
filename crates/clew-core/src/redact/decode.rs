//! What a text says once its escapes are taken off, with the way back to the original.

use super::prefilter::TOKEN_MIN;
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::borrow::Cow;
use std::ops::Range;

/// Longest token that is decoded; more than any column holds.
const TOKEN_MAX: usize = 4096;

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// A text without its escapes.
#[derive(Debug)]
pub(super) struct Plain {
    pub(super) text: String,
    /// Where each byte of `text` began in the original; one more entry for its end.
    at: Vec<u32>,
}

impl Plain {
    /// The part of the original that a part of `text` was read from.
    pub(super) fn origin(&self, span: Range<usize>) -> Range<usize> {
        self.at[span.start] as usize..self.at[span.end] as usize
    }
}

/// `text` without percent escapes, `\u0040`, `&#64;` and full-width characters; `None` when it has
/// none of them. What is no UTF-8 after decoding becomes `?`.
pub(super) fn plain(text: &str) -> Option<Plain> {
    let bytes = text.as_bytes();
    let first = (0..bytes.len()).find(|at| escape(bytes, *at).is_some())?;
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = Vec::with_capacity(bytes.len() + 1);
    out.extend_from_slice(&bytes[..first]);
    at.extend((0..first).map(|i| i as u32));
    let mut i = first;
    while i < bytes.len() {
        let (decoded, length) = escape(bytes, i).unwrap_or((Decoded::Byte(bytes[i]), 1));
        match decoded {
            Decoded::Byte(byte) => {
                out.push(byte);
                at.push(i as u32);
            }
            Decoded::Char(c) => {
                let mut buffer = [0; 4];
                for byte in c.encode_utf8(&mut buffer).bytes() {
                    out.push(byte);
                    at.push(i as u32);
                }
            }
        }
        i += length;
    }
    at.push(bytes.len() as u32);
    Some(Plain {
        text: text_of(out),
        at,
    })
}

/// Percent escapes alone, for names of parameters.
pub(super) fn percent(text: &str) -> Cow<'_, str> {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy()
}

enum Decoded {
    Byte(u8),
    Char(char),
}

/// The escape that begins at `at`, and its length.
fn escape(bytes: &[u8], at: usize) -> Option<(Decoded, usize)> {
    match bytes[at] {
        b'%' => Some((Decoded::Byte(hex(bytes.get(at + 1..at + 3)?)? as u8), 3)),
        b'\\' => match bytes.get(at + 1)? {
            b'u' => Some((
                Decoded::Char(char::from_u32(hex(bytes.get(at + 2..at + 6)?)?)?),
                6,
            )),
            b'x' => Some((
                Decoded::Char(char::from_u32(hex(bytes.get(at + 2..at + 4)?)?)?),
                4,
            )),
            _ => None,
        },
        b'&' if bytes.get(at + 1) == Some(&b'#') => entity(bytes, at),
        0xEF => full_width(bytes.get(at..at + 3)?),
        _ => None,
    }
}

/// `&#64;` or `&#x40;`.
fn entity(bytes: &[u8], at: usize) -> Option<(Decoded, usize)> {
    let rest = &bytes[at + 2..];
    let end = rest.iter().take(8).position(|b| *b == b';')?;
    let number = match &rest[..end] {
        [b'x' | b'X', digits @ ..] => hex(digits)?,
        digits => std::str::from_utf8(digits).ok()?.parse().ok()?,
    };
    Some((Decoded::Char(char::from_u32(number)?), end + 3))
}

/// `＠` is U+FF20: the ASCII characters again, 0xFEE0 further on.
fn full_width(bytes: &[u8]) -> Option<(Decoded, usize)> {
    let c = std::str::from_utf8(bytes).ok()?.chars().next()?;
    let ascii = ('\u{ff01}'..='\u{ff5e}')
        .contains(&c)
        .then(|| c as u32 - 0xFEE0)?;
    Some((Decoded::Byte(ascii as u8), 3))
}

fn hex(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0u32, |n, digit| {
        Some((n << 4) | (*digit as char).to_digit(16)?)
    })
}

/// Bytes that are no UTF-8 become `?`, so that positions stay.
fn text_of(mut bytes: Vec<u8>) -> String {
    loop {
        match String::from_utf8(bytes) {
            Ok(text) => return text,
            Err(error) => {
                let from = error.utf8_error().valid_up_to();
                let length = error.utf8_error().error_len();
                bytes = error.into_bytes();
                let to = length.map_or(bytes.len(), |length| from + length);
                bytes[from..to].fill(b'?');
            }
        }
    }
}

/// Calls `each` with every token that is base64 or base64url of a text, and that text.
pub(super) fn base64_tokens(text: &str, mut each: impl FnMut(Range<usize>, &str)) {
    let is_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_');
    // A token may stand alone, or between characters that it could hold itself.
    runs(text, is_token, &mut each);
    if text.contains('/') {
        runs(text, |c| is_token(c) && c != '/', &mut each);
    }
    if text.contains(['-', '_', '+']) {
        runs(text, |c: char| c.is_ascii_alphanumeric(), &mut each);
    }
}

fn runs(text: &str, is_token: impl Fn(char) -> bool, each: &mut impl FnMut(Range<usize>, &str)) {
    let mut at = 0;
    while let Some(start) = text[at..].find(&is_token) {
        let start = at + start;
        let length = text[start..]
            .find(|c| !is_token(c))
            .unwrap_or(text.len() - start);
        at = start + length;
        let token = &text[start..at];
        if looks_encoded(token)
            && let Some(inside) = decoded(token)
        {
            let padding = text[at..]
                .bytes()
                .take(2)
                .take_while(|b| *b == b'=')
                .count();
            each(start..at + padding, &inside);
        }
    }
}

/// Encoded text has capitals, and characters of another kind before some of them.
fn looks_encoded(token: &str) -> bool {
    let pairs = token.as_bytes().windows(2);
    (TOKEN_MIN..=TOKEN_MAX).contains(&token.len())
        && pairs.into_iter().any(|pair| {
            !pair[0].is_ascii_uppercase()
                && pair[0].is_ascii_alphanumeric()
                && pair[1].is_ascii_uppercase()
        })
}

fn decoded(token: &str) -> Option<String> {
    // One character of a last group holds less than a byte.
    let whole = if token.len() % 4 == 1 {
        &token[..token.len() - 1]
    } else {
        token
    };
    let engine = if whole.contains(['-', '_']) {
        &URL_SAFE
    } else {
        &STANDARD
    };
    let text = String::from_utf8(engine.decode(whole).ok()?).ok()?;
    text.chars()
        .all(|c| !c.is_control() || c.is_whitespace())
        .then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_taken_off_and_lead_back() {
        for (text, plain_text) in [
            ("a%40b", "a@b"),
            ("a\\u0040b", "a@b"),
            ("a&#64;b&#x40;c", "a@b@c"),
            ("a＠b１", "a@b1"),
            ("%C3%BC%FF%zz", "ü?%zz"),
        ] {
            let read = plain(text).unwrap();
            assert_eq!(read.text, plain_text);
            assert_eq!(read.origin(0..read.text.len()), 0..text.len());
        }
        assert_eq!(plain("a%40b").unwrap().origin(1..2), 1..4);
        for text in ["", "plain", "100%", "%4", "\\n", "&amp;"] {
            assert!(plain(text).is_none(), "{text}");
        }
    }

    #[test]
    fn tokens_are_decoded_wherever_they_stand() {
        let of = |text: &str| {
            let mut found = Vec::new();
            base64_tokens(text, |span, inside| {
                found.push((text[span].to_owned(), inside.to_owned()));
            });
            found
        };
        let token = "amFuZUBleGFtcGxlLmNvbQ==";
        for text in [
            token.to_owned(),
            format!("/u/{token}/x"),
            format!("?t={token}&x"),
            format!("id-{token}"),
        ] {
            assert!(
                of(&text).contains(&(token.to_owned(), "jane@example.com".to_owned())),
                "{text}"
            );
        }
        for text in ["Mozilla", "ProductDetailsPage", "lowercaseonlytoken", ""] {
            assert!(of(text).is_empty(), "{text}");
        }
    }
}
