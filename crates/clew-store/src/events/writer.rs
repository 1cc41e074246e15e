//! The one thread that changes the file.
//!
//! It appends, deletes, copies, swaps and checkpoints, one after the other, and owns the only
//! writing connection. When the file turns out to be damaged it is set aside here and an empty one
//! takes its place, without the process noticing more than a moved cursor.

use super::batch::{self, BATCH_ROWS};
use super::columns::RowRef;
use super::engine::{self, Damage, EngineOptions};
use super::marker::{self, OpenReport, Opened};
use super::readers::{READERS, Readers};
use super::sealing::{self, Sealed};
use super::{Appended, Deletion, EventStoreError, Projection, erase};
use clew_core::model::SiteId;
use duckdb::Connection;
use parking_lot::Mutex;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// Log size at which a checkpoint is due as soon as nothing else is to be done.
const CHECKPOINT_SOON: u64 = 256 << 20;
/// Log size at which it can wait no longer.
const CHECKPOINT_NOW: u64 = 512 << 20;
/// Without work for this long, the moment is quiet.
const QUIET: Duration = Duration::from_millis(200);
/// After this long without work even a small log is folded in: its rows cost memory.
const IDLE: Duration = Duration::from_secs(30);
const CHECKPOINT_IDLE: u64 = 4 << 20;

/// Pause after a failed checkpoint: the log goes on growing, nothing is lost.
const CHECKPOINT_RETRY: Duration = Duration::from_secs(10);

type Reply<T> = oneshot::Sender<Result<T, EventStoreError>>;

pub(super) enum Command {
    Append(Projection, Reply<Appended>),
    Delete(Deletion, Reply<u64>),
    /// One pass over a site's sessions at this moment.
    Seal(SiteId, i64, Reply<Sealed>),
    Compact(Reply<()>),
    Checkpoint(Reply<()>),
    /// Put this complete file in the place of the live one.
    Replace(PathBuf, Reply<u64>),
    /// A reader met damage.
    Heal(Damage, String),
    Close(Reply<()>),
}

/// What the other threads may know of the writer without asking it.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub(super) cursor: Mutex<u64>,
    /// Grows whenever an event has come or gone.
    pub(super) version: AtomicU64,
    /// Rows of `events` and `quarantined`.
    pub(super) rows: Mutex<(u64, u64)>,
    pub(super) set_aside: Mutex<Vec<String>>,
}

pub(super) struct Writer {
    options: EngineOptions,
    connection: Connection,
    readers: Arc<Readers>,
    shared: Arc<Shared>,
    last_work: Instant,
    /// Between closing the file and opening it again; lasts when the disk is full.
    detached: bool,
    /// A checkpoint failed a moment ago.
    checkpoint_not_before: Instant,
}

impl Writer {
    /// Opens the file and hands connections to the readers.
    pub(super) fn open(
        options: EngineOptions,
        readers: Arc<Readers>,
        shared: Arc<Shared>,
    ) -> Result<(Self, OpenReport), EventStoreError> {
        let (connection, report) = engine::open_guarded(&options)?;
        let writer = Self {
            options,
            connection,
            readers,
            shared,
            last_work: Instant::now(),
            detached: false,
            checkpoint_not_before: Instant::now(),
        };
        writer.publish(&report)?;
        writer.refill()?;
        Ok((writer, report))
    }

    /// A new file without readers, for a rebuild.
    pub(super) fn create(options: EngineOptions) -> Result<Self, EventStoreError> {
        Ok(Self {
            connection: engine::create(&options)?,
            options,
            readers: Arc::new(Readers::new(Duration::ZERO)),
            shared: Arc::new(Shared::default()),
            last_work: Instant::now(),
            detached: false,
            checkpoint_not_before: Instant::now(),
        })
    }

