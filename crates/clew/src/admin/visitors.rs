//! Notes in the audit log about merging and separating visitors.

use super::acting::{Acting, Done};
use crate::clock;
use crate::sites::Site;
use clew_core::model::VisitorId;
use clew_store::relational::{Db, Result};

/// The visitor stands there as a keyed hash: the log is never rewritten, so it must not hold what
/// an erasure has to reach.
pub async fn note_link(
    db: &Db,
    by: Acting,
    site: &Site,
    visitor: VisitorId,
    action: &'static str,
) -> Result<()> {
    let subject = site.key().mac("audit", &[&visitor.to_bytes()]);
    let (id, now) = (site.id(), clock::now());
    let done = Done {
        action,
        site: Some(id),
        subject: format!("{:032x}", u128::from_be_bytes(subject)),
    };
    db.write_tx(move |tx| Box::pin(async move { by.note(tx, done, now).await }))
        .await
}
