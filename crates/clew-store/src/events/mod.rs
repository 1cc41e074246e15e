//! The event store: every counted event as one row, ready to be reported on.
//!
//! A projection of journal and archive: it may be deleted at any time and is rebuilt to the same
//! answers. Owns the tables of [`schema`], the cursor up to which the journal is projected, and
//! the file they lie in. Refuses to be the truth about anything, and refuses to answer a question
//! that does not name its site.
//!
//! Invariants:
//! - Rows and cursor move in one transaction: a record is projected wholly, and exactly once.
//! - [`Projection::after`] must meet the cursor. What was projected before is skipped, a gap is
//!   refused with [`EventStoreError::Gap`], so neither redelivery nor a replaced file can change
//!   a number.
//! - At most two reports run at once, each for at most [`DuckOptions::report_timeout`].

mod answers;
mod batch;
mod columns;
mod duckdb;
mod engine;
mod erase;
mod list;
mod marker;
mod projection;
mod readers;
mod row;
mod scan;
pub mod schema;
mod sealing;
mod sessions;
#[cfg(test)]
mod tests;
mod texts;
mod visitors;
mod writer;

pub use self::duckdb::{DuckOptions, DuckStore, Rebuild};
pub(crate) use batch::{SCHEMA as ROW_SCHEMA, events as record_batch};
pub use columns::{EventRow, column_names};
pub use engine::{engine_version, memory_limit};
pub use erase::Deletion;
pub use list::{BadCursor, EventPage, EventQuery, MAX_PAGE, PageCursor};
pub use marker::{OpenReport, Opened};
pub use projection::{Erased, ProjectedRecord, Projection, RecordError, Revoked};
pub use row::Field;
pub(crate) use row::rows as batch_rows;
pub use scan::{Place, Scan, Wanted};
pub use sealing::Sealed;
#[cfg(test)]
pub(crate) use sealing::{prepare, seal};
pub use sessions::{
    BadSessionCursor, MOST_SESSIONS, SessionCursor, SessionPage, SessionQuery, SessionRow,
};
pub use texts::StoredText;
pub use visitors::{
    Bond, Conversion, ConversionQuery, MOST_VISITORS, Neighbours, VisitorFacts, VisitorQuery,
    Visitors,
};
#[cfg(test)]
pub(crate) use writer::insert;

use crate::reports::ReportError;
use async_trait::async_trait;
use clew_core::model::{SiteId, VisitorId};
use clew_core::report::{ReportPlan, Table};
use std::time::Duration;

/// Where counted events lie; every backend passes the same conformance suite.
#[async_trait]
pub trait EventStore: Send + Sync + 'static {
    /// Adds the records and moves the cursor, in one transaction.
    async fn append(&self, projection: Projection) -> Result<Appended, EventStoreError>;

    /// The last LSN that is projected; 0 for an empty store.
    async fn cursor(&self) -> Result<u64, EventStoreError>;

    /// One page of a site's events, newest first.
    async fn list(&self, query: &EventQuery) -> Result<EventPage, EventStoreError>;

    /// Rows of one site in the order of the journal, however many, a page at a time. An empty page
    /// is the end.
    async fn scan(&self, scan: &Scan) -> Result<Vec<EventRow>, EventStoreError>;

    /// Answers a report about one site.
    async fn run(&self, plan: &ReportPlan) -> Result<Table, EventStoreError>;

    /// One page of a site's sessions, newest first.
    async fn sessions(&self, query: &SessionQuery) -> Result<SessionPage, EventStoreError>;

    /// Some of a site's visitors, each in numbers; those without events are left out.
    async fn visitors(&self, query: &VisitorQuery) -> Result<Vec<VisitorFacts>, EventStoreError>;

    /// What one visitor shares with others, by kind, the latest first.
    async fn neighbours(
        &self,
        site: SiteId,
        visitor: VisitorId,
    ) -> Result<Vec<Neighbours>, EventStoreError>;

    /// A site's conversions, oldest first.
    async fn conversions(
        &self,
        query: &ConversionQuery,
    ) -> Result<Vec<Conversion>, EventStoreError>;

    /// Rows, cursor, size and incidents, for `/health` and `doctor`.
    async fn status(&self) -> Result<EventStoreStatus, EventStoreError>;

    /// Removes rows for retention or erasure; returns how many. Their bytes leave the disk with
    /// the next [`EventStore::compact`].
    async fn delete(&self, what: Deletion) -> Result<u64, EventStoreError>;

    /// How many rows [`EventStore::delete`] would remove.
    async fn count(&self, what: Deletion) -> Result<u64, EventStoreError>;

    /// Turns sessions that are closed at `now_ms` into rows, one pass for every site that has
    /// some. Call it about once a minute, and again at once while it has not caught up.
    async fn seal(&self, now_ms: i64) -> Result<Sealed, EventStoreError>;

    /// Rewrites the store so that nothing deleted is left, neither on disk nor in an answer that is
    /// kept for the next who asks.
    async fn compact(&self) -> Result<(), EventStoreError>;

    /// Makes the file complete without its write-ahead log.
    async fn checkpoint(&self) -> Result<(), EventStoreError>;

    /// Finishes what is queued and closes the store; later calls answer `Closed`.
    async fn close(&self) -> Result<(), EventStoreError>;
}

/// What an [`EventStore::append`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Events and quarantined events written; less than offered when records were redelivered.
    pub rows: u64,
    pub cursor: u64,
}

/// State of the store at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventStoreStatus {
    pub events: u64,
    pub quarantined: u64,
    pub cursor: u64,
    pub file_bytes: u64,
    pub wal_bytes: u64,
    /// Files set aside since the start, newest last; each is an alarm.
    pub set_aside: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum EventStoreError {
    /// The projection starts behind the cursor: records in between would be lost. Read the
    /// journal again from `cursor`.
    #[error("records up to {after} are expected, but the store is at {cursor}")]
    Gap { after: u64, cursor: u64 },
    /// Too many reports are waiting; try again.
    #[error("too many reports are waiting")]
    Busy,
    #[error("the report took longer than {0:?}")]
    Timeout(Duration),
    /// The file was damaged and has been set aside; the store is empty and wants a rebuild.
    #[error("the event store was set aside and must be rebuilt: {0}")]
    SetAside(String),
    /// The engine gave up on the instance (a full disk, mostly); the same file is open again.
    #[error("the event store was reopened: {0}")]
    Reopened(String),
    #[error("the event store is closed")]
    Closed,
    #[error("a worker thread of the event store failed")]
    Worker,
    #[error("event store: {0}")]
    Engine(#[from] ::duckdb::Error),
    #[error("could not form a record batch: {0}")]
    Arrow(#[from] arrow::error::ArrowError),
    #[error("event store file: {0}")]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Report(ReportError),
    /// A stored value that no version of Clew writes.
    #[error("column {column} holds an unreadable value")]
    Unreadable { column: &'static str },
}

impl EventStoreError {
    /// Whether waiting and trying again may help: 503 with Retry-After instead of 500.
    pub fn is_temporary(&self) -> bool {
        matches!(
            self,
            Self::Busy | Self::SetAside(_) | Self::Reopened(_) | Self::Closed | Self::Gap { .. }
        )
    }
}

impl From<ReportError> for EventStoreError {
    /// The engine's own errors stay what they are: damage is recognised by them.
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Engine(error) => Self::Engine(error),
            other => Self::Report(other),
        }
    }
}
