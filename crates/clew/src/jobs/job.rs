//! What a job is to its author.

use anyhow::Context as _;
use clew_core::model::id::RowId;
use clew_core::model::{EpochMs, SiteId};
use clew_store::relational::jobs::backoff::Backoff;
use clew_store::relational::jobs::{self, Lease, NewJob};
use clew_store::relational::{Db, Result, Tx};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A kind of work. The fields are its payload: old payloads must stay readable, so add fields with
/// `#[serde(default)]` and never change the meaning of one.
pub trait Job<S>: Serialize + DeserializeOwned + Send + 'static {
    /// Name in the database, for ever.
    const KIND: &'static str;
    const MAX_ATTEMPTS: u16 = 10;
    const BACKOFF: Backoff = Backoff::DEFAULT;
    /// An attempt that takes longer has failed.
    const TIME_LIMIT: Duration = Duration::from_mins(5);

    fn run(self, context: Context<S>) -> impl Future<Output = Result<(), JobError>> + Send;
}

/// Why an attempt failed. Any error becomes `Retry` through `?`.
#[derive(Debug)]
pub enum JobError {
    /// Worth trying again; `after` (say, from a Retry-After) replaces the back-off.
    Retry {
        source: anyhow::Error,
        after: Option<Duration>,
    },
    /// No later attempt can succeed.
    GiveUp(anyhow::Error),
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for JobError {
    fn from(error: E) -> Self {
        Self::Retry {
            source: error.into(),
            after: None,
        }
    }
}

/// What a running job may use.
#[derive(Debug)]
pub struct Context<S> {
    pub db: Db,
    pub services: Arc<S>,
    /// The same in every attempt: the idempotency key of effects outside the database.
    pub id: RowId,
    pub site: Option<SiteId>,
    /// From 1.
    pub attempt: u16,
    pub enqueued_at: EpochMs,
    pub clock: fn() -> EpochMs,
    pub(super) lease: Lease,
    pub(super) completed: Arc<AtomicBool>,
}

impl<S> Context<S> {
    /// Completes the job in the transaction of its own effects, so that these happen exactly once:
    /// it fails, and rolls them back, when somebody else has taken the job over.
    pub async fn complete_in(&self, tx: &Tx) -> Result<()> {
        jobs::complete(tx, self.lease, (self.clock)()).await?;
        self.completed.store(true, Ordering::Release);
        Ok(())
    }
}

impl<S> Clone for Context<S> {
    fn clone(&self) -> Self {
        Self {
            db: self.db.clone(),
            services: self.services.clone(),
            completed: self.completed.clone(),
            ..*self
        }
    }
}

/// The row of a job that runs at once; change time, site, merge key or priority before enqueuing.
pub fn new_job<S, J: Job<S>>(job: &J, now: EpochMs) -> anyhow::Result<NewJob> {
    let payload = serde_json::to_string(job).with_context(|| format!("payload of {}", J::KIND))?;
    let mut new = NewJob::now(J::KIND, payload, now);
    new.max_attempts = J::MAX_ATTEMPTS;
    Ok(new)
}
