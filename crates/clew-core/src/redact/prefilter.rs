//! One look at every byte: can this text hold anything at all?
//!
//! Must never say no where a detector would say yes; saying yes too often only costs time.

/// Shortest base64 token that is worth a look: six bytes, as in `a@b.co`.
pub(super) const TOKEN_MIN: usize = 8;
/// No detector asks for fewer digits, context aside.
const DIGITS_MIN: u32 = 9;

const DIGIT: u8 = 1;
const LOWER: u8 = 2;
const UPPER: u8 = 4;
/// Other characters of base64 and base64url.
const TOKEN: u8 = 8;
/// Starts something that decodes, or is an at sign.
const ALARM: u8 = 16;
/// Alarms only together with what follows.
const MAYBE: u8 = 32;

const CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        class[byte] = match byte as u8 {
            b'0'..=b'9' => DIGIT,
            b'a'..=b'z' => LOWER,
            b'A'..=b'Z' => UPPER,
            b'+' | b'/' | b'-' | b'_' => TOKEN,
            b'@' | b'%' => ALARM,
            b'&' | b'\\' | 0xEF => MAYBE,
            _ => 0,
        };
        byte += 1;
    }
    class
};

pub(super) fn is_suspicious(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut digits = 0;
    // Of the token that the loop is in: its length, and whether a capital follows a small letter
    // or digit, as in every encoded text and in few words.
    let (mut token, mut encoded, mut before) = (0, false, 0);
    for (i, &byte) in bytes.iter().enumerate() {
        let class = CLASS[byte as usize];
        if class & (DIGIT | LOWER | UPPER | TOKEN) != 0 {
            digits += u32::from(class & DIGIT);
            token += 1;
            encoded |= class == UPPER && before & (LOWER | DIGIT) != 0;
            if encoded && token >= TOKEN_MIN {
                return true;
            }
        } else {
            (token, encoded) = (0, false);
            let alarm = class == ALARM
                || (class == MAYBE
                    && match (byte, bytes.get(i + 1)) {
                        (b'&', Some(b'#')) | (b'\\', Some(b'u' | b'x')) => true,
                        (0xEF, Some(next)) => matches!(next, 0xBC | 0xBD),
                        _ => false,
                    });
            if alarm {
                return true;
            }
        }
        before = class;
    }
    digits >= DIGITS_MIN || (digits >= 2 && super::passport::is_mentioned(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_texts_are_let_through_by_one_look() {
        for text in [
            "",
            "Red shoes and more, page 12",
            "https://shop.example/shoes/red-leather/42",
            "Kontaktformular und Öffnungszeiten 👟",
            "2026-11-20",
            "shipping_address",
            "AB123456",
            "3f2a-6b",
        ] {
            assert!(!is_suspicious(text), "{text}");
        }
    }

    #[test]
    fn whatever_may_hold_something_is_looked_at() {
        for text in [
            "a@b",
            "a%40b",
            "\\u0040",
            "&#64;",
            "＠",
            "123-45-6789",
            "am9AYWIuZGU",
            "passport X12",
        ] {
            assert!(is_suspicious(text), "{text}");
        }
    }
}
