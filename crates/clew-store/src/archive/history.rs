//! All records of a node in order: the hot journal where it has them, the archive where it has not.
//!
//! Owns a position. Refuses to pass over a missing record in silence: each gap is one `Err` item
//! with its numbers, after which reading goes on. Used wherever a projection is rebuilt or catches
//! up: event store, relational projector, ledger.
//!
//! Invariants: LSNs rise strictly, so no record is seen twice although a segment may stand in both
//! places; the archive is asked only about records that the journal does not have.

use super::{Archive, ArchiveError, ArchiveReader, ArchivedSegment};
use clew_journal::{Lsn, ReadError, Reader, Record};
use tokio::runtime::Handle;

#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// These records are neither in the journal nor in the archive. Acknowledged data is lost.
    #[error("records {0} to {1} are neither in the journal nor in the archive")]
    Gap(Lsn, Lsn),
    /// Bytes of the journal that are no record, with no record known to be lost.
    #[error("the journal is damaged")]
    Damaged(#[source] ReadError),
    /// The disk does not answer; asking again continues at the same place.
    #[error("the journal cannot be read")]
    Journal(#[source] ReadError),
    /// The archive does not answer; asking again continues at the same place.
    #[error("the archive cannot be read")]
    Archive(#[source] ArchiveError),
}

impl HistoryError {
    /// Asking again may help; the other errors are alarms, and reading goes on behind them.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Journal(_) | Self::Archive(_))
    }
}

enum Source {
    /// Nothing is open.
    Closed,
    /// `fresh`: nothing was read from it yet.
    Journal {
        reader: Reader,
        fresh: bool,
    },
    Archive {
        reader: ArchiveReader,
        last: u64,
    },
}

/// An iterator over all durable records behind a position. Like [`Reader`] it ends with `None` at
/// the durable end but is not fused, and it blocks: use it from a thread that may, inside a tokio
/// runtime (`spawn_blocking`).
pub struct History<J> {
    journal: J,
    archive: Archive,
    runtime: Handle,
    after: u64,
    source: Source,
    /// The archive as last listed; listed anew when it does not have what is wanted.
    listing: Vec<ArchivedSegment>,
}

/// What one reading led to.
enum Step {
    Item(Result<Record, HistoryError>),
    End,
    /// Another source has to be read.
    Again,
}

impl<J> std::fmt::Debug for History<J> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("History")
            .field("after", &self.after)
            .finish_non_exhaustive()
    }
}

impl<J: FnMut(Lsn) -> Reader> History<J> {
    /// `journal` opens a reader of the hot journal behind a position.
    pub fn new(archive: Archive, runtime: Handle, after: Lsn, journal: J) -> Self {
        Self {
            journal,
            archive,
            runtime,
            after: after.0,
            source: Source::Closed,
            listing: Vec::new(),
        }
    }

    /// Everything up to here was yielded, or has no record to yield.
    pub fn position(&self) -> Lsn {
        Lsn(self.after)
    }

    fn step(&mut self) -> Step {
        match &mut self.source {
            Source::Closed => {
                let reader = (self.journal)(Lsn(self.after));
                self.source = Source::Journal {
                    reader,
                    fresh: true,
                };
                Step::Again
            }
            Source::Archive { reader, last } => match reader.next() {
                Some(Ok(record)) if record.lsn.0 <= self.after => Step::Again,
                Some(Ok(record)) => self.passed(record),
                Some(Err((_, to))) if to.0 <= self.after => Step::Again,
                Some(Err((from, to))) => self.gap(from.0.max(self.after + 1), to.0),
                None => {
                    self.after = self.after.max(*last);
                    self.source = Source::Closed;
                    Step::Again
                }
            },
            Source::Journal { reader, fresh } => {
                let first = std::mem::replace(fresh, false);
                let read = reader.next();
                let position = Reader::position(reader).0;
                match self.missing(read.as_ref(), first) {
                    Some((from, to)) => self.fill(read, from, to),
                    None => self.take(read, position),
                }
            }
        }
    }

