//! The handle to the relational database.

use super::audit::SealKey;
use super::error::{Result, StoreError};
use super::migration;
use super::postgres;
use super::revisions;
use super::signals::Signals;
use super::sqlite::SqliteOptions;
use super::tx::{SealSlot, Tx};
use super::writer::{self, Request, Writer};
use futures::future::BoxFuture;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};

/// Callers that may wait for the SQLite writer before further ones wait to be let in.
const QUEUE: usize = 1_024;

/// How often, and after which pauses, the log is tried to be cut while somebody reads.
const SCRUB_ATTEMPTS: u32 = 100;
const SCRUB_PAUSE: Duration = Duration::from_millis(50);

/// A cheap handle, to be cloned. Must be opened inside a tokio runtime.
#[derive(Clone, Debug)]
pub struct Db {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    readers: DatabaseConnection,
    writers: Writers,
    signals: Arc<Signals>,
    seal: SealSlot,
}

#[derive(Debug)]
enum Writers {
    Sqlite(mpsc::Sender<Request>),
    Postgres(DatabaseConnection),
}

impl Db {
    /// Opens `target` and brings its schema up to date. `postgres://…` (or `postgresql://…`) is a
    /// server; anything else is the path of an SQLite file, with or without `sqlite:` in front.
    pub async fn open(target: &str) -> Result<Self> {
        if target.starts_with("postgres://") || target.starts_with("postgresql://") {
            return Self::open_postgres(target).await;
        }
        let path = target
            .strip_prefix("sqlite://")
            .or_else(|| target.strip_prefix("sqlite:"));
        Self::open_sqlite(Path::new(path.unwrap_or(target))).await
    }

    /// Opens (or creates) an SQLite file. Two processes must not open the same file to write; the
    /// caller holds the data folder's lock.
    pub async fn open_sqlite(path: &Path) -> Result<Self> {
        let options = SqliteOptions::new(path)?;
        let connection = options.connect_writer().await?;
        migration::run(&connection).await?;
        let readers = options.connect_readers().await?;
        let signals = Arc::new(Signals::new(revisions::policies(&readers).await?));
        let (sender, queue) = mpsc::channel(QUEUE);
        let seal = SealSlot::default();
        let writer = Writer {
            options,
            connection: Some(connection),
            queue,
            signals: signals.clone(),
            seal: seal.clone(),
        };
        tokio::spawn(writer.run());
        Ok(Self::new(readers, Writers::Sqlite(sender), signals, seal))
    }

    async fn open_postgres(url: &str) -> Result<Self> {
        let pool = postgres::connect(url, false).await?;
        migration::run(&pool).await?;
        let readers = postgres::connect(url, true).await?;
        let signals = Arc::new(Signals::new(revisions::policies(&readers).await?));
        let seal = SealSlot::default();
        Ok(Self::new(readers, Writers::Postgres(pool), signals, seal))
    }

