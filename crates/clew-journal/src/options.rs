//! How a journal is opened.
//!
//! Owns the settings and their defaults; refuses none of them.

use crate::record::Lsn;
use std::path::PathBuf;

#[derive(Clone, Debug)]
pub struct Options {
    /// Folder of the segments; made if absent.
    pub dir: PathBuf,
    /// This node's number, written into every record; a folder belongs to one node for ever.
    pub node: u32,
    /// A segment that has reached this size is sealed before the next group.
    pub segment_bytes: u64,
    /// Entries that may wait; one more is [`AppendError::Backlog`](crate::AppendError::Backlog).
    pub max_queue: usize,
    /// Bytes that may wait, by [`Gate::weight`](crate::Gate::weight).
    pub max_queue_bytes: usize,
    pub sync: SyncPolicy,
    /// New records get higher LSNs than this. Give the highest cursor or archived LSN known, so
    /// that even a folder that lost its files never gives out a number twice.
    pub not_before: Lsn,
}

impl Options {
    /// Node 1, 64 MiB segments, 65,536 entries or 64 MiB waiting, durable.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            node: 1,
            segment_bytes: 64 << 20,
            max_queue: 1 << 16,
            max_queue_bytes: 64 << 20,
            sync: SyncPolicy::Durable,
            not_before: Lsn(0),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SyncPolicy {
    #[default]
    Durable,
    /// Never syncs anything: the negative control that power-cut tests must catch losing data.
    Never,
}

impl SyncPolicy {
    pub(crate) fn durable(self) -> bool {
        self == Self::Durable
    }
}
