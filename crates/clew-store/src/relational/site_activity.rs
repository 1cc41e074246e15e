//! When a site first and last sent something: what the dashboard shows before any report.

use super::entity::site_activity::{ActiveModel, Column, Entity};
use super::error::Result;
use super::tx::Tx;
use clew_core::model::{EpochMs, SiteId};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait as _, OnConflict};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait as _};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SiteActivity {
    pub first_event_at: EpochMs,
    pub last_event_at: EpochMs,
    /// `None`: nothing of this site was ever quarantined.
    pub last_quarantined_at: Option<EpochMs>,
}

/// Widens the site's span by what was just projected; the order of calls does not matter.
pub async fn note(tx: &Tx, site: SiteId, seen: SiteActivity, now: EpochMs) -> Result<()> {
    let row = ActiveModel {
        site_id: Set(site.to_uuid()),
        first_event_at: Set(seen.first_event_at.0),
        last_event_at: Set(seen.last_event_at.0),
        last_quarantined_at: Set(seen.last_quarantined_at.map(|t| t.0)),
        updated_at: Set(now.0),
    };
    let widen = OnConflict::column(Column::SiteId)
        .value(Column::FirstEventAt, earlier(Column::FirstEventAt))
        .value(Column::LastEventAt, later(Column::LastEventAt))
        .value(Column::LastQuarantinedAt, later(Column::LastQuarantinedAt))
        .update_column(Column::UpdatedAt)
        .to_owned();
    Entity::insert(row)
        .on_conflict(widen)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

pub async fn get(c: &impl ConnectionTrait, site: SiteId) -> Result<Option<SiteActivity>> {
    let row = Entity::find_by_id(site.to_uuid()).one(c).await?;
    Ok(row.map(|r| SiteActivity {
        first_event_at: EpochMs(r.first_event_at),
        last_event_at: EpochMs(r.last_event_at),
        last_quarantined_at: r.last_quarantined_at.map(EpochMs),
    }))
}

fn old(column: Column) -> Expr {
    Expr::col((Entity, column))
}

fn new(column: Column) -> Expr {
    Expr::col(("excluded", column))
}

fn earlier(column: Column) -> Expr {
    CaseStatement::new()
        .case(old(column).lt(new(column)), old(column))
        .finally(new(column))
        .into()
}

/// Nulls lose.
fn later(column: Column) -> Expr {
    CaseStatement::new()
        .case(
            new(column).is_null().or(old(column).gt(new(column))),
            old(column),
        )
        .finally(new(column))
        .into()
}
