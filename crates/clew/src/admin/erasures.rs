//! Erasures of persons, asked for in somebody's name.

use super::acting::{Acting, Done};
use crate::clock;
use clew_core::model::{PersonHash, SiteId};
use clew_store::relational::erasures::{self, Erasure};
use clew_store::relational::{Db, ErasureReason, Result, SubjectKind};
use std::collections::BTreeSet;

/// Puts an erasure on the list. The audit log names it and not whom it is about.
pub async fn request(
    db: &Db,
    by: Acting,
    site: SiteId,
    subject: SubjectKind,
    reason: Option<ErasureReason>,
    persons: BTreeSet<PersonHash>,
) -> Result<Erasure> {
    let now = clock::now();
    let request = db.write_tx(move |tx| {
        Box::pin(async move {
            let erasure = erasures::request(tx, site, subject, reason, persons, now).await?;
            let done = Done {
                action: "erasure.request",
                site: Some(site),
                subject: erasure.id.to_string(),
            };
            by.note(tx, done, now).await?;
            Ok(erasure)
        })
    });
    request.await
}
