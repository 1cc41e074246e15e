//! Files of exports: everything that is stored about somebody, sealed until they are downloaded.
//!
//! Owns `<data>/exports/`. A file is sealed piece by piece with the master key and bound to its
//! export, format and place, so that no piece can be moved, swapped or left out. Refuses to keep a
//! file of an export that is not alive: they go with a job and at every start.

mod document;
mod sealed;
mod submission;
mod table;

pub use document::{About, Document};
pub use sealed::{SealedReader, SealedWriter};
pub use submission::SubmissionRow;

use crate::secrets::MasterKey;
use clew_core::model::id::RowId;
use std::collections::HashSet;
use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

/// How long an export can be downloaded.
pub const LIFE_MS: i64 = 24 * clew_core::model::EpochMs::HOUR;

/// In which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    Json,
    Csv,
}

impl ExportFormat {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }

    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }
}

/// The folder and the key of its files.
#[derive(Clone, Debug)]
pub struct ExportFiles {
    dir: PathBuf,
    key: MasterKey,
}

impl ExportFiles {
    /// Makes the folder (mode 0700) when it is missing.
    pub fn open(dir: &Path, key: MasterKey) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
        Ok(Self {
            dir: dir.to_owned(),
            key,
        })
    }

    /// A new file in the place of an older one.
    pub fn create(&self, id: RowId, format: ExportFormat) -> io::Result<SealedWriter> {
        SealedWriter::create(&self.path(id, format), &self.key, id, format)
    }

    pub fn read(&self, id: RowId, format: ExportFormat) -> io::Result<SealedReader> {
        SealedReader::open(&self.path(id, format), &self.key, id, format)
    }

    /// Makes sure that what was written stays.
    pub fn sync(&self) -> io::Result<()> {
        File::open(&self.dir)?.sync_all()
    }

    /// Removes every file that belongs to none of `alive`; returns how many.
    pub fn sweep(&self, alive: &[RowId]) -> io::Result<usize> {
        let both = [ExportFormat::Json, ExportFormat::Csv];
        let paths = alive.iter().flat_map(|id| both.map(|f| self.path(*id, f)));
        let alive: HashSet<PathBuf> = paths.collect();
        let mut removed = 0;
        for entry in fs::read_dir(&self.dir)? {
            let path = entry?.path();
            if !alive.contains(&path) {
                fs::remove_file(path)?;
                removed += 1;
            }
        }
        if removed > 0 {
            self.sync()?;
        }
        Ok(removed)
    }

    fn path(&self, id: RowId, format: ExportFormat) -> PathBuf {
        self.dir.join(format!("{id}.{}", format.word()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn files_of_the_living_stay() {
        let dir = tempfile::tempdir().unwrap();
        let key = MasterKey::from_bytes([1; 32]);
        let files = ExportFiles::open(&dir.path().join("exports"), key).unwrap();
        for n in 1..=2 {
            for format in [ExportFormat::Json, ExportFormat::Csv] {
                let mut file = files.create(RowId::from_u128(n), format).unwrap();
                file.write_all(b"x").unwrap();
                file.finish().unwrap();
            }
        }
        assert_eq!(files.sweep(&[RowId::from_u128(2)]).unwrap(), 2);
        assert!(files.read(RowId::from_u128(1), ExportFormat::Csv).is_err());
        assert!(files.read(RowId::from_u128(2), ExportFormat::Csv).is_ok());
        assert_eq!(files.sweep(&[]).unwrap(), 2);
        assert_eq!(files.sweep(&[]).unwrap(), 0);
    }
}
