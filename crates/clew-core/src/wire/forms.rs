//! Which events are about a form, and which of their members describe the form.
//!
//! Owns the words that tell a form's event from others, for the families whose types and data are
//! free. Everything that does not describe the form is taken for what somebody typed.

use super::vocabulary::canonical;

/// Members whose value says something about the form or the field, not about the person.
pub(super) const DESCRIBING: &[&str] = &[
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
pub(super) const HOLDING: &[&str] = &[
    "fields",
    "field_names",
    "form_fields",
    "form_data",
    "formData",
    "data",
    "values",
];

/// Longest name of a field, and longest value that describes a form.
const NAME_MAX: usize = 64;

/// Words that end like one of a form's, and are none.
const NOT_FORMS: &[&str] = &["platform", "transform", "perform", "inform", "uniform"];

/// Whether events of this type or name are about what somebody does with a form: in doubt they
/// are, because then nothing that was typed stands in the open.
pub(super) fn is_of_a_form(kind: &str) -> bool {
    canonical(kind).is_some_and(|kind| kind.starts_with("form"))
        || words(kind).split(' ').any(is_form_word)
}

/// The words of a type in small letters, separated by spaces.
fn words(kind: &str) -> String {
    let mut words = String::with_capacity(kind.len() + 8);
    let mut inside = false;
    for c in kind.chars() {
        if inside && c.is_uppercase() {
            words.push(' ');
        }
        inside = c.is_lowercase() || c.is_numeric();
        words.push(if c.is_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            ' '
        });
    }
    words
}

fn is_form_word(word: &str) -> bool {
    let one = word.strip_suffix('s').unwrap_or(word);
    let begins = ["form", "field", "input"].iter();
    begins.into_iter().any(|start| word.starts_with(start))
        || (one.ends_with("form") && !NOT_FORMS.contains(&one))
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
    fn events_of_forms_are_known_by_a_word_anywhere() {
        for kind in [
            "form_submit",
            "formSubmit",
            "_form_submit",
            "f-o-r-m-submit",
            "contact_form_submit",
            "contactFormSent",
            "lead-form",
            "Contact Forms",
            "webform",
            "HTMLForm",
            "field_blur",
            "newsletter.input",
            "INPUT",
        ] {
            assert!(is_of_a_form(kind), "{kind}");
        }
        for kind in [
            "",
            "click",
            "platform_selected",
            "performance",
            "information",
            "transform",
            "newsletter",
        ] {
            assert!(!is_of_a_form(kind), "{kind}");
        }
    }
}
