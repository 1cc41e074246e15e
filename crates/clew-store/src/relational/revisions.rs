//! Counters that tell other processes that something changed.

use super::entity::revision;
use super::error::Result;
use super::tx::Tx;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait as _};

const POLICIES: &str = "policies";

/// The revision of everything that a site policy or a key depends on; 0 before the first change.
pub(super) async fn policies(c: &impl ConnectionTrait) -> Result<u64> {
    let row = revision::Entity::find_by_id(POLICIES).one(c).await?;
    Ok(row.map_or(0, |r| u64::try_from(r.value).unwrap_or(0)))
}

/// Counts a change; listeners hear of it after the commit.
pub(super) async fn policies_changed(tx: &Tx) -> Result<()> {
    let first = revision::ActiveModel {
        name: Set(POLICIES.to_owned()),
        value: Set(1),
    };
    let next = Expr::col((revision::Entity, revision::Column::Value)).add(1);
    let row = revision::Entity::insert(first)
        .on_conflict(
            OnConflict::column(revision::Column::Name)
                .value(revision::Column::Value, next)
                .to_owned(),
        )
        .exec_with_returning(tx)
        .await?;
    tx.policies_changed(u64::try_from(row.value).unwrap_or(0));
    Ok(())
}
