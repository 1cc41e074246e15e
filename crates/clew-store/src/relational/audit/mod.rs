//! The audit log: who read or changed what, and when.
//!
//! Append-only, and one hash chain for the whole installation: every entry carries a number
//! without gaps and the hash of everything it says together with the hash before it ([`chain`]).
//! A head row names the last one, sealed with a key that is not in the database, so that cutting
//! the end off shows as well ([`verify`]). This module has no function that changes or removes an
//! entry. Entries name people by id, never by their data.
//!
//! [`append`] only queues: entries are written when the work of their transaction is done, so the
//! head is held for as short as possible and always as the last lock.

mod chain;
mod head;
mod verify;

pub use chain::{Link, SealKey};
pub use head::{adopt, head, head_behind, is_sealed};
pub use verify::{Break, BreakKind, Verification, verify};

pub(super) use chain::Columns;
pub(super) use head::write_queued;

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

/// An entry as it stands in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    pub id: RowId,
    pub link: Link,
    pub entry: Entry,
}

/// Adds an entry to the transaction of what it reports: both are kept, or neither.
pub fn append(tx: &Tx, entry: Entry) {
    tx.queue_audit(entry);
}

/// The account's entries, newest first; `before` is the id of the last one of the page before.
pub async fn list(
    c: &impl ConnectionTrait,
    account: RowId,
    before: Option<RowId>,
    limit: u64,
) -> Result<Vec<Recorded>> {
    let mut query = Entity::find().filter(Column::AccountId.eq(account.to_uuid()));
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before.to_uuid()));
    }
    let rows = query.order_by_desc(Column::Id).limit(limit).all(c).await?;
    rows.into_iter().map(recorded).collect()
}

fn recorded(row: Model) -> Result<Recorded> {
    let hash = <[u8; 32]>::try_from(row.hash.clone().unwrap_or_default());
    let link = Link {
        seq: u64::try_from(row.seq.unwrap_or(0)).unwrap_or(0),
        // Shown as it lies there; whether it is right is the business of `verify`.
        hash: hash.unwrap_or_default(),
    };
    Ok(Recorded {
        id: row.id.into(),
        link,
        entry: from_row(row)?,
    })
}

/// The row of a new entry behind `before`.
fn to_row(entry: &Entry, before: &Link) -> (ActiveModel, Link) {
    let id = Uuid::now_v7();
    let (actor_kind, actor_id) = match entry.actor {
        Actor::User(id) => ("user", Some(id)),
        Actor::Key(id) => ("key", Some(id)),
        Actor::CommandLine => ("command_line", None),
        Actor::System => ("system", None),
    };
    let columns = Columns {
        id,
        account_id: entry.account.map(RowId::to_uuid),
        site_id: entry.site.map(SiteId::to_uuid),
        actor_kind,
        actor_id: actor_id.map(RowId::to_uuid),
        action: &entry.action,
        subject_kind: &entry.subject_kind,
        subject_id: &entry.subject_id,
        detail: entry.detail.as_deref(),
        request_id: entry.request_id.as_deref(),
        at: entry.at.0,
    };
    let link = columns.link_behind(before);
    let row = ActiveModel {
        id: Set(id),
        account_id: Set(columns.account_id),
        site_id: Set(columns.site_id),
        actor_kind: Set(actor_kind.to_owned()),
        actor_id: Set(columns.actor_id),
        action: Set(entry.action.clone()),
        subject_kind: Set(entry.subject_kind.clone()),
        subject_id: Set(entry.subject_id.clone()),
        detail: Set(entry.detail.clone()),
        request_id: Set(entry.request_id.clone()),
        at: Set(entry.at.0),
        seq: Set(i64::try_from(link.seq).ok()),
        prev_hash: Set(Some(before.hash.to_vec())),
        hash: Set(Some(link.hash.to_vec())),
    };
    (row, link)
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
