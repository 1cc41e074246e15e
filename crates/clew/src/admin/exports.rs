//! Asking for everything that is stored about somebody, and taking it.

use super::acting::{Acting, Done};
use crate::clock;
use crate::exports::LIFE_MS;
use crate::jobs::{self, ExportSubject};
use clew_core::model::SiteId;
use clew_core::model::id::RowId;
use clew_store::relational::exports::{self, Export, Subject};
use clew_store::relational::{Db, ExportState, Result, StoreError};

/// Exports of one site that may be under way at once.
const AT_ONCE: usize = 10;

/// The export is made by a job. `Conflict` while too many are under way.
pub async fn request(db: &Db, by: Acting, site: SiteId, subject: Subject) -> Result<Export> {
    let now = clock::now();
    db.write_tx(move |tx| {
        Box::pin(async move {
            let known = exports::list(tx, site).await?;
            let under_way =
                |e: &&Export| matches!(e.state, ExportState::Queued | ExportState::Running);
            if known.iter().filter(under_way).count() >= AT_ONCE {
                return Err(StoreError::Conflict { what: "export" });
            }
            let export = exports::create(tx, site, subject, now.plus(LIFE_MS), now).await?;
            let job = ExportSubject {
                site,
                export: export.id,
            };
            let mut job = jobs::new_job(&job, now).map_err(|error| StoreError::Invalid {
                what: "job",
                reason: error.to_string(),
            })?;
            job.site = Some(site);
            clew_store::relational::jobs::enqueue(tx, job, now).await?;
            by.note(tx, done("export.create", site, export.id), now)
                .await?;
            Ok(export)
        })
    })
    .await
}

/// Noted before the first byte goes out.
pub async fn note_download(db: &Db, by: Acting, site: SiteId, id: RowId) -> Result<()> {
    let now = clock::now();
    db.write_tx(move |tx| {
        Box::pin(async move { by.note(tx, done("export.download", site, id), now).await })
    })
    .await
}

fn done(action: &'static str, site: SiteId, export: RowId) -> Done {
    Done {
        action,
        site: Some(site),
        subject: export.to_string(),
    }
}
