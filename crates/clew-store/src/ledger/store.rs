//! The runs of a ledger and the files behind them, shared by the owner and two background threads.
//!
//! Owns the folder: only this file adds, replaces and removes runs, and always in this order:
//! run files complete and synced, manifest replaced, new list published, old files removed. So at
//! any instant the manifest names only complete files, and no key is missing from the list that
//! the owner sees.

use super::manifest::{Manifest, RunEntry};
use super::merge;
use super::options::{LedgerError, LedgerOptions, LedgerStats};
use super::run::{CHUNK_BYTES, Family, Run, RunError, is_punctual};
use super::run_writer::RunWriter;
use super::table::KeyTable;
use clew_core::model::id::LedgerKey;
use parking_lot::{Condvar, Mutex};
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What lookups see.
#[derive(Clone, Debug, Default)]
pub(super) struct Published {
    pub runs: Arc<Vec<Run>>,
    /// Tables written since opening.
    pub tables: u64,
    pub write_error: Option<String>,
}

#[derive(Debug)]
pub(super) struct Store {
    dir: PathBuf,
    options: LedgerOptions,
    /// Held while the folder changes.
    manifest: Mutex<Manifest>,
    published: Mutex<Published>,
    changed: Condvar,
    version: AtomicU64,
    next_id: AtomicU64,
    flushed_lsn: AtomicU64,
    now_ms: AtomicI64,
    damaged: AtomicBool,
    pub stop: AtomicBool,
}

impl Store {
    /// Opens what the manifest names. Returns the record number after which records have to be
    /// replayed: lower than the manifest's own when a run is missing or damaged.
    pub(super) fn open(dir: &Path, options: LedgerOptions) -> Result<(Self, u64), LedgerError> {
        let io = |doing| move |source| LedgerError::Io { doing, source };
        fs::create_dir_all(dir).map_err(io("create folder"))?;
        let mut manifest = Manifest::load(dir)
            .map_err(io("read manifest"))?
            .unwrap_or_default();
        if manifest.rebuild {
            manifest = Manifest::default();
        }
        let mut runs = Vec::new();
        manifest.runs.retain(|entry| match Run::open(entry.id, &run_path(dir, entry.id)) {
            Ok(run) if run.header.span == entry.span && run.header.keys == entry.keys => {
                runs.push(run);
                true
            }
            outcome => {
                tracing::error!(run = entry.id, error = ?outcome.err(), "ledger run is damaged; replaying its records");
                manifest.flushed_lsn = manifest.flushed_lsn.min(entry.span.first_lsn.saturating_sub(1));
                false
            }
        });
        let next_id = remove_strangers(dir, &manifest).map_err(io("clean folder"))? + 1;
        let resume = manifest.flushed_lsn;
        let store = Self {
            dir: dir.to_owned(),
            options,
            manifest: Mutex::new(manifest),
            published: Mutex::default(),
            changed: Condvar::new(),
            version: AtomicU64::new(0),
            next_id: AtomicU64::new(next_id),
            flushed_lsn: AtomicU64::new(resume),
            now_ms: AtomicI64::new(i64::MIN),
            damaged: AtomicBool::new(false),
            stop: AtomicBool::new(false),
        };
        store.publish(runs, 0);
        Ok((store, resume))
    }

    /// Writes a table as one run a family and publishes it.
    pub(super) fn flush(&self, table: &KeyTable) -> Result<(), RunError> {
        let span = table.span();
        let (mut punctual, mut stray): (Vec<u128>, Vec<u128>) =
            table.iter().partition(|&key| is_punctual(key, &span));
        let mut added: Vec<Run> = Vec::new();
        for (family, keys) in [
            (Family::Punctual, &mut punctual),
            (Family::Stray, &mut stray),
        ] {
            if keys.is_empty() {
                continue;
            }
            keys.sort_unstable();
            let id = self.next_id.fetch_add(1, Ordering::Relaxed);
            let written = self.write_run(id, |path| {
                let mut writer = RunWriter::create(path, family, keys.len() as u64, span)?;
                keys.iter().try_for_each(|&key| writer.push(key))?;
                writer.finish()?;
                Ok(Some(()))
            });
            match written {
                Ok(run) => added.extend(run),
                Err(error) => {
                    // The next attempt takes new numbers: a finished file would stay until the
                    // next start, one more for every attempt.
                    self.discard(&added);
                    return Err(error);
                }
            }
        }
        self.install(added, &[], Some(span.last_lsn))
    }

