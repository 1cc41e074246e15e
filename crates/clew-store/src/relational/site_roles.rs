//! Roles on single sites, beside (or instead of) a role in the whole account.

use super::entity::{site, site_role};
use super::error::{Result, invalid, missing};
use super::tx::Tx;
use super::users;
use super::words::Role;
use clew_core::model::id::RowId;
use clew_core::model::{EpochMs, SiteId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
};
use std::collections::BTreeMap;

/// The user's roles on single sites of the account.
pub async fn of_user(
    c: &impl ConnectionTrait,
    account: RowId,
    user: RowId,
) -> Result<BTreeMap<SiteId, Role>> {
    let rows = site_role::Entity::find()
        .filter(site_role::Column::UserId.eq(user.to_uuid()))
        .all(c)
        .await?;
    if rows.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids = rows.iter().map(|row| row.site_id);
    let own: Vec<_> = site::Entity::find()
        .filter(site::Column::Id.is_in(ids))
        .filter(site::Column::AccountId.eq(account.to_uuid()))
        .filter(site::Column::DeletedAt.is_null())
        .all(c)
        .await?;
    let own = |id| own.iter().any(|site| site.id == id);
    let rows = rows.into_iter().filter(|row| own(row.site_id));
    rows.map(|row| Ok((row.site_id.into(), Role::stored(&row.role)?)))
        .collect()
}

/// Replaces all of the user's roles on single sites of the account, which ends the user's tokens if
/// anything is different. `NotFound` when a site is not the account's; nobody is owner of a single
/// site.
pub async fn replace(
    tx: &Tx,
    account: RowId,
    user: RowId,
    roles: &BTreeMap<SiteId, Role>,
    now: EpochMs,
) -> Result<()> {
    let before = of_user(tx, account, user).await?;
    if before != *roles {
        users::revoke_tokens(tx, user).await?;
    }
    for old in before.into_keys() {
        site_role::Entity::delete_by_id((old.to_uuid(), user.to_uuid()))
            .exec(tx)
            .await?;
    }
    for (&site_id, &role) in roles {
        if role == Role::Owner {
            return Err(invalid(
                "siteRoles",
                "an account has owners, a site has not",
            ));
        }
        let found = site::Entity::find_by_id(site_id.to_uuid())
            .filter(site::Column::AccountId.eq(account.to_uuid()))
            .filter(site::Column::DeletedAt.is_null())
            .one(tx)
            .await?;
        found.ok_or_else(missing("site"))?;
        let row = site_role::ActiveModel {
            site_id: Set(site_id.to_uuid()),
            user_id: Set(user.to_uuid()),
            role: Set(role.as_str().to_owned()),
            created_at: Set(now.0),
        };
        site_role::Entity::insert(row)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}