    /// Works until closed or until nobody can send commands any more.
    pub(super) fn work(mut self, commands: &Receiver<Command>) {
        loop {
            match commands.recv_timeout(QUIET) {
                Ok(Command::Close(reply)) => return self.finish(Some(reply)),
                Ok(command) => {
                    self.obey(command);
                    self.last_work = Instant::now();
                    self.checkpoint_above(CHECKPOINT_NOW);
                }
                Err(RecvTimeoutError::Timeout) => {
                    let limit = if self.last_work.elapsed() >= IDLE {
                        CHECKPOINT_IDLE
                    } else {
                        CHECKPOINT_SOON
                    };
                    self.checkpoint_above(limit);
                }
                Err(RecvTimeoutError::Disconnected) => return self.finish(None),
            }
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Append(projection, reply) => {
                let answer = self.attach().and_then(|()| self.append(&projection));
                self.reply(reply, answer);
            }
            Command::Delete(what, reply) => {
                let answer = self.attach().and_then(|()| self.delete(&what));
                self.reply(reply, answer);
            }
            Command::Seal(site, now_ms, reply) => {
                let answer = self
                    .attach()
                    .and_then(|()| sealing::seal(&self.connection, site, now_ms));
                self.reply(reply, answer);
            }
            Command::Compact(reply) => {
                let answer = self.attach().and_then(|()| self.compact());
                self.reply(reply, answer);
            }
            Command::Checkpoint(reply) => {
                let answer = self.attach().and_then(|()| self.checkpoint());
                self.reply(reply, answer);
            }
            Command::Replace(fresh, reply) => {
                let answer = self.replace(&fresh);
                self.reply(reply, answer);
            }
            Command::Heal(damage, reason) => {
                if let Err(error) = self.heal(damage, reason) {
                    tracing::error!(%error, "the event store could not be reopened");
                }
            }
            Command::Close(reply) => self.reply(reply, Ok(())),
        }
    }

    /// Answers, after repairing what the error says is broken.
    fn reply<T>(&mut self, reply: Reply<T>, answer: Result<T, EventStoreError>) {
        let answer = answer.map_err(|error| {
            let damage = engine::damage(&error);
            if damage == Damage::None {
                return error;
            }
            match self.heal(damage, error.to_string()) {
                Ok(()) => damage.told(error.to_string()),
                Err(worse) => worse,
            }
        });
        if reply.send(answer).is_err() {
            tracing::debug!("nobody waited for the event store's answer");
        }
    }

    fn append(&mut self, projection: &Projection) -> Result<Appended, EventStoreError> {
        let (appended, (events, quarantined)) =
            engine::transaction(&self.connection, || self.append_in_transaction(projection))?;
        *self.shared.cursor.lock() = appended.cursor;
        let only_adds = projection.revocations.is_empty() && projection.erasures.is_empty();
        if appended.rows > 0 || !only_adds {
            self.shared.version.fetch_add(1, Ordering::Release);
        }
        if only_adds {
            let mut rows = self.shared.rows.lock();
            *rows = (rows.0 + events, rows.1 + quarantined);
        } else {
            self.count()?;
        }
        Ok(appended)
    }

    /// The cursor is read inside the transaction, so whoever sent these records before, they
    /// count once.
    fn append_in_transaction(
        &self,
        projection: &Projection,
    ) -> Result<(Appended, (u64, u64)), EventStoreError> {
        let cursor = engine::cursor(&self.connection)?;
        if projection.after > cursor {
            let after = projection.after;
            return Err(EventStoreError::Gap { after, cursor });
        }
        if projection.cursor <= cursor {
            return Ok((Appended { rows: 0, cursor }, (0, 0)));
        }
        let rows = insert(&self.connection, projection, cursor)?;
        revoke(&self.connection, projection, cursor)?;
        forget(&self.connection, projection, cursor)?;
        let next = projection.cursor;
        self.connection
            .execute("INSERT INTO cursors VALUES (?)", [next as i64])?;
        let appended = Appended {
            rows: rows.0 + rows.1,
            cursor: next,
        };
        Ok((appended, rows))
    }

    /// Copies the live rows into a new file and puts it in place.
    fn compact(&mut self) -> Result<(), EventStoreError> {
        let fresh = self.options.file.with_extension("compact");
        marker::remove_with_wal(&fresh)?;
        erase::copy(&self.connection, &fresh)?;
        self.replace(&fresh)?;
        Ok(marker::remove_broken(&self.options.file)?)
    }

