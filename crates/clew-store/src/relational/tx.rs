//! An open write transaction, and what must happen once it is durable.
//!
//! A [`Tx`] exists only inside [`Db::write_tx`](super::Db::write_tx), so a function that takes one
//! cannot be called outside a transaction. It implements `ConnectionTrait`: reads made through it
//! see its own writes.

use super::audit::{Entry, SealKey};
use super::error::StoreError;
use parking_lot::Mutex;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement,
};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// What the end of the audit log is sealed with, once somebody has said it.
pub(super) type SealSlot = Arc<OnceLock<SealKey>>;

/// A transaction (Postgres) or a savepoint of the writer's group (SQLite).
///
/// After a statement failed, Postgres refuses every further statement of the transaction: return
/// the error instead of carrying on, and use `ON CONFLICT` where a clash is expected.
#[derive(Debug)]
pub struct Tx {
    inner: DatabaseTransaction,
    policy_revision: AtomicU64,
    jobs_added: AtomicBool,
    /// Written when the work is done.
    audit: Mutex<Vec<Entry>>,
    seal: SealSlot,
}

/// What listeners must hear after the commit; the default is silence.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AfterCommit {
    pub policy_revision: Option<u64>,
    pub jobs_added: bool,
}

impl Tx {
    pub(super) fn new(inner: DatabaseTransaction, seal: &SealSlot) -> Self {
        Self {
            inner,
            policy_revision: AtomicU64::new(0),
            jobs_added: AtomicBool::new(false),
            audit: Mutex::default(),
            seal: Arc::clone(seal),
        }
    }

    pub(super) fn queue_audit(&self, entry: Entry) {
        self.audit.lock().push(entry);
    }

    pub(super) fn take_audit(&self) -> Vec<Entry> {
        std::mem::take(&mut *self.audit.lock())
    }

    pub(super) fn audit_key(&self) -> Option<&SealKey> {
        self.seal.get()
    }

    pub(super) fn policies_changed(&self, revision: u64) {
        self.policy_revision.fetch_max(revision, Ordering::Relaxed);
    }

    pub(super) fn job_added(&self) {
        self.jobs_added.store(true, Ordering::Relaxed);
    }

    pub(super) async fn commit(self) -> Result<AfterCommit, StoreError> {
        let revision = self.policy_revision.into_inner();
        self.inner.commit().await?;
        Ok(AfterCommit {
            policy_revision: (revision > 0).then_some(revision),
            jobs_added: self.jobs_added.into_inner(),
        })
    }

    pub(super) async fn rollback(self) -> Result<(), StoreError> {
        Ok(self.inner.rollback().await?)
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.inner.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.inner.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.inner.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.inner.query_all_raw(statement).await
    }
}
