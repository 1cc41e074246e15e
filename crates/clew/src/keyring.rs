//! Secret keys as requests present them.
//!
//! Owns a small cache in front of the relational store, so that a busy key costs one look-up per
//! half minute, and the keys of the configuration, which no store knows. The cache knows keys only
//! by their hash, is emptied at every change of sites or keys (a revoked key is refused at once),
//! and never remembers a refusal.

use crate::config::Analytics;
use clew_core::model::EpochMs;
use clew_core::model::id::RowId;
use clew_store::relational::keys::{self, KeySites, Principal, VisiblePages};
use clew_store::relational::{Db, KeyRole, Scope, StoreError};
use moka::sync::Cache;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;
use subtle::ConstantTimeEq;

const REMEMBER: Duration = Duration::from_secs(30);
const CAPACITY: u64 = 10_000;

/// Recognises secret keys.
#[derive(Debug)]
pub struct Keyring {
    db: Db,
    configured: Vec<Configured>,
    known: Cache<[u8; 32], Arc<Principal>>,
    /// Of those who have proved before that they hold the key.
    by_id: Cache<(RowId, RowId), Arc<Principal>>,
}

/// A key from the configuration.
#[derive(Debug)]
struct Configured {
    hash: [u8; 32],
    principal: Arc<Principal>,
}

impl Keyring {
    /// The configured keys are good for all sites of `account`.
    pub fn new(db: Db, configured: &Analytics, account: RowId) -> Self {
        Self {
            db,
            configured: of_configuration(configured, account),
            known: cache(),
            by_id: cache(),
        }
    }

    /// Whose key this is; `None` for anything unknown, revoked or expired.
    pub async fn verify(
        &self,
        presented: &str,
        now: EpochMs,
    ) -> Result<Option<Arc<Principal>>, StoreError> {
        let fingerprint: [u8; 32] = Sha256::digest(presented.as_bytes()).into();
        // All of them are compared, whichever it is.
        let mut configured = None;
        for key in &self.configured {
            if bool::from(key.hash.ct_eq(&fingerprint)) {
                configured = Some(key.principal.clone());
            }
        }
        if configured.is_some() {
            return Ok(configured);
        }
        if let Some(principal) = self.known.get(&fingerprint) {
            return Ok(is_alive(&principal, now).then_some(principal));
        }
        let Some(principal) = keys::verify(self.db.read(), presented, now).await? else {
            return Ok(None);
        };
        let principal = Arc::new(principal);
        self.known.insert(fingerprint, principal.clone());
        self.note_use(&principal, now);
        Ok(Some(principal))
    }

    /// The living key of this id, for whoever has proved before that they hold it.
    pub async fn living(
        &self,
        account: RowId,
        key: RowId,
        now: EpochMs,
    ) -> Result<Option<Arc<Principal>>, StoreError> {
        let mut configured = self.configured.iter().map(|key| &key.principal);
        if let Some(principal) = configured.find(|own| own.key == key) {
            return Ok((principal.account == account).then(|| principal.clone()));
        }
        if let Some(principal) = self.by_id.get(&(account, key)) {
            return Ok(is_alive(&principal, now).then_some(principal));
        }
        let found = keys::living(self.db.read(), account, key, now).await?;
        let Some(principal) = found.map(Arc::new) else {
            return Ok(None);
        };
        self.by_id.insert((account, key), principal.clone());
        self.note_use(&principal, now);
        Ok(Some(principal))
    }

    /// Forgets everything, e.g. because a key was revoked.
    pub fn forget(&self) {
        self.known.invalidate_all();
        self.by_id.invalidate_all();
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

fn cache<K: std::hash::Hash + Eq + Send + Sync + 'static>() -> Cache<K, Arc<Principal>> {
    Cache::builder()
        .max_capacity(CAPACITY)
        .time_to_live(REMEMBER)
        .build()
}

fn is_alive(principal: &Principal, now: EpochMs) -> bool {
    principal.expires_at.is_none_or(|end| now < end)
}

fn of_configuration(configured: &Analytics, account: RowId) -> Vec<Configured> {
    let key = |hash: [u8; 32], role, scopes, visible_pages| Configured {
        hash,
        principal: Arc::new(Principal {
            // The same at every start, and not the hash itself: it stands in the audit log.
            key: RowId::hashed(&[b"configured key", &hash]),
            account,
            role,
            scopes,
            sites: KeySites::All,
            expires_at: None,
            visible_pages,
        }),
    };
    let admin = configured.api_key.hash().map(|hash| {
        let scopes = keys::default_scopes(KeyRole::Admin);
        key(hash, KeyRole::Admin, scopes, VisiblePages::All)
    });
    let marketing = configured.marketing_api_key.hash().map(|hash| {
        let scopes = [Scope::Read].into();
        key(
            hash,
            KeyRole::Marketing,
            scopes,
            VisiblePages::AsTheSiteSays,
        )
    });
    admin.into_iter().chain(marketing).collect()
}