    /// Waits for running reports, closes the file, swaps, opens the new one.
    fn replace(&mut self, fresh: &std::path::Path) -> Result<u64, EventStoreError> {
        self.detach()?;
        marker::replace(fresh, &self.options.file)?;
        self.reopen()?;
        Ok(*self.shared.cursor.lock())
    }

    /// Opens the file again, or an empty one when its bytes are wrong.
    fn heal(&mut self, damage: Damage, reason: String) -> Result<(), EventStoreError> {
        self.detach()?;
        if damage == Damage::File {
            engine::alarm(&marker::set_aside(&self.options.file)?, &reason);
            self.shared.set_aside.lock().push(reason);
        }
        self.reopen()
    }

    /// Closes every connection; the writer stands on a database in memory meanwhile.
    fn detach(&mut self) -> Result<(), EventStoreError> {
        if !self.detached {
            self.readers.drain();
        }
        self.connection = Connection::open_in_memory()?;
        self.detached = true;
        Ok(())
    }

    /// Makes up for a reopening that failed.
    fn attach(&mut self) -> Result<(), EventStoreError> {
        if self.detached { self.reopen() } else { Ok(()) }
    }

    fn reopen(&mut self) -> Result<(), EventStoreError> {
        let (connection, report) = engine::open_guarded(&self.options)?;
        self.connection = connection;
        self.detached = false;
        self.publish(&report)?;
        self.refill()
    }

    fn publish(&self, report: &OpenReport) -> Result<(), EventStoreError> {
        *self.shared.cursor.lock() = report.cursor;
        self.shared.version.fetch_add(1, Ordering::Release);
        self.count()?;
        if let Opened::SetAside { reason, .. } = &report.outcome {
            self.shared.set_aside.lock().push(reason.clone());
        }
        Ok(())
    }

    /// The engine knows these without reading rows.
    fn count(&self) -> Result<(), EventStoreError> {
        let count = |table: &str| {
            let sql = format!("SELECT count(*) FROM {table}");
            self.connection
                .query_row(&sql, [], |row| row.get::<_, i64>(0))
        };
        *self.shared.rows.lock() = (count("events")? as u64, count("quarantined")? as u64);
        Ok(())
    }

    fn delete(&self, what: &Deletion) -> Result<u64, EventStoreError> {
        let rows = erase::delete(&self.connection, what)?;
        self.shared.version.fetch_add(1, Ordering::Release);
        self.count()?;
        Ok(rows)
    }

    fn refill(&self) -> Result<(), EventStoreError> {
        let connections = (0..READERS)
            .map(|_| self.connection.try_clone())
            .collect::<Result<Vec<_>, _>>()?;
        self.readers.refill(connections);
        Ok(())
    }

    fn checkpoint(&self) -> Result<(), EventStoreError> {
        Ok(self.connection.execute_batch("CHECKPOINT")?)
    }

    fn checkpoint_above(&mut self, bytes: u64) {
        let wal = marker::wal_path(&self.options.file);
        let started = Instant::now();
        let size = std::fs::metadata(wal).map_or(0, |file| file.len());
        if size < bytes || self.detached || started < self.checkpoint_not_before {
            return;
        }
        match self.checkpoint() {
            Ok(()) => tracing::debug!(took = ?started.elapsed(), "event store checkpoint"),
            Err(error) => {
                self.checkpoint_not_before = started + CHECKPOINT_RETRY;
                tracing::warn!(%error, "event store checkpoint failed");
                let damage = engine::damage(&error);
                if damage != Damage::None
                    && let Err(error) = self.heal(damage, error.to_string())
                {
                    tracing::error!(%error, "the event store could not be reopened");
                }
            }
        }
        self.last_work = Instant::now();
    }

    fn finish(self, reply: Option<Reply<()>>) {
        self.readers.close();
        let answer = self.close();
        let unheard = reply.and_then(|reply| reply.send(answer).err());
        if let Some(Err(error)) = unheard {
            tracing::warn!(%error, "the event store did not close cleanly");
        }
    }

