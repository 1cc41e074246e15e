//! Daily salts: 256 random bits per site and site-local day, gone after 48 hours.
//!
//! On disk: one file per start of a day, `<epoch ms>.salts`, of 88-byte records
//! `site (16) | sealed salt (72)`. A record is synced before its salt is used for the first time,
//! so a restart in the middle of a day cannot split a visitor in two. A torn record at the end was
//! never used and is cut off. Expired files are overwritten before they are removed.

use super::{MasterKey, Unsealable};
use arc_swap::ArcSwap;
use clew_core::model::{EpochMs, SiteId};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Life of a salt, counted from the start of its day.
const LIFE: i64 = 48 * EpochMs::HOUR;
const SITE: usize = 16;
const RECORD: usize = SITE + 24 + 32 + 16;
const PURPOSE: &str = "daily salt";

type Known = HashMap<(SiteId, EpochMs), [u8; 32]>;

/// Salts cannot be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum SaltError {
    #[error("salts in {path}: {source}")]
    Io { path: PathBuf, source: io::Error },
    #[error(
        "salts in {path} were sealed with another master key: restore that key file, or remove \
         the folder (cookieless visitors of the last two days then count as new)"
    )]
    WrongKey { path: PathBuf },
}

impl SaltError {
    /// The thread that made the salt did not come back.
    pub fn interrupted(error: tokio::task::JoinError) -> Self {
        Self::Io {
            path: PathBuf::new(),
            source: io::Error::other(error),
        }
    }
}

/// All living salts in memory, each durable. Look-ups take no lock.
#[derive(Debug)]
pub struct Salts {
    dir: PathBuf,
    key: MasterKey,
    known: ArcSwap<Known>,
    /// One creator at a time, so a site's day never gets two salts.
    creating: Mutex<()>,
}

impl Salts {
    /// Reads every living salt below `dir`; makes the folder when it is missing.
    pub fn open(dir: &Path, key: MasterKey, now: EpochMs) -> Result<Self, SaltError> {
        let salts = Self {
            dir: dir.to_owned(),
            key,
            known: ArcSwap::default(),
            creating: Mutex::new(()),
        };
        let mut builder = std::fs::DirBuilder::new();
        let made = builder.recursive(true).mode(0o700).create(dir);
        made.map_err(|source| salts.io(source))?;
        salts.destroy_expired(now)?;
        let mut known = Known::new();
        for (start, path) in salts.files()? {
            salts.load_file(start, &path, &mut known)?;
        }
        salts.known.store(Arc::new(known));
        Ok(salts)
    }

    /// The salt of the site's day that starts at `start`, if it has one.
    pub fn get(&self, site: SiteId, start: EpochMs) -> Option<[u8; 32]> {
        self.known.load().get(&(site, start)).copied()
    }

    /// As [`Salts::get`]; makes the salt if needed and blocks until it is durable.
    pub fn get_or_create(&self, site: SiteId, start: EpochMs) -> Result<[u8; 32], SaltError> {
        if let Some(salt) = self.get(site, start) {
            return Ok(salt);
        }
        let _creating = self.creating.lock();
        if let Some(salt) = self.get(site, start) {
            return Ok(salt);
        }
        let salt: [u8; 32] = rand::random();
        let sealed = self.key.seal(PURPOSE, &bound(site, start), &salt);
        let sealed = sealed.map_err(|Unsealable| self.wrong_key())?;
        let record = [site.to_bytes().as_slice(), &sealed].concat();
        self.append(start, &record)
            .map_err(|source| self.io(source))?;
        let mut known = Known::clone(&self.known.load());
        known.insert((site, start), salt);
        self.known.store(Arc::new(known));
        Ok(salt)
    }

    /// Forgets every salt older than 48 hours, in memory and on disk; returns how many files.
    pub fn destroy_expired(&self, now: EpochMs) -> Result<usize, SaltError> {
        let _creating = self.creating.lock();
        let expired = |start: EpochMs| now.since(start) >= LIFE;
        let mut known = Known::clone(&self.known.load());
        known.retain(|(_, start), _| !expired(*start));
        self.known.store(Arc::new(known));
        let mut destroyed = 0;
        for (start, path) in self.files()? {
            if expired(start) {
                overwrite_and_remove(&path).map_err(|source| self.io(source))?;
                destroyed += 1;
            }
        }
        Ok(destroyed)
    }

    fn files(&self) -> Result<Vec<(EpochMs, PathBuf)>, SaltError> {
        let list = || -> io::Result<Vec<(EpochMs, PathBuf)>> {
            let mut files = Vec::new();
            for entry in std::fs::read_dir(&self.dir)? {
                let path = entry?.path();
                let name = path.file_name().and_then(|name| name.to_str());
                let start = name.and_then(|name| name.strip_suffix(".salts")?.parse().ok());
                files.extend(start.map(|start| (EpochMs(start), path)));
            }
            Ok(files)
        };
        list().map_err(|source| self.io(source))
    }