    /// The records that the journal should have before what it gave.
    fn missing(&self, read: Option<&Result<Record, ReadError>>, first: bool) -> Option<(u64, u64)> {
        let next = self.after + 1;
        match read {
            // A journal whose older files are gone does not know what it does not have, so the
            // archive is asked before its first record, and before believing that it is empty.
            None if first => Some((next, u64::MAX)),
            Some(Ok(record)) if first && record.lsn.0 > next => Some((next, record.lsn.0 - 1)),
            Some(Err(
                ReadError::Missing(from, to)
                | ReadError::Damaged {
                    lost: Some((from, to)),
                    ..
                },
            )) => Some((from.0.max(next), to.0)),
            _ => None,
        }
    }

    fn take(&mut self, read: Option<Result<Record, ReadError>>, position: u64) -> Step {
        match read {
            None => {
                self.after = self.after.max(position);
                Step::End
            }
            Some(Ok(record)) => self.passed(record),
            Some(Err(error @ ReadError::Io { .. })) => {
                Step::Item(Err(HistoryError::Journal(error)))
            }
            Some(Err(error)) => Step::Item(Err(HistoryError::Damaged(error))),
        }
    }

    /// Looks for `from..=to` in the archive.
    fn fill(&mut self, read: Option<Result<Record, ReadError>>, from: u64, to: u64) -> Step {
        match self.covering(from) {
            Err(error) => self.interrupted(error),
            Ok(Some(segment)) if segment.first_lsn <= to => self.enter(&segment, from),
            Ok(_) => match read {
                None => Step::End,
                // What was before the first record was dropped by a rewrite, or never was: the
                // journal reports files that are gone.
                Some(Ok(record)) => self.passed(record),
                Some(Err(_)) => self.gap(from, to),
            },
        }
    }

    /// Goes on in the archive, or reports what lies before its next segment.
    fn enter(&mut self, segment: &ArchivedSegment, from: u64) -> Step {
        self.source = Source::Closed;
        if segment.first_lsn > from {
            return self.gap(from, segment.first_lsn - 1);
        }
        match self.runtime.block_on(self.archive.open(segment)) {
            Ok(mut reader) => {
                reader.skip_to(Lsn(self.after));
                let last = segment.last_lsn;
                self.source = Source::Archive { reader, last };
                Step::Again
            }
            Err(ArchiveError::Damaged { key, source }) => {
                tracing::error!(%key, error = %source, "an archived segment cannot be read");
                self.gap(from, segment.last_lsn)
            }
            Err(error) => self.interrupted(error),
        }
    }

    fn interrupted(&mut self, error: ArchiveError) -> Step {
        self.listing.clear();
        self.source = Source::Closed;
        Step::Item(Err(HistoryError::Archive(error)))
    }

    /// The first archived segment that ends at or behind `lsn`.
    fn covering(&mut self, lsn: u64) -> Result<Option<ArchivedSegment>, ArchiveError> {
        let holds =
            |segment: &&ArchivedSegment| (segment.first_lsn..=segment.last_lsn).contains(&lsn);
        if let Some(known) = self.listing.iter().find(holds) {
            return Ok(Some(known.clone()));
        }
        self.listing = self.runtime.block_on(self.archive.list())?;
        Ok(self
            .listing
            .iter()
            .find(|segment| segment.last_lsn >= lsn)
            .cloned())
    }

    fn passed(&mut self, record: Record) -> Step {
        self.after = record.lsn.0;
        Step::Item(Ok(record))
    }

    fn gap(&mut self, from: u64, to: u64) -> Step {
        self.after = self.after.max(to);
        Step::Item(Err(HistoryError::Gap(Lsn(from), Lsn(to))))
    }
}

impl<J: FnMut(Lsn) -> Reader> Iterator for History<J> {
    type Item = Result<Record, HistoryError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.step() {
                Step::Again => {}
                Step::Item(item) => return Some(item),
                Step::End => return None,
            }
        }
    }
}
