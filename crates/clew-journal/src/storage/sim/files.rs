//! The simulated disk as the journal uses it.
//!
//! Owns the translation of file operations to the disk's state; decides nothing itself.

use super::{EIO, ENOSPC, Op, SimDisk, disk::split};
use crate::storage::{DiskFile, LockGuard, Storage};
use std::{io, path::Path, sync::Arc};

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
