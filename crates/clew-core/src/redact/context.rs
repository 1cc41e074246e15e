//! What the words before a number say it is.

use std::borrow::Cow;

/// Bytes before the number that are read.
const REACH: usize = 64;
/// Words that are read.
const WORDS: usize = 6;

/// What a word says about the number after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// It names the kind of number.
    Says,
    /// It denies the kind: the number is something else.
    Denies,
    /// `number`, `no`, `is`: what stands before it counts.
    Filler,
    /// Any other word: nothing is said.
    Other,
}

/// Fillers of every kind of number.
pub(super) fn is_filler(word: &str) -> bool {
    matches!(
        word,
        "number"
            | "numbers"
            | "no"
            | "nr"
            | "num"
            | "nummer"
            | "numero"
            | "numéro"
            | "número"
            | "n"
            | "nbr"
            | "code"
            | "is"
            | "was"
            | "ist"
            | "est"
            | "es"
            | "the"
            | "my"
            | "mein"
            | "meine"
            | "your"
            | "value"
            | "of"
            | "a"
            | "u"
    )
}

/// Reads backwards from `at`, word by word, until one says something. The name of the field that
/// holds the text counts as standing before it.
pub(super) fn before(text: &str, at: usize, name: &str, judge: impl Fn(&str) -> Word) -> Word {
    let mut from = at.saturating_sub(REACH);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let (within, reached) = phrase(&text[from..at]);
    let said = last_words(within, &judge);
    if said == Word::Filler && reached && from == 0 && !name.is_empty() {
        return last_words(name, &judge);
    }
    said
}

/// The end of `text` that belongs to one phrase, and whether that is all of it. Members of a
/// list or object, parameters, sentences and further segments of a path are other phrases.
fn phrase(text: &str) -> (&str, bool) {
    let mut slashes = 0;
    let mut after = ' ';
    for (i, c) in text.char_indices().rev() {
        let ends = match c {
            ',' | ';' | '&' | '?' | '{' | '}' | '[' | '\n' | '|' | '!' => true,
            // `no. 17` goes on, `end. 17` does not.
            '.' => after == ' ' && !is_abbreviated(&text[..i]),
            '/' => {
                slashes += 1;
                slashes > 1
            }
            _ => false,
        };
        if ends {
            return (&text[i + c.len_utf8()..], false);
        }
        after = c;
    }
    (text, true)
}

fn is_abbreviated(text: &str) -> bool {
    let word = text.rsplit(|c: char| !c.is_alphanumeric()).next();
    word.is_some_and(|word| word.chars().count() <= 3)
}

/// The judgement of the last word that is no filler; [`Word::Filler`] when there is none.
fn last_words(text: &str, judge: &impl Fn(&str) -> Word) -> Word {
    let mut rest = text;
    for _ in 0..WORDS {
        let trimmed = rest.trim_end_matches(|c: char| !c.is_alphanumeric());
        rest = trimmed.trim_end_matches(char::is_alphanumeric);
        let mut word = &trimmed[rest.len()..];
        if rest.ends_with('\\') && word.len() > 1 && word.starts_with(['n', 't', 'r']) {
            // The escape of a line break is no letter of the word.
            word = &word[1..];
        }
        if word.is_empty() {
            break;
        }
        // As one word first: `creditcard`; then as what it is made of: `orderId`.
        let said = match judge(&lower(word)) {
            Word::Other => compound(word, judge),
            said => said,
        };
        if said != Word::Filler {
            return said;
        }
    }
    Word::Filler
}

/// A word by its parts: `orderId`; `SSN` right after letters of another script.
fn compound(word: &str, judge: &impl Fn(&str) -> Word) -> Word {
    let parts = super::field_name::parts(word);
    if parts.len() > 1 {
        let mut said = parts.iter().rev().map(|part| judge(&lower(part)));
        let said = said.find(|said| *said != Word::Filler);
        if said != Some(Word::Other) {
            return said.unwrap_or(Word::Filler);
        }
    }
    let ascii = word.rfind(|c: char| !c.is_ascii()).map_or(word, |at| {
        &word[at + word[at..].chars().next().map_or(0, char::len_utf8)..]
    });
    if ascii.is_empty() || ascii.len() == word.len() {
        return Word::Other;
    }
    judge(&lower(ascii))
}

fn lower(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|b| b.is_ascii_lowercase()) {
        Cow::Borrowed(word)
    } else {
        Cow::Owned(word.to_lowercase())
    }
}

/// Whether the character before `at` is an ASCII letter or digit that belongs to the same word;
/// the `n` of an escaped line break does not.
pub(super) fn is_glued_before(text: &str, at: usize) -> bool {
    let mut before = text[..at].bytes().rev();
    match before.next() {
        Some(b'n' | b't' | b'r') if before.next() == Some(b'\\') => false,
        Some(byte) => byte.is_ascii_alphanumeric(),
        None => false,
    }
}

pub(super) fn is_glued_after(text: &str, at: usize) -> bool {
    text[at..]
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(word: &str) -> Word {
        match word {
            "order" | "id" => Word::Denies,
            "card" => Word::Says,
            word if is_filler(word) => Word::Filler,
            _ => Word::Other,
        }
    }

    #[test]
    fn the_nearest_telling_word_of_the_phrase_counts() {
        for (text, name, expected) in [
            ("order 4", "", Word::Denies),
            ("Your order number is: 4", "", Word::Denies),
            ("Order no. 4", "", Word::Denies),
            ("order #4", "", Word::Denies),
            ("orderId=4", "", Word::Denies),
            ("paid order 17 by card 4", "", Word::Says),
            ("order note: 4", "", Word::Other),
            ("The order is done. 4", "", Word::Filler),
            (r#"{"id":"7","note":"4"#, "", Word::Other),
            (r#"{"order_id":"4"#, "", Word::Denies),
            ("/shop/order/4", "", Word::Denies),
            ("/order/17/pay/4", "", Word::Other),
            ("4", "orderNumber", Word::Denies),
            ("4", "order_note", Word::Other),
            ("see 4", "order_id", Word::Other),
            ("4", "", Word::Filler),
        ] {
            let at = text.len() - 1;
            assert_eq!(before(text, at, name, judge), expected, "{text} ({name})");
        }
    }
}
