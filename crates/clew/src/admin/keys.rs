//! Making and revoking secret keys.

use super::acting::{Acting, Done};
use crate::clock;
use clew_core::model::id::RowId;
use clew_store::relational::keys::{self, CreatedKey, NewKey};
use clew_store::relational::{Db, Result};

/// `NotFound` when a site is not the account's.
pub async fn create(db: &Db, by: Acting, new: NewKey) -> Result<CreatedKey> {
    let now = clock::now();
    db.write_tx(move |tx| {
        Box::pin(async move {
            let created = keys::create(tx, by.account, new, now).await?;
            by.note(tx, done("key.create", created.key.id), now).await?;
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

fn done(action: &'static str, key: RowId) -> Done {
    Done {
        action,
        site: None,
        subject: key.to_string(),
    }
}
