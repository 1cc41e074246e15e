//! A disk in memory that forgets what was not synced and fails on demand; for tests.
//!
//! Owns a pessimistic model: un-synced sectors survive a power cut one by one or not at all, a
//! file's length apart from its contents, folder entries in order but only up to some point.
//! Refuses to be kind: nothing becomes durable by the way. Everything random comes from one seed.

mod inode;

use super::{DiskFile, LockGuard, Storage};
use inode::Inode;
use parking_lot::Mutex;
use std::{
    collections::BTreeMap,
    io,
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};

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

#[derive(Clone, Debug)]
struct Disk {
    dice: Dice,
    inodes: Vec<Inode>,
    folders: BTreeMap<PathBuf, Folder>,
    faults: Vec<Fault>,
    capacity: u64,
    off: bool,
    /// Changing operations until the power goes.
    fuse: Option<u64>,
    syncs: u64,
}

#[derive(Clone, Debug, Default)]
struct Folder {
    now: BTreeMap<String, usize>,
    disk: BTreeMap<String, usize>,
    /// States of `now` since the last sync, oldest first.
    since: Vec<BTreeMap<String, usize>>,
}

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

    /// The power goes at the `ops`th changing operation from now.
    pub fn cut_power_in(&self, ops: u64) {
        self.0.lock().fuse = Some(ops);
    }

    /// Bytes of `path` in `range` answer EIO from now on.
    pub fn make_unreadable(&self, path: &Path, range: Range<u64>) -> io::Result<()> {
        let mut disk = self.0.lock();
        let inode = disk.lookup(path)?;
        disk.inodes[inode].unreadable = Some(range);
        Ok(())
    }

    /// Whether the power is gone.
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

fn split(path: &Path) -> (PathBuf, String) {
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    (folder, name)
}

impl Folder {
    fn change(&mut self, change: impl FnOnce(&mut BTreeMap<String, usize>)) {
        change(&mut self.now);
        self.since.push(self.now.clone());
    }

    fn sync(&mut self) {
        self.disk.clone_from(&self.now);
        self.since.clear();
    }
}

impl Disk {
    /// Counts an operation, and fails it if that is planned.
    fn allow(&mut self, op: Op) -> io::Result<()> {
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

    fn lookup(&self, path: &Path) -> io::Result<usize> {
        let (folder, name) = split(path);
        let inode = self.folders.get(&folder).and_then(|f| f.now.get(&name));
        inode.copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn link(&mut self, path: &Path) -> usize {
        let (folder, name) = split(path);
        self.inodes.push(Inode::default());
        let inode = self.inodes.len() - 1;
        let folder = self.folders.entry(folder).or_default();
        folder.change(|names| {
            names.insert(name, inode);
        });
        inode
    }

    fn room(&self) -> u64 {
        let linked = self.folders.values().flat_map(|f| f.now.values());
        let used: usize = linked.map(|&inode| self.inodes[inode].now.len()).sum();
        self.capacity.saturating_sub(used as u64)
    }

    fn write(&mut self, inode: usize, buf: &[u8], offset: u64) -> io::Result<()> {
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

    fn sync(&mut self, inode: usize) -> io::Result<()> {
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

impl Storage for SimDisk {
    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let disk = self.0.lock();
        Ok(disk
            .folders
            .get(dir)
            .map_or_else(Vec::new, |f| f.now.keys().cloned().collect()))
    }

    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        self.0.lock().folders.entry(dir.to_owned()).or_default();
        Ok(())
    }

    fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let mut disk = self.0.lock();
        disk.allow(Op::Create)?;
        let inode = disk.link(path);
        Ok(Arc::new(SimFile {
            disk: self.clone(),
            inode,
        }))
    }

    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let mut disk = self.0.lock();
        disk.allow(Op::Open)?;
        let inode = disk.lookup(path)?;
        Ok(Arc::new(SimFile {
            disk: self.clone(),
            inode,
        }))
    }

    fn open_read(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let inode = self.0.lock().lookup(path)?;
        Ok(Arc::new(SimFile {
            disk: self.clone(),
            inode,
        }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut disk = self.0.lock();
        disk.allow(Op::Rename)?;
        let inode = disk.lookup(from)?;
        let ((old_folder, old), (new_folder, new)) = (split(from), split(to));
        if old_folder == new_folder {
            disk.folders.entry(old_folder).or_default().change(|names| {
                names.remove(&old);
                names.insert(new, inode);
            });
        } else {
            let into = disk.folders.entry(new_folder).or_default();
            into.change(|names| {
                names.insert(new, inode);
            });
            let from = disk.folders.entry(old_folder).or_default();
            from.change(|names| {
                names.remove(&old);
            });
        }
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut disk = self.0.lock();
        disk.allow(Op::Remove)?;
        disk.lookup(path)?;
        let (folder, name) = split(path);
        let folder = disk.folders.entry(folder).or_default();
        folder.change(|names| {
            names.remove(&name);
        });
        Ok(())
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        let mut disk = self.0.lock();
        disk.allow(Op::SyncDir)?;
        disk.folders.entry(dir.to_owned()).or_default().sync();
        Ok(())
    }

    fn lock(&self, _path: &Path) -> io::Result<Box<dyn LockGuard>> {
        Ok(Box::new(Unlocked))
    }
}

/// A killed process holds no lock, and the tests never run two.
#[derive(Debug)]
struct Unlocked;

impl LockGuard for Unlocked {}

#[derive(Debug)]
struct SimFile {
    disk: SimDisk,
    inode: usize,
}

impl DiskFile for SimFile {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let disk = self.disk.0.lock();
        let inode = &disk.inodes[self.inode];
        let size = inode.now.len() as u64;
        let end = (offset + buf.len() as u64).min(size);
        let start = offset.min(end);
        let bad = inode.unreadable.as_ref();
        if bad.is_some_and(|bad| bad.start < end && start < bad.end) {
            return Err(io::Error::from_raw_os_error(EIO));
        }
        let part = &inode.now[start as usize..end as usize];
        buf[..part.len()].copy_from_slice(part);
        Ok(part.len())
    }

    fn write_at(&self, buf: &[u8], offset: u64) -> io::Result<()> {
        self.disk.0.lock().write(self.inode, buf, offset)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.disk.0.lock().inodes[self.inode].now.len() as u64)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut disk = self.disk.0.lock();
        disk.allow(Op::SetLen)?;
        disk.inodes[self.inode].set_len(len);
        Ok(())
    }

    fn reserve(&self, len: u64) -> io::Result<()> {
        let mut disk = self.disk.0.lock();
        disk.allow(Op::Reserve)?;
        let size = disk.inodes[self.inode].now.len() as u64;
        if disk.room() < len.saturating_sub(size) {
            return Err(io::Error::from_raw_os_error(ENOSPC));
        }
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        self.disk.0.lock().sync(self.inode)
    }
}
