//! Erasures of persons, asked for in somebody's name.

use super::acting::{Acting, Done};
use crate::clock;
use clew_core::model::{EpochMs, PersonHash, SiteId};
use clew_store::relational::erasures::{self, Erasure};
use clew_store::relational::{Db, ErasureReason, Result, SubjectKind, Tx};
use std::collections::BTreeSet;

/// Somebody at one site.
#[derive(Debug)]
pub struct Wanted {
    pub site: SiteId,
    pub subject: SubjectKind,
    pub persons: BTreeSet<PersonHash>,
}

/// Puts the erasure of somebody on the list, `elsewhere` too: all of it or nothing. The audit log
/// names the erasures and not whom they are about.
pub async fn request(
    db: &Db,
    by: Acting,
    wanted: Wanted,
    elsewhere: Vec<Wanted>,
    reason: Option<ErasureReason>,
) -> Result<Erasure> {
    let now = clock::now();
    let request = db.write_tx(move |tx| {
        Box::pin(async move {
            for more in elsewhere {
                queue(tx, &by, more, reason, now).await?;
            }
            queue(tx, &by, wanted, reason, now).await
        })
    });
    request.await
}

async fn queue(
    tx: &Tx,
    by: &Acting,
    wanted: Wanted,
    reason: Option<ErasureReason>,
    now: EpochMs,
) -> Result<Erasure> {
    let Wanted {
        site,
        subject,
        persons,
    } = wanted;
    let erasure = erasures::request(tx, site, subject, reason, persons, now).await?;
    let done = Done {
        action: "erasure.request",
        site: Some(site),
        subject: erasure.id.to_string(),
    };
    by.note(tx, done, now).await?;
    Ok(erasure)
}
