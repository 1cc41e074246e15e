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

use crate::{
    catalog::{Catalog, Segment},
    error::OpenError,
    options::Options,
    quarantine,
    reader::Reader,
    record::{HEAD_LEN, Lsn, MAX_LSN},
    segment::{Extent, HEADER_LEN, SegmentHeader, SegmentId},
    storage::{LockGuard, Storage, read_full},
    survey::{self, Found, Scanned, Spoilt, at},
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

const LOCK: &str = "journal.lock";
const PIECE: u64 = 1 << 20;
const SECTOR: u64 = 512;
const EIO: i32 = 5;

/// What a start found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecoveryReport {
    /// The last record that survived.
    pub last: Lsn,
    pub segments: usize,
    /// An unacknowledged tail was cut off: bytes of it.
    pub torn_bytes: u64,
    /// Acknowledged data may be lost; people should look.
    pub damage: Vec<Damage>,
    /// LSNs whose segment is not here, between segments that are.
    pub gaps: Vec<(Lsn, Lsn)>,
}

/// Bytes that should be records and are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    pub segment: SegmentId,
    pub at: u64,
    pub bytes: u64,
    pub lost: Option<(Lsn, Lsn)>,
    /// The bytes belong to the journal's last commit group. A power cut may tear that before
    /// anybody was answered, so perhaps nothing acknowledged is lost.
    pub last_group: bool,
    /// Where the bytes were put aside; `None` when there are none or the copy failed.
    pub kept: Option<PathBuf>,
}

impl RecoveryReport {
    /// Whether anything happened that must not happen on a sound disk.
    pub fn alarm(&self) -> bool {
        !self.damage.is_empty() || !self.gaps.is_empty()
    }
}

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

struct Repair<'a> {
    storage: &'a dyn Storage,
    options: &'a Options,
    report: RecoveryReport,
}

