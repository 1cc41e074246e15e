//! What is on a simulated disk, and which operation fails.
//!
//! Owns folders, faults, the fuse and the room that is left. Invariant: once the power is off,
//! nothing changes any more.

use super::{Dice, EIO, ENOSPC, Fault, Op, inode::Inode};
use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

#[derive(Clone, Debug)]
pub(super) struct Disk {
    pub(super) dice: Dice,
    pub(super) inodes: Vec<Inode>,
    pub(super) folders: BTreeMap<PathBuf, Folder>,
    pub(super) faults: Vec<Fault>,
    pub(super) capacity: u64,
    pub(super) off: bool,
    /// Changing operations until the power goes.
    pub(super) fuse: Option<u64>,
    pub(super) syncs: u64,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Folder {
    pub(super) now: BTreeMap<String, usize>,
    pub(super) disk: BTreeMap<String, usize>,
    /// States of `now` since the last sync, oldest first.
    pub(super) since: Vec<BTreeMap<String, usize>>,
}

pub(super) fn split(path: &Path) -> (PathBuf, String) {
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    (folder, name)
}

impl Folder {
    pub(super) fn change(&mut self, change: impl FnOnce(&mut BTreeMap<String, usize>)) {
        change(&mut self.now);
        self.since.push(self.now.clone());
    }

    pub(super) fn sync(&mut self) {
        self.disk.clone_from(&self.now);
        self.since.clear();
    }
}

impl Disk {
    /// Counts an operation, and fails it if that is planned.
    pub(super) fn allow(&mut self, op: Op) -> io::Result<()> {
        if let Some(fuse) = &mut self.fuse {
            *fuse = fuse.saturating_sub(1);
            self.off |= *fuse == 0;
        }
        if self.off {
            return Err(io::Error::from_raw_os_error(EIO));
        }
        let Some(fault) = self.faults.iter_mut().find(|f| f.op == op && f.times > 0) else {
            return Ok(());
        };
        if fault.after > 0 {
            fault.after -= 1;
            return Ok(());
        }
        fault.times -= 1;
        Err(io::Error::from_raw_os_error(fault.errno))
    }

    pub(super) fn lookup(&self, path: &Path) -> io::Result<usize> {
        let (folder, name) = split(path);
        let inode = self.folders.get(&folder).and_then(|f| f.now.get(&name));
        inode.copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    pub(super) fn link(&mut self, path: &Path) -> usize {
        let (folder, name) = split(path);
        self.inodes.push(Inode::default());
        let inode = self.inodes.len() - 1;
        let folder = self.folders.entry(folder).or_default();
        folder.change(|names| {
            names.insert(name, inode);
        });
        inode
    }

    pub(super) fn room(&self) -> u64 {
        let linked = self.folders.values().flat_map(|f| f.now.values());
        let used: usize = linked.map(|&inode| self.inodes[inode].now.len()).sum();
        self.capacity.saturating_sub(used as u64)
    }

    pub(super) fn write(&mut self, inode: usize, buf: &[u8], offset: u64) -> io::Result<()> {
        let was_off = self.off;
        let size = self.inodes[inode].now.len() as u64;
        let room = (size.saturating_sub(offset)).saturating_add(self.room());
        let allowed = self.allow(Op::Write);
        let fits = room >= buf.len() as u64;
        if allowed.is_ok() && fits {
            self.inodes[inode].write(buf, offset);
            return Ok(());
        }
        if !was_off {
            let part = self.dice.below(buf.len() as u64 + 1).min(room);
            self.inodes[inode].write(&buf[..part as usize], offset);
        }
        allowed.and(Err(io::Error::from_raw_os_error(ENOSPC)))
    }

    pub(super) fn sync(&mut self, inode: usize) -> io::Result<()> {
        if self.off {
            return Err(io::Error::from_raw_os_error(EIO));
        }
        match self.allow(Op::Sync) {
            Ok(()) => {
                self.inodes[inode].sync();
                self.syncs += 1;
                Ok(())
            }
            Err(error) => {
                // A power cut leaves the sectors dirty; they are judged when the disk restarts.
                if !self.off {
                    self.inodes[inode].fail_sync(&mut self.dice);
                }
                Err(error)
            }
        }
    }
}
