//! Salts on disk: one file per start of a day, `<epoch ms>.salts`, of 88-byte records
//! `site (16) | sealed salt (72)`.

use clew_core::model::EpochMs;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

pub(super) const SITE: usize = 16;
pub(super) const RECORD: usize = SITE + 24 + 32 + 16;

/// What backup programs look for in folders that they should leave out
/// (<https://bford.info/cachedir/>): a copy of a salt would outlive it.
const TAG: (&str, &str) = (
    "CACHEDIR.TAG",
    "Signature: 8a477f597d28d172789f06886806bc55\n\
     # Salts live for 48 hours at most. Leave this folder out of every backup.\n",
);

/// The folder of the salts.
#[derive(Debug)]
pub(super) struct Folder {
    pub(super) path: PathBuf,
}

impl Folder {
    /// Makes it when it is missing.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true).mode(0o700).create(path)?;
        let tag = path.join(TAG.0);
        if !tag.exists() {
            std::fs::write(tag, TAG.1)?;
        }
        Ok(Self { path: path.into() })
    }

    /// Days that have a file.
    pub(super) fn days(&self) -> io::Result<Vec<EpochMs>> {
        let mut days = Vec::new();
        for entry in std::fs::read_dir(&self.path)? {
            let name = entry?.file_name();
            let day = name.to_str().and_then(|name| name.strip_suffix(".salts"));
            days.extend(day.and_then(|day| day.parse().ok()).map(EpochMs));
        }
        days.sort_unstable();
        Ok(days)
    }

    pub(super) fn file(&self, day: EpochMs) -> PathBuf {
        self.path.join(format!("{}.salts", day.0))
    }

    /// Durable when this returns.
    pub(super) fn append(&self, day: EpochMs, record: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false).mode(0o600);
        let mut file = options.open(self.file(day))?;
        let length = file.metadata()?.len();
        // A torn record of an earlier attempt was never used.
        let whole = length - length % RECORD as u64;
        file.set_len(whole)?;
        file.seek(SeekFrom::Start(whole))?;
        file.write_all(record)?;
        file.sync_all()?;
        if whole == 0 {
            self.sync()?;
        }
        Ok(())
    }

    /// Nothing of the day's salts is left in the file; returns how many there were.
    pub(super) fn overwrite(&self, day: EpochMs) -> io::Result<u64> {
        let mut file = OpenOptions::new().write(true).open(self.file(day))?;
        let length = file.metadata()?.len();
        let zeros = vec![0; 64 << 10];
        let mut left = length;
        while left > 0 {
            let slice = usize::try_from(left)
                .unwrap_or(zeros.len())
                .min(zeros.len());
            file.write_all(&zeros[..slice])?;
            left -= slice as u64;
        }
        file.sync_all()?;
        Ok(length / RECORD as u64)
    }

    pub(super) fn remove(&self, day: EpochMs) -> io::Result<()> {
        std::fs::remove_file(self.file(day))?;
        self.sync()
    }

    fn sync(&self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()
    }
}
