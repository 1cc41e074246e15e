//! Which members of a form's event describe the form, for the families whose data is free.
//!
//! Owns their names. Everything that does not describe the form is taken for what somebody typed.

use super::vocabulary::same_word;

/// Members whose value says something about the form or the field, not about the person.
const DESCRIBING: &[&str] = &[
    "form_id",
    "form_name",
    "form_method",
    "field",
    "field_id",
    "field_name",
    "field_type",
    "field_count",
    "fields_count",
    "step",
];

/// Members that hold the fields.
const HOLDING: &[&str] = &[
    "fields",
    "field_names",
    "form_fields",
    "form_data",
    "data",
    "values",
];

/// Longest name of a field, and longest value that describes a form.
const NAME_MAX: usize = 64;

/// The name under which a member that describes the form is kept; none for what was typed.
pub(super) fn describing(member: &str) -> Option<&'static str> {
    let mut known = DESCRIBING.iter().copied();
    known.find(|known| same_word(known, member))
}

pub(super) fn holds_fields(member: &str) -> bool {
    HOLDING.iter().any(|known| same_word(known, member))
}

/// As much of a name as is kept.
pub(super) fn cut(text: &str) -> &str {
    let end = text.char_indices().nth(NAME_MAX);
    end.map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_describes_a_form_does_in_every_spelling() {
        for (member, kept_as) in [
            ("form_id", Some("form_id")),
            ("formId", Some("form_id")),
            ("field-type", Some("field_type")),
            ("field", Some("field")),
            ("fields", None),
            ("value", None),
            ("name", None),
        ] {
            assert_eq!(describing(member), kept_as, "{member}");
        }
        assert!(holds_fields("formData") && holds_fields("fields"));
        assert!(!holds_fields("form_id") && !holds_fields("message"));
    }
}
