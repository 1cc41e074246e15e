//! Looking after segments while the journal runs.
//!
//! Owns sealing on demand, removal, verification and the view into the quarantine. Refuses to
//! remove a segment that still takes records. Everything here blocks on the disk.

use crate::{
    catalog::Segment,
    error::{AppendError, SegmentError},
    gate::Gate,
    journal::Journal,
    quarantine,
    record::Lsn,
    recover::Damage,
    scan::{Scanner, Step},
    segment::{Extent, SegmentId},
};
use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
};

impl<G: Gate> Journal<G> {
    /// Seals the active segment if it has records. Blocks.
    pub fn seal(&self) -> Result<(), AppendError> {
        let (sealed, answer) = mpsc::channel();
        self.shared.queue.push_seal(sealed)?;
        answer.recv().unwrap_or(Err(AppendError::Closed))
    }

    /// Deletes a sealed segment. Open readers keep reading it.
    pub fn remove_sealed(&self, id: SegmentId) -> Result<(), SegmentError> {
        let _upkeep = self.shared.upkeep.lock();
        let segment = self.segment(id)?;
        if !segment.sealed() {
            return Err(SegmentError::NotSealed(id));
        }
        {
            let mut entries = self.shared.catalog.exclusive();
            self.shared
                .storage
                .remove(&segment.path)
                .map_err(failed(&segment.path))?;
            entries.remove(&id.0);
        }
        self.sync_dir()
    }

    /// Reads a whole segment and puts damaged bytes into quarantine. Blocks; made for a slow
    /// background round over sealed segments, which a start does not scan.
    pub fn verify(&self, id: SegmentId) -> Result<Vec<Damage>, SegmentError> {
        let _upkeep = self.shared.upkeep.lock();
        let segment = self.segment(id)?;
        let storage = &*self.shared.storage;
        let file = storage
            .open_read(&segment.path)
            .map_err(failed(&segment.path))?;
        let mut scanner = Scanner::new(Arc::clone(&file), &segment.header);
        scanner.tolerate_unreadable(true);
        let extent = segment.extent();
        let mut damage = Vec::new();
        loop {
            let before = scanner.last();
            match scanner.step(extent).map_err(failed(&segment.path))? {
                Step::End => return Ok(damage),
                Step::Record { .. } => {}
                Step::Damaged { from, to, next } => {
                    let dir = &self.shared.options.dir;
                    let kept = quarantine::keep(storage, dir, id, &*file, (from, to))
                        .map_err(failed(&segment.path))?;
                    let lost = lost_between(before, next, extent);
                    let found = Damage {
                        segment: id,
                        at: from,
                        bytes: to - from,
                        lost,
                        last_group: false,
                        kept: Some(kept),
                    };
                    tracing::error!(damage = ?found, "the journal is damaged");
                    damage.push(found);
                }
            }
        }
    }

    /// Copies of damaged bytes; they may hold personal data.
    pub fn quarantined(&self) -> Result<Vec<PathBuf>, SegmentError> {
        let dir = &self.shared.options.dir;
        quarantine::list(&*self.shared.storage, dir).map_err(failed(dir))
    }

    /// Deletes all copies of damaged bytes; returns how many there were.
    pub fn clear_quarantine(&self) -> Result<usize, SegmentError> {
        let dir = &self.shared.options.dir;
        quarantine::clear(&*self.shared.storage, dir).map_err(failed(dir))
    }

    pub(crate) fn segment(&self, id: SegmentId) -> Result<Arc<Segment>, SegmentError> {
        self.shared.catalog.get(id).ok_or(SegmentError::Unknown(id))
    }

    pub(crate) fn sync_dir(&self) -> Result<(), SegmentError> {
        let dir = &self.shared.options.dir;
        self.shared.storage.sync_dir(dir).map_err(failed(dir))
    }
}

pub(crate) fn failed(path: &Path) -> impl FnOnce(io::Error) -> SegmentError + use<'_> {
    move |source| SegmentError::Io {
        path: path.to_owned(),
        source,
    }
}

pub(crate) fn lost_between(before: u64, next: Option<u64>, extent: Extent) -> Option<(Lsn, Lsn)> {
    let next = next.unwrap_or(extent.last + 1);
    (before + 1 < next).then(|| (Lsn(before + 1), Lsn(next - 1)))
}
