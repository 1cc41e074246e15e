//! The audit log: who did what to which thing, and when.
//!
//! Append-only: this module has no function that changes or removes an entry. Entries name people
//! by id, never by their data.

use super::entity::audit_entry::{ActiveModel, Column, Entity, Model};
use super::error::{Result, corrupt};
use super::tx::Tx;
use clew_core::model::id::RowId;
use clew_core::model::{EpochMs, SiteId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

/// Who acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    User(RowId),
    Key(RowId),
    /// The operator, on the machine itself.
    CommandLine,
    /// A job or the server on its own account.
    System,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// `None`: it concerns the installation.
    pub account: Option<RowId>,
    pub site: Option<SiteId>,
    pub actor: Actor,
    /// `noun.verb`, e.g. `key.create`.
    pub action: String,
    pub subject_kind: String,
    pub subject_id: String,
    /// JSON, without personal data and without secrets.
    pub detail: Option<String>,
    pub request_id: Option<String>,
    pub at: EpochMs,
}

/// Adds an entry in the transaction of what it reports.
pub async fn append(tx: &Tx, entry: Entry) -> Result<RowId> {
    let id = Uuid::now_v7();
    let (actor_kind, actor_id) = match entry.actor {
        Actor::User(id) => ("user", Some(id)),
        Actor::Key(id) => ("key", Some(id)),
        Actor::CommandLine => ("command_line", None),
        Actor::System => ("system", None),
    };
    let row = ActiveModel {
        id: Set(id),
        account_id: Set(entry.account.map(RowId::to_uuid)),
        site_id: Set(entry.site.map(SiteId::to_uuid)),
        actor_kind: Set(actor_kind.to_owned()),
        actor_id: Set(actor_id.map(RowId::to_uuid)),
        action: Set(entry.action),
        subject_kind: Set(entry.subject_kind),
        subject_id: Set(entry.subject_id),
        detail: Set(entry.detail),
        request_id: Set(entry.request_id),
        at: Set(entry.at.0),
    };
    Entity::insert(row).exec_without_returning(tx).await?;
    Ok(id.into())
}

/// The account's entries, newest first; `before` is the id of the last one of the page before.
pub async fn list(
    c: &impl ConnectionTrait,
    account: RowId,
    before: Option<RowId>,
    limit: u64,
) -> Result<Vec<(RowId, Entry)>> {
    let mut query = Entity::find().filter(Column::AccountId.eq(account.to_uuid()));
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before.to_uuid()));
    }
    let rows = query.order_by_desc(Column::Id).limit(limit).all(c).await?;
    rows.into_iter()
        .map(|row| Ok((row.id.into(), from_row(row)?)))
        .collect()
}

fn from_row(row: Model) -> Result<Entry> {
    let actor = match (row.actor_kind.as_str(), row.actor_id) {
        ("user", Some(id)) => Actor::User(id.into()),
        ("key", Some(id)) => Actor::Key(id.into()),
        ("command_line", None) => Actor::CommandLine,
        ("system", None) => Actor::System,
        (kind, _) => return Err(corrupt("actor", kind)),
    };
    Ok(Entry {
        account: row.account_id.map(RowId::from),
        site: row.site_id.map(SiteId::from),
        actor,
        action: row.action,
        subject_kind: row.subject_kind,
        subject_id: row.subject_id,
        detail: row.detail,
        request_id: row.request_id,
        at: EpochMs(row.at),
    })
}
