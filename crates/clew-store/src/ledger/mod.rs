//! Dedupe ledger: has this (site, event id) been counted before?
//!
//! Owns a set of [`LedgerKey`]s of the last seven days, as a disk projection of the journal: a
//! hash set of the newest keys in memory, immutable sorted runs with filters on disk, merged and
//! expired in the background. It is not the truth: delete its folder and it is rebuilt from
//! journal and archive to the same answers ([`catch_up`]).
//!
//! Belongs to the commit thread, which asks and appends in one order, so "seen?" and "append" have
//! no races. Life of a group: [`Ledger::admit`] stages fresh keys; when the group is durable in
//! the journal, [`Ledger::commit`] keeps them; when it failed, [`Ledger::abort`] forgets them.
//!
//! Refuses: to answer from a file that fails its checksum ([`LedgerError::Run`]); to grow without
//! bound when its disk is slow or full ([`LedgerError::Backlog`]).
//!
//! Invariants
//! - A key admitted as fresh and committed is seen until seven days after its receipt, whatever
//!   crashes in between: it is in the table, in a run that the manifest names, or in a journal
//!   record after [`Ledger::resume_after`], which boot replays before the first `admit`.
//! - `flushed_lsn` never runs ahead of what synced runs hold; hot segments after it must stay.
//! - Resident memory stays below `LedgerOptions::memory_bytes` (fences of an eighth of a bit per
//!   key are the only part that grows with the data: 64 MiB suffice for two billion keys).
//!
//! Why sorted runs of its own and not an LSM library: docs/decisions/ledger.md. Figures:
//! `cargo bench -p clew-store --bench ledger`.

#[cfg(test)]
mod behaviour_test;
mod catch_up;
mod filter;
mod manifest;
mod merge;
#[cfg(test)]
mod model_test;
mod options;
mod run;
mod run_writer;
mod store;
mod table;
mod worker;

pub use catch_up::{CatchUpError, CaughtUp, LedgerRecord, catch_up, keys_of};
pub use options::{LedgerError, LedgerOptions, LedgerStats};
pub use run::RunError;

use clew_core::model::id::LedgerKey;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use store::{Published, Store};
use table::KeyTable;
use worker::Workers;

/// How long replay and close wait for a table to be written before they give up.
const WRITE_TIMEOUT: Duration = Duration::from_mins(1);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Counted before, or staged earlier in this group.
    Seen,
    /// New; staged until [`Ledger::commit`] or [`Ledger::abort`].
    Fresh,
}

/// Position in the open group, for taking back what one entry of it staged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(usize);

#[derive(Debug)]
pub struct Ledger {
    store: Arc<Store>,
    options: LedgerOptions,
    workers: Workers,
    table: KeyTable,
    /// The table being written, still asked until its runs are published.
    frozen: Option<Arc<KeyTable>>,
    tables_submitted: u64,
    published: Published,
    version: u64,
    resume_after: u64,
}

/// Reads the ledger's state from other threads.
#[derive(Clone, Debug)]
pub struct LedgerMonitor(Arc<Store>);

impl LedgerMonitor {
    /// Records up to this one need no replay; hot segments after it must stay.
    pub fn flushed_lsn(&self) -> u64 {
        self.0.flushed_lsn()
    }

    pub fn stats(&self) -> LedgerStats {
        self.0.stats()
    }
}

impl Ledger {
    /// Opens or creates the ledger in `dir`. Whatever does not verify is discarded; the second
    /// value says after which record the journal has to be replayed before the first `admit`.
    pub fn open(dir: &Path, options: LedgerOptions) -> Result<(Self, u64), LedgerError> {
        let (store, resume_after) = Store::open(dir, options.clone())?;
        let store = Arc::new(store);
        let workers = Workers::start(&store).map_err(|source| LedgerError::Io {
            doing: "start threads",
            source,
        })?;
        let ledger = Self {
            table: KeyTable::new(resume_after, options.max_keys),
            frozen: None,
            tables_submitted: 0,
            published: store.published(),
            version: store.version(),
            resume_after,
            store,
            options,
            workers,
        };
        Ok((ledger, resume_after))
    }

    /// The record number after which records had to be replayed when this ledger was opened.
    pub fn resume_after(&self) -> u64 {
        self.resume_after
    }

    pub fn monitor(&self) -> LedgerMonitor {
        LedgerMonitor(Arc::clone(&self.store))
    }

