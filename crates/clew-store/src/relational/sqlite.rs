//! How SQLite is opened.
//!
//! Two pools on one file: a single writing connection that belongs to the writer task, and readers
//! with `query_only`, so that a write which by-passes `write_tx` fails instead of slipping through.

use super::error::{Result, StoreError, invalid};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use std::path::{Path, PathBuf};
use std::time::Duration;

const READERS: u32 = 4;

#[derive(Clone, Debug)]
pub(super) struct SqliteOptions {
    path: PathBuf,
}

impl SqliteOptions {
    /// `path` is a file, created when missing; in-memory databases are refused, because readers
    /// and writer would each see one of their own.
    pub(super) fn new(path: &Path) -> Result<Self> {
        let text = path.to_string_lossy();
        if text.is_empty() || text.contains(":memory:") {
            return Err(invalid("database path", "an SQLite database needs a file"));
        }
        Ok(Self { path: path.into() })
    }

    pub(super) async fn connect_writer(&self) -> Result<DatabaseConnection> {
        self.connect(1, false).await
    }

    pub(super) async fn connect_readers(&self) -> Result<DatabaseConnection> {
        self.connect(READERS, true).await
    }

    async fn connect(&self, connections: u32, read_only: bool) -> Result<DatabaseConnection> {
        let path = self.path.clone();
        let mut options = ConnectOptions::new("sqlite:");
        options
            .max_connections(connections)
            .min_connections(1)
            .idle_timeout(None::<Duration>)
            .max_lifetime(None::<Duration>)
            .acquire_timeout(Duration::from_secs(10))
            .test_before_acquire(false)
            .sqlx_logging(false)
            .map_sqlx_sqlite_opts(move |base| pragmas(base, &path, read_only));
        Database::connect(options).await.map_err(StoreError::from)
    }
}

fn pragmas(base: SqliteConnectOptions, path: &Path, read_only: bool) -> SqliteConnectOptions {
    base.filename(path)
        .create_if_missing(!read_only)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        // Deleted content is overwritten with zeros: an erasure must hold for the bytes.
        .pragma("secure_delete", "ON")
        .pragma("query_only", if read_only { "ON" } else { "OFF" })
}
