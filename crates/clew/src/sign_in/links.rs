//! One-time links: the set-up of a new installation, invitations, password resets.
//!
//! A link is used up in the transaction that does what it is good for, so that two who hold it
//! cannot both succeed.

use super::{SignIn, SignedIn, Whence, note};
use crate::clock;
use crate::error::ApiResult;
use crate::secret_text::SecretText;
use clew_core::error::ErrorCode;
use clew_store::relational::login_links::{self, LoginLink};
use clew_store::relational::users::{self, NewUser, User, UserChange};
use clew_store::relational::{LinkKind, Result, Role, Token, accounts, user_sessions};

/// The first owner of a new installation.
#[derive(Debug)]
pub struct FirstOwner {
    pub email: String,
    pub name: String,
    pub password: SecretText,
    pub account_name: Option<String>,
}

impl SignIn {
    /// Whether the installation still waits for its first owner.
    pub async fn needs_set_up(&self) -> Result<bool> {
        Ok(!users::any_owner(self.db.read()).await?)
    }

    /// A fresh set-up token while there is no user; the older one is void.
    pub async fn set_up_token(&self) -> Result<Option<Token>> {
        if !self.needs_set_up().await? {
            return Ok(None);
        }
        let now = clock::now();
        let work = self.db.write_tx(move |tx| {
            Box::pin(async move { login_links::create(tx, LinkKind::Setup, None, now).await })
        });
        Ok(Some(work.await?.0))
    }

    /// Makes the first owner and signs them in.
    pub async fn set_up(
        &self,
        token: &str,
        owner: FirstOwner,
        whence: Whence<'_>,
    ) -> ApiResult<(Token, SignedIn)> {
        let attempt = self.begin(token, whence)?;
        let link = self.good_link(token).await?;
        if link.kind != LinkKind::Setup || !self.needs_set_up().await? {
            return Err(ErrorCode::InvalidLink.into());
        }
        let password = self.hash(owner.password.as_str()).await?;
        let now = clock::now();
        let new = NewUser {
            email: owner.email,
            name: owner.name,
            password: Some(password),
            role: Some(Role::Owner),
        };
        let account_name = owner.account_name;
        let work = self.db.write_tx(move |tx| {
            Box::pin(async move {
                if users::any_owner(tx).await? || !login_links::redeem(tx, link.id, now).await? {
                    return Ok(None);
                }
                let account = accounts::default(tx, now).await?;
                if let Some(name) = account_name {
                    accounts::rename(tx, account.id, &name, now).await?;
                }
                let user = users::create(tx, account.id, new, now).await?;
                note(tx, account.id, user.id, "account.set_up", now).await?;
                Ok(Some(user.id))
            })
        });
        let user = work.await?.ok_or(ErrorCode::InvalidLink)?;
        attempt.succeeded();
        self.enter(user, whence).await
    }

    /// What an invitation or reset link is good for.
    pub async fn inspect(&self, token: &str, whence: Whence<'_>) -> ApiResult<(LoginLink, User)> {
        let attempt = self.begin(token, whence)?;
        let link = self.good_link(token).await?;
        let user = link.user.ok_or(ErrorCode::InvalidLink)?;
        let user = users::get(self.db.read(), user).await?;
        attempt.succeeded();
        Ok((link, user))
    }

    /// Sets the password that an invitation or reset link allows to choose, ends every other
    /// session of the user, and signs them in.
    pub async fn redeem(
        &self,
        token: &str,
        plain: &str,
        name: Option<String>,
        whence: Whence<'_>,
    ) -> ApiResult<(Token, SignedIn)> {
        let (link, user) = self.inspect(token, whence).await?;
        if !user.is_active {
            return Err(ErrorCode::InvalidLink.into());
        }
        let password = self.hash(plain).await?;
        let account = self.account_of(user.id).await?.0;
        let now = clock::now();
        let work = self.db.write_tx(move |tx| {
            Box::pin(async move {
                if !login_links::redeem(tx, link.id, now).await? {
                    return Ok(false);
                }
                users::set_password(tx, user.id, password, now).await?;
                user_sessions::revoke_all(tx, user.id, None).await?;
                if name.is_some() {
                    let change = UserChange {
                        name,
                        ..UserChange::default()
                    };
                    users::update(tx, account, user.id, change, now).await?;
                }
                note(tx, account, user.id, "password.set_by_link", now).await?;
                Ok(true)
            })
        });
        if !work.await? {
            return Err(ErrorCode::InvalidLink.into());
        }
        self.enter(user.id, whence).await
    }

    async fn good_link(&self, token: &str) -> ApiResult<LoginLink> {
        let found = login_links::find(self.db.read(), token, clock::now()).await?;
        found.ok_or_else(|| ErrorCode::InvalidLink.into())
    }
}
