//! Every administrative change leaves an entry in the audit log, in its own transaction.

use clew_core::model::id::RowId;
use clew_core::model::{EpochMs, SiteId};
use clew_store::relational::audit::{self, Actor, Entry};
use clew_store::relational::{Result, Tx};

/// What was done to what.
pub(super) struct Done {
    /// `noun.verb`.
    pub(super) action: &'static str,
    pub(super) account: RowId,
    pub(super) site: Option<SiteId>,
    pub(super) subject: String,
}

/// Notes a change made by the operator on the machine itself.
pub(super) async fn note(tx: &Tx, done: Done, now: EpochMs) -> Result<()> {
    let kind = done.action.split('.').next().unwrap_or_default();
    let entry = Entry {
        account: Some(done.account),
        site: done.site,
        actor: Actor::CommandLine,
        action: done.action.to_owned(),
        subject_kind: kind.to_owned(),
        subject_id: done.subject,
        detail: None,
        request_id: None,
        at: now,
    };
    audit::append(tx, entry).await?;
    Ok(())
}