impl Repair<'_> {
    /// Unfinished segments and rewrites never counted.
    fn remove_temporary(&self) -> Result<(), OpenError> {
        let dir = &self.options.dir;
        for name in self.storage.list(dir).map_err(at(dir))? {
            if Path::new(&name).extension() == Some("tmp".as_ref()) {
                let path = dir.join(name);
                self.storage.remove(&path).map_err(at(&path))?;
            }
        }
        Ok(())
    }

    fn refuse_foreign(&self, found: &[Found]) -> Result<(), OpenError> {
        let expected = self.options.node;
        let foreign = found.iter().find_map(|this| {
            let found = this.header?.node;
            (found != expected).then(|| (this.path.clone(), found))
        });
        match foreign {
            None => Ok(()),
            Some((path, found)) => Err(OpenError::ForeignNode {
                path,
                found,
                expected,
            }),
        }
    }

    /// Moves a segment without header away; returns the highest LSN that may have been in it.
    fn set_aside(&mut self, this: &Found, next: Option<&Found>) -> u64 {
        let most = this.id.0 + this.len.saturating_sub(HEADER_LEN) / HEAD_LEN as u64;
        let last = next.map_or(most, |next| next.id.0 - 1);
        let kept = quarantine::keep_whole(self.storage, &self.options.dir, this.id);
        let kept = kept_or_told(this.id, kept);
        let lost = Some((Lsn(this.id.0), Lsn(last)));
        self.alarm(Damage {
            segment: this.id,
            at: 0,
            bytes: this.len,
            lost,
            last_group: false,
            kept,
        });
        last
    }

    fn note_gap(&mut self, header: &SegmentHeader, before: Option<&Segment>) {
        let (Some(prev), Some(before)) = (header.prev, before) else {
            return;
        };
        let last = before.extent().last;
        let told = self.report.damage.iter().any(|d| d.segment.0 == prev.first);
        if prev.first != before.header.first && prev.extent.last > last && !told {
            let gap = (Lsn(last + 1), Lsn(prev.extent.last));
            tracing::error!(from = %gap.0, to = %gap.1, "journal records are missing");
            self.report.gaps.push(gap);
        }
    }

    fn sealed(
        &mut self,
        this: &Found,
        header: &SegmentHeader,
        next: &Found,
    ) -> Result<Extent, OpenError> {
        let Some(extent) = survey::stated_extent(header, next) else {
            let scanned = survey::scan(this, header, Some(next.id.0))?;
            self.quarantine(this, &scanned.damage);
            let lost = scanned.extent.last + 1;
            if lost < next.id.0 {
                let (from, to) = (scanned.extent.end, scanned.seen);
                let lost = Some((Lsn(lost), Lsn(next.id.0 - 1)));
                let last_group = false;
                self.quarantine(
                    this,
                    &[Spoilt {
                        from,
                        to,
                        lost,
                        last_group,
                    }],
                );
            }
            return Ok(scanned.extent);
        };
        if this.len < extent.end {
            let (at, bytes) = (this.len, extent.end - this.len);
            self.alarm(Damage {
                segment: this.id,
                at,
                bytes,
                lost: None,
                last_group: false,
                kept: None,
            });
        }
        if this.len > extent.end
            && let Err(error) = self.cut(this, extent.end)
        {
            tracing::warn!(segment = %this.id, %error, "failed tail not cut off");
        }
        Ok(extent)
    }

    /// Repairs the last segment; true when it can take more records.
    fn tail(&mut self, this: &Found, header: &SegmentHeader) -> Result<(Extent, bool), OpenError> {
        let mut scanned = survey::scan(this, header, None)?;
        for spoilt in &mut scanned.damage {
            spoilt.last_group = spoilt.from >= scanned.last_group;
        }
        let Scanned {
            extent, last_group, ..
        } = scanned;
        self.quarantine(this, &scanned.damage);
        if this.len > extent.end {
            self.report.torn_bytes = this.len - extent.end;
            tracing::warn!(segment = %this.id, bytes = self.report.torn_bytes, "unacknowledged tail cut off");
            self.cut(this, extent.end).map_err(at(&this.path))?;
        }
        if this.len >= HEADER_LEN {
            self.write_again(this, last_group, extent.end)
                .map_err(at(&this.path))?;
        }
        let usable = scanned.damage.is_empty() && header.own.is_none() && this.len >= HEADER_LEN;
        Ok((extent, usable))
    }

    fn cut(&self, this: &Found, end: u64) -> std::io::Result<()> {
        let file = self.storage.open(&this.path)?;
        file.set_len(end)?;
        self.sync(&*file)
    }

    fn write_again(&self, this: &Found, from: u64, to: u64) -> std::io::Result<()> {
        let file = self.storage.open(&this.path)?;
        let (mut at, mut size) = (from, PIECE);
        while at < to {
            let mut piece = vec![0; size.min(to - at) as usize];
            match read_full(&*file, &mut piece, at) {
                Ok(0) => break,
                Ok(got) => {
                    file.write_at(&piece[..got], at)?;
                    at += got as u64;
                }
                // Sectors that cannot be read are no records; they must not stop the others.
                Err(e) if e.raw_os_error() == Some(EIO) && size > SECTOR => size = SECTOR,
                Err(e) if e.raw_os_error() == Some(EIO) => at += SECTOR,
                Err(e) => return Err(e),
            }
        }
        self.sync(&*file)
    }

    fn sync(&self, file: &dyn crate::storage::DiskFile) -> std::io::Result<()> {
        if self.options.sync.durable() {
            file.sync_data()
        } else {
            Ok(())
        }
    }

    fn settle(&self) -> Result<(), OpenError> {
        if !self.options.sync.durable() {
            return Ok(());
        }
        let dir = &self.options.dir;
        self.storage.sync_dir(dir).map_err(at(dir))?;
        match dir.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            None => Ok(()),
            Some(parent) => self.storage.sync_dir(parent).map_err(at(parent)),
        }
    }

    fn quarantine(&mut self, this: &Found, damage: &[Spoilt]) {
        for &Spoilt {
            from,
            to,
            lost,
            last_group,
        } in damage
        {
            let dir = &self.options.dir;
            let kept = quarantine::keep(self.storage, dir, this.id, &*this.file, (from, to));
            let kept = kept_or_told(this.id, kept);
            self.alarm(Damage {
                segment: this.id,
                at: from,
                bytes: to - from,
                lost,
                last_group,
                kept,
            });
        }
    }

    fn alarm(&mut self, damage: Damage) {
        tracing::error!(?damage, "the journal is damaged");
        self.report.damage.push(damage);
    }
}

/// A disk too full for the copy must not keep the journal from starting.
fn kept_or_told(id: SegmentId, kept: std::io::Result<PathBuf>) -> Option<PathBuf> {
    kept.inspect_err(|error| tracing::error!(segment = %id, %error, "quarantine failed"))
        .ok()
}