    /// One merge, if one is due. False when there was nothing to do.
    pub(super) fn merge_once(&self) -> Result<bool, RunError> {
        let runs = self.runs();
        let ids = merge::plan(&runs, self.now_ms(), self.options.flush_keys as u64);
        let inputs: Vec<Run> = runs
            .iter()
            .filter(|run| ids.contains(&run.id))
            .cloned()
            .collect();
        drop(runs);
        if inputs.is_empty() {
            return Ok(false);
        }
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        match self.write_run(id, |path| merge::merge(path, &inputs, &self.stop))? {
            Some(run) => self.install(vec![run], &ids, None).map(|()| true),
            None => Ok(false),
        }
    }

    /// Drops runs whose newest key is out of the window; `since` remembers since when they are.
    pub(super) fn expire(&self, since: &mut HashMap<u64, Instant>) -> Result<(), RunError> {
        let oldest_kept = self.now_ms().saturating_sub(self.options.window_ms);
        let runs = self.runs();
        let expired = |run: &&Run| run.header.span.newest_ms < oldest_kept;
        let due: Vec<u64> = runs.iter().filter(expired).map(|run| run.id).collect();
        since.retain(|id, _| due.contains(id));
        let ripe: Vec<u64> = due
            .into_iter()
            .filter(|id| {
                since.entry(*id).or_insert_with(Instant::now).elapsed() >= self.options.expiry_grace
            })
            .collect();
        if ripe.is_empty() {
            return Ok(());
        }
        self.install(Vec::new(), &ripe, None)
    }

    fn write_run(
        &self,
        id: u64,
        write: impl FnOnce(&Path) -> Result<Option<()>, RunError>,
    ) -> Result<Option<Run>, RunError> {
        let path = run_path(&self.dir, id);
        let outcome = write(&path).and_then(|done| done.map(|()| Run::open(id, &path)).transpose());
        if !matches!(outcome, Ok(Some(_))) {
            // Not named by any manifest: only the space it takes matters, and the next start
            // removes it anyway.
            drop(fs::remove_file(&path));
        }
        outcome
    }

    fn install(
        &self,
        added: Vec<Run>,
        removed: &[u64],
        flushed_lsn: Option<u64>,
    ) -> Result<(), RunError> {
        let mut current = self.manifest.lock();
        let mut next = current.clone();
        next.runs.retain(|entry| !removed.contains(&entry.id));
        next.runs.extend(added.iter().map(|run| RunEntry {
            id: run.id,
            family: run.header.family,
            keys: run.header.keys,
            span: run.header.span,
        }));
        next.flushed_lsn = next.flushed_lsn.max(flushed_lsn.unwrap_or(0));
        next.rebuild |= self.damaged.load(Ordering::Relaxed);
        if let Err(error) = next.store(&self.dir) {
            self.discard_unnamed(added);
            return Err(error.into());
        }
        *current = next;
        let kept = self.runs();
        let kept = kept
            .iter()
            .filter(|run| !removed.contains(&run.id))
            .cloned();
        self.publish(
            kept.chain(added).collect(),
            u64::from(flushed_lsn.is_some()),
        );
        if let Some(lsn) = flushed_lsn {
            self.raise_flushed_lsn(lsn);
        }
        drop(current);
        for id in removed {
            fs::remove_file(run_path(&self.dir, *id))?;
        }
        Ok(())
    }

    /// Removes the files of runs that were to be installed when the manifest failed to be stored.
    fn discard_unnamed(&self, mut added: Vec<Run>) {
        // When only the folder's sync failed, the new manifest is in place. Without the files that
        // it names, a crash would lose the keys of a merge.
        match Manifest::load(&self.dir) {
            Ok(on_disk) => {
                let named: Vec<u64> = on_disk.iter().flat_map(|m| &m.runs).map(|e| e.id).collect();
                added.retain(|run| !named.contains(&run.id));
                self.discard(&added);
            }
            Err(error) => {
                tracing::warn!(%error, "ledger manifest cannot be read; unused run files stay until the next start");
            }
        }
    }

    /// Removes the files of runs that no manifest names.
    fn discard(&self, runs: &[Run]) {
        for run in runs {
            if let Err(error) = fs::remove_file(run_path(&self.dir, run.id)) {
                tracing::warn!(run = run.id, %error, "unused ledger run stays until the next start");
            }
        }
    }

