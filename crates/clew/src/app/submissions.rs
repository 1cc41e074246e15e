//! Reading what people typed into forms, from where it lies: the journal and its archive.
//!
//! Reads every record there is, so it is for work that nobody waits for. What has left the journal
//! by an erasure is not there any more.

use super::App;
use super::exports::ExportError;
use crate::exports::SubmissionRow;
use crate::secrets::SubmissionVault;
use clew_core::model::{EpochMs, RecordKind, SiteId, StoredBatch, StoredEvent, StoredSubmission};
use clew_journal::{Lsn, Record};
use clew_store::archive::{History, HistoryError};
use prost::Message as _;
use std::io;
use tokio::runtime::Handle;

impl App {
    /// What was typed in those events of the site that `own` names.
    ///
    /// # Errors
    /// Journal or archive do not answer. Records that are damaged are left out and logged.
    pub async fn submissions_of(
        &self,
        site: SiteId,
        own: impl Fn(&StoredEvent) -> bool + Send + 'static,
    ) -> Result<Vec<SubmissionRow>, ExportError> {
        let vault = SubmissionVault::new(self.keys.clone());
        let (archive, journal) = (self.archive.clone(), self.journal.clone());
        let runtime = Handle::current();
        let read = tokio::task::spawn_blocking(move || {
            let history = History::new(archive, runtime, Lsn(0), |after| journal.reader(after));
            let mut rows = Vec::new();
            for record in history {
                match record {
                    Ok(record) => rows.extend(opened(&record, site, &own, &vault)),
                    Err(error) if error.is_temporary() => return Err(error),
                    Err(error) => {
                        tracing::error!(%error, "submissions may stand in what cannot be read");
                    }
                }
            }
            Ok(rows)
        });
        let read: Result<_, HistoryError> = read.await.map_err(|_| ExportError::Worker)?;
        read.map_err(|error| io::Error::other(error).into())
    }
}

fn opened(
    record: &Record,
    site: SiteId,
    own: &dyn Fn(&StoredEvent) -> bool,
    vault: &SubmissionVault,
) -> Vec<SubmissionRow> {
    let is_ours = record.header.site == site.to_bytes()
        && RecordKind::from_u8(record.header.kind) == Some(RecordKind::Events);
    let batch = is_ours.then(|| StoredBatch::decode(record.payload.as_ref()).ok());
    let Some(batch) = batch.flatten() else {
        return Vec::new();
    };
    let events = &batch.events;
    let theirs = batch.submissions.iter().filter(|submission| {
        let mut events = events.iter();
        events.any(|event| event.event_id == submission.event_id && own(event))
    });
    let row = |submission: &StoredSubmission| {
        let fields = vault.open(site, submission).inspect_err(|error| {
            tracing::error!(lsn = record.lsn.0, %error, "a submission is told without its values");
        });
        SubmissionRow {
            event: submission.event_id,
            lsn: record.lsn.0,
            received: EpochMs(record.header.received_ms),
            kind: submission.kind(),
            form: submission.form.clone(),
            fields: fields.ok(),
        }
    };
    theirs.map(row).collect()
}
