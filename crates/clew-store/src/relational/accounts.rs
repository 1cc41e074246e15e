//! Accounts: the tenant that owns users and sites.

use super::entity::account;
use super::error::{Result, invalid, missing};
use super::tx::Tx;
use clew_core::model::EpochMs;
use clew_core::model::id::RowId;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait as _, QueryOrder as _};
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: RowId,
    pub name: String,
    pub created_at: EpochMs,
}

pub async fn create(tx: &Tx, name: &str, now: EpochMs) -> Result<Account> {
    let name = checked_name("account name", name)?;
    let row = account::ActiveModel {
        id: Set(Uuid::now_v7()),
        name: Set(name),
        created_at: Set(now.0),
        updated_at: Set(now.0),
    };
    let row = account::Entity::insert(row).exec_with_returning(tx).await?;
    Ok(from_row(row))
}

pub async fn rename(tx: &Tx, id: RowId, name: &str, now: EpochMs) -> Result<Account> {
    let row = account::ActiveModel {
        id: Set(id.to_uuid()),
        name: Set(checked_name("account name", name)?),
        updated_at: Set(now.0),
        ..Default::default()
    };
    get(tx, id).await?;
    account::Entity::update(row).exec(tx).await?;
    get(tx, id).await
}

pub async fn get(c: &impl ConnectionTrait, id: RowId) -> Result<Account> {
    let row = account::Entity::find_by_id(id.to_uuid()).one(c).await?;
    row.map(from_row).ok_or_else(missing("account"))
}

/// Every account of the installation, oldest first: for its operator, not for a tenant.
pub async fn list(c: &impl ConnectionTrait) -> Result<Vec<Account>> {
    let rows = account::Entity::find()
        .order_by_asc(account::Column::CreatedAt)
        .order_by_asc(account::Column::Id)
        .all(c)
        .await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// The account that the command line works in when none is named: the oldest one, made on first
/// use.
pub async fn default(tx: &Tx, now: EpochMs) -> Result<Account> {
    match list(tx).await?.into_iter().next() {
        Some(account) => Ok(account),
        None => create(tx, "Default", now).await,
    }
}

/// Trimmed, 1 to 255 characters, no control characters.
pub(super) fn checked_name(what: &'static str, name: &str) -> Result<String> {
    let name = name.trim();
    let characters = name.chars().count();
    if !(1..=255).contains(&characters) {
        return Err(invalid(what, "1 to 255 characters are needed"));
    }
    if name.chars().any(char::is_control) {
        return Err(invalid(what, "control characters are not allowed"));
    }
    Ok(name.to_owned())
}

fn from_row(row: account::Model) -> Account {
    Account {
        id: row.id.into(),
        name: row.name,
        created_at: EpochMs(row.created_at),
    }
}