    fn publish(&self, mut runs: Vec<Run>, tables: u64) {
        self.assign_memory(&mut runs);
        let mut published = self.published.lock();
        published.runs = Arc::new(runs);
        published.tables += tables;
        if tables > 0 {
            published.write_error = None;
        }
        self.version.fetch_add(1, Ordering::Release);
        self.changed.notify_all();
    }

    /// Filters of the runs that every fresh key asks come first, small ones before large ones.
    fn assign_memory(&self, runs: &mut [Run]) {
        let hour = u128::from(LedgerKey::hour_of(self.now_ms()));
        runs.sort_by_key(|run| {
            let asked = run.header.family == Family::Stray || is_punctual(hour, &run.header.span);
            (!asked, run.header.keys)
        });
        let fences: u64 = runs.iter().map(Run::fence_bytes).sum();
        let mut chunks =
            (self.options.filter_bytes().saturating_sub(fences) / CHUNK_BYTES) as usize;
        for run in runs {
            if let Err(error) = run.set_resident(chunks) {
                self.report_damage(run.id, &error);
            }
            chunks -= run.chunk_count().min(chunks);
        }
    }

    /// Remembers that the ledger has to be rebuilt at the next start.
    pub(super) fn report_damage(&self, run: u64, error: &RunError) {
        if !self.damaged.swap(true, Ordering::Relaxed) {
            tracing::error!(run, %error, "ledger run is damaged; some events are refused until a restart rebuilds the ledger");
        }
    }

    /// Writes the mark left by `report_damage` into the manifest.
    pub(super) fn record_damage(&self) -> Result<(), RunError> {
        if self.damaged.load(Ordering::Relaxed) && !self.manifest.lock().rebuild {
            self.install(Vec::new(), &[], None)?;
        }
        Ok(())
    }

    pub(super) fn report_write_error(&self, error: &RunError) {
        tracing::error!(
            error = error as &dyn std::error::Error,
            "ledger cannot be written"
        );
        self.published.lock().write_error = Some(error.to_string());
        self.changed.notify_all();
    }

    fn runs(&self) -> Arc<Vec<Run>> {
        Arc::clone(&self.published.lock().runs)
    }

    pub(super) fn published(&self) -> Published {
        self.published.lock().clone()
    }

    pub(super) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// Waits until `tables` tables are written; Err with the reason when that takes too long.
    pub(super) fn wait_for(&self, tables: u64, timeout: Duration) -> Result<(), LedgerError> {
        let end = Instant::now() + timeout;
        let mut published = self.published.lock();
        while published.tables < tables {
            if self.changed.wait_until(&mut published, end).timed_out() {
                let reason = published.write_error.clone();
                return Err(LedgerError::Stuck(
                    reason.unwrap_or_else(|| "too slow".to_owned()),
                ));
            }
        }
        Ok(())
    }

    fn now_ms(&self) -> i64 {
        self.now_ms.load(Ordering::Relaxed)
    }

    pub(super) fn set_now(&self, now_ms: i64) {
        self.now_ms.store(now_ms, Ordering::Relaxed);
    }

    pub(super) fn flushed_lsn(&self) -> u64 {
        self.flushed_lsn.load(Ordering::Acquire)
    }

    pub(super) fn raise_flushed_lsn(&self, lsn: u64) {
        self.flushed_lsn.fetch_max(lsn, Ordering::AcqRel);
    }

    pub(super) fn stats(&self) -> LedgerStats {
        let published = self.published();
        LedgerStats {
            runs: published.runs.len(),
            keys_on_disk: published.runs.iter().map(|run| run.header.keys).sum(),
            filter_bytes: published.runs.iter().map(Run::resident_bytes).sum(),
            flushed_lsn: self.flushed_lsn(),
            write_error: published.write_error,
            damaged: self.damaged.load(Ordering::Relaxed),
        }
    }
}

fn run_path(dir: &Path, id: u64) -> PathBuf {
    dir.join(format!("{id:016x}.run"))
}

/// Removes files that the manifest does not name; returns the highest id it does name.
fn remove_strangers(dir: &Path, manifest: &Manifest) -> std::io::Result<u64> {
    let known: Vec<PathBuf> = manifest
        .runs
        .iter()
        .map(|entry| run_path(dir, entry.id))
        .collect();
    for file in fs::read_dir(dir)? {
        let path = file?.path();
        if path.extension().is_some_and(|e| e == "run" || e == "next") && !known.contains(&path) {
            fs::remove_file(&path)?;
        }
    }
    Ok(manifest
        .runs
        .iter()
        .map(|entry| entry.id)
        .max()
        .unwrap_or(0))
}
