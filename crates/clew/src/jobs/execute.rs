//! One attempt of one job, from the claim to its outcome in the database.

use super::job::{Context, JobError};
use super::registry::Handler;
use clew_core::model::EpochMs;
use clew_store::relational::jobs::{self, Claimed, Lease, Retried};
use clew_store::relational::{Db, StoreError};
use futures::FutureExt as _;
use metrics::{counter, histogram};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// Times the outcome is offered to the database before the lease is left to expire.
const SETTLE_TRIES: u32 = 3;

pub(super) struct Execution<S> {
    pub(super) db: Db,
    pub(super) services: Arc<S>,
    pub(super) clock: fn() -> EpochMs,
    pub(super) lease_time: Duration,
    /// Fired when the process cannot wait any longer: the job goes back untouched.
    pub(super) stop: CancellationToken,
}

/// How an attempt ended.
enum Ending {
    Returned(Result<(), JobError>),
    Stopped,
    LeaseLost,
}

impl<S: Send + Sync + 'static> Execution<S> {
    pub(super) async fn run(self, job: Claimed, handler: Handler<S>) {
        let started = Instant::now();
        let completed = Arc::new(AtomicBool::new(false));
        let ending = self.attempt(&job, handler, completed.clone()).await;
        let outcome = match ending {
            Ending::Returned(Ok(())) => self.complete(&job, &completed).await,
            Ending::Returned(Err(error)) => self.fail(&job, &error, handler).await,
            Ending::Stopped => self.release(&job).await,
            Ending::LeaseLost => "lease_lost",
        };
        let kind = job.kind.clone();
        counter!("clew_jobs_total", "kind" => kind.clone(), "outcome" => outcome).increment(1);
        histogram!("clew_job_seconds", "kind" => kind).record(started.elapsed().as_secs_f64());
    }

    async fn attempt(
        &self,
        job: &Claimed,
        handler: Handler<S>,
        completed: Arc<AtomicBool>,
    ) -> Ending {
        let context = Context {
            db: self.db.clone(),
            services: self.services.clone(),
            id: job.id,
            site: job.site,
            attempt: job.attempt,
            enqueued_at: job.created_at,
            clock: self.clock,
            lease: job.lease,
            completed,
        };
        let work = AssertUnwindSafe(async { (handler.run)(&job.payload, context).await });
        let work = tokio::time::timeout(handler.time_limit, work.catch_unwind());
        tokio::select! {
            returned = work => Ending::Returned(match returned {
                Ok(Ok(result)) => result,
                Ok(Err(_panic)) => Err(retry("the handler panicked")),
                Err(_elapsed) => Err(retry("the handler took too long")),
            }),
            () = self.heartbeat(job.lease) => Ending::LeaseLost,
            () = self.stop.cancelled() => Ending::Stopped,
        }
    }

    /// Prolongs the lease for as long as it is polled; returns when the lease is lost.
    async fn heartbeat(&self, lease: Lease) {
        loop {
            tokio::time::sleep(self.lease_time / 3).await;
            let until = (self.clock)().plus(self.lease_time.as_millis() as i64);
            let beat = self.db.write_tx(move |tx| {
                Box::pin(async move { jobs::heartbeat(tx, lease, until).await })
            });
            match beat.await {
                Ok(()) => {}
                Err(StoreError::LeaseLost) => return,
                Err(error) => tracing::warn!(%error, "jobs: a heartbeat failed"),
            }
        }
    }

    async fn complete(&self, job: &Claimed, completed: &AtomicBool) -> &'static str {
        let (lease, now) = (job.lease, (self.clock)());
        let settled = self.settle(job, move |db| {
            let work = db
                .write_tx(move |tx| Box::pin(async move { jobs::complete(tx, lease, now).await }));
            work.boxed()
        });
        match settled.await {
            Ok(()) => "done",
            Err(StoreError::LeaseLost) if completed.load(Ordering::Acquire) => "done",
            Err(error) => lost(job, &error),
        }
    }

    async fn fail(&self, job: &Claimed, error: &JobError, handler: Handler<S>) -> &'static str {
        let now = (self.clock)();
        let (text, wait_ms) = match error {
            JobError::GiveUp(source) => (format!("{source:#}"), None),
            JobError::Retry { source, after } => {
                let jitter = || handler.backoff.delay_ms(job.attempt, rand::random());
                let wait = after.map_or_else(jitter, |after| after.as_millis() as i64);
                (format!("{source:#}"), Some(wait))
            }
        };
        tracing::warn!(kind = job.kind, id = %job.id, attempt = job.attempt, error = text, "jobs: an attempt failed");
        let lease = job.lease;
        let settled = self.settle(job, move |db| {
            let text = text.clone();
            let work = db.write_tx(move |tx| {
                let retry_at = wait_ms.map(|wait| now.plus(wait));
                Box::pin(async move { jobs::fail(tx, lease, &text, retry_at, now).await })
            });
            work.boxed()
        });
        match settled.await {
            Ok(Retried::Later(_)) => "retry",
            Ok(Retried::Merged) => "merged",
            Ok(Retried::Dead) => {
                tracing::error!(kind = job.kind, id = %job.id, "jobs: a job is dead");
                "dead"
            }
            Err(error) => lost(job, &error),
        }
    }

    async fn release(&self, job: &Claimed) -> &'static str {
        let (lease, now) = (job.lease, (self.clock)());
        let settled = self.settle(job, move |db| {
            let work =
                db.write_tx(move |tx| Box::pin(async move { jobs::release(tx, lease, now).await }));
            work.boxed()
        });
        match settled.await {
            Ok(_) => "released",
            Err(error) => lost(job, &error),
        }
    }

    /// Offers an outcome to the database a few times.
    async fn settle<'a, T>(
        &'a self,
        job: &Claimed,
        offer: impl Fn(&'a Db) -> futures::future::BoxFuture<'a, Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let mut tries = 0;
        loop {
            tries += 1;
            match offer(&self.db).await {
                Err(error) if tries < SETTLE_TRIES && !matches!(error, StoreError::LeaseLost) => {
                    tracing::warn!(kind = job.kind, id = %job.id, %error, "jobs: the outcome was not stored");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
                settled => return settled,
            }
        }
    }
}

fn retry(reason: &'static str) -> JobError {
    JobError::Retry {
        source: anyhow::Error::msg(reason),
        after: None,
    }
}

/// Nothing is lost for good: the lease runs out and another attempt follows.
fn lost(job: &Claimed, error: &StoreError) -> &'static str {
    tracing::error!(kind = job.kind, id = %job.id, %error, "jobs: an outcome was lost");
    "lost"
}
