//! Access tokens of people and keys: who gets one, and whether it still holds.
//!
//! A token makes no session and no use renews it, so nobody stays signed in by one. In an account
//! with a hipaa site it dies as soon as an unused session there would, if that is earlier than its
//! own end.

use super::{SignIn, Standing, Whence, note};
use crate::access_tokens::{Claims, Subject};
use crate::clock;
use crate::error::ApiResult;
use crate::keyring::Keyring;
use clew_core::error::ErrorCode;
use clew_core::model::EpochMs;
use clew_store::relational::{Result, StoreError, site_roles, users};

impl SignIn {
    /// What a token says of whoever knows this password.
    pub async fn claims_of_person(
        &self,
        email: &str,
        plain: &str,
        whence: Whence<'_>,
    ) -> ApiResult<Claims> {
        let (user, attempt) = self.prove(email, plain, whence).await?;
        let (account, _) = self.account_of(user.id).await?;
        let (id, now) = (user.id, clock::now());
        let work = self.db.write_tx(move |tx| {
            Box::pin(async move { note(tx, account, id, "token.create", now).await })
        });
        work.await?;
        attempt.succeeded();
        Ok(Claims {
            subject: Subject::Person {
                user: user.id,
                epoch: user.token_epoch,
            },
            account,
            issued: now,
        })
    }

    /// What a token says of whoever holds this secret key; as slow to guess as a password.
    pub async fn claims_of_key(
        &self,
        keyring: &Keyring,
        key: &str,
        whence: Whence<'_>,
    ) -> ApiResult<Claims> {
        let attempt = self.begin(key, whence)?;
        let now = clock::now();
        let principal = keyring.verify(key, now).await?;
        let principal = principal.ok_or(ErrorCode::WrongCredentials)?;
        attempt.succeeded();
        Ok(Claims {
            subject: Subject::Key(principal.key),
            account: principal.account,
            issued: now,
        })
    }

    /// How long a token of this account is good for, in milliseconds from its making.
    pub fn token_life_ms(&self, account: clew_core::model::id::RowId) -> i64 {
        crate::access_tokens::LIFE_MS.min(self.idle_ms(account))
    }

    /// The person for whom a token stands; `None` when it was revoked since, or the person was.
    pub async fn by_claims(&self, claims: &Claims, now: EpochMs) -> Result<Option<Standing>> {
        let Subject::Person { user, epoch } = claims.subject else {
            return Ok(None);
        };
        if now.since(claims.issued) >= self.token_life_ms(claims.account) {
            return Ok(None);
        }
        let db = self.db.read();
        let (member, role) = match users::member(db, claims.account, user).await {
            Ok(found) => found,
            Err(StoreError::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        if !member.is_active || member.token_epoch != epoch {
            return Ok(None);
        }
        Ok(Some(Standing {
            by: user,
            account: claims.account,
            user,
            role,
            site_roles: site_roles::of_user(db, claims.account, user).await?,
        }))
    }
}
