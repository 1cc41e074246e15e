//! One-time links: set-up of a new installation, invitations, password resets.
//!
//! A link is good once and for a limited time; a newer link of the same kind for the same person
//! replaces the older one.

use super::entity::login_link;
use super::error::Result;
use super::secret;
use super::tx::Tx;
use super::words::LinkKind;
use clew_core::model::EpochMs;
use clew_core::model::id::RowId;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
};
use uuid::Uuid;

/// How long a link may lie in a mailbox or a terminal, in milliseconds.
pub const fn lifetime_ms(kind: LinkKind) -> i64 {
    match kind {
        LinkKind::Setup | LinkKind::Invite => 7 * EpochMs::DAY,
        LinkKind::Reset => EpochMs::DAY,
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginLink {
    pub id: RowId,
    pub kind: LinkKind,
    /// `None`: a set-up link, which makes its user.
    pub user: Option<RowId>,
    pub expires_at: EpochMs,
}

/// Makes a link; older ones of the same kind and person are void from now on.
pub async fn create(
    tx: &Tx,
    kind: LinkKind,
    user: Option<RowId>,
    now: EpochMs,
) -> Result<(secret::Token, LoginLink)> {
    let older = match user {
        Some(user) => login_link::Column::UserId.eq(user.to_uuid()),
        None => login_link::Column::UserId.is_null(),
    };
    login_link::Entity::delete_many()
        .filter(older)
        .exec(tx)
        .await?;
    let token = secret::Token::random();
    let row = login_link::ActiveModel {
        id: Set(Uuid::now_v7()),
        user_id: Set(user.map(RowId::to_uuid)),
        kind: Set(kind.as_str().to_owned()),
        token_hash: Set(secret::hash(token.as_str())),
        created_at: Set(now.0),
        expires_at: Set(now.plus(lifetime_ms(kind)).0),
        used_at: Set(None),
    };
    let row = login_link::Entity::insert(row)
        .exec_with_returning(tx)
        .await?;
    Ok((token, from_row(&row)?))
}

/// Voids every link of the user.
pub async fn void(tx: &Tx, user: RowId) -> Result<()> {
    login_link::Entity::delete_many()
        .filter(login_link::Column::UserId.eq(user.to_uuid()))
        .exec(tx)
        .await?;
    Ok(())
}

/// The link of this token while it is good; `None` for anything unknown, used or too old.
pub async fn find(
    c: &impl ConnectionTrait,
    token: &str,
    now: EpochMs,
) -> Result<Option<LoginLink>> {
    if !secret::Token::is_shaped(token) {
        return Ok(None);
    }
    let row = login_link::Entity::find()
        .filter(login_link::Column::TokenHash.eq(secret::hash(token)))
        .filter(login_link::Column::UsedAt.is_null())
        .filter(login_link::Column::ExpiresAt.gt(now.0))
        .one(c)
        .await?;
    row.as_ref().map(from_row).transpose()
}

/// Uses the link up. `false`: somebody else was faster.
pub async fn redeem(tx: &Tx, id: RowId, now: EpochMs) -> Result<bool> {
    let done = login_link::Entity::update_many()
        .col_expr(login_link::Column::UsedAt, Expr::value(now.0))
        .filter(login_link::Column::Id.eq(id.to_uuid()))
        .filter(login_link::Column::UsedAt.is_null())
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

fn from_row(row: &login_link::Model) -> Result<LoginLink> {
    Ok(LoginLink {
        id: row.id.into(),
        kind: LinkKind::stored(&row.kind)?,
        user: row.user_id.map(RowId::from),
        expires_at: EpochMs(row.expires_at),
    })
}
