//! Looking at jobs, reviving dead ones, removing finished ones.

use super::super::entity::job::{Column, Entity, Model};
use super::super::error::{Result, conflict, missing};
use super::super::tx::Tx;
use super::super::words::JobState;
use clew_core::model::id::RowId;
use clew_core::model::{EpochMs, SiteId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    pub id: RowId,
    pub kind: String,
    pub site: Option<SiteId>,
    pub payload: String,
    pub merge_key: Option<String>,
    pub state: JobState,
    pub priority: i32,
    pub attempts: u16,
    pub max_attempts: u16,
    pub run_at: EpochMs,
    pub lease_until: Option<EpochMs>,
    pub last_error: Option<String>,
    pub created_at: EpochMs,
    pub finished_at: Option<EpochMs>,
}

/// Which jobs to list; newest first.
#[derive(Clone, Debug)]
pub struct JobFilter {
    /// `None`: jobs of the installation itself, those without a site.
    pub site: Option<SiteId>,
    pub kind: Option<String>,
    pub state: Option<JobState>,
    pub limit: u64,
}

/// How many jobs of a kind are in a state.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct JobCount {
    pub kind: String,
    pub state: JobState,
    pub count: u64,
}

/// `site` must be the job's own.
pub async fn get(c: &impl ConnectionTrait, site: Option<SiteId>, id: RowId) -> Result<Job> {
    let row = Entity::find_by_id(id.to_uuid())
        .filter(of_site(site))
        .one(c)
        .await?;
    from_row(row.ok_or_else(missing("job"))?)
}

pub async fn list(c: &impl ConnectionTrait, filter: &JobFilter) -> Result<Vec<Job>> {
    let mut query = Entity::find().filter(of_site(filter.site));
    if let Some(kind) = &filter.kind {
        query = query.filter(Column::Kind.eq(kind));
    }
    if let Some(state) = filter.state {
        query = query.filter(Column::State.eq(state.as_str()));
    }
    let rows = query
        .order_by_desc(Column::Id)
        .limit(filter.limit)
        .all(c)
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// Counts over all sites, for metrics.
pub async fn counts(c: &impl ConnectionTrait) -> Result<Vec<JobCount>> {
    let rows: Vec<(String, String, i64)> = Entity::find()
        .select_only()
        .column(Column::Kind)
        .column(Column::State)
        .expr(Column::Id.count())
        .group_by(Column::Kind)
        .group_by(Column::State)
        .into_tuple()
        .all(c)
        .await?;
    let counts = rows.into_iter().map(|(kind, state, count)| {
        let state = JobState::stored(&state)?;
        Ok(JobCount {
            kind,
            state,
            count: u64::try_from(count).unwrap_or(0),
        })
    });
    let mut counts = counts.collect::<Result<Vec<_>>>()?;
    counts.sort();
    Ok(counts)
}

/// Gives a dead job all its attempts again. `Conflict` when a pending one has its merge key.
pub async fn retry_dead(tx: &Tx, site: Option<SiteId>, id: RowId, now: EpochMs) -> Result<()> {
    let done = Entity::update_many()
        .col_expr(Column::State, Expr::value(JobState::Pending.as_str()))
        .col_expr(Column::MergeSlot, Expr::col(Column::MergeKey))
        .col_expr(Column::Attempts, Expr::value(0))
        .col_expr(Column::RunAt, Expr::value(now.0))
        .col_expr(Column::Lease, Expr::value(Option::<Uuid>::None))
        .col_expr(Column::LeaseUntil, Expr::value(Option::<i64>::None))
        .col_expr(Column::FinishedAt, Expr::value(Option::<i64>::None))
        .col_expr(Column::UpdatedAt, Expr::value(now.0))
        .filter(Column::Id.eq(id.to_uuid()))
        .filter(of_site(site))
        .filter(Column::State.eq(JobState::Dead.as_str()))
        .exec(tx)
        .await
        .map_err(conflict("merge key"))?;
    if done.rows_affected == 0 {
        return Err(missing("dead job")());
    }
    tx.job_added();
    Ok(())
}

/// Removes up to `limit` jobs that ended in `state` before `before`; returns how many. Repeat
/// until it returns less than `limit`: small transactions keep other writers moving.
pub async fn prune(tx: &Tx, state: JobState, before: EpochMs, limit: u64) -> Result<u64> {
    let old: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::FinishedAt.lt(before.0))
        .filter(Column::State.eq(state.as_str()))
        .order_by_asc(Column::FinishedAt)
        .limit(limit)
        .into_tuple()
        .all(tx)
        .await?;
    let gone = Entity::delete_many()
        .filter(Column::Id.is_in(old))
        .exec(tx)
        .await?;
    Ok(gone.rows_affected)
}

fn of_site(site: Option<SiteId>) -> Expr {
    match site {
        Some(site) => Column::SiteId.eq(site.to_uuid()),
        None => Column::SiteId.is_null(),
    }
}

fn from_row(row: Model) -> Result<Job> {
    Ok(Job {
        id: row.id.into(),
        kind: row.kind,
        site: row.site_id.map(SiteId::from),
        payload: row.payload,
        merge_key: row.merge_key,
        state: JobState::stored(&row.state)?,
        priority: row.priority,
        attempts: u16::try_from(row.attempts).unwrap_or(u16::MAX),
        max_attempts: u16::try_from(row.max_attempts).unwrap_or(u16::MAX),
        run_at: EpochMs(row.run_at),
        lease_until: row.lease_until.map(EpochMs),
        last_error: row.last_error,
        created_at: EpochMs(row.created_at),
        finished_at: row.finished_at.map(EpochMs),
    })
}
