//! What retention has done to each site: the mark behind which nothing comes back, and the count.
//!
//! The mark is truth, not a projection: whoever writes events into an event store asks for it, so
//! that a rebuild brings back nothing that has left. It only rises. A run is committed here after
//! its files are written and before anything is deleted; `pending` says that the event store may
//! still hold what the mark covers.

use super::entity::retention::{ActiveModel, Column, Entity, Model};
use super::error::{Result, StoreError, corrupt, invalid};
use super::tx::Tx;
use clew_core::model::{EpochMs, SiteId, Watermark};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _,
};
use std::collections::HashMap;

/// Where a site stands; all zero before its first run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    pub mark: Watermark,
    /// Number of the last committed run.
    pub runs: u64,
    /// What the mark covers may not have been deleted yet.
    pub pending: bool,
    /// Rows that left the reports, ever.
    pub removed: u64,
    pub archived_rows: u64,
    pub archived_files: u64,
    /// Rows that were deleted and whose bytes are still in the event store's file.
    pub uncompacted: u64,
    pub uncompacted_since: Option<EpochMs>,
    pub last_run_at: Option<EpochMs>,
}

/// What a run has come to.
#[derive(Clone, Copy, Debug)]
pub struct Commit {
    /// One more than the last.
    pub number: u64,
    pub mark: Watermark,
    pub archived_rows: u64,
    pub archived_files: u64,
}

pub async fn get(c: &impl ConnectionTrait, site: SiteId) -> Result<Retention> {
    let row = Entity::find_by_id(site.to_uuid()).one(c).await?;
    row.map_or_else(|| Ok(Retention::default()), |row| read(&row))
}

/// The marks of all sites: the event store is one, and every writer of it asks for them.
pub async fn marks(c: &impl ConnectionTrait) -> Result<HashMap<SiteId, Watermark>> {
    let rows = Entity::find().all(c).await?;
    rows.into_iter()
        .map(|row| Ok((row.site_id.into(), read(&row)?.mark)))
        .collect()
}

/// Sites whose deleted rows still lie in the event store's file, oldest first, with their number.
pub async fn uncompacted(c: &impl ConnectionTrait) -> Result<Vec<(EpochMs, u64)>> {
    let rows = Entity::find()
        .filter(Column::UncompactedSince.is_not_null())
        .order_by_asc(Column::UncompactedSince)
        .all(c)
        .await?;
    rows.iter()
        .map(|row| {
            let state = read(row)?;
            Ok((
                state.uncompacted_since.unwrap_or_default(),
                state.uncompacted,
            ))
        })
        .collect()
}

/// From now on the mark holds. `Conflict` when another run was committed meanwhile, `Invalid` when
/// the mark would go back.
pub async fn commit(tx: &Tx, site: SiteId, run: Commit, now: EpochMs) -> Result<()> {
    let known = Entity::find_by_id(site.to_uuid()).one(tx).await?;
    let before = known
        .as_ref()
        .map_or_else(|| Ok(Retention::default()), read)?;
    if run.number != before.runs + 1 {
        return Err(StoreError::Conflict {
            what: "retention run",
        });
    }
    if run.mark.before < before.mark.before && before.runs > 0
        || run.mark.through < before.mark.through
    {
        return Err(invalid("retention mark", "it does not go back"));
    }
    let row = ActiveModel {
        site_id: Set(site.to_uuid()),
        before_ms: Set(run.mark.before.0),
        through_lsn: Set(stored(run.mark.through)?),
        runs: Set(stored(run.number)?),
        pending: Set(true),
        removed: Set(stored(before.removed)?),
        archived_rows: Set(stored(before.archived_rows + run.archived_rows)?),
        archived_files: Set(stored(before.archived_files + run.archived_files)?),
        uncompacted: Set(stored(before.uncompacted)?),
        uncompacted_since: Set(before.uncompacted_since.map(|at| at.0)),
        last_run_at: Set(before.last_run_at.map(|at| at.0)),
        updated_at: Set(now.0),
    };
    if known.is_some() {
        Entity::update(row).exec(tx).await?;
    } else {
        Entity::insert(row).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// What the mark covers is deleted: `rows` of them just now.
pub async fn settle(tx: &Tx, site: SiteId, rows: u64, now: EpochMs) -> Result<()> {
    let Some(row) = Entity::find_by_id(site.to_uuid()).one(tx).await? else {
        return Ok(());
    };
    let since = row.uncompacted_since;
    let (removed, uncompacted) = (row.removed, row.uncompacted);
    let rows = stored(rows)?;
    let mut row = row.into_active_model();
    row.pending = Set(false);
    row.removed = Set(removed.saturating_add(rows));
    row.uncompacted = Set(uncompacted.saturating_add(rows));
    if rows > 0 {
        row.uncompacted_since = Set(since.or(Some(now.0)));
    }
    row.last_run_at = Set(Some(now.0));
    row.updated_at = Set(now.0);
    Entity::update(row).exec(tx).await?;
    Ok(())
}

/// The event store's file was written anew: no deleted row is in it any more.
pub async fn compacted(tx: &Tx, now: EpochMs) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Uncompacted, Expr::value(0_i64))
        .col_expr(Column::UncompactedSince, Expr::value(Option::<i64>::None))
        .col_expr(Column::UpdatedAt, Expr::value(now.0))
        .filter(Column::UncompactedSince.is_not_null())
        .exec(tx)
        .await?;
    Ok(())
}

fn read(row: &Model) -> Result<Retention> {
    let count = |n: i64| u64::try_from(n).map_err(|e| corrupt("retention", &e));
    Ok(Retention {
        mark: Watermark {
            before: EpochMs(row.before_ms),
            through: count(row.through_lsn)?,
        },
        runs: count(row.runs)?,
        pending: row.pending,
        removed: count(row.removed)?,
        archived_rows: count(row.archived_rows)?,
        archived_files: count(row.archived_files)?,
        uncompacted: count(row.uncompacted)?,
        uncompacted_since: row.uncompacted_since.map(EpochMs),
        last_run_at: row.last_run_at.map(EpochMs),
    })
}

fn stored(count: u64) -> Result<i64> {
    i64::try_from(count).map_err(|e| invalid("retention", &e))
}
