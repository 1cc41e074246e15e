//! Journal records on their way into the event store.

use clew_core::model::{
    ErasedPersons, ImportId, RecordKind, Revocation, SiteId, StoredBatch, Watermark,
};
use prost::Message as _;
use std::collections::HashMap;
use std::sync::Arc;

/// A run of journal records without gaps: everything in `(after, cursor]`.
///
/// Records that project to nothing are simply absent from `records`; the cursor passes them.
#[derive(Clone, Debug, Default)]
pub struct Projection {
    /// The cursor this continues from.
    pub after: u64,
    /// LSN of the last record read, projected or not.
    pub cursor: u64,
    /// In LSN order.
    pub records: Vec<ProjectedRecord>,
    /// In LSN order; each reaches the records before it.
    pub revocations: Vec<Revoked>,
    /// In LSN order; each reaches the records before it.
    pub erasures: Vec<Erased>,
    /// What has left its site for good and is not written again.
    pub left: Arc<HashMap<SiteId, Watermark>>,
}

/// An import that was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revoked {
    pub lsn: u64,
    pub site: SiteId,
    pub import: ImportId,
}

/// Persons who were erased.
#[derive(Clone, Debug)]
pub struct Erased {
    pub lsn: u64,
    pub site: SiteId,
    pub persons: ErasedPersons,
}

/// One journal record of events.
#[derive(Clone, Debug)]
pub struct ProjectedRecord {
    pub lsn: u64,
    pub kind: u8,
    pub site: SiteId,
    pub received_ms: i64,
    pub batch: StoredBatch,
}

impl ProjectedRecord {
    /// Whether an event of this record, or one that was set aside and has no time, is written.
    pub(super) fn keeps(&self, left: &HashMap<SiteId, Watermark>, time_ms: Option<i64>) -> bool {
        let received = self.received_ms;
        let time = time_ms.unwrap_or(received);
        let mark = left.get(&self.site);
        !mark.is_some_and(|mark| mark.covers(self.lsn, self.kind, received, time))
    }
}

/// A record whose payload is not what its kind says. The journal's checksum held, so this is a
/// record of a newer version or a defect; the caller decides whether to pass it with an alarm.
#[derive(Debug, thiserror::Error)]
#[error("record {lsn} of kind {kind}, schema {schema} cannot be decoded: {source}")]
pub struct RecordError {
    pub lsn: u64,
    pub kind: u8,
    pub schema: u16,
    pub source: prost::DecodeError,
}

impl Projection {
    /// Nothing yet, continuing from `cursor`.
    pub fn continuing(cursor: u64) -> Self {
        Self {
            after: cursor,
            cursor,
            ..Self::default()
        }
    }

    /// Takes in the next journal record and moves the cursor past it. Kinds that hold no events
    /// are passed over, and so are erasures, which take their site's key to read: see
    /// [`Projection::erase`]. On an error the projection is unchanged; [`Projection::pass`] skips the
    /// record deliberately.
    pub fn push(
        &mut self,
        lsn: u64,
        kind: u8,
        schema: u16,
        received_ms: i64,
        site: [u8; 16],
        payload: &[u8],
    ) -> Result<(), RecordError> {
        let site = SiteId::from_bytes(site);
        let unreadable = |source| RecordError {
            lsn,
            kind,
            schema,
            source,
        };
        match RecordKind::from_u8(kind) {
            Some(RecordKind::Events | RecordKind::Import) => {
                let batch = StoredBatch::decode(payload).map_err(unreadable)?;
                self.records.push(ProjectedRecord {
                    lsn,
                    kind,
                    site,
                    received_ms,
                    batch,
                });
            }
            Some(RecordKind::Revoke) => {
                let import = Revocation::decode(payload).map_err(unreadable)?.import_id;
                self.revocations.push(Revoked { lsn, site, import });
            }
            // Links are of the relational projection.
            Some(RecordKind::Erase | RecordKind::Link) | None => {}
        }
        self.pass(lsn);
        Ok(())
    }

    /// Takes in an erasure record and moves the cursor past it.
    pub fn erase(&mut self, erased: Erased) {
        self.pass(erased.lsn);
        self.erasures.push(erased);
    }

    /// Moves the cursor past a record that projects to nothing.
    pub fn pass(&mut self, lsn: u64) {
        self.cursor = lsn;
    }

    /// Events and quarantined events in it.
    pub fn rows(&self) -> usize {
        self.records
            .iter()
            .map(|record| record.batch.events.len() + record.batch.quarantined.len())
            .sum()
    }

    pub fn is_empty(&self) -> bool {
        self.cursor == self.after
    }
}
