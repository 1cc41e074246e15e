//! People sign in: set-up, passwords, one-time links, sessions.
//!
//! Owns how a person is recognised and for how long. Refuses to say why an attempt failed: an
//! unknown address, a wrong password and a paused user look and take the same. Invariant: a token
//! is returned once, to be set as a cookie, and is in no log and no error.

mod attempts;
mod cookie;
mod idle;
mod links;
mod tokens;

pub use attempts::{Attempts, TooMany};
pub use cookie::SessionCookie;
pub use idle::HipaaAccounts;
pub use links::FirstOwner;

use self::idle::IdleLimits;
use crate::clock;
use crate::config;
use crate::error::{ApiError, ApiResult};
use crate::extract::address;
use clew_core::error::ErrorCode;
use clew_core::model::id::RowId;
use clew_core::model::{EpochMs, SiteId};
use clew_store::relational::audit::{self, Actor, Entry};
use clew_store::relational::user_sessions::{self, NewUserSession, UserSession};
use clew_store::relational::users::{self, User};
use clew_store::relational::{Db, Result, Role, StoreError, Token, Tx};
use clew_store::relational::{password, site_roles};
use metrics::counter;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Passwords that are hashed at once: each takes 19 MiB and a core for tens of milliseconds.
const HASHING: usize = 2;
/// How long a sign-in waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// A person with a living session, and what they may do.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub session: UserSession,
    pub user: User,
    /// In the whole account; `None`: on single sites only.
    pub role: Option<Role>,
    pub site_roles: BTreeMap<SiteId, Role>,
}

/// What a member of an account may do there, however they proved who they are.
#[derive(Clone, Debug)]
pub struct Standing {
    /// What the proof is known by: a session, or the user for tokens.
    pub by: RowId,
    pub account: RowId,
    pub user: RowId,
    /// In the whole account; `None`: on single sites only.
    pub role: Option<Role>,
    pub site_roles: BTreeMap<SiteId, Role>,
}

impl From<SignedIn> for Standing {
    fn from(person: SignedIn) -> Self {
        Self {
            by: person.session.id,
            account: person.session.account,
            user: person.user.id,
            role: person.role,
            site_roles: person.site_roles,
        }
    }
}

impl Standing {
    /// The stronger of the role in the account and the role on this site.
    pub fn role_on(&self, site: SiteId) -> Option<Role> {
        let here = self.site_roles.get(&site).copied();
        // The first role includes the most, so the smaller one is the stronger.
        self.role.into_iter().chain(here).min()
    }
}

/// From where somebody signs in.
#[derive(Clone, Copy, Debug)]
pub struct Whence<'a> {
    pub ip: IpAddr,
    pub user_agent: &'a str,
    /// Token of the session that the browser has, which the new one replaces.
    pub presented: Option<&'a str>,
}

/// Recognises people; one per process.
#[derive(Debug)]
pub struct SignIn {
    db: Db,
    attempts: Attempts,
    hashing: Semaphore,
    idle: IdleLimits,
    longest_ms: i64,
    pub cookie: SessionCookie,
}

impl SignIn {
    pub fn new(db: Db, config: &config::SignIn, hipaa: HipaaAccounts, https: bool) -> Self {
        Self {
            db,
            attempts: Attempts::default(),
            hashing: Semaphore::new(HASHING),
            idle: IdleLimits::new(config, hipaa),
            longest_ms: config.longest_ms(),
            cookie: SessionCookie::new(https),
        }
    }

    /// How long a session in this account may lie unused.
    pub fn idle_ms(&self, account: RowId) -> i64 {
        self.idle.of(account)
    }

    /// Signs in with a password.
    pub async fn with_password(
        &self,
        email: &str,
        plain: &str,
        whence: Whence<'_>,
    ) -> ApiResult<(Token, SignedIn)> {
        let (user, attempt) = self.prove(email, plain, whence).await?;
        let entered = self.enter(user.id, whence).await?;
        attempt.succeeded();
        Ok(entered)
    }

