//! The few file operations that the journal needs, as a trait.
//!
//! Owns the line between the journal and the disk, so that tests can put a disk under it that
//! loses un-synced writes, tears them, or fails on demand. Refuses anything the journal does not
//! use. Invariant: no implementation may sync, retry or reorder by itself; those are decisions.

mod os;
#[cfg(feature = "sim")]
pub mod sim;

pub use os::OsStorage;

use std::{fmt::Debug, io, path::Path, sync::Arc};

/// A directory tree with files in it.
pub trait Storage: Debug + Send + Sync + 'static {
    /// Names of the files (not folders) in `dir`; an absent folder has none.
    fn list(&self, dir: &Path) -> io::Result<Vec<String>>;
    /// Makes `dir` and its parents and syncs the parent of every folder it had to make.
    fn create_dir(&self, dir: &Path) -> io::Result<()>;
    /// Makes an empty file, replacing one of that name; readable and writable.
    fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>>;
    /// Opens an existing file for reading and writing through a descriptor of its own.
    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>>;
    /// Opens an existing file for reading only.
    fn open_read(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>>;
    /// Atomically gives `from` the name `to`, replacing a file of that name.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes creations, renames and removals in `dir` durable.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;
    /// Takes the journal's folder for this process until the guard is dropped.
    ///
    /// Fails with [`io::ErrorKind::WouldBlock`] while another process has it.
    fn lock(&self, path: &Path) -> io::Result<Box<dyn LockGuard>>;
}

/// Holds a folder for as long as it lives.
pub trait LockGuard: Debug + Send + Sync {}

/// An open file.
pub trait DiskFile: Debug + Send + Sync {
    /// Bytes read, 0 at the end of the file; may be fewer than asked for.
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize>;
    /// Writes all of `buf`; after an error any part of it may have been written.
    fn write_at(&self, buf: &[u8], offset: u64) -> io::Result<()>;
    /// Bytes in the file.
    fn size(&self) -> io::Result<u64>;
    fn set_len(&self, len: u64) -> io::Result<()>;
    /// Reserves blocks for the first `len` bytes without changing the file's length.
    fn reserve(&self, len: u64) -> io::Result<()>;
    /// fdatasync: contents and length.
    fn sync_data(&self) -> io::Result<()>;
}

/// Reads until `buf` is full or the file ends; returns the bytes read.
pub(crate) fn read_full(file: &dyn DiskFile, buf: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut done = 0;
    while done < buf.len() {
        match file.read_at(&mut buf[done..], offset + done as u64) {
            Ok(0) => break,
            Ok(n) => done += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(done)
}
