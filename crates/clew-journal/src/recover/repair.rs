//! The repairs that a start makes, each by itself.
//!
//! Owns every change that recovery makes to the disk. Refuses to change a byte of a valid record.

use super::report::{Damage, RecoveryReport};
use crate::{
    catalog::Segment,
    error::OpenError,
    options::Options,
    quarantine,
    record::{HEAD_LEN, Lsn},
    segment::{Extent, HEADER_LEN, SegmentHeader, SegmentId},
    storage::{DiskFile, Storage, read_full},
    survey::{self, Found, Scanned, Spoilt, at},
};
use std::path::{Path, PathBuf};

const PIECE: u64 = 1 << 20;
const SECTOR: u64 = 512;
const EIO: i32 = 5;

pub(super) struct Repair<'a> {
    pub(super) storage: &'a dyn Storage,
    pub(super) options: &'a Options,
    pub(super) report: RecoveryReport,
}

impl Repair<'_> {
    /// Unfinished segments and rewrites never counted.
    pub(super) fn remove_temporary(&self) -> Result<(), OpenError> {
        let dir = &self.options.dir;
        for name in self.storage.list(dir).map_err(at(dir))? {
            if Path::new(&name).extension() == Some("tmp".as_ref()) {
                let path = dir.join(name);
                self.storage.remove(&path).map_err(at(&path))?;
            }
        }
        Ok(())
    }

    pub(super) fn refuse_foreign(&self, found: &[Found]) -> Result<(), OpenError> {
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
    pub(super) fn set_aside(&mut self, this: &Found, next: Option<&Found>) -> u64 {
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

    pub(super) fn note_gap(&mut self, header: &SegmentHeader, before: Option<&Segment>) {
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

    pub(super) fn sealed(
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
    pub(super) fn tail(
        &mut self,
        this: &Found,
        header: &SegmentHeader,
    ) -> Result<(Extent, bool), OpenError> {
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

    fn sync(&self, file: &dyn DiskFile) -> std::io::Result<()> {
        if self.options.sync.durable() {
            file.sync_data()
        } else {
            Ok(())
        }
    }

    pub(super) fn settle(&self) -> Result<(), OpenError> {
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