    /// Whose password this is; the attempt stays counted until it is said to have succeeded.
    async fn prove(
        &self,
        email: &str,
        plain: &str,
        whence: Whence<'_>,
    ) -> ApiResult<(User, attempts::Attempt)> {
        let attempt = self.begin(email, whence)?;
        let user = users::by_email(self.db.read(), email).await?;
        let hash = user.as_ref().and_then(|user| user.password.clone());
        let right = self.verify(plain, hash).await?;
        let tried = user.as_ref().map(|user| user.id);
        let Some(user) = user.filter(|user| right && user.is_active) else {
            counter!("clew_sign_ins_total", "outcome" => "refused").increment(1);
            if let Some(tried) = tried {
                self.note_refusal(tried).await?;
            }
            return Err(ErrorCode::WrongCredentials.into());
        };
        Ok((user, attempt))
    }

    /// Changes the password of somebody who knows the present one; their other sessions end.
    pub async fn change_password(
        &self,
        who: &SignedIn,
        current: &str,
        plain: &str,
        whence: Whence<'_>,
    ) -> ApiResult<()> {
        let attempt = self.begin(&who.user.email, whence)?;
        if !self.verify(current, who.user.password.clone()).await? {
            return Err(ErrorCode::WrongCredentials.into());
        }
        attempt.succeeded();
        let password = self.hash(plain).await?;
        let (user, session, account) = (who.user.id, who.session.id, who.session.account);
        let now = clock::now();
        let work = self.db.write_tx(move |tx| {
            Box::pin(async move {
                users::set_password(tx, user, password, now).await?;
                user_sessions::revoke_all(tx, user, Some(session)).await?;
                note(tx, account, user, "password.change", now).await
            })
        });
        Ok(work.await?)
    }

    /// Whose living session this token belongs to, without counting as its use.
    pub async fn peek(&self, token: &str, now: EpochMs) -> Result<Option<SignedIn>> {
        let longest = self.idle.longest_ms();
        let session = user_sessions::find(self.db.read(), token, longest, now).await?;
        match session {
            Some(session) if now.since(session.last_seen_at) < self.idle_ms(session.account) => {
                self.person(session).await
            }
            _ => Ok(None),
        }
    }

    /// Whose living session this token belongs to; using it keeps it alive.
    pub async fn recognise(&self, token: &str, now: EpochMs) -> Result<Option<SignedIn>> {
        let found = self.peek(token, now).await?;
        if let Some(who) = &found
            && who.session.wants_touch(now)
        {
            self.touch(who, now);
        }
        Ok(found)
    }

    /// Ends the session.
    pub async fn sign_out(&self, who: &SignedIn) -> Result<()> {
        let (user, session, account) = (who.user.id, who.session.id, who.session.account);
        let now = clock::now();
        let work = self.db.write_tx(move |tx| {
            Box::pin(async move {
                user_sessions::revoke(tx, user, session).await?;
                note(tx, account, user, "session.end", now).await
            })
        });
        match work.await {
            // Another request of the same browser was faster.
            Err(StoreError::NotFound { .. }) => Ok(()),
            done => done,
        }
    }

    /// Forgets sessions that have ended; call it now and then.
    pub async fn prune(&self) -> Result<u64> {
        let (idle_ms, now) = (self.idle.longest_ms(), clock::now());
        let work = self.db.write_tx(move |tx| {
            Box::pin(async move { user_sessions::prune(tx, idle_ms, now).await })
        });
        work.await
    }

    fn begin(&self, email: &str, whence: Whence<'_>) -> ApiResult<attempts::Attempt> {
        let network = address::prefix(whence.ip);
        let begun = self.attempts.begin(email, network, clock::now());
        begun.map_err(|TooMany(seconds)| {
            counter!("clew_sign_ins_total", "outcome" => "limited").increment(1);
            let message = "Too many failed attempts. Wait a while, then try again.";
            ApiError::new(ErrorCode::RateLimited)
                .with_message(message)
                .retry_after(seconds)
        })
    }

