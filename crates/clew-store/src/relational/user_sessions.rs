//! Who is signed in: opaque tokens, stored hashed, that end by idling, by age or by being revoked.
//!
//! A token has 256 random bits and exists in plain text only in the reply that sets the cookie.

use super::entity::{user, user_session};
use super::error::{Result, missing};
use super::secret;
use super::tx::Tx;
use super::users;
use clew_core::model::EpochMs;
use clew_core::model::id::RowId;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};
use uuid::Uuid;

/// `last_seen_at` is written at most this often, so that reading a report does not mean writing.
const TOUCH_EVERY_MS: i64 = EpochMs::MINUTE;

/// Sessions of one user at once.
const MOST_SESSIONS: usize = 30;

/// Longest user agent kept: enough to tell one's own browsers apart.
const USER_AGENT_CHARS: usize = 256;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserSession {
    pub id: RowId,
    pub user: RowId,
    pub account: RowId,
    pub user_agent: String,
    pub created_at: EpochMs,
    pub last_seen_at: EpochMs,
    /// The end that no use puts off.
    pub expires_at: EpochMs,
}

impl UserSession {
    /// Whether enough time has passed to write down that it was used.
    pub const fn wants_touch(&self, now: EpochMs) -> bool {
        now.since(self.last_seen_at) >= TOUCH_EVERY_MS
    }
}

#[derive(Clone, Debug)]
pub struct NewUserSession {
    pub user: RowId,
    pub account: RowId,
    pub user_agent: String,
    pub expires_at: EpochMs,
}

/// Signs a user in; the token is returned here and never again.
pub async fn create(
    tx: &Tx,
    new: NewUserSession,
    now: EpochMs,
) -> Result<(secret::Token, UserSession)> {
    let token = secret::Token::random();
    let row = user_session::ActiveModel {
        id: Set(Uuid::now_v7()),
        user_id: Set(new.user.to_uuid()),
        account_id: Set(new.account.to_uuid()),
        token_hash: Set(secret::hash(token.as_str())),
        user_agent: Set(new.user_agent.chars().take(USER_AGENT_CHARS).collect()),
        created_at: Set(now.0),
        last_seen_at: Set(now.0),
        expires_at: Set(new.expires_at.0),
    };
    let row = user_session::Entity::insert(row)
        .exec_with_returning(tx)
        .await?;
    forget_oldest(tx, new.user).await?;
    note_user(tx, new.user, now).await?;
    Ok((token, from_row(row)))
}

/// The living session of this token. `None` for anything unknown, ended or idle for `idle_ms`.
pub async fn find(
    c: &impl ConnectionTrait,
    token: &str,
    idle_ms: i64,
    now: EpochMs,
) -> Result<Option<UserSession>> {
    if !secret::Token::is_shaped(token) {
        return Ok(None);
    }
    let row = user_session::Entity::find()
        .filter(user_session::Column::TokenHash.eq(secret::hash(token)))
        .filter(user_session::Column::ExpiresAt.gt(now.0))
        .filter(user_session::Column::LastSeenAt.gt(now.0 - idle_ms))
        .one(c)
        .await?;
    Ok(row.map(from_row))
}

/// Notes that the session was used just now.
pub async fn touch(tx: &Tx, id: RowId, user: RowId, now: EpochMs) -> Result<()> {
    user_session::Entity::update_many()
        .col_expr(user_session::Column::LastSeenAt, Expr::value(now.0))
        .filter(user_session::Column::Id.eq(id.to_uuid()))
        .exec(tx)
        .await?;
    note_user(tx, user, now).await
}

/// The user's living sessions, the latest used first.
pub async fn list(
    c: &impl ConnectionTrait,
    user: RowId,
    idle_ms: i64,
    now: EpochMs,
) -> Result<Vec<UserSession>> {
    let rows = user_session::Entity::find()
        .filter(user_session::Column::UserId.eq(user.to_uuid()))
        .filter(user_session::Column::ExpiresAt.gt(now.0))
        .filter(user_session::Column::LastSeenAt.gt(now.0 - idle_ms))
        .order_by_desc(user_session::Column::LastSeenAt)
        .order_by_desc(user_session::Column::Id)
        .all(c)
        .await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// Ends one session of the user; `NotFound` when it is not theirs.
pub async fn revoke(tx: &Tx, user: RowId, id: RowId) -> Result<()> {
    let done = user_session::Entity::delete_many()
        .filter(user_session::Column::Id.eq(id.to_uuid()))
        .filter(user_session::Column::UserId.eq(user.to_uuid()))
        .exec(tx)
        .await?;
    (done.rows_affected == 1)
        .then_some(())
        .ok_or_else(missing("session"))
}

/// Ends the session of this token, if there is one.
pub async fn revoke_token(tx: &Tx, token: &str) -> Result<()> {
    user_session::Entity::delete_many()
        .filter(user_session::Column::TokenHash.eq(secret::hash(token)))
        .exec(tx)
        .await?;
    Ok(())
}

/// Ends all sessions of the user but `keep`, and every token; returns how many sessions.
pub async fn revoke_all(tx: &Tx, user: RowId, keep: Option<RowId>) -> Result<u64> {
    users::revoke_tokens(tx, user).await?;
    let mut ending =
        user_session::Entity::delete_many().filter(user_session::Column::UserId.eq(user.to_uuid()));
    if let Some(keep) = keep {
        ending = ending.filter(user_session::Column::Id.ne(keep.to_uuid()));
    }
    Ok(ending.exec(tx).await?.rows_affected)
}

/// Forgets sessions that have ended by themselves.
pub async fn prune(tx: &Tx, idle_ms: i64, now: EpochMs) -> Result<u64> {
    let ended = user_session::Column::ExpiresAt
        .lte(now.0)
        .or(user_session::Column::LastSeenAt.lte(now.0 - idle_ms));
    let done = user_session::Entity::delete_many()
        .filter(ended)
        .exec(tx)
        .await?;
    Ok(done.rows_affected)
}

/// Somebody who signs in over and over keeps the newest sessions.
async fn forget_oldest(tx: &Tx, user: RowId) -> Result<()> {
    let rows = user_session::Entity::find()
        .filter(user_session::Column::UserId.eq(user.to_uuid()))
        .order_by_desc(user_session::Column::CreatedAt)
        .order_by_desc(user_session::Column::Id)
        .all(tx)
        .await?;
    let old: Vec<_> = rows.iter().skip(MOST_SESSIONS).map(|row| row.id).collect();
    if !old.is_empty() {
        user_session::Entity::delete_many()
            .filter(user_session::Column::Id.is_in(old))
            .exec(tx)
            .await?;
    }
    Ok(())
}

async fn note_user(tx: &Tx, user: RowId, now: EpochMs) -> Result<()> {
    user::Entity::update_many()
        .col_expr(user::Column::LastSeenAt, Expr::value(now.0))
        .filter(user::Column::Id.eq(user.to_uuid()))
        .exec(tx)
        .await?;
    Ok(())
}

fn from_row(row: user_session::Model) -> UserSession {
    UserSession {
        id: row.id.into(),
        user: row.user_id.into(),
        account: row.account_id.into(),
        user_agent: row.user_agent,
        created_at: EpochMs(row.created_at),
        last_seen_at: EpochMs(row.last_seen_at),
        expires_at: EpochMs(row.expires_at),
    }
}
