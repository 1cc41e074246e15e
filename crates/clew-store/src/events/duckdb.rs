//! The embedded event store: one file, one writer thread, two readers.

use super::answers::Answers;
use super::engine::{self, EngineOptions};
use super::marker;
use super::readers::{Reader, Readers};
use super::writer::{Command, Shared, Writer};
use super::{
    Appended, Conversion, ConversionQuery, Deletion, EventPage, EventQuery, EventRow, EventStore,
    EventStoreError, EventStoreStatus, Neighbours, OpenReport, Projection, Scan, Sealed,
    SessionPage, SessionQuery, StoredText, VisitorFacts, VisitorQuery, erase, list, scan, sealing,
    sessions, texts, visitors,
};
use crate::reports;
use crate::reports::memory::{Memory, Recall};
use async_trait::async_trait;
use clew_core::model::{SiteId, VisitorId};
use clew_core::report::{ReportPlan, Table};
use duckdb::Connection;
use parking_lot::Mutex;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;

/// Where the file lies and what the engine may use.
#[derive(Clone, Debug)]
pub struct DuckOptions {
    /// Folder of the store, created when missing; the file in it is `events.duckdb`.
    pub dir: PathBuf,
    /// Memory of the engine, bytes; see [`super::memory_limit`].
    pub memory_bytes: u64,
    /// Threads of one query.
    pub threads: u8,
    /// Longest time for one question, and longest wait for its turn.
    pub report_timeout: Duration,
}

impl DuckOptions {
    /// The defaults: 2 threads, 10 s, `min(25 % of RAM, 2 GiB)`.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            memory_bytes: engine::memory_limit(),
            threads: 2,
            report_timeout: Duration::from_secs(10),
        }
    }

    fn engine(&self, name: &str) -> EngineOptions {
        EngineOptions {
            file: self.dir.join(name),
            memory_bytes: self.memory_bytes,
            threads: self.threads,
        }
    }
}

/// The event store on DuckDB. Cheap to clone.
#[derive(Clone)]
pub struct DuckStore {
    inner: Arc<Inner>,
}

struct Inner {
    options: DuckOptions,
    commands: Sender<Command>,
    readers: Arc<Readers>,
    shared: Arc<Shared>,
    answers: Answers,
    memory: Memory,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl fmt::Debug for DuckStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DuckStore")
            .field("options", &self.inner.options)
            .finish_non_exhaustive()
    }
}

const FILE: &str = "events.duckdb";
const REBUILD_FILE: &str = "events.rebuild";

impl DuckStore {
    /// Opens or creates the store. Blocks while a write-ahead log is replayed: call it off the
    /// async threads, after the listener accepts.
    ///
    /// # Errors
    /// Not a damaged file (it is set aside, see [`OpenReport`]), but surroundings that allow none:
    /// full disk, missing permission, another process holding it.
    pub fn open(options: DuckOptions) -> Result<(Self, OpenReport), EventStoreError> {
        std::fs::create_dir_all(&options.dir)?;
        for leftover in [REBUILD_FILE, "events.compact"] {
            marker::remove_with_wal(&options.dir.join(leftover))?;
        }
        let shared = Arc::new(Shared::default());
        let readers = Arc::new(Readers::new(options.report_timeout));
        let engine = options.engine(FILE);
        let (writer, report) = Writer::open(engine, Arc::clone(&readers), Arc::clone(&shared))?;
        let (commands, queue) = channel();
        let inner = Inner {
            options,
            commands,
            readers,
            shared,
            answers: Answers::default(),
            memory: Memory::default(),
            thread: Mutex::new(Some(spawn(writer, queue)?)),
        };
        let store = Self {
            inner: Arc::new(inner),
        };
        Ok((store, report))
    }

    /// The database file.
    pub fn file(&self) -> PathBuf {
        self.inner.options.dir.join(FILE)
    }

    /// Starts an empty store beside the live one, which keeps answering until
    /// [`Rebuild::finish`] puts the new one in its place.
    pub fn rebuild(&self) -> Result<Rebuild, EventStoreError> {
        let dir = &self.inner.options.dir;
        marker::remove_with_wal(&dir.join(REBUILD_FILE))?;
        let mut options = self.inner.options.engine(REBUILD_FILE);
        options.memory_bytes /= 2;
        let writer = Writer::create(options)?;
        let (commands, queue) = channel();
        Ok(Rebuild {
            live: self.clone(),
            commands,
            thread: Some(spawn(writer, queue)?),
            file: dir.join(REBUILD_FILE),
        })
    }