    /// Seen, or fresh and staged. `received_ms`: receipt time of the record, epoch milliseconds.
    /// On an error nothing is staged and the entry must be refused (503): guessing would lose or
    /// double an event.
    pub fn admit(&mut self, key: LedgerKey, received_ms: i64) -> Result<Admission, LedgerError> {
        let key = key.as_u128();
        if self.table.len() >= self.options.max_keys && !self.table.contains(key) {
            let known = self.known_before(key)?;
            return if known {
                Ok(Admission::Seen)
            } else {
                Err(LedgerError::Backlog)
            };
        }
        if !self.table.stage(key, received_ms) {
            return Ok(Admission::Seen);
        }
        let known = self.known_before(key);
        if matches!(known, Ok(false)) {
            return Ok(Admission::Fresh);
        }
        self.table.unstage(self.table.staged() - 1);
        known.map(|_| Admission::Seen)
    }

    fn known_before(&self, key: u128) -> Result<bool, LedgerError> {
        if self
            .frozen
            .as_ref()
            .is_some_and(|table| table.contains(key))
        {
            return Ok(true);
        }
        for run in self.published.runs.iter() {
            match run.contains(key) {
                Ok(false) => {}
                Ok(true) => return Ok(true),
                Err(source) => {
                    self.store.report_damage(run.id, &source);
                    self.workers.wake();
                    return Err(LedgerError::Run {
                        run: run.id,
                        source,
                    });
                }
            }
        }
        Ok(false)
    }

    /// Where the open group stands; see [`Self::rollback`].
    pub fn mark(&self) -> Mark {
        Mark(self.table.staged())
    }

    /// Forgets what was staged since `mark`: one entry of the group is refused, the others stand.
    pub fn rollback(&mut self, mark: Mark) {
        self.table.unstage(mark.0);
    }

    /// The group is durable up to record `last_lsn`. `now_ms` (the newest receipt time) is the
    /// ledger's clock.
    pub fn commit(&mut self, last_lsn: u64, now_ms: i64) {
        self.table.commit(last_lsn);
        self.store.set_now(now_ms);
        self.refresh();
        let span = self.table.span();
        if self.table.len() == 0 {
            if self.frozen.is_none() {
                self.store.raise_flushed_lsn(span.last_lsn);
            }
            return;
        }
        let aged = now_ms.saturating_sub(span.oldest_ms) >= self.options.flush_after_ms;
        if self.frozen.is_none() && (aged || self.table.len() >= self.options.flush_keys) {
            self.freeze();
        }
    }

    /// The group failed: its keys were never counted.
    pub fn abort(&mut self) {
        self.table.unstage(0);
        self.refresh();
    }

    /// Keys of one durable record, at boot, in order, for records after [`Self::resume_after`].
    /// Blocks while a full table waits to be written.
    pub fn replay(
        &mut self,
        lsn: u64,
        received_ms: i64,
        keys: impl IntoIterator<Item = LedgerKey>,
    ) -> Result<(), LedgerError> {
        for key in keys {
            self.table.insert(key.as_u128(), received_ms);
        }
        self.table.commit(lsn);
        if self.table.len() >= self.options.flush_keys {
            self.store.set_now(received_ms);
            self.wait_for_writer()?;
            self.freeze();
        }
        Ok(())
    }

    /// Forgets everything, on disk too: the journal it was a projection of is not the one at hand.
    pub fn clear(self, dir: &Path) -> Result<Self, LedgerError> {
        let options = self.options.clone();
        drop(self);
        std::fs::remove_dir_all(dir).map_err(|source| LedgerError::Io {
            doing: "remove folder",
            source,
        })?;
        Self::open(dir, options).map(|(ledger, _)| ledger)
    }

    /// Writes what is in memory, so that the next start replays nothing, and stops the threads.
    pub fn close(mut self) -> Result<(), LedgerError> {
        self.abort();
        self.wait_for_writer()?;
        let span = self.table.span();
        if span.last_lsn >= span.first_lsn {
            self.freeze();
            self.wait_for_writer()?;
        }
        Ok(())
    }

    fn wait_for_writer(&mut self) -> Result<(), LedgerError> {
        self.store.wait_for(self.tables_submitted, WRITE_TIMEOUT)?;
        self.refresh();
        Ok(())
    }

    fn freeze(&mut self) {
        let last_lsn = self.table.span().last_lsn;
        let empty = KeyTable::new(last_lsn, self.options.max_keys);
        let full = Arc::new(std::mem::replace(&mut self.table, empty));
        self.frozen = Some(Arc::clone(&full));
        self.tables_submitted += 1;
        if !self.workers.submit(full) {
            // Only when the writer panicked: keys stay known, and `admit` ends in `Backlog`.
            tracing::error!("the ledger's writer is gone");
        }
    }

    /// Takes over what the background threads published.
    fn refresh(&mut self) {
        let version = self.store.version();
        if version == self.version {
            return;
        }
        self.published = self.store.published();
        self.version = version;
        if self.published.tables >= self.tables_submitted {
            self.frozen = None;
        }
    }
}
