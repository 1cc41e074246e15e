//! What somebody typed into a form, as an export tells it.

use clew_core::model::{EpochMs, EventId, SubmissionKind};
use std::collections::BTreeMap;

/// One submission, opened.
#[derive(Clone, PartialEq, Eq)]
pub struct SubmissionRow {
    /// The event that it came with.
    pub event: EventId,
    pub lsn: u64,
    pub received: EpochMs,
    pub kind: SubmissionKind,
    pub form: String,
    /// None: it does not open with this server's master key.
    pub fields: Option<BTreeMap<String, String>>,
}

impl std::fmt::Debug for SubmissionRow {
    /// Never shows a value: this ends up in logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SubmissionRow")
            .field("event", &self.event)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
