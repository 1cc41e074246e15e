//! US social security numbers: 3-2-4 digits with separators, or nine digits that are called one.
//!
//! 89 % of all numbers of nine digits pass the rules for areas and groups, so bare ones need a
//! context.

use super::Spans;
use super::context::{self, Word};
use super::digits::{Group, Joint};

pub(super) fn find(text: &str, name: &str, groups: &[Group], found: &mut Spans) {
    for (i, group) in groups.iter().enumerate() {
        if group.len() == 9
            && is_number(&text[group.start..group.end])
            && is_called(text, name, group)
        {
            found.push(group.start..group.end);
        }
        let Some([area, serial_group, serial]) = groups.get(i..i + 3) else {
            continue;
        };
        let number = [area, serial_group, serial].map(|g| &text[g.start..g.end]);
        if number.map(str::len) != [3, 2, 4] || !is_number(&number.concat()) {
            continue;
        }
        let joined = serial_group.joint == serial.joint;
        // One more group by the same hyphen makes a longer code of it.
        let longer = matches!(serial.joint, Joint::Tight(_))
            && ((i > 0 && area.joint == serial.joint)
                || groups
                    .get(i + 3)
                    .is_some_and(|next| next.joint == serial.joint));
        let glued =
            context::is_glued_before(text, area.start) || context::is_glued_after(text, serial.end);
        if joined && ((!longer && !glued) || is_called(text, name, area)) {
            found.push(area.start..serial.end);
        }
    }
}

/// Area 001–665 or 667–899, group 01–99, serial 0001–9999.
fn is_number(digits: &str) -> bool {
    let (area, rest) = digits.split_at(3);
    !matches!(area, "000" | "666")
        && !area.starts_with('9')
        && &rest[..2] != "00"
        && &rest[2..] != "0000"
}

fn is_called(text: &str, name: &str, group: &Group) -> bool {
    !context::is_glued_after(text, group.end)
        && context::before(text, group.start, name, judge) == Word::Says
}

fn judge(word: &str) -> Word {
    match word {
        "ssn" | "ssns" | "socialsecurity" | "security" | "soc" => Word::Says,
        word if context::is_filler(word) => Word::Filler,
        _ => Word::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_groups_and_serials_that_were_never_given_out_are_none() {
        for (digits, is) in [
            ("123456789", true),
            ("899999999", true),
            ("000456789", false),
            ("666456789", false),
            ("900456789", false),
            ("123006789", false),
            ("123450000", false),
        ] {
            assert_eq!(is_number(digits), is, "{digits}");
        }
    }
}