    /// Shows every text that is stored to `look`, and hands back what it has seen. Each column is a
    /// question of its own.
    pub async fn each_text<T: Send + 'static>(
        &self,
        mut seen: T,
        look: fn(&mut T, &StoredText),
    ) -> Result<T, EventStoreError> {
        let columns = self.ask(|connection| texts::columns(connection)).await?;
        for (table, column) in columns {
            let looked = self.ask(move |connection| {
                texts::each(connection, (table.as_str(), column.as_str()), &mut |text| {
                    look(&mut seen, text);
                })?;
                Ok(seen)
            });
            seen = looked.await?;
        }
        Ok(seen)
    }

    /// Runs a question on a reader; damage it meets is repaired behind the scenes.
    async fn ask<T, F>(&self, question: F) -> Result<T, EventStoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Reader) -> Result<T, EventStoreError> + Send + 'static,
    {
        let answer = self.inner.readers.ask(question).await;
        if let Err(error) = &answer {
            let damage = engine::damage(error);
            if damage != engine::Damage::None {
                let reason = error.to_string();
                let heal = Command::Heal(damage, reason.clone());
                self.inner
                    .commands
                    .send(heal)
                    .map_err(|_| EventStoreError::Closed)?;
                return Err(damage.told(reason));
            }
        }
        answer
    }
}

fn spawn(writer: Writer, queue: Receiver<Command>) -> Result<JoinHandle<()>, EventStoreError> {
    let thread = std::thread::Builder::new().name("clew-events".to_owned());
    Ok(thread.spawn(move || {
        yield_to_collection();
        writer.work(&queue);
    })?)
}

/// Lets this thread run only where collecting events leaves time: when the machine is busy, reports
/// may fall behind, replies may not.
fn yield_to_collection() {
    // Linux: a thread has a priority of its own, and "this process" means the calling thread.
    if let Err(error) = rustix::process::setpriority_process(None, 10) {
        tracing::debug!(%error, "the projector runs at the priority of everything else");
    }
}

/// Sends a command and waits for its answer.
async fn order<T>(
    commands: &Sender<Command>,
    command: impl FnOnce(oneshot::Sender<Result<T, EventStoreError>>) -> Command,
) -> Result<T, EventStoreError> {
    let (reply, answer) = oneshot::channel();
    commands
        .send(command(reply))
        .map_err(|_| EventStoreError::Closed)?;
    answer.await.map_err(|_| EventStoreError::Worker)?
}

#[async_trait]
impl EventStore for DuckStore {
    async fn append(&self, projection: Projection) -> Result<Appended, EventStoreError> {
        order(&self.inner.commands, |reply| {
            Command::Append(projection, reply)
        })
        .await
    }

    async fn cursor(&self) -> Result<u64, EventStoreError> {
        Ok(*self.inner.shared.cursor.lock())
    }

    async fn list(&self, query: &EventQuery) -> Result<EventPage, EventStoreError> {
        let query = query.clone();
        self.ask(move |connection| list::list(connection, &query))
            .await
    }

    async fn scan(&self, scan: &Scan) -> Result<Vec<EventRow>, EventStoreError> {
        let scan = scan.clone();
        self.ask(move |connection| scan::scan(connection, &scan))
            .await
    }

    async fn run(&self, plan: &ReportPlan) -> Result<Table, EventStoreError> {
        let version = self.inner.shared.version.load(Ordering::Acquire);
        let key = Answers::key(plan, version);
        if let Some(table) = key.as_ref().and_then(|key| self.inner.answers.get(key)) {
            return Ok(table);
        }
        let (plan, memory) = (plan.clone(), self.inner.memory.clone());
        let table = self
            .ask(move |connection| answer(connection, &plan, &memory, version))
            .await?;
        if let Some(key) = key {
            self.inner.answers.keep(key, table.clone());
        }
        Ok(table)
    }

    async fn sessions(&self, query: &SessionQuery) -> Result<SessionPage, EventStoreError> {
        let query = query.clone();
        self.ask(move |connection| sessions::sessions(connection, &query))
            .await
    }

    async fn visitors(&self, query: &VisitorQuery) -> Result<Vec<VisitorFacts>, EventStoreError> {
        let query = query.clone();
        self.ask(move |connection| visitors::visitors(connection, &query))
            .await
    }

    async fn neighbours(
        &self,
        site: SiteId,
        visitor: VisitorId,
    ) -> Result<Vec<Neighbours>, EventStoreError> {
        self.ask(move |connection| visitors::neighbours(connection, site, visitor))
            .await
    }

    async fn conversions(
        &self,
        query: &ConversionQuery,
    ) -> Result<Vec<Conversion>, EventStoreError> {
        let query = query.clone();
        self.ask(move |connection| visitors::conversions(connection, &query))
            .await
    }

