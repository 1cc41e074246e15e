//! The job table: everything that has to happen later, or outside.
//!
//! A job is enqueued in the transaction of its cause, so it exists exactly if its cause does. It
//! is delivered at least once: whoever claims it holds a lease, and a lease that runs out (a
//! killed worker) makes it claimable again. Its id stays the same over all attempts and serves as
//! idempotency key. Only the holder of the newest lease can complete, fail or prolong it.
//!
//! Jobs with a *merge key* come together: while one of a kind and key is pending, enqueuing
//! another replaces its payload and time instead of adding one; while one is running, the next
//! waits. `run_at_latest` bounds how long newer ones may push the time away.

pub mod backoff;
mod claim;
mod finish;
mod inspect;
pub mod schedules;

pub use claim::{Claim, Claimed, claim, next_due};
pub use finish::{Lease, Retried, complete, fail, heartbeat, release};
pub use inspect::{Job, JobCount, JobFilter, counts, get, list, prune, retry_dead};

use super::entity::job::{ActiveModel, Column, Entity};
use super::error::{Result, invalid};
use super::tx::Tx;
use super::words::JobState;
use clew_core::model::id::RowId;
use clew_core::model::{EpochMs, SiteId};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait as _, OnConflict};
use sea_orm::{ActiveValue::Set, EntityTrait as _};
use uuid::Uuid;

/// A job to be. `payload` is JSON text that the handler of `kind` understands.
#[derive(Clone, Debug)]
pub struct NewJob {
    pub kind: String,
    /// The site it belongs to: jobs are erased and shown by site.
    pub site: Option<SiteId>,
    pub payload: String,
    /// Not before this time.
    pub run_at: EpochMs,
    /// However often newer jobs with the same key push `run_at` away, not after this time.
    pub run_at_latest: Option<EpochMs>,
    /// Unique within a kind; start it with the site's id where it names something of a site.
    pub merge_key: Option<String>,
    /// Higher runs first.
    pub priority: i32,
    /// Attempts until it is dead, at least 1; a crashed attempt counts.
    pub max_attempts: u16,
}

impl NewJob {
    /// A job that runs at once, ten attempts, no merging.
    pub fn now(kind: impl Into<String>, payload: impl Into<String>, now: EpochMs) -> Self {
        Self {
            kind: kind.into(),
            site: None,
            payload: payload.into(),
            run_at: now,
            run_at_latest: None,
            merge_key: None,
            priority: 0,
            max_attempts: 10,
        }
    }
}

/// Where a job went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enqueued {
    pub id: RowId,
    /// A pending job with the same merge key took it in.
    pub merged: bool,
}

/// Adds a job to the caller's transaction.
pub async fn enqueue(tx: &Tx, new: NewJob, now: EpochMs) -> Result<Enqueued> {
    if new.kind.is_empty() || new.max_attempts == 0 {
        return Err(invalid("job", "it needs a kind and at least one attempt"));
    }
    let id = Uuid::now_v7();
    let row = ActiveModel {
        id: Set(id),
        kind: Set(new.kind),
        site_id: Set(new.site.map(SiteId::to_uuid)),
        payload: Set(new.payload),
        merge_slot: Set(new.merge_key.clone()),
        merge_key: Set(new.merge_key),
        state: Set(JobState::Pending.as_str().to_owned()),
        priority: Set(new.priority),
        attempts: Set(0),
        max_attempts: Set(i32::from(new.max_attempts)),
        run_at: Set(new.run_at.0),
        run_at_latest: Set(new.run_at_latest.map(|t| t.0)),
        lease: Set(None),
        lease_until: Set(None),
        last_error: Set(None),
        created_at: Set(now.0),
        updated_at: Set(now.0),
        finished_at: Set(None),
    };
    let row = Entity::insert(row)
        .on_conflict(merge())
        .exec_with_returning(tx)
        .await?;
    tx.job_added();
    Ok(Enqueued {
        id: row.id.into(),
        merged: row.id != id,
    })
}

/// What a newer job does to the pending one with its key.
fn merge() -> OnConflict {
    let sooner_of_both = CaseStatement::new()
        .case(
            old(Column::RunAtLatest).lt(new(Column::RunAt)),
            old(Column::RunAtLatest),
        )
        .finally(new(Column::RunAt));
    let higher_of_both = CaseStatement::new()
        .case(
            old(Column::Priority).gt(new(Column::Priority)),
            old(Column::Priority),
        )
        .finally(new(Column::Priority));
    OnConflict::columns([Column::Kind, Column::MergeSlot])
        .update_columns([
            Column::Payload,
            Column::SiteId,
            Column::MaxAttempts,
            Column::UpdatedAt,
        ])
        .value(Column::Attempts, 0)
        .value(Column::RunAt, sooner_of_both)
        .value(Column::Priority, higher_of_both)
        .to_owned()
}

fn old(column: Column) -> Expr {
    Expr::col((Entity, column))
}

fn new(column: Column) -> Expr {
    Expr::col(("excluded", column))
}
