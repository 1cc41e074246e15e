//! Password hashing: argon2id with the library's recommended parameters, as a PHC string.
//!
//! Both functions burn CPU for tens of milliseconds on a blocking thread; never call them inside
//! `write_tx`.

use super::error::{Result, StoreError, invalid};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::password_hash::{Error, PasswordHasher as _, PasswordVerifier as _};
use std::sync::OnceLock;

const MIN_CHARS: usize = 10;
/// Longer input only serves to keep the CPU busy.
const MAX_BYTES: usize = 1_024;

/// A PHC string (`$argon2id$…`); its `Debug` shows nothing.
#[derive(Clone)]
pub struct PasswordHash(pub(super) String);

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

/// Hashes a new password of at least 10 characters.
pub async fn hash(plain: &str) -> Result<PasswordHash> {
    if plain.chars().count() < MIN_CHARS || plain.len() > MAX_BYTES {
        return Err(invalid("password", "10 to 1024 characters are needed"));
    }
    let plain = plain.to_owned();
    blocking(move || digest(&plain)).await
}

/// Whether `plain` belongs to `hash`. Without a hash (unknown user, or one without a password) it
/// takes as long and says no, so that timing does not tell who has an account.
pub async fn verify(plain: &str, hash: Option<PasswordHash>) -> Result<bool> {
    let plain = plain.to_owned();
    blocking(move || check(&plain, hash)).await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let task = tokio::task::spawn_blocking(work);
    task.await
        .map_err(|error| StoreError::Password(error.to_string()))?
}

fn digest(plain: &str) -> Result<PasswordHash> {
    let phc: Phc = Argon2::default()
        .hash_password(plain.as_bytes())
        .map_err(|e| failed(&e))?;
    Ok(PasswordHash(phc.to_string()))
}

fn check(plain: &str, hash: Option<PasswordHash>) -> Result<bool> {
    static DECOY: OnceLock<PasswordHash> = OnceLock::new();
    let known = hash.is_some();
    let hash = match (hash, DECOY.get()) {
        (Some(hash), _) => hash,
        (None, Some(decoy)) => decoy.clone(),
        (None, None) => DECOY
            .get_or_init(|| {
                digest("nobody's password").unwrap_or_else(|_| PasswordHash(String::new()))
            })
            .clone(),
    };
    if plain.len() > MAX_BYTES {
        return Ok(false);
    }
    let phc = Phc::new(&hash.0).map_err(|e| failed(&e))?;
    match Argon2::default().verify_password(plain.as_bytes(), &phc) {
        Ok(()) => Ok(known),
        Err(Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(failed(&error)),
    }
}

fn failed(error: &(impl ToString + ?Sized)) -> StoreError {
    StoreError::Password(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_verifies_and_a_wrong_or_missing_one_does_not() {
        let stored = hash("correct horse").await.unwrap();
        assert!(stored.0.starts_with("$argon2id$"));
        assert!(verify("correct horse", Some(stored.clone())).await.unwrap());
        assert!(!verify("correct horsf", Some(stored)).await.unwrap());
        assert!(!verify("correct horse", None).await.unwrap());
        assert!(!verify("nobody's password", None).await.unwrap());
    }

    #[tokio::test]
    async fn short_passwords_are_refused() {
        assert!(matches!(
            hash("123456789").await,
            Err(StoreError::Invalid { .. })
        ));
    }
}