    fn new(
        readers: DatabaseConnection,
        writers: Writers,
        signals: Arc<Signals>,
        seal: SealSlot,
    ) -> Self {
        let inner = Inner {
            readers,
            writers,
            signals,
            seal,
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    pub fn backend(&self) -> DbBackend {
        self.inner.readers.get_database_backend()
    }

    /// A database server, rather than a file of our own.
    pub fn is_server(&self) -> bool {
        self.backend() != DbBackend::Sqlite
    }

    /// Connections that can read and, by the database's own rules, cannot write.
    pub fn read(&self) -> &DatabaseConnection {
        &self.inner.readers
    }

    /// Runs `work` in a transaction and returns once it is durable: the only way to write.
    ///
    /// `Ok` commits, `Err` or a panic rolls back. `work` may only talk to the database: on SQLite
    /// all writers wait for it, and after ten seconds it is rolled back. A caller that stops
    /// waiting does not stop the transaction.
    pub async fn write_tx<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c Tx) -> BoxFuture<'c, Result<T>> + Send + 'static,
    {
        match &self.inner.writers {
            Writers::Sqlite(queue) => {
                let (work, answer) = writer::erase(work);
                let sent = queue.send(Request::Work(work)).await;
                sent.map_err(|_| StoreError::Closed)?;
                answer.await.map_err(|_| StoreError::Closed)?
            }
            Writers::Postgres(pool) => {
                let (signals, seal) = (self.inner.signals.clone(), self.inner.seal.clone());
                postgres::write(pool.clone(), signals, seal, work).await
            }
        }
    }

    /// From now on the end of the audit log is sealed with this key; said once per process.
    pub fn seal_audit_with(&self, key: SealKey) {
        drop(self.inner.seal.set(key));
    }

    /// What the end of the audit log is sealed with.
    pub fn audit_key(&self) -> Option<&SealKey> {
        self.inner.seal.get()
    }

    /// Changes whenever a site, its domains, settings or keys changed. Caches hold the number
    /// they were built from and rebuild when a larger one appears.
    pub fn policy_revision(&self) -> watch::Receiver<u64> {
        self.inner.signals.policies()
    }

    /// Looks whether another process changed the policies; call it every few seconds where more
    /// than one process shares the database.
    pub async fn refresh(&self) -> Result<()> {
        let revision = revisions::policies(self.read()).await?;
        self.inner.signals.policy_revision_is(revision);
        Ok(())
    }

    /// Changes whenever this process has committed a new job.
    pub fn jobs_added(&self) -> watch::Receiver<u64> {
        self.inner.signals.jobs()
    }

    /// What SQLite finds wrong with its file; empty when it is sound. A server looks after its own
    /// files, so PostgreSQL is only asked whether it answers.
    pub async fn integrity(&self) -> Result<Vec<String>> {
        let reader = self.read();
        if self.backend() != DbBackend::Sqlite {
            reader.ping().await?;
            return Ok(Vec::new());
        }
        let check = Statement::from_string(DbBackend::Sqlite, "PRAGMA integrity_check");
        let mut findings = Vec::new();
        for row in reader.query_all_raw(check).await? {
            let finding: String = row.try_get_by_index(0)?;
            if finding != "ok" {
                findings.push(finding);
            }
        }
        Ok(findings)
    }

    /// Takes the bytes of deleted rows off the disk. SQLite has overwritten them in its pages
    /// (`secure_delete`), and here folds its log in and cuts it to nothing; PostgreSQL frees dead
    /// rows for reuse, and its own log ages by the server's rules.
    pub async fn scrub(&self) -> Result<()> {
        match &self.inner.writers {
            Writers::Sqlite(queue) => {
                for _ in 0..SCRUB_ATTEMPTS {
                    let (done, scrubbed) = oneshot::channel();
                    let sent = queue.send(Request::Scrub(done)).await;
                    sent.map_err(|_| StoreError::Closed)?;
                    if scrubbed.await.map_err(|_| StoreError::Closed)?? {
                        return Ok(());
                    }
                    // A reader stands on the log; none reads for long.
                    tokio::time::sleep(SCRUB_PAUSE).await;
                }
                Err(StoreError::Busy)
            }
            Writers::Postgres(pool) => {
                for table in super::persons::TABLES {
                    pool.execute_unprepared(&format!("VACUUM {table}")).await?;
                }
                Ok(())
            }
        }
    }

    /// Finishes what waits, then closes every connection. Later calls fail with `Closed`.
    pub async fn close(&self) -> Result<()> {
        match &self.inner.writers {
            Writers::Sqlite(queue) => {
                let (done, closed) = oneshot::channel();
                if queue.send(Request::Close(done)).await.is_ok() {
                    closed.await.map_err(|_| StoreError::Closed)?;
                }
            }
            Writers::Postgres(pool) => pool.close_by_ref().await?,
        }
        Ok(self.inner.readers.close_by_ref().await?)
    }
}

/// A connection to a database as an older version left it, for tests of upgrades.
#[cfg(test)]
pub(crate) async fn schema_of_version(target: &str, migrations: u32) -> Result<DatabaseConnection> {
    let connection = if target.starts_with("postgres") {
        postgres::connect(target, false).await?
    } else {
        SqliteOptions::new(Path::new(target))?
            .connect_writer()
            .await?
    };
    migration::run_steps(&connection, Some(migrations)).await?;
    Ok(connection)
}
