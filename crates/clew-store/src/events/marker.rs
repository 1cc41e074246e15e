//! Opening the file behind a marker.
//!
//! A damaged DuckDB file can end the process while it is being opened (its write-ahead log is
//! replayed by native code), and no error handling survives that. So before opening, a marker is
//! written and fsynced next to the file; it is removed once the file has answered. A marker found
//! at boot means the last attempt never came back: the file is set aside unopened and an empty one
//! takes its place, to be filled again from archive and journal.
//!
//! Files set aside keep the name `<file>.broken-<n>`; the newest [`KEPT`] stay for a post-mortem,
//! erasure removes them all.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// How many files set aside are kept.
const KEPT: usize = 2;

/// What opening the store found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenReport {
    pub outcome: Opened,
    /// The cursor to project from.
    pub cursor: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// The file was there and is sound.
    Existing,
    /// There was no file.
    Created,
    /// An alarm: the file could not be used, lies at `file` now, and everything is projected
    /// anew.
    SetAside { file: PathBuf, reason: String },
}

pub(super) struct Marker {
    path: PathBuf,
}

impl Marker {
    /// Writes the marker durably.
    pub(super) fn set(database: &Path) -> io::Result<Self> {
        let path = marker_path(database);
        let file = File::create(&path)?;
        file.sync_all()?;
        sync_parent(&path)?;
        Ok(Self { path })
    }

    pub(super) fn exists(database: &Path) -> bool {
        marker_path(database).exists()
    }

    pub(super) fn clear(self) -> io::Result<()> {
        fs::remove_file(&self.path)?;
        sync_parent(&self.path)
    }
}

fn marker_path(database: &Path) -> PathBuf {
    with_suffix(database, ".opening")
}

pub(super) fn wal_path(database: &Path) -> PathBuf {
    with_suffix(database, ".wal")
}

/// Moves the file and its log out of the way; returns where the file lies now.
pub(super) fn set_aside(database: &Path) -> io::Result<PathBuf> {
    let next = broken_files(database)?.last().map_or(1, |(n, _)| n + 1);
    let target = with_suffix(database, &format!(".broken-{next}"));
    for (from, to) in [
        (wal_path(database), with_suffix(&target, ".wal")),
        (database.to_owned(), target.clone()),
    ] {
        match fs::rename(&from, &to) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    sync_parent(database)?;
    let files = broken_files(database)?;
    for (_, old) in files.iter().rev().skip(KEPT) {
        remove_with_wal(old)?;
    }
    Ok(target)
}

/// Removes every file set aside; erasure calls this.
pub(super) fn remove_broken(database: &Path) -> io::Result<()> {
    for (_, file) in broken_files(database)? {
        remove_with_wal(&file)?;
    }
    sync_parent(database)
}

/// Removes a database file and its log, present or not.
pub(super) fn remove_with_wal(database: &Path) -> io::Result<()> {
    for path in [wal_path(database), database.to_owned()] {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Puts the complete file `fresh` (no log) in the place of `database`. Between the two steps the
/// old file stands without its log, which is an older state of the same projection.
pub(super) fn replace(fresh: &Path, database: &Path) -> io::Result<()> {
    match fs::remove_file(wal_path(database)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    sync_parent(database)?;
    fs::rename(fresh, database)?;
    sync_parent(database)
}

fn broken_files(database: &Path) -> io::Result<Vec<(u32, PathBuf)>> {
    let prefix = with_suffix(database, ".broken-");
    let mut found = Vec::new();
    for entry in fs::read_dir(parent(database))? {
        let path = entry?.path();
        let number = path
            .as_os_str()
            .to_str()
            .and_then(|path| path.strip_prefix(prefix.to_str()?))
            .map(|rest| rest.strip_suffix(".wal").unwrap_or(rest))
            .and_then(|rest| rest.parse().ok());
        if let Some(number) = number {
            found.push((number, with_suffix(&prefix, &format!("{number}"))));
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn parent(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("."))
}

fn sync_parent(path: &Path) -> io::Result<()> {
    File::open(parent(path))?.sync_all()
}
