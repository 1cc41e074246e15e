//! Secret API keys: shown once, stored hashed.

use super::accounts::checked_name;
use super::entity::{secret_key, secret_key_site, site};
use super::error::{Result, corrupt, invalid, missing};
use super::tx::Tx;
use super::words::{AnalyticsPage, KeyRole, Scope};
use super::{revisions, secret};
use clew_core::model::id::RowId;
use clew_core::model::{EpochMs, SiteId};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// `last_used_at` is written at most this often, so that reading with a key does not mean writing.
const TOUCH_EVERY_MS: i64 = EpochMs::MINUTE;

/// Which sites of its account a key is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySites {
    /// All of them, also those made later.
    All,
    Only(BTreeSet<SiteId>),
}

/// What a key is shown of the sites that it is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VisiblePages {
    /// As far as its role and scopes go.
    All,
    /// These pages and nothing else at all.
    Only(BTreeSet<AnalyticsPage>),
    /// What the site's own settings say for marketing, and nothing else at all.
    AsTheSiteSays,
    /// As far as its role and scopes go on sites that show marketing every page; on others the
    /// pages that they show, and nothing else at all.
    AllUnlessTheSiteLimits,
}

/// What is known about a key after its secret is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub id: RowId,
    pub account: RowId,
    pub name: String,
    /// `sk_` and eight digits, to recognise it by.
    pub prefix: String,
    pub role: KeyRole,
    pub scopes: BTreeSet<Scope>,
    pub sites: KeySites,
    pub created_at: EpochMs,
    pub expires_at: Option<EpochMs>,
    pub revoked_at: Option<EpochMs>,
    pub last_used_at: Option<EpochMs>,
    /// `None`: no pages of its own; see [`VisiblePages`] for what that means for marketing.
    pub visible_pages: Option<BTreeSet<AnalyticsPage>>,
}

#[derive(Clone, Debug)]
pub struct NewKey {
    pub name: String,
    pub role: KeyRole,
    /// `None`: what the role allows (see [`default_scopes`]).
    pub scopes: Option<BTreeSet<Scope>>,
    pub sites: KeySites,
    pub expires_at: Option<EpochMs>,
    /// `None`: no limit to pages.
    pub visible_pages: Option<BTreeSet<AnalyticsPage>>,
}

/// A key with its secret, for the one time that it is shown.
#[derive(Clone)]
pub struct CreatedKey {
    pub secret: String,
    pub key: Key,
}

impl std::fmt::Debug for CreatedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreatedKey")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

/// Who presented a valid key, and what it may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    pub key: RowId,
    pub account: RowId,
    pub role: KeyRole,
    pub scopes: BTreeSet<Scope>,
    pub sites: KeySites,
    /// Caches must not trust the key beyond this time.
    pub expires_at: Option<EpochMs>,
    pub visible_pages: VisiblePages,
}

