//! What becomes of a job in hand. Every function checks the lease and fails with `LeaseLost`.

use super::super::entity::job::{Column, Entity, Model};
use super::super::error::{Result, StoreError, conflict};
use super::super::tx::Tx;
use super::super::words::JobState;
use clew_core::model::EpochMs;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, UpdateMany};
use uuid::Uuid;

/// The right to say what became of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    pub(super) job: Uuid,
    pub(super) token: Uuid,
}

/// What a failed attempt leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retried {
    Later(EpochMs),
    /// No attempts are left, or retrying is pointless.
    Dead,
    /// A newer job with the same merge key is pending and does the work.
    Merged,
}

/// The job is done. Call it in the transaction of the job's own effects where they are relational,
/// and they happen exactly once.
pub async fn complete(tx: &Tx, lease: Lease, now: EpochMs) -> Result<()> {
    let update = finished(lease, JobState::Done, now);
    held(
        update.col_expr(Column::LastError, Expr::value(Option::<String>::None)),
        tx,
    )
    .await
}

/// The attempt failed. With `retry_at` it is tried again while attempts are left, without it the
/// job is dead. `Conflict` means that a newer job slipped in on PostgreSQL: call it once more.
pub async fn fail(
    tx: &Tx,
    lease: Lease,
    error: &str,
    retry_at: Option<EpochMs>,
    now: EpochMs,
) -> Result<Retried> {
    let job = current(tx, lease).await?;
    let retry_at = retry_at.filter(|_| job.attempts < job.max_attempts);
    let Some(retry_at) = retry_at else {
        let update = finished(lease, JobState::Dead, now);
        held(
            update.col_expr(Column::LastError, Expr::value(shortened(error))),
            tx,
        )
        .await?;
        return Ok(Retried::Dead);
    };
    back(tx, lease, &job, Some(error), retry_at, job.attempts, now).await
}

/// Hands a job back untouched, for a worker that is shutting down: the attempt does not count.
pub async fn release(tx: &Tx, lease: Lease, now: EpochMs) -> Result<Retried> {
    let job = current(tx, lease).await?;
    let released = back(tx, lease, &job, None, now, job.attempts - 1, now).await?;
    tx.job_added();
    Ok(released)
}

/// Keeps the job until `until`.
pub async fn heartbeat(tx: &Tx, lease: Lease, until: EpochMs) -> Result<()> {
    let update = Entity::update_many().col_expr(Column::LeaseUntil, Expr::value(until.0));
    held(of(update, lease), tx).await
}

async fn back(
    tx: &Tx,
    lease: Lease,
    job: &Model,
    error: Option<&str>,
    run_at: EpochMs,
    attempts: i32,
    now: EpochMs,
) -> Result<Retried> {
    if job.merge_key.is_some() && superseded(tx, job).await? {
        held(finished(lease, JobState::Merged, now), tx).await?;
        return Ok(Retried::Merged);
    }
    let mut update = Entity::update_many()
        .col_expr(Column::State, Expr::value(JobState::Pending.as_str()))
        .col_expr(Column::MergeSlot, Expr::col(Column::MergeKey))
        .col_expr(Column::Attempts, Expr::value(attempts))
        .col_expr(Column::RunAt, Expr::value(run_at.0))
        .col_expr(Column::Lease, Expr::value(Option::<Uuid>::None))
        .col_expr(Column::LeaseUntil, Expr::value(Option::<i64>::None))
        .col_expr(Column::UpdatedAt, Expr::value(now.0));
    if let Some(error) = error {
        update = update.col_expr(Column::LastError, Expr::value(shortened(error)));
    }
    held(of(update, lease), tx).await?;
    Ok(Retried::Later(run_at))
}

async fn superseded(tx: &Tx, job: &Model) -> Result<bool> {
    let newer = Entity::find()
        .filter(Column::Kind.eq(job.kind.as_str()))
        .filter(Column::MergeSlot.eq(job.merge_key.as_deref()))
        .one(tx)
        .await?;
    Ok(newer.is_some())
}

async fn current(tx: &Tx, lease: Lease) -> Result<Model> {
    let row = Entity::find_by_id(lease.job)
        .filter(Column::Lease.eq(lease.token))
        .filter(Column::State.eq(JobState::Running.as_str()))
        .one(tx)
        .await?;
    row.ok_or(StoreError::LeaseLost)
}

fn finished(lease: Lease, state: JobState, now: EpochMs) -> UpdateMany<Entity> {
    let update = Entity::update_many()
        .col_expr(Column::State, Expr::value(state.as_str()))
        .col_expr(Column::LeaseUntil, Expr::value(Option::<i64>::None))
        .col_expr(Column::FinishedAt, Expr::value(now.0))
        .col_expr(Column::UpdatedAt, Expr::value(now.0));
    of(update, lease)
}

fn of(update: UpdateMany<Entity>, lease: Lease) -> UpdateMany<Entity> {
    update
        .filter(Column::Id.eq(lease.job))
        .filter(Column::Lease.eq(lease.token))
        .filter(Column::State.eq(JobState::Running.as_str()))
}

async fn held(update: UpdateMany<Entity>, tx: &Tx) -> Result<()> {
    let done = update.exec(tx).await.map_err(conflict("merge key"))?;
    if done.rows_affected == 1 {
        Ok(())
    } else {
        Err(StoreError::LeaseLost)
    }
}

/// Errors of outside services can be whole web pages.
fn shortened(error: &str) -> String {
    error.chars().take(2_000).collect()
}
