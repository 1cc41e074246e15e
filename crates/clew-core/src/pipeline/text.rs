//! Foreign text in bounds: no control characters, no more bytes than its column has.

/// Trims `text`, drops control characters and cuts at a character boundary at or below `max`
/// bytes. Does not allocate for text that is fine already.
pub(super) fn bounded(mut text: String, max: usize) -> String {
    if text.bytes().any(|b| b < 0x20 || b == 0x7f) {
        text.retain(|c| !c.is_control());
    }
    cut(&mut text, max);
    let trimmed = text.trim();
    if trimmed.len() == text.len() {
        text
    } else {
        trimmed.to_owned()
    }
}

/// Like [`bounded`] for text that may hold line breaks and outer spaces.
pub(super) fn bounded_lines(mut text: String, max: usize) -> String {
    if text.contains('\0') {
        text.retain(|c| c != '\0');
    }
    cut(&mut text, max);
    text
}

/// Like [`bounded_lines`] for text that a person typed: lines end in `\n`, other control characters
/// and turns of the reading direction are dropped.
pub(super) fn prose(mut text: String, max: usize) -> String {
    let turns = |c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let odd = |c: char| c.is_control() && c != '\n' && c != '\t' || turns(c);
    if text.contains(odd) {
        text.retain(|c| !odd(c));
    }
    cut(&mut text, max);
    text
}

fn cut(text: &mut String, max: usize) {
    if text.len() > max {
        let mut end = max;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_trimmed_cleaned_and_cut_at_a_character() {
        for (input, max, expected) in [
            ("  ok ", 10, "ok"),
            ("a\u{0}b\nc\u{7f}", 10, "abc"),
            ("ääää", 5, "ää"),
            ("abc", 0, ""),
            ("€", 2, ""),
        ] {
            assert_eq!(bounded(input.to_owned(), max), expected);
        }
        assert_eq!(bounded_lines(" a\n\u{0}b".to_owned(), 10), " a\nb");
    }
}
