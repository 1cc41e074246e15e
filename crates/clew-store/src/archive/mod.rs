//! Sealed journal segments, compressed, in the blob store.
//!
//! Owns the objects below `journal/<node>`. Refuses to call a segment archived before it has read
//! it back and found every record in it.
//!
//! Invariants: putting a segment twice stores it once; a torn object is never listed; a rewrite
//! keeps the numbers of the records; what cannot be read is reported with its numbers.

mod format;
mod history;
mod reader;
mod segment;
#[cfg(test)]
mod tests;

pub use format::{Fault, Index};
pub use history::{History, HistoryError};
pub use reader::ArchiveReader;
pub use segment::ArchivedSegment;

use crate::blobs::{BlobError, BlobKey, Blobs, InvalidKey};
use bytes::Bytes;
use clew_journal::{ReadError, Reader, Record, Rewrite, Rewritten};
use format::{Decoder, Encoder};
use std::sync::Arc;

#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error(transparent)]
    Key(#[from] InvalidKey),
    #[error("archived segment {key}")]
    Damaged {
        key: BlobKey,
        #[source]
        source: Fault,
    },
    /// What was read back after writing is not what was written.
    #[error("archived segment {0} reads back differently")]
    Unfaithful(BlobKey),
    #[error("the journal cannot be read")]
    Journal(#[source] ReadError),
    #[error("compressing")]
    Compress(#[source] std::io::Error),
    #[error("a worker thread failed")]
    Worker,
}

/// The archive of one node. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Archive {
    blobs: Arc<dyn Blobs>,
    node: u32,
}

impl Archive {
    pub fn new(blobs: Arc<dyn Blobs>, node: u32) -> Self {
        Self { blobs, node }
    }

    /// Every whole segment, by LSN.
    pub async fn list(&self) -> Result<Vec<ArchivedSegment>, ArchiveError> {
        Ok(self.sorted().await?.current)
    }

    async fn sorted(&self) -> Result<segment::Sorted, ArchiveError> {
        let folder = ArchivedSegment::folder(self.node)?;
        Ok(segment::sort_out(self.blobs.list(&folder).await?))
    }

    /// Archives the records `first..=last` of a sealed segment, read with `reader` (which stands
    /// at `first - 1`). When this returns, the segment is durable in the archive and was read back;
    /// None when it is empty. Damaged parts are archived as lost, with an alarm.
    pub async fn put(
        &self,
        reader: Reader,
        first: u64,
        last: u64,
    ) -> Result<Option<ArchivedSegment>, ArchiveError> {
        if last < first {
            return Ok(None);
        }
        let present = self.list().await?;
        if let Some(present) = present
            .into_iter()
            .find(|s| (s.first_lsn, s.last_lsn) == (first, last))
        {
            self.check(&present).await?;
            return Ok(Some(present));
        }
        let node = self.node;
        let encoded = tokio::task::spawn_blocking(move || encode(reader, node, first, last)).await;
        let (index, object) = encoded.map_err(|_| ArchiveError::Worker)??;
        self.store(&index, object, 0).await.map(Some)
    }

    /// Stores, reads back, compares.
    async fn store(
        &self,
        index: &Index,
        object: Bytes,
        generation: u32,
    ) -> Result<ArchivedSegment, ArchiveError> {
        let segment = ArchivedSegment {
            node: index.node,
            first_lsn: index.first_lsn,
            last_lsn: index.last_lsn,
            generation,
            bytes: object.len() as u64,
        };
        let key = segment.key()?;
        self.blobs.put(&key, object.clone()).await?;
        if self.blobs.get(&key).await? != object {
            // It must not be listed as whole; the next attempt writes it anew.
            self.blobs.delete(&key).await?;
            return Err(ArchiveError::Unfaithful(key));
        }
        self.check(&segment).await?;
        Ok(segment)
    }

    /// Reads a segment and verifies every record in it.
    pub async fn check(&self, segment: &ArchivedSegment) -> Result<(), ArchiveError> {
        let (key, decoder) = self.load(segment).await?;
        let verified = tokio::task::spawn_blocking(move || decoder.verify()).await;
        let verified = verified.map_err(|_| ArchiveError::Worker)?;
        verified.map_err(|source| ArchiveError::Damaged { key, source })
    }

    /// The records of a segment. Decompresses on the caller's thread, a megabyte at a time.
    pub async fn open(&self, segment: &ArchivedSegment) -> Result<ArchiveReader, ArchiveError> {
        Ok(ArchiveReader::new(self.load(segment).await?.1))
    }

    async fn load(&self, segment: &ArchivedSegment) -> Result<(BlobKey, Decoder), ArchiveError> {
        let key = segment.key()?;
        let object = self.blobs.get(&key).await?;
        match Decoder::new(&object) {
            Ok(decoder) => Ok((key, decoder)),
            Err(source) => Err(ArchiveError::Damaged { key, source }),
        }
    }

    /// Rewrites a segment record by record, for erasure. `judge` sees every readable record once,
    /// in order. When this returns, the old bytes are gone from the store.
    pub async fn rewrite(
        &self,
        segment: &ArchivedSegment,
        judge: impl FnMut(&Record) -> Rewrite + Send + 'static,
    ) -> Result<Rewritten, ArchiveError> {
        let (_, decoder) = self.load(segment).await?;
        let rewritten = tokio::task::spawn_blocking(move || rewrite(&decoder, judge)).await;
        let (done, index, object) = rewritten.map_err(|_| ArchiveError::Worker)??;
        if done != Rewritten::default() {
            self.store(&index, object, segment.generation + 1).await?;
        }
        self.sweep().await?;
        Ok(done)
    }

    /// Removes torn objects and those that a rewrite replaced; returns how many there were.
    pub async fn sweep(&self) -> Result<usize, ArchiveError> {
        let garbage = self.sorted().await?.garbage;
        for key in &garbage {
            self.blobs.delete(key).await?;
        }
        Ok(garbage.len())
    }
}

fn encode(
    reader: Reader,
    node: u32,
    first: u64,
    last: u64,
) -> Result<(Index, Bytes), ArchiveError> {
    let mut encoder = Encoder::new(node, first, last);
    for read in reader {
        match read {
            Ok(record) if record.lsn.0 > last => break,
            Ok(record) => encoder.push(&record).map_err(ArchiveError::Compress)?,
            Err(ReadError::Damaged {
                segment,
                at,
                bytes,
                lost,
            }) => {
                if lost.is_some_and(|(from, _)| from.0 > last) {
                    break;
                }
                tracing::error!(%segment, at, bytes, "a segment is archived without its damaged part");
                if let Some((from, to)) = lost {
                    encoder.push_lost(from.0.max(first), to.0.min(last));
                }
            }
            // Behind the segment already, or the segment itself is gone.
            Err(ReadError::Missing(from, _)) if from.0 > last => break,
            Err(error) => return Err(ArchiveError::Journal(error)),
        }
    }
    encoder.finish().map_err(ArchiveError::Compress)
}

fn rewrite(
    decoder: &Decoder,
    mut judge: impl FnMut(&Record) -> Rewrite,
) -> Result<(Rewritten, Index, Bytes), ArchiveError> {
    let old = &decoder.index;
    let mut encoder = Encoder::new(old.node, old.first_lsn, old.last_lsn);
    let mut done = Rewritten::default();
    for &(first, last) in &old.lost {
        encoder.push_lost(first, last);
    }
    for frame in &old.frames {
        let Ok(records) = decoder.records(frame) else {
            // What cannot be read cannot be judged: it goes, and is reported as lost from now on.
            done.damaged_bytes += u64::from(frame.bytes);
            encoder.push_lost(frame.first_lsn, frame.last_lsn);
            continue;
        };
        for mut record in records {
            match judge(&record) {
                Rewrite::Keep => {}
                Rewrite::Drop => {
                    done.dropped += 1;
                    continue;
                }
                Rewrite::Replace(payload) => {
                    done.replaced += 1;
                    record.payload = Bytes::from(payload);
                }
            }
            encoder.push(&record).map_err(ArchiveError::Compress)?;
        }
    }
    let (index, object) = encoder.finish().map_err(ArchiveError::Compress)?;
    Ok((done, index, object))
}
