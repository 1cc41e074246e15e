//! Contents of a simulated file: what processes see, and what the disk has.
//!
//! Owns the rules of loss. Sectors are atomic; everything above them is not. Invariants: a sync
//! that succeeds moves every dirty sector to the disk; one that fails moves any of them and calls
//! all of them clean, as Linux does, so that a second sync succeeds without having written them.

use super::Dice;
use std::{collections::BTreeSet, ops::Range};

const SECTOR: u64 = 512;

#[derive(Clone, Debug, Default)]
pub(super) struct Inode {
    pub(super) now: Vec<u8>,
    pub(super) disk: Vec<u8>,
    dirty: BTreeSet<u64>,
    resized: bool,
    /// Bytes that answer EIO.
    pub(super) unreadable: Option<Range<u64>>,
}

impl Inode {
    pub(super) fn holding(bytes: &[u8]) -> Self {
        let (now, disk) = (bytes.to_vec(), bytes.to_vec());
        Self {
            now,
            disk,
            ..Self::default()
        }
    }

    pub(super) fn write(&mut self, buf: &[u8], offset: u64) {
        if buf.is_empty() {
            return;
        }
        let end = offset + buf.len() as u64;
        if end > self.now.len() as u64 {
            self.now.resize(end as usize, 0);
            self.resized = true;
        }
        self.now[offset as usize..end as usize].copy_from_slice(buf);
        self.dirty.extend(offset / SECTOR..=(end - 1) / SECTOR);
    }

    pub(super) fn set_len(&mut self, len: u64) {
        self.now.resize(len as usize, 0);
        self.dirty.retain(|sector| sector * SECTOR < len);
        self.resized = true;
    }

    pub(super) fn sync(&mut self) {
        self.disk.resize(self.now.len(), 0);
        for sector in std::mem::take(&mut self.dirty) {
            self.flush(sector);
        }
        self.resized = false;
    }

    /// Any part reaches the disk, and none of it is dirty afterwards.
    pub(super) fn fail_sync(&mut self, dice: &mut Dice) {
        if std::mem::take(&mut self.resized) {
            match dice.below(3) {
                0 => self.disk.resize(self.now.len(), 0),
                1 if self.now.len() > self.disk.len() => {
                    let grown = (self.now.len() - self.disk.len()) as u64;
                    self.disk
                        .resize(self.disk.len() + dice.below(grown) as usize, 0);
                }
                _ => {}
            }
        }
        for sector in std::mem::take(&mut self.dirty) {
            if dice.below(2) == 0 {
                self.flush(sector);
            }
        }
    }

    /// The machine lost power: what did not reach the disk is gone.
    pub(super) fn lose_power(&mut self, dice: &mut Dice) {
        self.fail_sync(dice);
        self.now.clone_from(&self.disk);
    }

    fn flush(&mut self, sector: u64) {
        let start = (sector * SECTOR) as usize;
        let end = (start + SECTOR as usize)
            .min(self.now.len())
            .min(self.disk.len());
        if start < end {
            self.disk[start..end].copy_from_slice(&self.now[start..end]);
        }
    }
}
