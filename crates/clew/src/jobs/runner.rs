//! Takes due jobs from the table and works on a bounded number of them.
//!
//! Any number of runners, in any number of processes, may share a database. One wakes up when this
//! process adds a job, when a job of its own ends, when the next known time comes, and every few
//! seconds in case another process added something.

use super::execute::Execution;
use super::registry::Registry;
use super::schedule::Scheduled;
use clew_core::model::EpochMs;
use clew_store::relational::jobs::{self, Claim, Claimed, schedules};
use clew_store::relational::{Db, Result};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

#[derive(Clone, Debug)]
pub struct Options {
    /// Jobs in hand at a time.
    pub concurrency: usize,
    /// The longest sleep between two looks at the table.
    pub poll: Duration,
    /// How long a job stays with a process that died.
    pub lease: Duration,
    /// How long running jobs may go on after the shutdown began; then they are handed back.
    pub drain: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            concurrency: 8,
            poll: Duration::from_secs(5),
            lease: Duration::from_mins(1),
            drain: Duration::from_secs(10),
        }
    }
}

#[derive(Debug)]
pub struct Runner<S> {
    db: Db,
    services: Arc<S>,
    registry: Registry<S>,
    options: Options,
    clock: fn() -> EpochMs,
}

/// What one look at the table led to.
struct Look {
    claimed: Vec<Claimed>,
    /// Nothing to look for before this time, unless somebody wakes us.
    sleep_until: Option<EpochMs>,
}

impl<S: Send + Sync + 'static> Runner<S> {
    pub fn new(
        db: Db,
        services: Arc<S>,
        registry: Registry<S>,
        options: Options,
        clock: fn() -> EpochMs,
    ) -> Self {
        Self {
            db,
            services,
            registry,
            options,
            clock,
        }
    }

    /// Registers `schedules` and works until `shutdown` fires; returns when nothing is in hand any
    /// more, at the latest `drain` later.
    pub async fn run(self, schedules: &[Scheduled], shutdown: CancellationToken) -> Result<()> {
        self.register(schedules).await?;
        let kinds = self.registry.kinds();
        let stop = CancellationToken::new();
        let mut added = self.db.jobs_added();
        let mut in_hand = JoinSet::new();
        while !shutdown.is_cancelled() {
            added.borrow_and_update();
            let free = self.options.concurrency.saturating_sub(in_hand.len());
            let wait = match self.look(&kinds, free).await {
                Ok(look) => {
                    let wait = self.wait(&look);
                    for job in look.claimed {
                        self.start(job, &stop, &mut in_hand);
                    }
                    wait
                }
                Err(error) => {
                    tracing::error!(%error, "jobs: the table cannot be read");
                    self.options.poll
                }
            };
            tokio::select! {
                () = shutdown.cancelled() => {}
                _ = added.changed(), if in_hand.len() < self.options.concurrency => {}
                Some(_) = in_hand.join_next() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
        self.drain(in_hand, &stop).await;
        Ok(())
    }

    async fn register(&self, schedules: &[Scheduled]) -> Result<()> {
        for scheduled in schedules {
            let (schedule, now) = (scheduled.schedule(), (self.clock)());
            let ensured = self.db.write_tx(move |tx| {
                Box::pin(async move { schedules::ensure(tx, &schedule, now).await })
            });
            ensured.await?;
        }
        Ok(())
    }

    /// Enqueues what is scheduled and claims what is due. Reads first: an idle runner writes
    /// nothing.
    async fn look(&self, kinds: &[&'static str], free: usize) -> Result<Look> {
        let now = (self.clock)();
        if schedules::next_due(self.db.read(), kinds)
            .await?
            .is_some_and(|due| due <= now)
        {
            let kinds = kinds.to_vec();
            let tick = self.db.write_tx(move |tx| {
                Box::pin(async move { schedules::tick(tx, &kinds, now).await })
            });
            tick.await?;
        }
        let mut claimed = Vec::new();
        let due = jobs::next_due(self.db.read(), kinds).await?;
        if free > 0 && due.is_some_and(|due| due <= now) {
            claimed = self.claim(kinds.to_vec(), free, now).await?;
        }
        let next_tick = schedules::next_due(self.db.read(), kinds).await?;
        let next_job = due.filter(|due| *due > now);
        Ok(Look {
            claimed,
            sleep_until: [next_tick, next_job].into_iter().flatten().min(),
        })
    }

    async fn claim(
        &self,
        kinds: Vec<&'static str>,
        free: usize,
        now: EpochMs,
    ) -> Result<Vec<Claimed>> {
        let lease_ms = self.options.lease.as_millis() as i64;
        let claim = self.db.write_tx(move |tx| {
            Box::pin(async move {
                let wanted = Claim {
                    kinds: &kinds,
                    limit: free as u64,
                    lease_ms,
                };
                jobs::claim(tx, &wanted, now).await
            })
        });
        claim.await
    }

    /// After a fruitful look there may be more at once; after a fruitless one there is not, even
    /// when jobs are due (they wait for a sibling, or for somebody's lock).
    fn wait(&self, look: &Look) -> Duration {
        if !look.claimed.is_empty() {
            return Duration::ZERO;
        }
        let until = look
            .sleep_until
            .map(|t| t.since((self.clock)()).max(1) as u64);
        until.map_or(self.options.poll, |ms| {
            self.options.poll.min(Duration::from_millis(ms))
        })
    }

    fn start(&self, job: Claimed, stop: &CancellationToken, in_hand: &mut JoinSet<()>) {
        let Some(handler) = self.registry.handler(&job.kind) else {
            tracing::error!(kind = job.kind, "jobs: claimed a kind without a handler");
            return;
        };
        let execution = Execution {
            db: self.db.clone(),
            services: self.services.clone(),
            clock: self.clock,
            lease_time: self.options.lease,
            stop: stop.clone(),
        };
        in_hand.spawn(execution.run(job, handler));
    }

    async fn drain(&self, mut in_hand: JoinSet<()>, stop: &CancellationToken) {
        let all = async { while in_hand.join_next().await.is_some() {} };
        if tokio::time::timeout(self.options.drain, all).await.is_err() {
            tracing::warn!(jobs = in_hand.len(), "jobs: handing unfinished jobs back");
            stop.cancel();
            while in_hand.join_next().await.is_some() {}
        }
    }
}
