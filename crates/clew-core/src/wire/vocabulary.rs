//! Names of event types: what clients of several families call the same thing.

use super::WireEvent;

/// Spellings → canonical types that have a meaning of their own in reports.
const TYPES: &[(&str, &str)] = &[
    ("pageview", "pageview"),
    ("page", "pageview"),
    ("engagement", "engagement"),
    ("click", "click"),
    ("scroll", "scroll"),
    ("scroll_depth", "scroll"),
    ("form_view", "form_view"),
    ("form_start", "form_start"),
    ("form_focus", "form_focus"),
    ("form_submit", "form_submit"),
    ("form_submission", "form_submit"),
];

/// The canonical type that `spelling` stands for, whatever its case and whatever separates its
/// words; none for events of the site's own.
pub(super) fn canonical(spelling: &str) -> Option<&'static str> {
    // No known name is longer.
    if spelling.len() > 20 {
        return None;
    }
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(char::is_ascii_alphabetic);
        letters.map(|c| c.to_ascii_lowercase()).collect()
    };
    if spelling.contains(|c: char| !c.is_ascii_alphabetic() && !matches!(c, '_' | '-' | ' ')) {
        return None;
    }
    let name = letters(spelling);
    let known = TYPES.iter().find(|(known, _)| letters(known) == name);
    known.map(|(_, canonical)| *canonical)
}

impl WireEvent {
    /// Gives the event the type that `spelling` stands for; every other is a custom event of that
    /// name.
    pub(super) fn set_type(&mut self, spelling: String) {
        if let Some(canonical) = canonical(&spelling) {
            canonical.clone_into(&mut self.event_type);
            return;
        }
        "custom".clone_into(&mut self.event_type);
        if spelling != "custom" || self.name.is_none() {
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
            ("form_submission", "form_submit", None),
            ("formFocus", "form_focus", None),
            ("Newsletter sign-up", "custom", Some("Newsletter sign-up")),
            ("custom", "custom", Some("custom")),
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
}
