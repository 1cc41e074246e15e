//! The records of this node in order, from archive and hot journal, for one consumer.
//!
//! Owns a position. A record that is in neither place is an alarm, counted and passed, because
//! waiting would not bring it back.

use super::CommitGate;
use clew_journal::{Journal, Lsn, Reader, Record};
use clew_store::archive::{Archive, History, HistoryError};
use metrics::counter;
use tokio::runtime::Handle;
use tokio::sync::watch;

/// Payload bytes of one reading: some ten thousand events.
const BYTES: usize = 4 << 20;

/// Longest run of records of one reading.
const RECORDS: usize = 10_000;

/// A consumer this close behind the durable end is not catching up.
const NEAR: u64 = 1_000;

type AnyHistory = History<Box<dyn FnMut(Lsn) -> Reader + Send + Sync>>;

/// Follows the journal from any position.
#[derive(Debug)]
pub struct Tail {
    journal: Journal<CommitGate>,
    archive: Archive,
    durable: watch::Receiver<Lsn>,
    history: Option<AnyHistory>,
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
    pub fn new(journal: Journal<CommitGate>, archive: Archive) -> Self {
        let durable = journal.durable();
        Self {
            journal,
            archive,
            durable,
            history: None,
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
        let mut history = match self.history.take() {
            Some(history) if History::position(&history).0 == after => history,
            _ => self.open(after),
        };
        let read = tokio::task::spawn_blocking(move || (chunk(&mut history), history)).await;
        let (chunk, history) = read.map_err(|_| TailError::Worker)?;
        self.history = Some(history);
        chunk
    }

    fn open(&self, after: u64) -> AnyHistory {
        let journal = self.journal.clone();
        let open = Box::new(move |after| journal.reader(after));
        History::new(self.archive.clone(), Handle::current(), Lsn(after), open)
    }
}

fn chunk(history: &mut AnyHistory) -> Result<Chunk, TailError> {
    let (mut records, mut bytes) = (Vec::new(), 0);
    while bytes < BYTES && records.len() < RECORDS {
        match history.next() {
            None => break,
            Some(Ok(record)) => {
                bytes += record.payload.len();
                records.push(record);
            }
            Some(Err(error)) if error.is_temporary() => {
                if records.is_empty() {
                    return Err(TailError::Read(error));
                }
                break;
            }
            Some(Err(error)) => {
                tracing::error!(%error, "acknowledged records cannot be read and are passed over");
                counter!("clew_journal_missing_total").increment(1);
            }
        }
    }
    Ok(Chunk {
        records,
        through: History::position(history).0,
    })
}

#[derive(Debug, thiserror::Error)]
pub enum TailError {
    #[error(transparent)]
    Read(HistoryError),
    #[error("the journal is closed")]
    Closed,
    #[error("a worker thread failed")]
    Worker,
}
