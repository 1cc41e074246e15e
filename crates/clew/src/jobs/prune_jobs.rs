//! Removes jobs that ended long ago: their payloads may hold personal data, and nobody reads them.

use super::job::{Context, Job, JobError};
use clew_core::model::EpochMs;
use clew_store::relational::{JobState, jobs};
use serde::{Deserialize, Serialize};

const PER_TRANSACTION: u64 = 500;

/// Dead jobs stay longer, so that somebody can look at them and retry.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PruneJobs {
    pub done_days: u16,
    pub dead_days: u16,
}

impl<S: Send + Sync + 'static> Job<S> for PruneJobs {
    const KIND: &'static str = "prune_jobs";

    async fn run(self, context: Context<S>) -> Result<(), JobError> {
        let now = (context.clock)();
        for (state, days) in [
            (JobState::Done, self.done_days),
            (JobState::Merged, self.done_days),
            (JobState::Dead, self.dead_days),
        ] {
            let before = now.plus(-i64::from(days) * EpochMs::DAY);
            let mut removed = PER_TRANSACTION;
            while removed == PER_TRANSACTION {
                let prune = context.db.write_tx(move |tx| {
                    Box::pin(async move { jobs::prune(tx, state, before, PER_TRANSACTION).await })
                });
                removed = prune.await?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::{Options, Registry, Runner, new_job};
    use clew_store::relational::jobs::{Claim, NewJob};
    use clew_store::relational::{Db, Result};
    use std::sync::Arc;
    use tokio_util::sync::CancellationToken;

    const NOW: EpochMs = EpochMs(1_790_000_000_000);

    async fn finished(db: &Db, age_days: i64, dead: bool) -> Result<()> {
        let at = NOW.plus(-age_days * EpochMs::DAY);
        let work = db.write_tx(move |tx| {
            Box::pin(async move {
                jobs::enqueue(tx, NewJob::now("old", "{}", at), at).await?;
                let wanted = Claim {
                    kinds: &["old"],
                    limit: 1,
                    lease_ms: 1,
                };
                let job = jobs::claim(tx, &wanted, at).await?.remove(0);
                if dead {
                    jobs::fail(tx, job.lease, "no", None, at).await.map(drop)
                } else {
                    jobs::complete(tx, job.lease, at).await
                }
            })
        });
        work.await
    }

    #[tokio::test]
    async fn old_jobs_go_and_dead_ones_stay_longer() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open_sqlite(&folder.path().join("db")).await.unwrap();
        for (age, dead) in [(6, false), (8, false), (8, true), (91, true)] {
            finished(&db, age, dead).await.unwrap();
        }
        let prune = PruneJobs {
            done_days: 7,
            dead_days: 90,
        };
        let prune = new_job::<(), _>(&prune, NOW).unwrap();
        db.write_tx(move |tx| Box::pin(async move { jobs::enqueue(tx, prune, NOW).await }))
            .await
            .unwrap();
        let shutdown = CancellationToken::new();
        let runner = Runner::new(
            db.clone(),
            Arc::new(()),
            Registry::new().job::<PruneJobs>(),
            Options::default(),
            || NOW,
        );
        let running = tokio::spawn(runner.run(&[], shutdown.clone()));
        let counts = async || jobs::counts(db.read()).await.unwrap();
        while counts()
            .await
            .iter()
            .any(|c| c.kind == "prune_jobs" && c.state != JobState::Done)
        {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        shutdown.cancel();
        running.await.unwrap().unwrap();
        let left: Vec<_> = counts()
            .await
            .into_iter()
            .filter(|c| c.kind == "old")
            .map(|c| (c.state, c.count))
            .collect();
        assert_eq!(left, [(JobState::Done, 1), (JobState::Dead, 1)]);
    }
}
