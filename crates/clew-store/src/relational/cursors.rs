//! How far a projector has come in the journal.
//!
//! A projector moves its cursor in the transaction of the rows it projected: after a crash both are
//! there or neither is. A cursor is an LSN, and moves only from where its projector believed it to
//! be, so that two of a kind cannot both go on.

use super::entity::cursor::{ActiveModel, Column, Entity};
use super::error::{Result, StoreError, corrupt, invalid};
use super::tx::Tx;
use clew_core::model::EpochMs;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
};

/// The last LSN that `name` has projected; 0 before the first.
pub async fn get(c: &impl ConnectionTrait, name: &str) -> Result<u64> {
    let row = Entity::find_by_id(name).one(c).await?;
    row.map_or(Ok(0), |r| {
        u64::try_from(r.lsn).map_err(|e| corrupt("cursor", &e))
    })
}

/// Moves the cursor from `from` to `to` (not backwards); `CursorMoved` when it stands elsewhere.
pub async fn advance(tx: &Tx, name: &str, from: u64, to: u64, now: EpochMs) -> Result<()> {
    if to < from {
        return Err(invalid("cursor", "it does not move backwards"));
    }
    put(tx, name, 0, now, false).await?;
    let moved = Entity::update_many()
        .col_expr(Column::Lsn, Expr::value(stored(to)?))
        .col_expr(Column::UpdatedAt, Expr::value(now.0))
        .filter(Column::Name.eq(name))
        .filter(Column::Lsn.eq(stored(from)?))
        .exec(tx)
        .await?;
    if moved.rows_affected == 1 {
        return Ok(());
    }
    Err(StoreError::CursorMoved {
        name: name.to_owned(),
        expected: from,
        found: get(tx, name).await?,
    })
}

/// Puts the cursor anywhere, for a rebuild.
pub async fn reset(tx: &Tx, name: &str, to: u64, now: EpochMs) -> Result<()> {
    put(tx, name, stored(to)?, now, true).await
}

async fn put(tx: &Tx, name: &str, lsn: i64, now: EpochMs, replace: bool) -> Result<()> {
    let row = ActiveModel {
        name: Set(name.to_owned()),
        lsn: Set(lsn),
        updated_at: Set(now.0),
    };
    let mut known = OnConflict::column(Column::Name);
    if replace {
        known.update_columns([Column::Lsn, Column::UpdatedAt]);
    } else {
        known.do_nothing();
    }
    Entity::insert(row)
        .on_conflict(known)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

fn stored(lsn: u64) -> Result<i64> {
    i64::try_from(lsn).map_err(|e| invalid("cursor", &e))
}
