//! The list of runs that count, and up to which record they hold every key.
//!
//! One small text file: a line with the CRC-32C of the rest in hex, then JSON. Replaced whole:
//! written beside, synced, renamed, directory synced. A run file that the manifest does not name
//! does not exist; a manifest that does not verify is as good as none, and the ledger is rebuilt.

use super::run::Family;
use super::table::Span;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

const NAME: &str = "MANIFEST";
const FORMAT: u32 = 1;

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct RunEntry {
    pub id: u64,
    pub family: Family,
    pub keys: u64,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Manifest {
    format: u32,
    /// Every key of every record up to this one is in a run (or has expired).
    pub flushed_lsn: u64,
    /// A run was found damaged while in use: the next start rebuilds.
    pub rebuild: bool,
    pub runs: Vec<RunEntry>,
}

impl Default for Manifest {
    fn default() -> Self {
        Self {
            format: FORMAT,
            flushed_lsn: 0,
            rebuild: false,
            runs: Vec::new(),
        }
    }
}

impl Manifest {
    /// None when there is none or it does not verify.
    pub(super) fn load(dir: &Path) -> io::Result<Option<Self>> {
        let bytes = match fs::read(dir.join(NAME)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let found = Self::parse(&bytes);
        if found.is_none() {
            tracing::error!(dir = %dir.display(), "ledger manifest is damaged; rebuilding the ledger");
        }
        Ok(found)
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let (crc, body) = bytes.split_at_checked(9)?;
        if crc != checksum_line(body).as_bytes() {
            return None;
        }
        let manifest: Self = serde_json::from_slice(body).ok()?;
        (manifest.format == FORMAT).then_some(manifest)
    }

    pub(super) fn store(&self, dir: &Path) -> io::Result<()> {
        let body = serde_json::to_vec_pretty(self)?;
        let next = dir.join("MANIFEST.next");
        let mut file = File::create(&next)?;
        file.write_all(checksum_line(&body).as_bytes())?;
        file.write_all(&body)?;
        file.sync_all()?;
        fs::rename(&next, dir.join(NAME))?;
        sync_dir(dir)
    }
}

fn checksum_line(body: &[u8]) -> String {
    format!("{:08x}\n", crc32c::crc32c(body))
}

/// Makes created, renamed and removed names durable.
pub(super) fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_survives_storing_and_any_flipped_or_missing_byte_voids_it() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(Manifest::load(dir.path()).unwrap(), None);
        let manifest = Manifest {
            flushed_lsn: 42,
            ..Manifest::default()
        };
        manifest.store(dir.path()).unwrap();
        assert_eq!(Manifest::load(dir.path()).unwrap(), Some(manifest));
        let good = fs::read(dir.path().join(NAME)).unwrap();
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 1;
            assert_eq!(Manifest::parse(&bad), None, "flip at {at}");
            assert_eq!(Manifest::parse(&good[..at]), None, "cut at {at}");
        }
    }
}
