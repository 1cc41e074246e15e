//! Daily salts: 256 random bits per site and site-local day, gone after 48 hours.
//!
//! A record is synced before its salt is used for the first time, so a restart in the middle of a
//! day cannot split a visitor in two. A torn record at the end was never used and is cut off.
//! Expired salts are overwritten in memory and on disk, noted in a log of destruction
//! ([`destroyed`]) and then removed; whatever fails is tried again a minute later.
//!
//! **Clocks.** A salt ends 48 hours after its day began by the wall clock, and 48 hours after this
//! process first held it by the steady one, whichever comes first: a clock that stands still or
//! was set back keeps no salt alive. Salts of days that have not come (the clock was ahead) go too.
//! A clock that jumps ahead therefore destroys living salts; when it comes back, the day gets
//! fresh ones, which the log says, and visitors of that day are counted twice. Never does an old
//! salt come back: salts are drawn at random and nothing can make the same one again.

mod destroyed;
mod files;
#[cfg(test)]
mod tests;

pub use destroyed::DestroyedSalts;

use self::destroyed::{DestructionLog, Fate};
use self::files::{Folder, RECORD, SITE};
use super::{MasterKey, Unsealable};
use crate::clock::Moment;
use arc_swap::ArcSwap;
use clew_core::model::{EpochMs, SiteId};
use parking_lot::Mutex;
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use zeroize::Zeroizing;

/// Life of a salt, counted from the start of its day.
pub const LIFE: i64 = 48 * EpochMs::HOUR;
const STEADY_LIFE: Duration = Duration::from_hours(48);
/// Days begin now or in the past; this is for clocks that are set back a little at midnight.
const AHEAD: i64 = EpochMs::DAY;
const PURPOSE: &str = "daily salt";

/// Overwritten when the last holder lets go.
type Salt = Arc<Zeroizing<[u8; 32]>>;
type Known = HashMap<(SiteId, EpochMs), Salt>;

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
    folder: Folder,
    key: MasterKey,
    known: ArcSwap<Known>,
    /// One writer at a time, so a site's day never gets two salts.
    writing: Mutex<Writing>,
}

#[derive(Debug)]
struct Writing {
    log: DestructionLog,
    /// When this process first held a salt of the day, by the steady clock.
    held: BTreeMap<EpochMs, Duration>,
}

impl Salts {
    /// Reads every living salt below `dir` and destroys the others; makes the folder when it is
    /// missing.
    pub fn open(dir: &Path, key: MasterKey, now: Moment) -> Result<Self, SaltError> {
        let io = |source| SaltError::Io {
            path: dir.to_owned(),
            source,
        };
        let folder = Folder::open(dir).map_err(io)?;
        let log = DestructionLog::open(dir, key.salt_log_key()).map_err(io)?;
        if !log.summary().chain_ok {
            tracing::error!(folder = %dir.display(), "the log of destroyed salts was changed");
        }
        let salts = Self {
            folder,
            key,
            known: ArcSwap::default(),
            writing: Mutex::new(Writing {
                log,
                held: BTreeMap::new(),
            }),
        };
        salts.destroy_expired(now)?;
        let mut known = Known::new();
        for day in salts.folder.days().map_err(io)? {
            salts.load(day, now, &mut known)?;
        }
        salts.known.store(Arc::new(known));
        Ok(salts)
    }

    /// The salt of the site's day that starts at `start`, if it has one.
    pub fn get(&self, site: SiteId, start: EpochMs) -> Option<[u8; 32]> {
        self.known.load().get(&(site, start)).map(|salt| ***salt)
    }

    /// As [`Salts::get`]; makes the salt if needed and blocks until it is durable.
    pub fn get_or_create(
        &self,
        site: SiteId,
        start: EpochMs,
        now: Moment,
    ) -> Result<[u8; 32], SaltError> {
        if let Some(salt) = self.get(site, start) {
            return Ok(salt);
        }
        let mut writing = self.writing.lock();
        if let Some(salt) = self.get(site, start) {
            return Ok(salt);
        }
        if writing.log.fate(start) == Some(Fate::Destroyed) {
            tracing::warn!("a day whose salts are destroyed gets fresh ones: the clock went back");
            let noted = writing.log.append(Fate::Renewed, start, 1, now.wall);
            noted.map_err(|source| self.io(source))?;
        }
        let salt: [u8; 32] = rand::random();
        let sealed = self.key.seal(PURPOSE, &bound(site, start), &salt);
        let sealed = sealed.map_err(|Unsealable| self.wrong_key())?;
        let record = [site.to_bytes().as_slice(), &sealed].concat();
        let appended = self.folder.append(start, &record);
        appended.map_err(|source| self.io(source))?;
        writing.held.entry(start).or_insert(now.steady);
        let mut known = Known::clone(&self.known.load());
        known.insert((site, start), Arc::new(Zeroizing::new(salt)));
        self.known.store(Arc::new(known));
        Ok(salt)
    }