    /// Folds the log in and closes. A file whose damage shows only now is set aside, so that the
    /// next start rebuilds it instead of meeting the same damage again.
    fn close(self) -> Result<(), EventStoreError> {
        if self.detached {
            return Ok(());
        }
        let checkpoint = self.checkpoint();
        let closed = self.connection.close().map_err(|(_, error)| error.into());
        let Err(error) = checkpoint.and(closed) else {
            return Ok(());
        };
        if engine::damage(&error) != Damage::File {
            return Err(error);
        }
        let reason = error.to_string();
        engine::alarm(&marker::set_aside(&self.options.file)?, &reason);
        Err(EventStoreError::SetAside(reason))
    }
}

/// Takes back what the projection revokes, its own rows included.
fn revoke(
    connection: &Connection,
    projection: &Projection,
    cursor: u64,
) -> Result<(), EventStoreError> {
    let new = projection.revocations.iter();
    for revoked in new.filter(|revoked| revoked.lsn > cursor) {
        let import = Deletion::Import {
            site: revoked.site,
            import: revoked.import,
            before: revoked.lsn,
        };
        erase::delete_rows(connection, &import)?;
    }
    Ok(())
}

/// Takes out whom the projection erases, from its own rows too.
fn forget(
    connection: &Connection,
    projection: &Projection,
    cursor: u64,
) -> Result<(), EventStoreError> {
    let new = projection.erasures.iter();
    for erased in new.filter(|erased| erased.lsn > cursor) {
        let persons = Deletion::Persons {
            site: erased.site,
            persons: erased.persons.clone(),
            before: erased.lsn,
        };
        erase::delete_rows(connection, &persons)?;
    }
    Ok(())
}

/// Writes every record beyond `cursor`; returns the events and the quarantined events written.
pub(crate) fn insert(
    connection: &Connection,
    projection: &Projection,
    cursor: u64,
) -> Result<(u64, u64), EventStoreError> {
    let records = || {
        let new = projection.records.iter();
        new.filter(|record| record.lsn > cursor && record.lsn <= projection.cursor)
    };
    let left = &*projection.left;
    let rows: Vec<RowRef<'_>> = records()
        .flat_map(|record| {
            let events = record.batch.events.iter().enumerate();
            let kept = events.filter(|(_, event)| record.keeps(left, Some(event.time_ms)));
            kept.map(|(index, event)| RowRef {
                site: record.site,
                lsn: record.lsn,
                index: index as u32,
                kind: record.kind,
                received_ms: record.received_ms,
                import: record.batch.import_id,
                event,
            })
        })
        .collect();
    if !rows.is_empty() {
        let mut appender = connection.appender("events")?;
        for chunk in rows.chunks(BATCH_ROWS) {
            appender.append_record_batch(batch::events(chunk)?)?;
        }
        appender.flush()?;
    }
    let mut quarantined = 0;
    if records().any(|record| !record.batch.quarantined.is_empty()) {
        let mut appender = connection.appender("quarantined")?;
        for record in records() {
            for (index, item) in record.batch.quarantined.iter().enumerate() {
                let event = item.event.as_ref();
                if !record.keeps(left, event.map(|event| event.time_ms)) {
                    continue;
                }
                appender.append_row(duckdb::params![
                    record.site.to_string(),
                    record.lsn as i64,
                    index as i32,
                    record.received_ms,
                    record.batch.import_id.map(|import| import.to_string()),
                    item.event_id.to_string(),
                    item.code,
                    event.map(|event| event.time_ms),
                    event.map_or("", |event| event.event_type.as_str()),
                    event.map_or("", |event| event.url.as_str()),
                    event.map(|event| event.visitor_id.to_string()),
                    event.and_then(|event| Some(event.user_key?.to_string())),
                ])?;
                quarantined += 1;
            }
        }
        appender.flush()?;
    }
    Ok((rows.len() as u64, quarantined))
}
