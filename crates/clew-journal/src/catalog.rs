//! The list of segments that a running journal has, shared by its one writer and its readers.
//!
//! Owns how far each segment may be read. Refuses to show a byte before it is durable.
//!
//! Invariants: `end` and `last` of a segment only grow, and stand still once it is sealed; the
//! durable LSN is announced after the segment's `end` shows it. Replacing or removing a segment
//! exchanges the file and the entry under one lock, so that opening by entry never meets the
//! wrong file; whoever has it open keeps the old file and the old entry.

use crate::{
    record::Lsn,
    segment::{Extent, HEADER_LEN, SegmentHeader, SegmentId, SegmentInfo},
    storage::{DiskFile, Storage},
};
use parking_lot::{RwLock, RwLockWriteGuard};
use std::{
    collections::BTreeMap,
    io,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Acquire, Ordering::Release},
    },
};
use tokio::sync::watch;

/// One segment as far as it may be read.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) header: SegmentHeader,
    pub(crate) path: PathBuf,
    end: AtomicU64,
    last: AtomicU64,
    sealed: AtomicBool,
}

impl Segment {
    pub(crate) fn new(header: SegmentHeader, path: PathBuf, extent: Extent, sealed: bool) -> Self {
        Self {
            header,
            path,
            end: AtomicU64::new(extent.end),
            last: AtomicU64::new(extent.last),
            sealed: AtomicBool::new(sealed),
        }
    }

    /// A segment without records.
    pub(crate) fn empty(header: SegmentHeader, path: PathBuf) -> Self {
        let extent = Extent {
            end: HEADER_LEN,
            last: header.first - 1,
        };
        Self::new(header, path, extent, false)
    }

    pub(crate) fn id(&self) -> SegmentId {
        SegmentId(self.header.first)
    }

    /// Ask before `extent`: an extent read after `true` is final.
    pub(crate) fn sealed(&self) -> bool {
        self.sealed.load(Acquire)
    }

    pub(crate) fn extent(&self) -> Extent {
        Extent {
            end: self.end.load(Acquire),
            last: self.last.load(Acquire),
        }
    }

    pub(crate) fn grow(&self, extent: Extent) {
        self.last.store(extent.last, Release);
        self.end.store(extent.end, Release);
    }

    pub(crate) fn seal(&self) {
        self.sealed.store(true, Release);
    }

    pub(crate) fn info(&self) -> SegmentInfo {
        let sealed = self.sealed();
        let Extent { end, last } = self.extent();
        SegmentInfo {
            id: self.id(),
            first: Lsn(self.header.first),
            last: Lsn(last),
            sealed,
            bytes: end,
            path: self.path.clone(),
        }
    }
}

/// An entry and its file.
pub(crate) type Opened = (Arc<Segment>, Arc<dyn DiskFile>);

type Map = BTreeMap<u64, Arc<Segment>>;

#[derive(Debug)]
pub(crate) struct Catalog {
    segments: RwLock<Map>,
    durable: watch::Sender<Lsn>,
}

impl Catalog {
    pub(crate) fn new(segments: impl IntoIterator<Item = Arc<Segment>>, durable: Lsn) -> Self {
        let segments = segments.into_iter().map(|s| (s.header.first, s)).collect();
        Self {
            segments: RwLock::new(segments),
            durable: watch::Sender::new(durable),
        }
    }

    pub(crate) fn durable(&self) -> watch::Receiver<Lsn> {
        self.durable.subscribe()
    }

    pub(crate) fn publish(&self, segment: &Segment, extent: Extent) {
        segment.grow(extent);
        self.durable.send_replace(Lsn(extent.last));
    }

    pub(crate) fn infos(&self) -> Vec<SegmentInfo> {
        self.segments.read().values().map(|s| s.info()).collect()
    }

    pub(crate) fn get(&self, id: SegmentId) -> Option<Arc<Segment>> {
        self.segments.read().get(&id.0).cloned()
    }

    /// The last segment that starts in front of `lsn`.
    pub(crate) fn before(&self, lsn: u64) -> Option<Arc<Segment>> {
        self.segments
            .read()
            .range(..lsn)
            .next_back()
            .map(|(_, s)| Arc::clone(s))
    }

    /// Returns the segment that had the same first LSN.
    pub(crate) fn add(&self, segment: Arc<Segment>) -> Option<Arc<Segment>> {
        self.segments.write().insert(segment.header.first, segment)
    }

    /// For exchanging a file and its entry as one.
    pub(crate) fn exclusive(&self) -> RwLockWriteGuard<'_, Map> {
        self.segments.write()
    }

    /// The first segment that has, or will have, a record behind `after`, opened.
    pub(crate) fn open_after(
        &self,
        storage: &dyn Storage,
        after: u64,
    ) -> Result<Option<Opened>, (Arc<Segment>, io::Error)> {
        let segments = self.segments.read();
        let from = segments.range(..=after.saturating_add(1)).next_back();
        let from = from.map_or(0, |(first, _)| *first);
        let found = segments.range(from..).map(|(_, s)| s);
        let mut found = found.filter(|s| !s.sealed() || s.extent().last > after);
        match found.next() {
            None => Ok(None),
            Some(segment) => match storage.open_read(&segment.path) {
                Ok(file) => Ok(Some((Arc::clone(segment), file))),
                Err(error) => Err((Arc::clone(segment), error)),
            },
        }
    }
}
