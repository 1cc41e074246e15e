//! Taking jobs to work on.

use super::super::entity::job::{Column, Entity, Model};
use super::super::error::Result;
use super::super::tx::Tx;
use super::super::words::JobState;
use super::finish::Lease;
use clew_core::model::id::RowId;
use clew_core::model::{EpochMs, SiteId};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait as _, LockBehavior, LockType, Query};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use uuid::Uuid;

/// What a worker is ready to take.
#[derive(Clone, Debug)]
pub struct Claim<'a> {
    /// Kinds that it has a handler for; others stay where they are.
    pub kinds: &'a [&'a str],
    pub limit: u64,
    /// How long the jobs are its own; heartbeats prolong that.
    pub lease_ms: i64,
}

/// A job in hand.
#[derive(Clone, Debug)]
pub struct Claimed {
    pub lease: Lease,
    /// The same in every attempt: the idempotency key of its effects.
    pub id: RowId,
    pub kind: String,
    pub site: Option<SiteId>,
    pub payload: String,
    /// This attempt's number, from 1.
    pub attempt: u16,
    pub max_attempts: u16,
    pub created_at: EpochMs,
}

/// Takes up to `limit` due jobs, the highest priority and the longest waiting first. Jobs whose
/// lease ran out are due; one that used up its attempts by crashing is declared dead instead.
pub async fn claim(tx: &Tx, wanted: &Claim<'_>, now: EpochMs) -> Result<Vec<Claimed>> {
    bury_crashed(tx, wanted.kinds, now).await?;
    let due: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Kind.is_in(wanted.kinds.iter().copied()))
        .filter(due_at(now))
        .filter(no_sibling_running())
        .order_by_desc(Column::Priority)
        .order_by_asc(Column::RunAt)
        .order_by_asc(Column::Id)
        .limit(wanted.limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .into_tuple()
        .all(tx)
        .await?;
    let mut claimed = Vec::with_capacity(due.len());
    for id in due {
        claimed.extend(take(tx, id, wanted.lease_ms, now).await?);
    }
    Ok(claimed)
}

/// When the next job of these kinds is due (which may be in the past); `None` while there is none.
pub async fn next_due(c: &impl ConnectionTrait, kinds: &[&str]) -> Result<Option<EpochMs>> {
    let mut next = None;
    for (state, column) in [
        (JobState::Pending, Column::RunAt),
        (JobState::Running, Column::LeaseUntil),
    ] {
        let earliest: Option<Option<i64>> = Entity::find()
            .select_only()
            .expr(column.min())
            .filter(Column::State.eq(state.as_str()))
            .filter(Column::Kind.is_in(kinds.iter().copied()))
            .into_tuple()
            .one(c)
            .await?;
        next = [next, earliest.flatten()].into_iter().flatten().min();
    }
    Ok(next.map(EpochMs))
}

async fn take(tx: &Tx, id: Uuid, lease_ms: i64, now: EpochMs) -> Result<Option<Claimed>> {
    let lease = Uuid::new_v4();
    let row = Entity::update_many()
        .col_expr(Column::State, Expr::value(JobState::Running.as_str()))
        .col_expr(Column::MergeSlot, Expr::value(Option::<String>::None))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .col_expr(Column::Lease, Expr::value(lease))
        .col_expr(
            Column::LeaseUntil,
            Expr::value(now.0.saturating_add(lease_ms)),
        )
        .col_expr(Column::UpdatedAt, Expr::value(now.0))
        .filter(Column::Id.eq(id))
        .exec_with_returning(tx)
        .await?;
    Ok(row.into_iter().next().map(|row| in_hand(row, lease)))
}

fn in_hand(row: Model, lease: Uuid) -> Claimed {
    Claimed {
        lease: Lease {
            job: row.id,
            token: lease,
        },
        id: row.id.into(),
        kind: row.kind,
        site: row.site_id.map(SiteId::from),
        payload: row.payload,
        attempt: u16::try_from(row.attempts).unwrap_or(u16::MAX),
        max_attempts: u16::try_from(row.max_attempts).unwrap_or(u16::MAX),
        created_at: EpochMs(row.created_at),
    }
}

fn due_at(now: EpochMs) -> Condition {
    let waiting = Condition::all()
        .add(Column::State.eq(JobState::Pending.as_str()))
        .add(Column::RunAt.lte(now.0));
    Condition::any().add(waiting).add(abandoned(now))
}

fn abandoned(now: EpochMs) -> Condition {
    Condition::all()
        .add(Column::State.eq(JobState::Running.as_str()))
        .add(Column::LeaseUntil.lte(now.0))
}

/// Jobs of one merge key run one after another, or a slow older one could undo a newer one.
fn no_sibling_running() -> Condition {
    let sibling = Alias::new("sibling");
    let of_sibling = |column: Column| Expr::col((sibling.clone(), column));
    let mine = |column: Column| Expr::col((Entity, column));
    let running = Query::select()
        .expr(Expr::value(1))
        .from_as(Entity, sibling.clone())
        .and_where(of_sibling(Column::State).eq(JobState::Running.as_str()))
        .and_where(of_sibling(Column::Kind).equals((Entity, Column::Kind)))
        .and_where(of_sibling(Column::MergeKey).equals((Entity, Column::MergeKey)))
        .and_where(of_sibling(Column::Id).ne(mine(Column::Id)))
        .to_owned();
    Condition::any()
        .add(Column::MergeKey.is_null())
        .add(Expr::exists(running).not())
}

async fn bury_crashed(tx: &Tx, kinds: &[&str], now: EpochMs) -> Result<()> {
    let buried = Entity::update_many()
        .col_expr(Column::State, Expr::value(JobState::Dead.as_str()))
        .col_expr(
            Column::LastError,
            Expr::value("the worker died in the last allowed attempt"),
        )
        .col_expr(Column::FinishedAt, Expr::value(now.0))
        .col_expr(Column::UpdatedAt, Expr::value(now.0))
        .filter(Column::Kind.is_in(kinds.iter().copied()))
        .filter(abandoned(now))
        .filter(Expr::col(Column::Attempts).gte(Expr::col(Column::MaxAttempts)))
        .exec(tx)
        .await?;
    if buried.rows_affected > 0 {
        tracing::error!(
            jobs = buried.rows_affected,
            "jobs are dead: their workers kept dying"
        );
    }
    Ok(())
}