    /// The brake on guessing bounds how many of these there are.
    async fn note_refusal(&self, user: RowId) -> ApiResult<()> {
        let (account, _) = self.account_of(user).await?;
        let now = clock::now();
        let work = self.db.write_tx(move |tx| {
            Box::pin(async move { note(tx, account, user, "session.refuse", now).await })
        });
        Ok(work.await?)
    }

    async fn hash(&self, plain: &str) -> ApiResult<password::PasswordHash> {
        let _turn = self.turn().await?;
        Ok(password::hash(plain).await?)
    }

    async fn verify(&self, plain: &str, hash: Option<password::PasswordHash>) -> ApiResult<bool> {
        let _turn = self.turn().await?;
        Ok(password::verify(plain, hash).await?)
    }

    async fn turn(&self) -> ApiResult<tokio::sync::SemaphorePermit<'_>> {
        let turn = tokio::time::timeout(PATIENCE, self.hashing.acquire()).await;
        let turn = turn.map_err(|_| ApiError::from(ErrorCode::Overloaded))?;
        turn.map_err(ApiError::internal)
    }

    /// The first account of the user and their role there.
    async fn account_of(&self, user: RowId) -> ApiResult<(RowId, Option<Role>)> {
        let memberships = users::memberships(self.db.read(), user).await?;
        let first = memberships.into_iter().next();
        first.ok_or_else(|| ErrorCode::WrongCredentials.into())
    }

    async fn enter(&self, user: RowId, whence: Whence<'_>) -> ApiResult<(Token, SignedIn)> {
        let (account, _) = self.account_of(user).await?;
        let now = clock::now();
        let new = NewUserSession {
            user,
            account,
            user_agent: whence.user_agent.to_owned(),
            expires_at: now.plus(self.longest_ms),
        };
        let replaced = whence.presented.map(ToOwned::to_owned);
        let work = self.db.write_tx(move |tx| {
            Box::pin(async move {
                if let Some(token) = replaced {
                    user_sessions::revoke_token(tx, &token).await?;
                }
                let made = user_sessions::create(tx, new, now).await?;
                note(tx, account, user, "session.create", now).await?;
                Ok(made)
            })
        });
        let (token, session) = work.await?;
        let person = self.person(session).await?;
        counter!("clew_sign_ins_total", "outcome" => "entered").increment(1);
        Ok((token, person.ok_or(ErrorCode::WrongCredentials)?))
    }

    /// `None` when the user is paused or no member any more.
    async fn person(&self, session: UserSession) -> Result<Option<SignedIn>> {
        let (db, account) = (self.db.read(), session.account);
        let (user, role) = match users::member(db, account, session.user).await {
            Ok(found) => found,
            Err(StoreError::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        if !user.is_active {
            return Ok(None);
        }
        Ok(Some(SignedIn {
            site_roles: site_roles::of_user(db, account, user.id).await?,
            session,
            user,
            role,
        }))
    }

    /// The request does not wait for it.
    fn touch(&self, who: &SignedIn, now: EpochMs) {
        let (db, session, user) = (self.db.clone(), who.session.id, who.user.id);
        tokio::spawn(async move {
            let touched = db.write_tx(move |tx| {
                Box::pin(async move { user_sessions::touch(tx, session, user, now).await })
            });
            if let Err(error) = touched.await {
                tracing::warn!(%error, "cannot note the use of a session");
            }
        });
    }
}

/// Notes in the audit log what a person did to themselves.
async fn note(
    tx: &Tx,
    account: RowId,
    user: RowId,
    action: &'static str,
    now: EpochMs,
) -> Result<()> {
    let entry = Entry {
        account: Some(account),
        site: None,
        actor: Actor::User(user),
        action: action.to_owned(),
        subject_kind: "user".to_owned(),
        subject_id: user.to_string(),
        detail: None,
        request_id: None,
        at: now,
    };
    audit::append(tx, entry);
    Ok(())
}
