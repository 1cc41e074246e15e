//! In whose name something is changed. Every change leaves an entry in the audit log, in its own
//! transaction.

use clew_core::model::id::RowId;
use clew_core::model::{EpochMs, SiteId};
use clew_store::relational::audit::{self, Actor, Entry};
use clew_store::relational::{Result, Tx};
use serde_json::Value;
use std::future::{Ready, ready};

/// Who acts, and in which account.
#[derive(Clone, Debug)]
pub struct Acting {
    pub account: RowId,
    pub actor: Actor,
    pub request_id: Option<String>,
}

/// What was done to what.
#[derive(Debug)]
pub(super) struct Done {
    /// `noun.verb`.
    pub(super) action: &'static str,
    pub(super) site: Option<SiteId>,
    pub(super) subject: String,
}

impl Acting {
    /// The operator, on the machine itself.
    pub const fn operator(account: RowId) -> Self {
        Self {
            account,
            actor: Actor::CommandLine,
            request_id: None,
        }
    }

    /// Written together with everything else of the transaction; to be awaited like that.
    pub(super) fn note(&self, tx: &Tx, done: Done, now: EpochMs) -> Ready<Result<()>> {
        self.note_with(tx, done, None, now);
        ready(Ok(()))
    }

    /// With what changed; see `changes`.
    pub(super) fn note_with(&self, tx: &Tx, done: Done, detail: Option<Value>, now: EpochMs) {
        let kind = done.action.split('.').next().unwrap_or_default();
        let entry = Entry {
            account: Some(self.account),
            site: done.site,
            actor: self.actor,
            action: done.action.to_owned(),
            subject_kind: kind.to_owned(),
            subject_id: done.subject,
            detail: detail.map(|detail| detail.to_string()),
            request_id: self.request_id.clone(),
            at: now,
        };
        audit::append(tx, entry);
    }
}
