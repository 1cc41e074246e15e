//! A disk in memory that forgets what was not synced and fails on demand; for tests.
//!
//! Owns a pessimistic model: un-synced sectors survive a power cut one by one or not at all, a
//! file's length apart from its contents, folder entries in order but only up to some point.
//! Refuses to be kind: nothing becomes durable by the way. Everything random comes from one seed.

mod disk;
mod files;
mod inode;

use disk::{Disk, split};
use inode::Inode;
use parking_lot::Mutex;
use std::{collections::BTreeMap, io, ops::Range, path::Path, sync::Arc};

const EIO: i32 = 5;
const ENOSPC: i32 = 28;

/// The operations that can be made to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    Write,
    Sync,
    SetLen,
    Reserve,
    Create,
    Open,
    Rename,
    Remove,
    SyncDir,
}

/// The next `times` operations of a kind, after `after` good ones, end with this OS error.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    pub op: Op,
    pub after: u64,
    pub times: u64,
    pub errno: i32,
}

/// A handle to a simulated disk; clones are the same disk.
#[derive(Clone, Debug)]
pub struct SimDisk(Arc<Mutex<Disk>>);

/// Splitmix64: small, seeded, and good enough to choose what is lost.
#[derive(Clone, Debug)]
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n.max(1)
    }
}

impl SimDisk {
    pub fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(Disk {
            dice: Dice(seed),
            inodes: Vec::new(),
            folders: BTreeMap::new(),
            faults: Vec::new(),
            capacity: u64::MAX,
            off: false,
            fuse: None,
            syncs: 0,
        })))
    }

    pub fn arm(&self, fault: Fault) {
        self.0.lock().faults.push(fault);
    }

    pub fn disarm(&self) {
        self.0.lock().faults.clear();
    }

    /// Writes that would make all files together longer than this end with ENOSPC.
    pub fn set_capacity(&self, bytes: u64) {
        self.0.lock().capacity = bytes;
    }

    /// Everything stops in the middle of the `ops`th changing operation from now.
    pub fn stop_in(&self, ops: u64) {
        self.0.lock().fuse = Some(ops);
    }

    /// Bytes of `path` in `range` answer EIO from now on.
    pub fn make_unreadable(&self, path: &Path, range: Range<u64>) -> io::Result<()> {
        let mut disk = self.0.lock();
        let inode = disk.lookup(path)?;
        disk.inodes[inode].unreadable = Some(range);
        Ok(())
    }

    /// Whether it has stopped, or was left behind by a restart.
    pub fn is_off(&self) -> bool {
        self.0.lock().off
    }

    /// Successful file syncs so far.
    pub fn syncs(&self) -> u64 {
        self.0.lock().syncs
    }

    /// The disk as the next process finds it after kill -9. The old handle is dead.
    #[must_use]
    pub fn after_kill(&self) -> Self {
        let mut old = self.0.lock();
        let mut new = old.clone();
        old.off = true;
        (new.off, new.fuse) = (false, None);
        new.faults.clear();
        Self(Arc::new(Mutex::new(new)))
    }

    /// The disk as the next process finds it after a power cut. The old handle is dead.
    #[must_use]
    pub fn after_power_cut(&self) -> Self {
        let new = self.after_kill();
        {
            let mut disk = new.0.lock();
            let Disk {
                dice,
                inodes,
                folders,
                ..
            } = &mut *disk;
            for folder in folders.values_mut() {
                let lost = dice.below(folder.since.len() as u64 + 1) as usize;
                if lost < folder.since.len() {
                    folder.disk = folder.since.swap_remove(lost);
                }
                folder.since.clear();
                folder.now.clone_from(&folder.disk);
            }
            for inode in inodes {
                inode.lose_power(dice);
            }
        }
        new
    }

    /// The bytes of a file as processes see them.
    pub fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let disk = self.0.lock();
        Ok(disk.inodes[disk.lookup(path)?].now.clone())
    }

    /// Replaces a file's bytes, synced, as if it had always been so.
    pub fn plant(&self, path: &Path, bytes: &[u8]) {
        let mut disk = self.0.lock();
        let inode = disk.link(path);
        disk.inodes[inode] = Inode::holding(bytes);
        let (folder, _) = split(path);
        disk.folders.entry(folder).or_default().sync();
    }
}
