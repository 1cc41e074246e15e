//! Where damaged bytes are put aside for people to look at.
//!
//! Owns the folder `quarantine/` beside the segments. Refuses to touch a segment: it copies.
//! Names are made from place and contents, so finding the same damage again adds nothing. The
//! copies may hold personal data; erasure lists and clears them.

use crate::{
    segment::SegmentId,
    storage::{DiskFile, Storage, read_full},
};
use std::{
    io,
    path::{Path, PathBuf},
};

const DIR: &str = "quarantine";
const PIECE: u64 = 1 << 20;

pub(crate) fn folder(dir: &Path) -> PathBuf {
    dir.join(DIR)
}

/// Copies `from..to` of a segment into the quarantine, durably; returns the copy's path.
///
/// Sectors that cannot be read are left out as zeros.
pub(crate) fn keep(
    storage: &dyn Storage,
    dir: &Path,
    id: SegmentId,
    file: &dyn DiskFile,
    (from, to): (u64, u64),
) -> io::Result<PathBuf> {
    let folder = folder(dir);
    storage.create_dir(&folder)?;
    let temp = folder.join(format!("{id}-{from}.tmp"));
    let copy = storage.create(&temp)?;
    let mut crc = 0;
    let mut at = from;
    while at < to {
        let mut piece = vec![0; PIECE.min(to - at) as usize];
        let got = read_full(file, &mut piece, at).unwrap_or(piece.len());
        if got == 0 {
            break;
        }
        crc = crc32c::crc32c_append(crc, &piece[..got]);
        copy.write_at(&piece[..got], at - from)?;
        at += got as u64;
    }
    copy.sync_data()?;
    let path = folder.join(format!("{id}-{from}-{to}-{crc:08x}.bad"));
    storage.rename(&temp, &path)?;
    storage.sync_dir(&folder)?;
    Ok(path)
}

/// Moves a whole segment whose header is lost into the quarantine.
pub(crate) fn keep_whole(storage: &dyn Storage, dir: &Path, id: SegmentId) -> io::Result<PathBuf> {
    let folder = folder(dir);
    storage.create_dir(&folder)?;
    let path = folder.join(format!("{id}-whole.bad"));
    storage.rename(&dir.join(id.file_name()), &path)?;
    storage.sync_dir(&folder)?;
    storage.sync_dir(dir)?;
    Ok(path)
}

pub(crate) fn list(storage: &dyn Storage, dir: &Path) -> io::Result<Vec<PathBuf>> {
    let folder = folder(dir);
    let names = storage.list(&folder)?;
    let mut paths: Vec<_> = names.iter().map(|name| folder.join(name)).collect();
    paths.sort();
    Ok(paths)
}

pub(crate) fn clear(storage: &dyn Storage, dir: &Path) -> io::Result<usize> {
    let paths = list(storage, dir)?;
    for path in &paths {
        storage.remove(path)?;
    }
    if !paths.is_empty() {
        storage.sync_dir(&folder(dir))?;
    }
    Ok(paths.len())
}
