//! What a person typed into a form, as the client stated it: nothing checked, nothing redacted.

use crate::model::SubmissionKind;
use std::collections::BTreeMap;

/// Values of a form.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct WireSubmission {
    pub kind: SubmissionKind,
    /// Field name → value.
    pub fields: BTreeMap<String, String>,
}

impl WireSubmission {
    /// What was typed in an event of this type; None where nothing was, or the type is no form's.
    pub fn of(event_type: &str, fields: BTreeMap<String, String>) -> Option<Box<Self>> {
        let kind = match event_type {
            "form_submit" => SubmissionKind::Submitted,
            "form_partial" => SubmissionKind::Partial,
            "chat_message" => SubmissionKind::Chat,
            _ => return None,
        };
        (!fields.is_empty()).then(|| Box::new(Self { kind, fields }))
    }
}

impl WireSubmission {
    /// What was typed into a form, told by an event of whatever type: only `form_submit` says that
    /// it was sent. Everything before is partial, and kept only where that is allowed.
    pub(super) fn of_form(event_type: &str, fields: BTreeMap<String, String>) -> Option<Box<Self>> {
        match event_type {
            "form_submit" => Self::of("form_submit", fields),
            _ => Self::of("form_partial", fields),
        }
    }
}

impl std::fmt::Debug for WireSubmission {
    /// Never shows a value: this ends up in logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WireSubmission")
            .field("kind", &self.kind)
            .field("fields", &self.fields.len())
            .finish_non_exhaustive()
    }
}