    async fn status(&self) -> Result<EventStoreStatus, EventStoreError> {
        let file = self.file();
        let (events, quarantined) = *self.inner.shared.rows.lock();
        Ok(EventStoreStatus {
            events,
            quarantined,
            cursor: *self.inner.shared.cursor.lock(),
            wal_bytes: size(&marker::wal_path(&file)),
            file_bytes: size(&file),
            set_aside: self.inner.shared.set_aside.lock().clone(),
        })
    }

    async fn delete(&self, what: Deletion) -> Result<u64, EventStoreError> {
        order(&self.inner.commands, |reply| Command::Delete(what, reply)).await
    }

    async fn count(&self, what: Deletion) -> Result<u64, EventStoreError> {
        self.ask(move |connection| erase::count(connection, &what))
            .await
    }

    async fn seal(&self, now_ms: i64) -> Result<Sealed, EventStoreError> {
        let sites = self.ask(|reader| sealing::unsealed_sites(reader)).await?;
        let mut all = Sealed {
            caught_up: true,
            ..Sealed::default()
        };
        for site in sites {
            // Site by site, so that events arriving meanwhile are appended in between.
            let one = order(&self.inner.commands, |reply| {
                Command::Seal(site, now_ms, reply)
            })
            .await?;
            all.sessions += one.sessions;
            all.voided += one.voided;
            all.caught_up &= one.caught_up;
        }
        Ok(all)
    }

    async fn compact(&self) -> Result<(), EventStoreError> {
        order(&self.inner.commands, Command::Compact).await?;
        self.inner.answers.forget();
        self.inner.memory.forget();
        Ok(())
    }

    async fn checkpoint(&self) -> Result<(), EventStoreError> {
        order(&self.inner.commands, Command::Checkpoint).await
    }

    async fn close(&self) -> Result<(), EventStoreError> {
        let answer = order(&self.inner.commands, Command::Close).await;
        let thread = self.inner.thread.lock().take();
        if let Some(thread) = thread {
            thread.join().map_err(|_| EventStoreError::Worker)?;
        }
        answer
    }
}

/// From sealed rows where there are some, else from the events.
fn answer(
    reader: &Reader,
    plan: &ReportPlan,
    memory: &Memory,
    version: u64,
) -> Result<Table, EventStoreError> {
    let ends = [Some(plan.range), plan.compare].map(|range| range.map_or(i64::MIN, |r| r.to.0));
    let until_ms = ends.into_iter().fold(i64::MIN, i64::max);
    let cut = reader.kept.lock().cut(reader, plan.site, version)?;
    let Some(cut) = cut else {
        let connection: &Connection = reader;
        return Ok(reports::run(connection, plan)?);
    };
    let mut sealed = cut.sealed(reader, until_ms);
    sealed.memory = Some(Recall { memory, version });
    Ok(reports::run(&sealed, plan)?)
}

fn size(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |meta| meta.len())
}

/// A store being built beside the live one. Dropped without [`Rebuild::finish`], it leaves the
/// live store as it is.
pub struct Rebuild {
    live: DuckStore,
    commands: Sender<Command>,
    thread: Option<JoinHandle<()>>,
    file: PathBuf,
}

impl fmt::Debug for Rebuild {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rebuild")
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}

impl Rebuild {
    /// As [`EventStore::append`]; the first projection continues from 0.
    pub async fn append(&self, projection: Projection) -> Result<Appended, EventStoreError> {
        order(&self.commands, |reply| Command::Append(projection, reply)).await
    }

    /// Puts the new store in the place of the live one and returns its cursor. The live store's
    /// next [`EventStore::append`] must continue from there: whoever projects meets
    /// [`EventStoreError::Gap`] and reads the journal again from that cursor.
    pub async fn finish(mut self) -> Result<u64, EventStoreError> {
        order(&self.commands, Command::Close).await?;
        if let Some(thread) = self.thread.take() {
            thread.join().map_err(|_| EventStoreError::Worker)?;
        }
        let file = self.file.clone();
        order(&self.live.inner.commands, |reply| {
            Command::Replace(file, reply)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::{DuckOptions, DuckStore};
    use tempfile::TempDir;

    #[allow(clippy::unused_async, reason = "the suite opens remote stores too")]
    async fn open() -> (DuckStore, TempDir) {
        let dir = TempDir::new().unwrap();
        let (store, _) = DuckStore::open(DuckOptions::new(dir.path())).unwrap();
        (store, dir)
    }

    crate::conformance::events::event_store_suite!(open);
}