    /// Forgets every salt whose time is over, in memory and on disk; returns of how many days.
    /// One file that resists does not save the others.
    pub fn destroy_expired(&self, now: Moment) -> Result<usize, SaltError> {
        let mut writing = self.writing.lock();
        let held = writing.held.clone();
        let expired = |day: EpochMs| is_over(day, held.get(&day).copied(), now);
        let mut known = Known::clone(&self.known.load());
        known.retain(|(_, day), _| !expired(*day));
        self.known.store(Arc::new(known));
        let days = self.folder.days().map_err(|source| self.io(source))?;
        let (mut destroyed, mut failed) = (0, None);
        for day in days.into_iter().filter(|day| expired(*day)) {
            match self.destroy(&mut writing, day, now.wall) {
                Ok(()) => destroyed += 1,
                Err(error) => failed = Some(error),
            }
        }
        writing.held.retain(|day, _| !expired(*day));
        failed.map_or(Ok(destroyed), |source| Err(self.io(source)))
    }

    /// Whether the day's salts may still be used.
    pub fn is_living(&self, site: SiteId, day: EpochMs) -> bool {
        self.known.load().contains_key(&(site, day))
    }

    /// Days of which the site has a salt, oldest first.
    pub fn living(&self, site: SiteId) -> Vec<EpochMs> {
        let known = self.known.load();
        let days = known.keys().filter(|(of, _)| *of == site);
        let mut days: Vec<_> = days.map(|(_, day)| *day).collect();
        days.sort_unstable();
        days
    }

    /// What the log of destruction says.
    pub fn destroyed(&self) -> DestroyedSalts {
        self.writing.lock().log.summary()
    }

    /// In this order: the bytes go first, whatever becomes of the log.
    fn destroy(&self, writing: &mut Writing, day: EpochMs, at: EpochMs) -> io::Result<()> {
        let sites = self.folder.overwrite(day)?;
        // A crash behind this line leaves a file of zeros, whose destruction is on record.
        if writing.log.fate(day) != Some(Fate::Destroyed) {
            writing.log.append(Fate::Destroyed, day, sites, at)?;
        }
        self.folder.remove(day)
    }

    fn load(&self, day: EpochMs, now: Moment, known: &mut Known) -> Result<(), SaltError> {
        let path = self.folder.file(day);
        let bytes = std::fs::read(&path).map_err(|source| self.io(source))?;
        let mut writing = self.writing.lock();
        if !bytes.is_empty() && bytes.iter().all(|byte| *byte == 0) {
            // Its destruction was cut short.
            let destroyed = self.destroy(&mut writing, day, now.wall);
            return destroyed.map_err(|source| self.io(source));
        }
        for record in bytes.chunks_exact(RECORD) {
            let (site, sealed) = record.split_at(SITE);
            let site = SiteId::from_bytes(site.try_into().unwrap_or_default());
            let salt = self.key.open(PURPOSE, &bound(site, day), sealed);
            let salt = salt.ok().map(Zeroizing::new);
            let salt = salt.and_then(|salt| <[u8; 32]>::try_from(salt.as_slice()).ok());
            let salt = salt.ok_or_else(|| self.wrong_key())?;
            known.insert((site, day), Arc::new(Zeroizing::new(salt)));
        }
        writing.held.insert(day, now.steady);
        Ok(())
    }

    fn io(&self, source: io::Error) -> SaltError {
        SaltError::Io {
            path: self.folder.path.clone(),
            source,
        }
    }

    fn wrong_key(&self) -> SaltError {
        SaltError::WrongKey {
            path: self.folder.path.clone(),
        }
    }
}

fn is_over(day: EpochMs, held: Option<Duration>, now: Moment) -> bool {
    let age = now.wall.since(day);
    let held = held.is_some_and(|since| now.steady.saturating_sub(since) >= STEADY_LIFE);
    !(-AHEAD..LIFE).contains(&age) || held
}

/// Ties a sealed salt to its place, so records cannot be swapped.
fn bound(site: SiteId, start: EpochMs) -> [u8; 24] {
    let mut bound = [0; 24];
    bound[..16].copy_from_slice(&site.to_bytes());
    bound[16..].copy_from_slice(&start.0.to_be_bytes());
    bound
}
