//! Files that were made about one person: they end, and so does the row that says whom they were
//! about.

use crate::clock;
use crate::exports::ExportFiles;
use clew_store::erasure::{Erasable, ErasureError, Found, Target, Targets};
use clew_store::relational::Db;
use clew_store::relational::exports::{self, Export, Subject};

pub(super) struct ExportsOfPersons {
    pub(super) db: Db,
    pub(super) files: ExportFiles,
}

#[async_trait::async_trait]
impl Erasable for ExportsOfPersons {
    fn name(&self) -> &'static str {
        "exports"
    }

    async fn survey(&self, targets: &Targets) -> Result<Vec<Found>, ErasureError> {
        let mut found = Vec::new();
        for target in targets.iter() {
            let exports = exports::list(self.db.read(), target.site).await?;
            let own = exports.iter().filter(|export| is_about(export, target));
            found.push(Found {
                items: own.count() as u64,
                ..Found::default()
            });
        }
        Ok(found)
    }

    /// Every export of the site ends with it: another person's may name this one too.
    async fn erase(&self, targets: &Targets) -> Result<(), ErasureError> {
        let now = clock::now();
        for site in targets.iter().map(|target| target.site) {
            let withdraw = self.db.write_tx(move |tx| {
                Box::pin(async move { exports::withdraw(tx, site, now).await })
            });
            withdraw.await?;
        }
        let alive = exports::alive(self.db.read(), now).await?;
        let files = self.files.clone();
        let swept = tokio::task::spawn_blocking(move || files.sweep(&alive)).await;
        let swept = swept.map_err(|_| ErasureError::Worker)?;
        swept.map_err(|error| ErasureError::Other(Box::new(error)))?;
        Ok(self.db.scrub().await?)
    }
}

fn is_about(export: &Export, target: &Target) -> bool {
    match export.subject {
        Some(Subject::Visitor(visitor)) => target.persons.has_visitor(visitor),
        Some(Subject::User(user)) => target.persons.has_user(user),
        None => false,
    }
}
