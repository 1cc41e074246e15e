//! Making and revoking secret keys.

use super::acting::{Acting, Done};
use super::changes::Changes;
use crate::clock;
use clew_core::model::id::RowId;
use clew_store::relational::keys::{self, CreatedKey, KeySites, NewKey};
use clew_store::relational::{Db, Result};

/// `NotFound` when a site is not the account's.
pub async fn create(db: &Db, by: Acting, new: NewKey) -> Result<CreatedKey> {
    let now = clock::now();
    db.write_tx(move |tx| {
        Box::pin(async move {
            let created = keys::create(tx, by.account, new, now).await?;
            let detail = changes(&created).detail();
            by.note_with(tx, done("key.create", created.key.id), detail, now);
            Ok(created)
        })
    })
    .await
}

pub async fn revoke(db: &Db, by: Acting, id: RowId) -> Result<()> {
    let now = clock::now();
    db.write_tx(move |tx| {
        Box::pin(async move {
            keys::revoke(tx, by.account, id, now).await?;
            by.note(tx, done("key.revoke", id), now).await
        })
    })
    .await
}

/// What the key may do; neither the key nor its name.
fn changes(created: &CreatedKey) -> Changes {
    let key = &created.key;
    let mut changes = Changes::default();
    changes.field("role", None, key.role.as_str());
    let scopes: Vec<_> = key.scopes.iter().map(|scope| scope.as_str()).collect();
    changes.field("scopes", None, scopes);
    if let KeySites::Only(sites) = &key.sites {
        let sites: Vec<_> = sites.iter().map(ToString::to_string).collect();
        changes.field("sites", None, sites);
    }
    if let Some(pages) = &key.visible_pages {
        changes.field("visiblePages", None, pages);
    }
    if let Some(end) = key.expires_at {
        changes.field("expiresAt", None, end.to_timestamp().to_string());
    }
    changes
}

fn done(action: &'static str, key: RowId) -> Done {
    Done {
        action,
        site: None,
        subject: key.to_string(),
    }
}
