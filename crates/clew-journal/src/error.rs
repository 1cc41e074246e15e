//! What can go wrong, for callers.
//!
//! Owns the error types. Refuses to answer a failed append in a way that could be taken for
//! success: every variant of [`AppendError`] means "unknown or not stored; send the same again".

use crate::{record::Lsn, segment::SegmentId};
use std::{io, path::PathBuf, sync::Arc};

/// Why an append was not acknowledged. All of them ask the client to send the same entry again.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AppendError {
    /// The disk is full. Nothing is taken until there is room again.
    #[error("the journal's disk is full")]
    Full,
    /// The queue is at its limit of entries or bytes.
    #[error("too many entries wait for the journal")]
    Backlog,
    /// Writing or syncing failed; the segment was given up.
    #[error("the journal cannot be written: {0}")]
    Failed(#[source] Arc<io::Error>),
    #[error("the journal is closed")]
    Closed,
}

impl AppendError {
    pub(crate) fn from_io(error: &Arc<io::Error>) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Failed(Arc::clone(error)),
        }
    }
}

/// Why a journal did not open. Damaged contents are never a reason.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("{0} is in use by another process")]
    Locked(PathBuf),
    #[error("{path} belongs to node {found}, this is node {expected}")]
    ForeignNode {
        path: PathBuf,
        found: u32,
        expected: u32,
    },
    #[error("{path} has format {found}, which this version does not know")]
    Format { path: PathBuf, found: u16 },
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: io::Error },
}

/// Why a reader could not yield a record. The reader stays usable: the next call goes on.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Bytes that are no record; reading goes on behind them.
    #[error("segment {segment}: {bytes} damaged bytes at {at}")]
    Damaged {
        segment: SegmentId,
        at: u64,
        bytes: u64,
        /// LSNs that were in there, as far as the neighbours tell.
        lost: Option<(Lsn, Lsn)>,
    },
    /// These LSNs were written but are not here any more (archived, or lost with their file).
    #[error("records {0} to {1} are not in the journal")]
    Missing(Lsn, Lsn),
    /// The disk did not answer; the same place is tried again, and from the third EIO on
    /// unreadable sectors count as damage.
    #[error("reading segment {segment}: {source}")]
    Io {
        segment: SegmentId,
        source: io::Error,
    },
}

/// Why a segment could not be rewritten, verified or removed.
#[derive(Debug, thiserror::Error)]
pub enum SegmentError {
    #[error("there is no segment {0}")]
    Unknown(SegmentId),
    /// Only sealed segments can be removed.
    #[error("segment {0} still takes records")]
    NotSealed(SegmentId),
    #[error("sealing the segment failed")]
    Seal(#[source] AppendError),
    #[error("a replacement of {0} bytes is longer than a record may be")]
    TooLong(usize),
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: io::Error },
}