    fn load_file(&self, start: EpochMs, path: &Path, known: &mut Known) -> Result<(), SaltError> {
        let bytes = std::fs::read(path).map_err(|source| self.io(source))?;
        for record in bytes.chunks_exact(RECORD) {
            let (site, sealed) = record.split_at(SITE);
            let site = SiteId::from_bytes(site.try_into().unwrap_or_default());
            let salt = self.key.open(PURPOSE, &bound(site, start), sealed);
            let salt = salt.ok().and_then(|salt| <[u8; 32]>::try_from(salt).ok());
            let salt = salt.ok_or_else(|| self.wrong_key())?;
            known.insert((site, start), salt);
        }
        Ok(())
    }

    fn append(&self, start: EpochMs, record: &[u8]) -> io::Result<()> {
        let path = self.dir.join(format!("{}.salts", start.0));
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false).mode(0o600);
        let mut file = options.open(path)?;
        let length = file.metadata()?.len();
        // A torn record of an earlier attempt was never used.
        let whole = length - length % RECORD as u64;
        file.set_len(whole)?;
        file.seek(SeekFrom::Start(whole))?;
        file.write_all(record)?;
        file.sync_all()?;
        if whole == 0 {
            File::open(&self.dir)?.sync_all()?;
        }
        Ok(())
    }

    fn io(&self, source: io::Error) -> SaltError {
        SaltError::Io {
            path: self.dir.clone(),
            source,
        }
    }

    fn wrong_key(&self) -> SaltError {
        SaltError::WrongKey {
            path: self.dir.clone(),
        }
    }
}

/// Ties a sealed salt to its place, so records cannot be swapped.
fn bound(site: SiteId, start: EpochMs) -> [u8; 24] {
    let mut bound = [0; 24];
    bound[..16].copy_from_slice(&site.to_bytes());
    bound[16..].copy_from_slice(&start.0.to_be_bytes());
    bound
}

fn overwrite_and_remove(path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
    file.write_all(&vec![0; length.min(64 << 20)])?;
    file.sync_all()?;
    std::fs::remove_file(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE_A: SiteId = SiteId::from_u128(1);
    const SITE_B: SiteId = SiteId::from_u128(2);
    const DAY: EpochMs = EpochMs(1_760_000_000_000);

    fn open(dir: &Path, now: EpochMs) -> Salts {
        Salts::open(dir, MasterKey::from_bytes([1; 32]), now).unwrap()
    }

    #[test]
    fn a_salt_is_the_same_all_day_across_restarts_and_differs_by_site_and_day() {
        let dir = tempfile::tempdir().unwrap();
        let salts = open(dir.path(), DAY);
        let first = salts.get_or_create(SITE_A, DAY).unwrap();
        assert_eq!(salts.get_or_create(SITE_A, DAY).unwrap(), first);
        assert_ne!(salts.get_or_create(SITE_B, DAY).unwrap(), first);
        let next_day = DAY.plus(EpochMs::DAY);
        assert_ne!(salts.get_or_create(SITE_A, next_day).unwrap(), first);
        drop(salts);
        let salts = open(dir.path(), DAY.plus(EpochMs::HOUR));
        assert_eq!(salts.get(SITE_A, DAY), Some(first));
    }

    #[test]
    fn nothing_of_a_salt_is_left_after_48_hours() {
        let dir = tempfile::tempdir().unwrap();
        let salts = open(dir.path(), DAY);
        salts.get_or_create(SITE_A, DAY).unwrap();
        let end = DAY.plus(LIFE);
        assert_eq!(salts.destroy_expired(end.plus(-1)).unwrap(), 0);
        assert!(salts.get(SITE_A, DAY).is_some());
        assert_eq!(salts.destroy_expired(end).unwrap(), 1);
        assert_eq!(salts.get(SITE_A, DAY), None);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn the_file_holds_no_salt_in_the_clear_and_needs_its_own_key() {
        let dir = tempfile::tempdir().unwrap();
        let salts = open(dir.path(), DAY);
        let salt = salts.get_or_create(SITE_A, DAY).unwrap();
        let file = std::fs::read(dir.path().join(format!("{}.salts", DAY.0))).unwrap();
        assert_eq!(file.len(), RECORD);
        assert!(!file.windows(32).any(|window| window == salt));
        let other = Salts::open(dir.path(), MasterKey::from_bytes([2; 32]), DAY);
        assert!(matches!(other, Err(SaltError::WrongKey { .. })));
    }

    #[test]
    fn a_torn_record_is_cut_off_and_costs_no_other_salt() {
        let dir = tempfile::tempdir().unwrap();
        let salt = open(dir.path(), DAY).get_or_create(SITE_A, DAY).unwrap();
        let path = dir.path().join(format!("{}.salts", DAY.0));
        let mut torn = std::fs::read(&path).unwrap();
        torn.extend_from_slice(&[9; 30]);
        std::fs::write(&path, torn).unwrap();
        let salts = open(dir.path(), DAY);
        let other = salts.get_or_create(SITE_B, DAY).unwrap();
        let salts = open(dir.path(), DAY);
        assert_eq!(salts.get(SITE_A, DAY), Some(salt));
        assert_eq!(salts.get(SITE_B, DAY), Some(other));
    }
}
