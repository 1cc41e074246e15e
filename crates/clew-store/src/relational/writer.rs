//! Group commit for SQLite: one task owns the only writing connection.
//!
//! Invariants: closures run one after another, each in its own savepoint of one `BEGIN IMMEDIATE`;
//! a closure that fails, panics or takes too long loses its own savepoint and nothing else; nobody
//! is answered before the common COMMIT (one fsync) is through. When the group itself fails (full
//! disk, I/O error), everyone in it is told, and the connection is replaced, because SQLite may
//! already have rolled back behind the driver's back.

use super::audit;
use super::error::{Result, StoreError};
use super::signals::Signals;
use super::sqlite::SqliteOptions;
use super::tx::{AfterCommit, SealSlot, Tx};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbBackend,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// A group is closed after this many closures, so that the first of them does not wait for ever.
const GROUP: usize = 256;
/// ... or after this long.
const GROUP_TIME: Duration = Duration::from_millis(50);
/// Closures may only talk to the database; one that waits for anything else stalls all writers.
pub(super) const WORK_LIMIT: Duration = Duration::from_secs(10);

/// A closure with its result type erased. Given an error instead of a transaction it only passes
/// that on to its caller.
pub(super) type Work = Box<dyn for<'c> FnOnce(Result<&'c Tx>) -> BoxFuture<'c, Settled> + Send>;

/// A closure that ran: whether its savepoint is kept, and how to answer its caller.
pub(super) struct Settled {
    keep: bool,
    reply: Box<dyn FnOnce(Option<StoreError>) + Send>,
}

pub(super) enum Request {
    Work(Work),
    /// Cut the log to nothing; false when somebody reads from it.
    Scrub(oneshot::Sender<Result<bool>>),
    Close(oneshot::Sender<()>),
}

/// Erases the closure's result type: the writer only needs to know whether to keep its savepoint.
pub(super) fn erase<T, F>(work: F) -> (Work, oneshot::Receiver<Result<T>>)
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c Tx) -> BoxFuture<'c, Result<T>> + Send + 'static,
{
    let (sender, receiver) = oneshot::channel();
    let erased: Work = Box::new(move |tx| {
        Box::pin(async move {
            let result = match tx {
                Ok(tx) => guarded(work, tx).await,
                Err(error) => Err(error),
            };
            Settled {
                keep: result.is_ok(),
                reply: Box::new(move |group_failure| {
                    let answer = match group_failure {
                        Some(error) if result.is_ok() => Err(error),
                        _ => result,
                    };
                    // The caller may have stopped waiting; its work is durable all the same.
                    drop(sender.send(answer));
                }),
            }
        })
    });
    (erased, receiver)
}

/// Runs `work` and then writes its audit entries, turning a panic or a stall into an error.
pub(super) async fn guarded<T, F>(work: F, tx: &Tx) -> Result<T>
where
    F: for<'c> FnOnce(&'c Tx) -> BoxFuture<'c, Result<T>> + Send,
{
    let running = async {
        let done = work(tx).await?;
        audit::write_queued(tx).await?;
        Ok(done)
    };
    let running = AssertUnwindSafe(running).catch_unwind();
    match tokio::time::timeout(WORK_LIMIT, running).await {
        Ok(Ok(result)) => result,
        Ok(Err(_panic)) => Err(StoreError::Panicked),
        Err(_elapsed) => Err(StoreError::TimedOut(WORK_LIMIT.as_millis() as u64)),
    }
}

pub(super) struct Writer {
    pub options: SqliteOptions,
    pub connection: Option<DatabaseConnection>,
    pub queue: mpsc::Receiver<Request>,
    pub signals: Arc<Signals>,
    pub seal: SealSlot,
}

impl Writer {
    /// Serves until the last sender is gone or somebody asks to close.
    pub(super) async fn run(mut self) {
        while let Some(request) = self.queue.recv().await {
            let close = match request {
                Request::Work(work) => self.group(work).await,
                Request::Scrub(done) => {
                    self.scrub(done).await;
                    None
                }
                Request::Close(done) => Some(done),
            };
            if let Some(done) = close {
                self.close(done).await;
                return;
            }
        }
    }

    /// Commits `first` together with everything that is waiting by then.
    async fn group(&mut self, first: Work) -> Option<oneshot::Sender<()>> {
        let mut settled = Vec::new();
        let mut close = None;
        let outcome = match self.begin().await {
            Ok(transaction) => {
                self.fill(transaction, first, &mut settled, &mut close)
                    .await
            }
            Err(error) => {
                settled.push(first(Err(error.clone())).await);
                Err(error)
            }
        };
        match outcome {
            Ok(after) => {
                for each in after {
                    self.signals.committed(each);
                }
                for each in settled {
                    (each.reply)(None);
                }
            }
            Err(error) => {
                tracing::error!(%error, writers = settled.len(), "SQLite: a group of writes failed");
                for each in settled {
                    (each.reply)(Some(error.clone()));
                }
                self.replace_connection().await;
            }
        }
        close
    }

    async fn begin(&mut self) -> Result<DatabaseTransaction> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.options.connect_writer().await?,
        };
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let transaction = connection.begin_with_options(options).await;
        self.connection = Some(connection);
        Ok(transaction?)
    }

    async fn fill(
        &mut self,
        group: DatabaseTransaction,
        first: Work,
        settled: &mut Vec<Settled>,
        close: &mut Option<oneshot::Sender<()>>,
    ) -> Result<Vec<AfterCommit>> {
        let started = Instant::now();
        let mut after = Vec::new();
        let mut next = Some(first);
        while let Some(work) = next.take() {
            let savepoint = match group.begin().await {
                Ok(savepoint) => Tx::new(savepoint, &self.seal),
                Err(error) => {
                    settled.push(work(Err(error.clone().into())).await);
                    return Err(error.into());
                }
            };
            let outcome = work(Ok(&savepoint)).await;
            let keep = outcome.keep;
            settled.push(outcome);
            if keep {
                after.push(savepoint.commit().await?);
            } else {
                savepoint.rollback().await?;
            }
            if settled.len() < GROUP && started.elapsed() < GROUP_TIME {
                match self.queue.try_recv() {
                    Ok(Request::Work(work)) => next = Some(work),
                    // Asked again between two groups.
                    Ok(Request::Scrub(done)) => drop(done.send(Ok(false))),
                    Ok(Request::Close(done)) => *close = Some(done),
                    Err(_) => {}
                }
            }
        }
        group.commit().await?;
        Ok(after)
    }

    async fn scrub(&mut self, done: oneshot::Sender<Result<bool>>) {
        let answer = self.truncate_log().await;
        if answer.is_err() {
            self.replace_connection().await;
        }
        drop(done.send(answer));
    }

    async fn truncate_log(&mut self) -> Result<bool> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.options.connect_writer().await?,
        };
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        let row = connection
            .query_one_raw(Statement::from_string(DbBackend::Sqlite, sql))
            .await;
        self.connection = Some(connection);
        let busy: i32 = match row? {
            Some(row) => row.try_get_by_index(0)?,
            None => 0,
        };
        Ok(busy == 0)
    }

    async fn replace_connection(&mut self) {
        if let Some(connection) = self.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "SQLite: the broken connection did not close cleanly");
        }
    }

    async fn close(mut self, done: oneshot::Sender<()>) {
        self.queue.close();
        while let Some(request) = self.queue.recv().await {
            if let Request::Work(work) = request {
                self.group(work).await;
            }
        }
        self.replace_connection().await;
        let _ = done.send(());
    }
}
