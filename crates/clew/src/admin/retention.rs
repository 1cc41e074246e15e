//! Letting events leave before their next day comes.

use super::acting::{Acting, Done};
use crate::clock;
use crate::jobs::{self, Retain};
use clew_core::model::{EpochMs, SiteId};
use clew_store::relational::{Db, Result, StoreError, Tx};

/// A run of this site as a job, now. One that waits already is enough.
pub async fn run_now(db: &Db, by: Acting, site: SiteId) -> Result<()> {
    let now = clock::now();
    let retain = Retain { site: Some(site) };
    let mut job = jobs::new_job(&retain, now).map_err(|error| StoreError::Invalid {
        what: "job",
        reason: error.to_string(),
    })?;
    job.site = Some(site);
    job.merge_key = Some(site.to_string());
    db.write_tx(move |tx| {
        Box::pin(async move {
            clew_store::relational::jobs::enqueue(tx, job, now).await?;
            by.note(tx, done("retention.run", site), now).await
        })
    })
    .await
}

/// A run has set a new mark.
pub(crate) async fn note_run(tx: &Tx, by: &Acting, site: SiteId, now: EpochMs) -> Result<()> {
    by.note(tx, done("retention.commit", site), now).await
}

fn done(action: &'static str, site: SiteId) -> Done {
    Done {
        action,
        site: Some(site),
        subject: site.to_string(),
    }
}
