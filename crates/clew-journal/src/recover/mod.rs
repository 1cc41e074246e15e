//! Brings a journal back after any kind of stop.
//!
//! Owns what happens at open. Refuses to fail because of damaged contents: a journal always
//! starts, and what it could not read is put aside and reported as an alarm.
//!
//! Rules:
//! * Bytes behind the last valid record of the tail are a write that nobody was told about; they
//!   are cut off. Nothing else is ever dropped.
//! * Damaged bytes with valid records behind them are copied to `quarantine/` and stay where they
//!   are; the tail then gets no more records, a new segment starts.
//! * A segment without a readable header is moved to `quarantine/` as a whole.
//! * Whatever survives counts, acknowledged or not: whoever owns the ledger replays it from here
//!   ([`Recovered::reader`]) before it takes the first entry, so that a client's retry is known.
//! * The last commit group of the tail is written once more, byte for byte, and synced. It may
//!   stand in the page cache only, with its sync having failed in the life before: the kernel then
//!   calls it clean, and a plain sync would not write it. Groups before the last were synced,
//!   because the first failed sync ends a segment.
//! * The folder and its parent are synced: the last life may have ended between the two.
//! * No LSN that may have been seen is given out again.

mod repair;
mod report;

pub use report::{Damage, RecoveryReport};

use crate::{
    catalog::{Catalog, Segment},
    error::OpenError,
    options::Options,
    reader::Reader,
    record::{Lsn, MAX_LSN},
    storage::{LockGuard, Storage},
    survey::{self, at},
};
use repair::Repair;
use std::{path::Path, sync::Arc};

const LOCK: &str = "journal.lock";

/// A journal that is repaired and readable but takes no records yet.
#[derive(Debug)]
pub struct Recovered {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) options: Options,
    pub(crate) lock: Box<dyn LockGuard>,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) report: RecoveryReport,
    pub(crate) next_lsn: u64,
    /// The tail, when it can take more records.
    pub(crate) tail: Option<Arc<Segment>>,
}

impl Recovered {
    pub fn report(&self) -> &RecoveryReport {
        &self.report
    }

    /// Everything that survived behind `after`, for bringing a ledger up to date.
    pub fn reader(&self, after: Lsn) -> Reader {
        Reader::new(Arc::clone(&self.storage), Arc::clone(&self.catalog), after)
    }
}

/// The segments of `dir` as they are, for reading only.
pub(crate) fn look(storage: &dyn Storage, dir: &Path) -> Result<Catalog, OpenError> {
    let found = survey::find(storage, dir)?;
    let mut segments = Vec::new();
    for (i, this) in found.iter().enumerate() {
        let Some(header) = this.header else { continue };
        let next = found.get(i + 1);
        let stated = next.and_then(|next| survey::stated_extent(&header, next));
        let extent = match stated {
            Some(extent) => extent,
            None => survey::scan(this, &header, next.map(|n| n.id.0))?.extent,
        };
        segments.push(Arc::new(Segment::new(
            header,
            this.path.clone(),
            extent,
            true,
        )));
    }
    let last = segments.last().map_or(0, |s| s.extent().last);
    Ok(Catalog::new(segments, Lsn(last)))
}

pub(crate) fn recover(storage: Arc<dyn Storage>, options: Options) -> Result<Recovered, OpenError> {
    let dir = options.dir.clone();
    storage.create_dir(&dir).map_err(at(&dir))?;
    let lock_path = dir.join(LOCK);
    let lock = storage
        .lock(&lock_path)
        .map_err(|source| match source.kind() {
            std::io::ErrorKind::WouldBlock => OpenError::Locked(dir.clone()),
            _ => OpenError::Io {
                path: lock_path,
                source,
            },
        })?;
    let mut repair = Repair {
        storage: &*storage,
        options: &options,
        report: RecoveryReport::default(),
    };
    repair.remove_temporary()?;
    let found = survey::find(&*storage, &dir)?;
    repair.refuse_foreign(&found)?;
    let mut segments: Vec<Arc<Segment>> = Vec::new();
    let mut tail = None;
    let mut seen = 0;
    for (i, this) in found.iter().enumerate() {
        let next = found.get(i + 1);
        let Some(header) = this.header else {
            seen = repair.set_aside(this, next);
            continue;
        };
        repair.note_gap(&header, segments.last().map(|s| &**s));
        let (extent, usable) = match next {
            Some(next) => (repair.sealed(this, &header, next)?, false),
            None => repair.tail(this, &header)?,
        };
        let segment = Arc::new(Segment::new(header, this.path.clone(), extent, !usable));
        tail = usable.then(|| Arc::clone(&segment));
        seen = extent.last;
        segments.push(segment);
    }
    repair.settle()?;
    let last = segments.last().map_or(0, |s| s.extent().last);
    let taken = seen.max(last).max(options.not_before.0);
    let next_lsn = taken.saturating_add(1).min(MAX_LSN.0);
    let tail = tail.filter(|tail| tail.extent().last + 1 == next_lsn);
    let mut report = repair.report;
    report.last = Lsn(last);
    report.segments = segments.len();
    let catalog = Arc::new(Catalog::new(segments, Lsn(last)));
    Ok(Recovered {
        storage,
        options,
        lock,
        catalog,
        report,
        next_lsn,
        tail,
    })
}
