//! What a person typed into a form, as the client stated it: nothing checked, nothing redacted.

use std::collections::BTreeMap;

/// How far the person went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, prost::Enumeration)]
#[repr(i32)]
pub enum SubmissionKind {
    /// Sent by the person.
    Submitted = 0,
    /// Typed and not sent: kept only where profile and consent allow values before submit.
    Partial = 1,
    /// A message in a chat.
    Chat = 2,
}

/// Values of a form.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct WireSubmission {
    pub kind: SubmissionKind,
    /// Field name → value.
    pub fields: BTreeMap<String, String>,
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
