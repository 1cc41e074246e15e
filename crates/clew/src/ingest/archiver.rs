//! Sealed segments → blob store, and off the hot disk once nobody needs them there.
//!
//! Refuses to remove a segment before the archive has read it back, both projectors are past it and
//! the ledger's files hold its ids. Any failure leaves the segment where it is and is tried again.

use super::CommitGate;
use clew_journal::{Journal, Lsn, SegmentError, SegmentInfo};
use clew_store::archive::{Archive, ArchiveError};

/// Archives the segments of one journal.
#[derive(Debug)]
pub struct Archiver {
    journal: Journal<CommitGate>,
    archive: Archive,
    /// Last record that is known to be archived, everything before it included.
    archived: u64,
}

impl Archiver {
    pub fn new(journal: Journal<CommitGate>, archive: Archive) -> Self {
        Self {
            journal,
            archive,
            archived: 0,
        }
    }

    /// Archives what is sealed, and removes what everybody has passed: nobody needs records up to
    /// `needed_after` on the hot disk.
    pub async fn sweep(&mut self, needed_after: u64) -> Result<(), SweepError> {
        for segment in self.journal.segments() {
            if !segment.sealed {
                break;
            }
            if segment.last.0 > self.archived {
                self.archive(&segment).await?;
            }
            if segment.last.0 <= needed_after {
                self.remove(&segment).await?;
            }
        }
        Ok(())
    }

    async fn archive(&mut self, segment: &SegmentInfo) -> Result<(), SweepError> {
        let reader = self.journal.reader(Lsn(segment.first.0.saturating_sub(1)));
        let stored = self
            .archive
            .put(reader, segment.first.0, segment.last.0)
            .await?;
        self.archived = segment.last.0;
        if let Some(stored) = stored {
            let (from, to) = (segment.bytes, stored.bytes);
            tracing::info!(segment = %segment.id, from, to, "segment archived");
        }
        Ok(())
    }

    async fn remove(&self, segment: &SegmentInfo) -> Result<(), SweepError> {
        let (journal, id) = (self.journal.clone(), segment.id);
        let removed = tokio::task::spawn_blocking(move || journal.remove_sealed(id)).await;
        removed.map_err(|_| SweepError::Worker)??;
        tracing::info!(segment = %segment.id, "archived segment removed from the hot journal");
        Ok(())
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error(transparent)]
    Segment(#[from] SegmentError),
    #[error("a worker thread failed")]
    Worker,
}
