//! Imports of a site: what is loaded from elsewhere or generated, and how far it is.
//!
//! Owns the state from which loading and removing are taken up again after a restart. The events
//! themselves are in the journal; a row ends with its import's revocation.

use super::entity::import::{ActiveModel, Column, Entity, Model};
use super::error::{Result, StoreError, corrupt, invalid, missing};
use super::tx::Tx;
use super::words::{ImportKind, ImportState};
use clew_core::model::{EpochMs, ImportId, SiteId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    pub id: ImportId,
    pub site: SiteId,
    pub kind: ImportKind,
    pub state: ImportState,
    /// JSON that says, to whoever loads this kind, what to load.
    pub spec: String,
    /// Events in all.
    pub total: u64,
    /// Events that are in the journal.
    pub done: u64,
    /// Why it waits or why it failed.
    pub message: Option<String>,
    pub created_at: EpochMs,
    pub updated_at: EpochMs,
}

/// Begins an import. `Conflict` when the site has sample data already.
pub async fn create(
    tx: &Tx,
    site: SiteId,
    kind: ImportKind,
    spec: String,
    total: u64,
    now: EpochMs,
) -> Result<Import> {
    if kind == ImportKind::Sample && of_kind(tx, site, kind).await?.is_some() {
        return Err(StoreError::Conflict { what: "import" });
    }
    let row = Model {
        id: Uuid::now_v7(),
        site_id: site.to_uuid(),
        kind: kind.as_str().to_owned(),
        state: ImportState::Loading.as_str().to_owned(),
        spec,
        total: stored(total)?,
        done: 0,
        message: None,
        created_at: now.0,
        updated_at: now.0,
    };
    Entity::insert(ActiveModel::from(row.clone()))
        .exec_without_returning(tx)
        .await?;
    import(row)
}

/// The site's newest import of this kind.
pub async fn of_kind(
    c: &impl ConnectionTrait,
    site: SiteId,
    kind: ImportKind,
) -> Result<Option<Import>> {
    let row = Entity::find()
        .filter(Column::SiteId.eq(site.to_uuid()))
        .filter(Column::Kind.eq(kind.as_str()))
        .order_by_desc(Column::Id)
        .one(c)
        .await?;
    row.map(import).transpose()
}

/// Every import of this kind that a stopped process left under way.
pub async fn unfinished(c: &impl ConnectionTrait, kind: ImportKind) -> Result<Vec<Import>> {
    let under_way = [ImportState::Loading, ImportState::Removing].map(ImportState::as_str);
    let rows = Entity::find()
        .filter(Column::Kind.eq(kind.as_str()))
        .filter(Column::State.is_in(under_way))
        .order_by_asc(Column::Id)
        .all(c)
        .await?;
    rows.into_iter().map(import).collect()
}

/// Imports that were complete before this moment: their events count from then at the latest.
pub async fn over_before(
    c: &impl ConnectionTrait,
    site: SiteId,
    before: EpochMs,
) -> Result<Vec<ImportId>> {
    let rows = Entity::find()
        .filter(Column::SiteId.eq(site.to_uuid()))
        .filter(Column::State.eq(ImportState::Ready.as_str()))
        .filter(Column::UpdatedAt.lt(before.0))
        .all(c)
        .await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// How far it is, and what it waits for. Leaves the state alone, which may have changed meanwhile.
pub async fn progress(
    tx: &Tx,
    site: SiteId,
    id: ImportId,
    done: u64,
    message: Option<String>,
    now: EpochMs,
) -> Result<()> {
    let done = stored(done)?;
    Entity::update_many()
        .col_expr(Column::Done, Expr::value(done))
        .col_expr(Column::Message, Expr::value(message))
        .col_expr(Column::UpdatedAt, Expr::value(now.0))
        .filter(Column::Id.eq(id.to_uuid()))
        .filter(Column::SiteId.eq(site.to_uuid()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Moves it from one state to another; false when it is in another state than `from`.
pub async fn transit(
    tx: &Tx,
    site: SiteId,
    id: ImportId,
    from: ImportState,
    to: ImportState,
    message: Option<String>,
    now: EpochMs,
) -> Result<bool> {
    let moved = Entity::update_many()
        .col_expr(Column::State, Expr::value(to.as_str()))
        .col_expr(Column::Message, Expr::value(message))
        .col_expr(Column::UpdatedAt, Expr::value(now.0))
        .filter(Column::Id.eq(id.to_uuid()))
        .filter(Column::SiteId.eq(site.to_uuid()))
        .filter(Column::State.eq(from.as_str()))
        .exec(tx)
        .await?;
    Ok(moved.rows_affected == 1)
}

/// Forgets an import whose revocation is in the journal.
pub async fn remove(tx: &Tx, site: SiteId, id: ImportId) -> Result<()> {
    let removed = Entity::delete_many()
        .filter(Column::Id.eq(id.to_uuid()))
        .filter(Column::SiteId.eq(site.to_uuid()))
        .exec(tx)
        .await?;
    if removed.rows_affected == 1 {
        Ok(())
    } else {
        Err(missing("import")())
    }
}

fn import(row: Model) -> Result<Import> {
    Ok(Import {
        id: row.id.into(),
        site: row.site_id.into(),
        kind: ImportKind::stored(&row.kind)?,
        state: ImportState::stored(&row.state)?,
        spec: row.spec,
        total: u64::try_from(row.total).map_err(|e| corrupt("import", &e))?,
        done: u64::try_from(row.done).map_err(|e| corrupt("import", &e))?,
        message: row.message,
        created_at: EpochMs(row.created_at),
        updated_at: EpochMs(row.updated_at),
    })
}

fn stored(count: u64) -> Result<i64> {
    i64::try_from(count).map_err(|e| invalid("count", &e))
}
