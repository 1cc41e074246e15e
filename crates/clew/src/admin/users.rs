//! Making, changing and removing users, and the links by which they choose their passwords.

use super::acting::{Acting, Done};
use super::changes::{Changes, Member};
use crate::clock;
use clew_core::model::id::RowId;
use clew_core::model::{EpochMs, SiteId};
use clew_store::relational::login_links::{self, LoginLink};
use clew_store::relational::users::{self, NewUser, User, UserChange};
use clew_store::relational::{
    Db, LinkKind, Result, Role, Token, Tx, accounts, site_roles, user_sessions,
};
use std::collections::BTreeMap;

/// What to change about a member; `None` leaves it as it is.
#[derive(Debug, Default)]
pub struct MemberChange {
    pub user: UserChange,
    pub site_roles: Option<BTreeMap<SiteId, Role>>,
}

/// A user, and the link that lets them choose a password when they have none.
#[derive(Debug)]
pub struct NewMember {
    pub user: User,
    pub link: Option<(Token, LoginLink)>,
}

/// `Conflict { what: "e-mail address" }`; `NotFound` when a site is not the account's.
pub async fn create(
    db: &Db,
    by: Acting,
    new: NewUser,
    roles: BTreeMap<SiteId, Role>,
) -> Result<NewMember> {
    let now = clock::now();
    db.write_tx(move |tx| {
        Box::pin(async move {
            let user = users::create(tx, by.account, new, now).await?;
            site_roles::replace(tx, by.account, user.id, &roles, now).await?;
            let made = member(tx, by.account, user.id).await?;
            let changes = Changes::of_member(None, &made);
            by.note_with(tx, done("user.create", user.id), changes.detail(), now);
            let link = match user.password {
                Some(_) => None,
                None => Some(new_link(tx, &user, now).await?),
            };
            Ok(NewMember { user, link })
        })
    })
    .await
}

/// Takes effect at once: what somebody may do is asked anew with every request, and who is paused
/// is signed out. `LastOwner`.
pub async fn update(db: &Db, by: Acting, id: RowId, change: MemberChange) -> Result<()> {
    let now = clock::now();
    db.write_tx(move |tx| {
        Box::pin(async move {
            let paused = change.user.is_active == Some(false);
            let before = member(tx, by.account, id).await?;
            users::update(tx, by.account, id, change.user, now).await?;
            if let Some(roles) = &change.site_roles {
                site_roles::replace(tx, by.account, id, roles, now).await?;
            }
            if paused {
                user_sessions::revoke_all(tx, id, None).await?;
                login_links::void(tx, id).await?;
            }
            let after = member(tx, by.account, id).await?;
            let changes = Changes::of_member(Some(&before), &after);
            by.note_with(tx, done("user.update", id), changes.detail(), now);
            Ok(())
        })
    })
    .await
}

/// `LastOwner`.
pub async fn remove(db: &Db, by: Acting, id: RowId) -> Result<()> {
    let now = clock::now();
    db.write_tx(move |tx| {
        Box::pin(async move {
            site_roles::replace(tx, by.account, id, &BTreeMap::new(), now).await?;
            users::remove(tx, by.account, id).await?;
            user_sessions::revoke_all(tx, id, None).await?;
            by.note(tx, done("user.delete", id), now).await
        })
    })
    .await
}

/// A fresh link for a member of the account; the older one is void.
pub async fn link(db: &Db, by: Acting, id: RowId) -> Result<(User, Token, LoginLink)> {
    let now = clock::now();
    db.write_tx(move |tx| {
        Box::pin(async move {
            let (user, _) = users::member(tx, by.account, id).await?;
            let (token, link) = new_link(tx, &user, now).await?;
            by.note(tx, done("user.link", id), now).await?;
            Ok((user, token, link))
        })
    })
    .await
}

/// Gives the account another name.
pub async fn rename_account(db: &Db, by: Acting, name: String) -> Result<accounts::Account> {
    let now = clock::now();
    db.write_tx(move |tx| {
        Box::pin(async move {
            let account = accounts::rename(tx, by.account, &name, now).await?;
            by.note(tx, done("account.update", by.account), now).await?;
            Ok(account)
        })
    })
    .await
}

async fn member(tx: &Tx, account: RowId, id: RowId) -> Result<Member> {
    let (user, role) = users::member(tx, account, id).await?;
    Ok(Member {
        site_roles: site_roles::of_user(tx, account, id).await?,
        user,
        role,
    })
}

async fn new_link(tx: &Tx, user: &User, now: EpochMs) -> Result<(Token, LoginLink)> {
    let kind = match user.password {
        Some(_) => LinkKind::Reset,
        None => LinkKind::Invite,
    };
    login_links::create(tx, kind, Some(user.id), now).await
}

fn done(action: &'static str, subject: RowId) -> Done {
    Done {
        action,
        site: None,
        subject: subject.to_string(),
    }
}
