//! Secret keys as requests present them.
//!
//! Owns a small cache in front of the relational store, so that a busy key costs one look-up per
//! half minute. The cache knows keys only by their hash, is emptied at every change of sites or
//! keys (a revoked key is refused at once), and never remembers a refusal.

use clew_core::model::EpochMs;
use clew_store::relational::keys::{self, Principal};
use clew_store::relational::{Db, StoreError};
use moka::sync::Cache;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;

const REMEMBER: Duration = Duration::from_secs(30);
const CAPACITY: u64 = 10_000;

/// Recognises secret keys.
#[derive(Debug)]
pub struct Keyring {
    db: Db,
    known: Cache<[u8; 32], Arc<Principal>>,
}

impl Keyring {
    pub fn new(db: Db) -> Self {
        let known = Cache::builder()
            .max_capacity(CAPACITY)
            .time_to_live(REMEMBER)
            .build();
        Self { db, known }
    }

    /// Whose key this is; `None` for anything unknown, revoked or expired.
    pub async fn verify(
        &self,
        presented: &str,
        now: EpochMs,
    ) -> Result<Option<Arc<Principal>>, StoreError> {
        let fingerprint: [u8; 32] = Sha256::digest(presented.as_bytes()).into();
        if let Some(principal) = self.known.get(&fingerprint) {
            let alive = principal.expires_at.is_none_or(|end| now < end);
            return Ok(alive.then_some(principal));
        }
        let Some(principal) = keys::verify(self.db.read(), presented, now).await? else {
            return Ok(None);
        };
        let principal = Arc::new(principal);
        self.known.insert(fingerprint, principal.clone());
        self.note_use(&principal, now);
        Ok(Some(principal))
    }

    /// Forgets everything, e.g. because a key was revoked.
    pub fn forget(&self) {
        self.known.invalidate_all();
    }

    /// "Last used" is a service to the owner; the request does not wait for it.
    fn note_use(&self, principal: &Principal, now: EpochMs) {
        let (db, account, key) = (self.db.clone(), principal.account, principal.key);
        tokio::spawn(async move {
            let touched = db
                .write_tx(move |tx| {
                    Box::pin(async move { keys::touch(tx, account, key, now).await })
                })
                .await;
            if let Err(error) = touched {
                tracing::warn!(%error, "cannot note the use of a key");
            }
        });
    }
}
