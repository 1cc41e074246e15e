//! Archive files of retention: those with somebody's events are written anew without them.

use super::{Erasable, ErasureError, Found, Target, Targets};
use crate::events::EventRow;
use crate::retention::{Files, RetentionError};

#[derive(Debug)]
pub struct RetainedFiles(Files);

impl RetainedFiles {
    pub fn new(files: Files) -> Self {
        Self(files)
    }
}

#[async_trait::async_trait]
impl Erasable for RetainedFiles {
    fn name(&self) -> &'static str {
        "retention_archive"
    }

    async fn survey(&self, targets: &Targets) -> Result<Vec<Found>, ErasureError> {
        let mut all = Vec::new();
        for target in targets.iter() {
            let mut found = Found::default();
            for name in self.0.list(target.site).await.map_err(other)? {
                for row in self.0.read(&name).await.map_err(other)? {
                    if own(target, &row) {
                        found.items += 1;
                        found.also.extend(target.persons.also_known_as(&row.event));
                    }
                }
            }
            all.push(found);
        }
        Ok(all)
    }

    async fn erase(&self, targets: &Targets) -> Result<(), ErasureError> {
        let _alone = self.0.lock().await;
        for target in targets.iter() {
            let rewritten = self.0.rewrite(target.site, |row| !own(target, row)).await;
            rewritten.map_err(other)?;
        }
        Ok(())
    }
}

fn own(target: &Target, row: &EventRow) -> bool {
    row.lsn < target.before && target.persons.own(&row.event)
}

fn other(error: RetentionError) -> ErasureError {
    ErasureError::Other(Box::new(error))
}