impl Principal {
    pub fn has(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    /// Whether the key covers `site` of `account` at all.
    pub fn covers(&self, account: RowId, site: SiteId) -> bool {
        self.account == account
            && match &self.sites {
                KeySites::All => true,
                KeySites::Only(sites) => sites.contains(&site),
            }
    }
}

/// Everything for admins, reading and sending for marketing, reading for viewers.
pub fn default_scopes(role: KeyRole) -> BTreeSet<Scope> {
    match role {
        KeyRole::Admin => [Scope::Read, Scope::Manage, Scope::Ingest].into(),
        KeyRole::Marketing => [Scope::Read, Scope::Ingest].into(),
        KeyRole::Viewer => [Scope::Read].into(),
    }
}

/// Creates a key for sites of the account; `NotFound` when one of them is not the account's.
pub async fn create(tx: &Tx, account: RowId, new: NewKey, now: EpochMs) -> Result<CreatedKey> {
    let scopes = new.scopes.unwrap_or_else(|| default_scopes(new.role));
    if scopes.is_empty() {
        return Err(invalid(
            "scopes",
            "a key without a scope is good for nothing",
        ));
    }
    if new.visible_pages.as_ref().is_some_and(BTreeSet::is_empty) {
        let reason = "a key that sees no page is good for nothing";
        return Err(invalid("visiblePages", reason));
    }
    let pages = new.visible_pages.as_ref().map(serde_json::to_string);
    let pages = pages.transpose().map_err(|e| corrupt("pages", &e))?;
    let id = Uuid::now_v7();
    let plain = secret::secret_key();
    let row = secret_key::ActiveModel {
        id: Set(id),
        account_id: Set(account.to_uuid()),
        name: Set(checked_name("key name", &new.name)?),
        prefix: Set(secret::prefix(&plain).unwrap_or_default().to_owned()),
        hash: Set(secret::hash(&plain)),
        role: Set(new.role.as_str().to_owned()),
        scopes: Set(joined(&scopes)),
        all_sites: Set(new.sites == KeySites::All),
        created_at: Set(now.0),
        expires_at: Set(new.expires_at.map(|t| t.0)),
        revoked_at: Set(None),
        last_used_at: Set(None),
        visible_pages: Set(pages),
    };
    let row = secret_key::Entity::insert(row)
        .exec_with_returning(tx)
        .await?;
    if let KeySites::Only(sites) = &new.sites {
        limit_to(tx, account, id, sites).await?;
    }
    Ok(CreatedKey {
        secret: plain,
        key: from_row(tx, row).await?,
    })
}

/// Recognises a presented key. `None` for anything unknown, revoked or expired: the caller must
/// not be able to tell these apart.
pub async fn verify(
    c: &impl ConnectionTrait,
    presented: &str,
    now: EpochMs,
) -> Result<Option<Principal>> {
    let Some(prefix) = secret::prefix(presented) else {
        return Ok(None);
    };
    let candidates = secret_key::Entity::find().filter(secret_key::Column::Prefix.eq(prefix));
    for row in candidates.all(c).await? {
        if secret::matches(presented, &row.hash) && is_alive(&row, now) {
            return Ok(Some(from_row(c, row).await?.into()));
        }
    }
    Ok(None)
}

/// The living key of this id, for those who have proved before that they hold it.
pub async fn living(
    c: &impl ConnectionTrait,
    account: RowId,
    id: RowId,
    now: EpochMs,
) -> Result<Option<Principal>> {
    let row = secret_key::Entity::find_by_id(id.to_uuid())
        .filter(secret_key::Column::AccountId.eq(account.to_uuid()))
        .one(c)
        .await?;
    match row.filter(|row| is_alive(row, now)) {
        Some(row) => Ok(Some(from_row(c, row).await?.into())),
        None => Ok(None),
    }
}

fn is_alive(row: &secret_key::Model, now: EpochMs) -> bool {
    row.revoked_at.is_none() && row.expires_at.is_none_or(|t| now.0 < t)
}

impl From<Key> for Principal {
    fn from(key: Key) -> Self {
        Self {
            key: key.id,
            account: key.account,
            role: key.role,
            scopes: key.scopes,
            sites: key.sites,
            expires_at: key.expires_at,
            visible_pages: match (key.visible_pages, key.role) {
                (Some(pages), _) => VisiblePages::Only(pages),
                (None, KeyRole::Marketing) => VisiblePages::AllUnlessTheSiteLimits,
                (None, KeyRole::Admin | KeyRole::Viewer) => VisiblePages::All,
            },
        }
    }
}

/// Notes that the key was used, at most once a minute.
pub async fn touch(tx: &Tx, account: RowId, id: RowId, now: EpochMs) -> Result<()> {
    let stale = secret_key::Column::LastUsedAt
        .is_null()
        .or(secret_key::Column::LastUsedAt.lt(now.0 - TOUCH_EVERY_MS));
    secret_key::Entity::update_many()
        .col_expr(secret_key::Column::LastUsedAt, Expr::value(now.0))
        .filter(secret_key::Column::Id.eq(id.to_uuid()))
        .filter(secret_key::Column::AccountId.eq(account.to_uuid()))
        .filter(stale)
        .exec(tx)
        .await?;
    Ok(())
}

/// Revokes a key for ever; doing it again changes nothing.
pub async fn revoke(tx: &Tx, account: RowId, id: RowId, now: EpochMs) -> Result<()> {
    let key = get(tx, account, id).await?;
    if key.revoked_at.is_some() {
        return Ok(());
    }
    secret_key::Entity::update_many()
        .col_expr(secret_key::Column::RevokedAt, Expr::value(now.0))
        .filter(secret_key::Column::Id.eq(id.to_uuid()))
        .exec(tx)
        .await?;
    revisions::policies_changed(tx).await
}

pub async fn get(c: &impl ConnectionTrait, account: RowId, id: RowId) -> Result<Key> {
    let row = secret_key::Entity::find_by_id(id.to_uuid())
        .filter(secret_key::Column::AccountId.eq(account.to_uuid()))
        .one(c)
        .await?;
    from_row(c, row.ok_or_else(missing("key"))?).await
}

/// The account's keys, newest first, revoked and expired ones included.
pub async fn list(c: &impl ConnectionTrait, account: RowId) -> Result<Vec<Key>> {
    let rows = secret_key::Entity::find()
        .filter(secret_key::Column::AccountId.eq(account.to_uuid()))
        .order_by_desc(secret_key::Column::Id)
        .all(c)
        .await?;
    let mut keys = Vec::with_capacity(rows.len());
    for row in rows {
        keys.push(from_row(c, row).await?);
    }
    Ok(keys)
}

async fn limit_to(tx: &Tx, account: RowId, key: Uuid, sites: &BTreeSet<SiteId>) -> Result<()> {
    if sites.is_empty() {
        return Err(invalid("sites", "name at least one site, or none for all"));
    }
    for site in sites {
        let found = site::Entity::find_by_id(site.to_uuid())
            .filter(site::Column::AccountId.eq(account.to_uuid()))
            .filter(site::Column::DeletedAt.is_null())
            .one(tx)
            .await?;
        found.ok_or_else(missing("site"))?;
        let row = secret_key_site::ActiveModel {
            key_id: Set(key),
            site_id: Set(site.to_uuid()),
        };
        secret_key_site::Entity::insert(row)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

async fn from_row(c: &impl ConnectionTrait, row: secret_key::Model) -> Result<Key> {
    let sites = if row.all_sites {
        KeySites::All
    } else {
        let rows = secret_key_site::Entity::find()
            .filter(secret_key_site::Column::KeyId.eq(row.id))
            .all(c)
            .await?;
        KeySites::Only(rows.into_iter().map(|r| r.site_id.into()).collect())
    };
    let pages = row.visible_pages.as_deref().map(stored_pages);
    Ok(Key {
        visible_pages: pages.transpose()?,
        id: row.id.into(),
        account: row.account_id.into(),
        name: row.name,
        prefix: row.prefix,
        role: KeyRole::stored(&row.role)?,
        scopes: row
            .scopes
            .split_whitespace()
            .map(Scope::stored)
            .collect::<Result<_>>()?,
        sites,
        created_at: EpochMs(row.created_at),
        expires_at: row.expires_at.map(EpochMs),
        revoked_at: row.revoked_at.map(EpochMs),
        last_used_at: row.last_used_at.map(EpochMs),
    })
}

fn stored_pages(text: &str) -> Result<BTreeSet<AnalyticsPage>> {
    let words: Vec<String> = serde_json::from_str(text).map_err(|e| corrupt("pages", &e))?;
    words
        .iter()
        .map(|word| AnalyticsPage::stored(word))
        .collect()
}

fn joined(scopes: &BTreeSet<Scope>) -> String {
    let words: Vec<_> = scopes.iter().map(|s| s.as_str()).collect();
    words.join(" ")
}
