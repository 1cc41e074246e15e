//! Users and their roles in accounts.
//!
//! An e-mail address belongs to one user of the installation; what the user may do is a role per
//! account, which holds for all of its sites, or no such role and roles on single sites
//! ([`super::site_roles`]). Raising `token_epoch` revokes every token issued to the user.
//! Invariant: an account never loses its last active owner.

use super::accounts::checked_name;
use super::entity::{membership, user};
use super::error::{Result, conflict, invalid, missing};
use super::login_links;
use super::password::PasswordHash;
use super::tx::Tx;
use super::words::Role;
use clew_core::model::EpochMs;
use clew_core::model::id::RowId;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};
use uuid::Uuid;

#[derive(Clone, Debug)]
pub struct User {
    pub id: RowId,
    /// Lower case.
    pub email: String,
    pub name: String,
    /// `None`: signs in by other means only.
    pub password: Option<PasswordHash>,
    pub token_epoch: u64,
    pub is_active: bool,
    pub last_seen_at: Option<EpochMs>,
    pub created_at: EpochMs,
}

#[derive(Clone, Debug)]
pub struct NewUser {
    pub email: String,
    pub name: String,
    pub password: Option<PasswordHash>,
    /// In the whole account; `None`: on single sites only.
    pub role: Option<Role>,
}

/// What to change; `None` leaves a field as it is.
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    pub name: Option<String>,
    pub role: Option<Option<Role>>,
    pub is_active: Option<bool>,
}

/// Stored in place of a role for members who have roles on single sites only.
const NO_ROLE: &str = "none";

/// Creates a user together with the first membership. `Conflict { what: "e-mail address" }`.
pub async fn create(tx: &Tx, account: RowId, new: NewUser, now: EpochMs) -> Result<User> {
    let email = checked_email(&new.email)?;
    let name = if new.name.trim().is_empty() {
        email.clone()
    } else {
        checked_name("user name", &new.name)?
    };
    let row = user::ActiveModel {
        id: Set(Uuid::now_v7()),
        email: Set(email),
        name: Set(name),
        password_hash: Set(new.password.map(|p| p.0)),
        token_epoch: Set(0),
        is_active: Set(true),
        created_at: Set(now.0),
        updated_at: Set(now.0),
        last_seen_at: Set(None),
    };
    let inserted = user::Entity::insert(row).exec_with_returning(tx).await;
    let user = from_row(inserted.map_err(conflict("e-mail address"))?);
    set_role(tx, account, user.id, new.role, now).await?;
    Ok(user)
}

