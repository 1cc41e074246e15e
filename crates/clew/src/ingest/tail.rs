//! The records of this node in order, for one consumer.
//!
//! Owns a position. Where the hot journal no longer has a record, the archive does; where neither
//! has it, the gap is an alarm, counted and passed, because waiting would not bring it back.

use super::CommitGate;
use clew_journal::{Journal, Lsn, ReadError, Reader, Record};
use metrics::counter;
use tokio::sync::watch;

/// Payload bytes of one reading: some ten thousand events.
const BYTES: usize = 4 << 20;

/// Longest run of records of one reading.
const RECORDS: usize = 10_000;

/// A consumer this close behind the durable end is not catching up.
const NEAR: u64 = 1_000;

/// Follows the journal from any position.
#[derive(Debug)]
pub struct Tail {
    journal: Journal<CommitGate>,
    durable: watch::Receiver<Lsn>,
    reader: Option<Reader>,
}

/// What one reading found.
#[derive(Debug)]
pub struct Chunk {
    /// In LSN order.
    pub records: Vec<Record>,
    /// Everything up to here is in `records`, or is not there at all.
    pub through: u64,
}

impl Tail {
    pub fn new(journal: Journal<CommitGate>) -> Self {
        let durable = journal.durable();
        Self {
            journal,
            durable,
            reader: None,
        }
    }

    /// Resolves once a record behind `cursor` is durable.
    pub async fn wait_beyond(&mut self, cursor: u64) -> Result<(), TailError> {
        let waited = self.durable.wait_for(|durable| durable.0 > cursor).await;
        waited.map(drop).map_err(|_| TailError::Closed)
    }

    pub fn is_near_the_end(&self, cursor: u64) -> bool {
        self.durable.borrow().0.saturating_sub(cursor) < NEAR
    }

    /// The next records behind `after`, as many as one transaction should hold; empty at the end.
    pub async fn read(&mut self, after: u64) -> Result<Chunk, TailError> {
        let mut reader = match self.reader.take() {
            Some(reader) if reader.position().0 == after => reader,
            _ => self.journal.reader(Lsn(after)),
        };
        let read = tokio::task::spawn_blocking(move || (chunk(&mut reader), reader)).await;
        let (chunk, reader) = read.map_err(|_| TailError::Worker)?;
        self.reader = Some(reader);
        chunk
    }
}

fn chunk(reader: &mut Reader) -> Result<Chunk, TailError> {
    let (mut records, mut bytes) = (Vec::new(), 0);
    while bytes < BYTES && records.len() < RECORDS {
        match reader.next() {
            None => break,
            Some(Ok(record)) => {
                bytes += record.payload.len();
                records.push(record);
            }
            Some(Err(error @ ReadError::Io { .. })) if records.is_empty() => {
                return Err(TailError::Read(error));
            }
            Some(Err(ReadError::Io { .. })) => break,
            Some(Err(error)) => {
                tracing::error!(%error, "records are missing from the journal and are passed over");
                counter!("clew_journal_missing_total").increment(1);
            }
        }
    }
    Ok(Chunk {
        records,
        through: Reader::position(reader).0,
    })
}

#[derive(Debug, thiserror::Error)]
pub enum TailError {
    #[error("the journal cannot be read")]
    Read(#[source] ReadError),
    #[error("the journal is closed")]
    Closed,
    #[error("a worker thread failed")]
    Worker,
}
