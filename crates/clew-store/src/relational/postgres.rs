//! How PostgreSQL is opened: a writing pool, and a reading pool whose sessions are read-only.

use super::error::{Result, StoreError};
use super::signals::Signals;
use super::tx::{SealSlot, Tx};
use super::writer::guarded;
use futures::future::BoxFuture;
use sea_orm::{ConnectOptions, Database, DatabaseConnection, TransactionTrait};
use std::sync::Arc;
use std::time::Duration;

const WRITERS: u32 = 8;
const READERS: u32 = 8;

pub(super) async fn connect(url: &str, read_only: bool) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(if read_only { READERS } else { WRITERS })
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(move |base| {
            let read_only = if read_only { "on" } else { "off" };
            base.application_name("clew").options([
                ("default_transaction_read_only", read_only),
                // A 2xx promises durability, whatever the server's default is.
                ("synchronous_commit", "on"),
            ])
        });
    Database::connect(options).await.map_err(StoreError::from)
}

/// One transaction at READ COMMITTED. It runs in a task of its own, so that a caller that stops
/// waiting does not change the outcome (as on SQLite).
pub(super) async fn write<T, F>(
    pool: DatabaseConnection,
    signals: Arc<Signals>,
    seal: SealSlot,
    work: F,
) -> Result<T>
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c Tx) -> BoxFuture<'c, Result<T>> + Send + 'static,
{
    let task = tokio::spawn(async move {
        let tx = Tx::new(pool.begin().await?, &seal);
        match guarded(work, &tx).await {
            Ok(value) => {
                signals.committed(tx.commit().await?);
                Ok(value)
            }
            Err(error) => {
                if let Err(rollback) = tx.rollback().await {
                    tracing::warn!(%rollback, "PostgreSQL: rollback failed; the server will do it");
                }
                Err(error)
            }
        }
    });
    task.await.map_err(|_| StoreError::Closed)?
}