/// Gives `user` a role in `account`, replacing an earlier one; `None` makes a member without one.
pub async fn set_role(
    tx: &Tx,
    account: RowId,
    user: RowId,
    role: Option<Role>,
    now: EpochMs,
) -> Result<()> {
    let row = membership::ActiveModel {
        account_id: Set(account.to_uuid()),
        user_id: Set(user.to_uuid()),
        role: Set(role.map_or(NO_ROLE, Role::as_str).to_owned()),
        created_at: Set(now.0),
    };
    membership::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([membership::Column::AccountId, membership::Column::UserId])
                .update_column(membership::Column::Role)
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// The user's membership in the account: `None` when there is none, `Some(None)` for a member
/// with roles on single sites only.
pub async fn role(
    c: &impl ConnectionTrait,
    account: RowId,
    user: RowId,
) -> Result<Option<Option<Role>>> {
    let key = (account.to_uuid(), user.to_uuid());
    let row = membership::Entity::find_by_id(key).one(c).await?;
    row.map(|r| stored_role(&r.role)).transpose()
}

/// Every account that the user belongs to.
pub async fn memberships(
    c: &impl ConnectionTrait,
    user: RowId,
) -> Result<Vec<(RowId, Option<Role>)>> {
    let rows = membership::Entity::find()
        .filter(membership::Column::UserId.eq(user.to_uuid()))
        .order_by_asc(membership::Column::AccountId)
        .all(c)
        .await?;
    rows.into_iter()
        .map(|r| Ok((r.account_id.into(), stored_role(&r.role)?)))
        .collect()
}

/// The users of an account with their roles, by e-mail address.
pub async fn list(c: &impl ConnectionTrait, account: RowId) -> Result<Vec<(User, Option<Role>)>> {
    let rows = membership::Entity::find()
        .filter(membership::Column::AccountId.eq(account.to_uuid()))
        .all(c)
        .await?;
    let mut users = Vec::with_capacity(rows.len());
    for row in rows {
        users.push((get(c, row.user_id.into()).await?, stored_role(&row.role)?));
    }
    users.sort_by(|a, b| a.0.email.cmp(&b.0.email));
    Ok(users)
}

/// A member of the account; `NotFound` for anybody else.
pub async fn member(
    c: &impl ConnectionTrait,
    account: RowId,
    id: RowId,
) -> Result<(User, Option<Role>)> {
    let role = role(c, account, id).await?.ok_or_else(missing("user"))?;
    Ok((get(c, id).await?, role))
}

/// Whether anybody can manage the installation: without an active owner it waits for its set-up.
pub async fn any_owner(c: &impl ConnectionTrait) -> Result<bool> {
    let owners = membership::Entity::find()
        .filter(membership::Column::Role.eq(Role::Owner.as_str()))
        .all(c)
        .await?;
    let owners = owners.into_iter().map(|row| row.user_id);
    let active = user::Entity::find()
        .filter(user::Column::Id.is_in(owners))
        .filter(user::Column::IsActive.eq(true));
    Ok(active.one(c).await?.is_some())
}

/// Changes a member of the account; another role, and being paused, end the user's tokens.
/// `LastOwner`.
pub async fn update(
    tx: &Tx,
    account: RowId,
    id: RowId,
    change: UserChange,
    now: EpochMs,
) -> Result<(User, Option<Role>)> {
    let (old, before) = member(tx, account, id).await?;
    let was_active = old.is_active;
    let mut row = user::ActiveModel {
        id: Set(id.to_uuid()),
        updated_at: Set(now.0),
        ..Default::default()
    };
    if let Some(name) = &change.name {
        row.name = Set(checked_name("user name", name)?);
    }
    if let Some(is_active) = change.is_active {
        row.is_active = Set(is_active);
    }
    user::Entity::update(row).exec(tx).await?;
    if let Some(role) = change.role {
        set_role(tx, account, id, role, now).await?;
    }
    if before == Some(Role::Owner) {
        keeps_an_owner(tx, account).await?;
    }
    let after = member(tx, account, id).await?;
    if (after.1, after.0.is_active) != (before, was_active) {
        revoke_tokens(tx, id).await?;
    }
    Ok(after)
}

/// Whatever was issued to the user so far ends here.
pub async fn revoke_tokens(tx: &Tx, id: RowId) -> Result<()> {
    let next = Expr::col(user::Column::TokenEpoch).add(1);
    user::Entity::update_many()
        .col_expr(user::Column::TokenEpoch, next)
        .filter(user::Column::Id.eq(id.to_uuid()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Removes a member from the account, and the user with the last membership.
/// `LastOwner`.
pub async fn remove(tx: &Tx, account: RowId, id: RowId) -> Result<()> {
    let (_, before) = member(tx, account, id).await?;
    membership::Entity::delete_by_id((account.to_uuid(), id.to_uuid()))
        .exec(tx)
        .await?;
    if before == Some(Role::Owner) {
        keeps_an_owner(tx, account).await?;
    }
    if memberships(tx, id).await?.is_empty() {
        user::Entity::delete_by_id(id.to_uuid()).exec(tx).await?;
    }
    Ok(())
}

/// Fails, and with it the transaction, when nobody could manage the account any more.
async fn keeps_an_owner(tx: &Tx, account: RowId) -> Result<()> {
    let members = list(tx, account).await?;
    let mut members = members.iter();
    let owned = members.any(|(user, role)| user.is_active && *role == Some(Role::Owner));
    owned.then_some(()).ok_or(super::StoreError::LastOwner)
}

fn stored_role(word: &str) -> Result<Option<Role>> {
    (word != NO_ROLE).then(|| Role::stored(word)).transpose()
}

pub async fn get(c: &impl ConnectionTrait, id: RowId) -> Result<User> {
    let row = user::Entity::find_by_id(id.to_uuid()).one(c).await?;
    row.map(from_row).ok_or_else(missing("user"))
}

/// For signing in: the only look-up that does not start from an account.
pub async fn by_email(c: &impl ConnectionTrait, email: &str) -> Result<Option<User>> {
    let email = email.trim().to_lowercase();
    let row = user::Entity::find()
        .filter(user::Column::Email.eq(email))
        .one(c)
        .await?;
    Ok(row.map(from_row))
}

/// Replaces the password and revokes every token and link of the user.
pub async fn set_password(tx: &Tx, id: RowId, password: PasswordHash, now: EpochMs) -> Result<()> {
    login_links::void(tx, id).await?;
    let next = Expr::col(user::Column::TokenEpoch).add(1);
    let done = user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(password.0))
        .col_expr(user::Column::TokenEpoch, next)
        .col_expr(user::Column::UpdatedAt, Expr::value(now.0))
        .filter(user::Column::Id.eq(id.to_uuid()))
        .exec(tx)
        .await?;
    (done.rows_affected == 1)
        .then_some(())
        .ok_or_else(missing("user"))
}

fn checked_email(email: &str) -> Result<String> {
    let email = email.trim().to_lowercase();
    let shaped = email.len() <= 254
        && email.split_once('@').is_some_and(|(local, host)| {
            !local.is_empty() && !host.is_empty() && !host.contains('@')
        })
        && !email.chars().any(|c| c.is_whitespace() || c.is_control());
    if shaped {
        Ok(email)
    } else {
        Err(invalid(
            "e-mail address",
            "it must look like name@example.com",
        ))
    }
}

fn from_row(row: user::Model) -> User {
    User {
        id: row.id.into(),
        email: row.email,
        name: row.name,
        password: row.password_hash.map(PasswordHash),
        token_epoch: u64::try_from(row.token_epoch).unwrap_or(0),
        is_active: row.is_active,
        last_seen_at: row.last_seen_at.map(EpochMs),
        created_at: EpochMs(row.created_at),
    }
}
