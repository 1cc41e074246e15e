//! Names of event types: what clients of several families call the same thing.
//!
//! Owns the one table of spellings, and the words that tell a form's event from others. A format
//! says only which of the types it takes; what is in no table is an event of the site's own.

use super::WireEvent;

/// Types that have a meaning of their own in reports → other words for them. Case, and what
/// separates the words, matters for none.
const TYPES: &[(&str, &[&str])] = &[
    (PAGEVIEW, &["page"]),
    ("engagement", &[]),
    ("click", &[]),
    ("scroll", &["scroll_depth"]),
    ("form_view", &[]),
    ("form_start", &[]),
    ("form_focus", &[]),
    ("form_interaction", &[]),
    ("form_partial", &[]),
    ("form_submit", &["form_submission"]),
];

/// Types that are said only where a message has to be one of a few.
const MESSAGES: &[(&str, &[&str])] = &[
    ("chat_message", &["chat_message_sent"]),
    ("tracker_initialized", &[]),
];

pub(super) const PAGEVIEW: &str = "pageview";

/// An event of the site's own, which has a name.
pub(super) const CUSTOM: &str = "custom";

/// What clients call how far somebody has scrolled, in percent.
pub(super) const SCROLLED: &[&str] = &[
    "percent",
    "scroll_percent",
    "scrollPercent",
    "percentage",
    "depth",
    "scroll_depth",
    "max_scroll",
];

/// No known word is longer.
const LONGEST: usize = 24;

/// Words that end like one of a form's, and are none.
const NOT_FORMS: &[&str] = &["platform", "transform", "perform", "inform", "uniform"];

/// The type that `spelling` stands for; none for events of the site's own.
pub(super) fn canonical(spelling: &str) -> Option<&'static str> {
    of_table(TYPES, spelling)
}

/// As [`canonical`], for a family whose messages have types besides.
pub(super) fn message(spelling: &str) -> Option<&'static str> {
    canonical(spelling).or_else(|| of_table(MESSAGES, spelling))
}

fn of_table(table: &[(&'static str, &[&str])], spelling: &str) -> Option<&'static str> {
    if spelling.len() > LONGEST {
        return None;
    }
    let stands_for = |(kind, others): &&(&str, &[&str])| {
        same_word(kind, spelling) || others.iter().any(|other| same_word(other, spelling))
    };
    table.iter().find(stands_for).map(|(kind, _)| *kind)
}

/// Whether two names differ only in case and in what separates their words.
pub(super) fn same_word(known: &str, spelling: &str) -> bool {
    letters(known).eq(letters(spelling))
}

fn letters(text: &str) -> impl Iterator<Item = u8> {
    let letters = text.bytes().filter(|b| !matches!(b, b'_' | b'-' | b' '));
    letters.map(|b| b.to_ascii_lowercase())
}

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

impl WireEvent {
    /// Gives the event the type that `spelling` stands for; every other is a custom event of that
    /// name. `custom` itself has the name that was stated apart.
    pub(super) fn set_type(&mut self, spelling: String) {
        if let Some(canonical) = canonical(&spelling) {
            canonical.clone_into(&mut self.event_type);
            return;
        }
        CUSTOM.clone_into(&mut self.event_type);
        if !spelling.eq_ignore_ascii_case(CUSTOM) || self.name.is_none() {
            self.name = Some(spelling);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_types_are_known_in_every_spelling_and_others_are_custom() {
        for (spelling, kind, name) in [
            ("pageview", "pageview", None),
            ("page_view", "pageview", None),
            ("pageView", "pageview", None),
            ("PageView", "pageview", None),
            ("page-view", "pageview", None),
            ("PAGEVIEW", "pageview", None),
            ("Page", "pageview", None),
            ("scroll depth", "scroll", None),
            ("form_submission", "form_submit", None),
            ("formFocus", "form_focus", None),
            ("form.focus", "custom", Some("form.focus")),
            ("Newsletter sign-up", "custom", Some("Newsletter sign-up")),
            ("tracker_initialized", "custom", Some("tracker_initialized")),
            ("custom", "custom", Some("custom")),
            ("", "custom", Some("")),
        ] {
            let mut event = WireEvent::default();
            event.set_type(spelling.to_owned());
            assert_eq!(
                (event.event_type.as_str(), event.name.as_deref()),
                (kind, name),
                "{spelling}"
            );
        }
        let mut named = WireEvent {
            name: Some("video".to_owned()),
            ..WireEvent::default()
        };
        named.set_type("custom".to_owned());
        assert_eq!(named.name.as_deref(), Some("video"));
    }

    #[test]
    fn messages_have_types_besides() {
        for (spelling, kind) in [
            ("chat_message_sent", Some("chat_message")),
            ("chatMessageSent", Some("chat_message")),
            ("trackerInitialized", Some("tracker_initialized")),
            ("form_submission", Some("form_submit")),
            ("form_submissions", None),
            ("", None),
        ] {
            assert_eq!(message(spelling), kind, "{spelling}");
        }
    }

    #[test]
    fn every_word_of_the_tables_can_be_said() {
        for (kind, others) in TYPES.iter().chain(MESSAGES) {
            for word in others.iter().copied().chain([*kind]) {
                assert_eq!(message(word), Some(*kind), "{word}");
            }
        }
    }

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
