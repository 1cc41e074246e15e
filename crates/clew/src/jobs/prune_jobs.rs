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
