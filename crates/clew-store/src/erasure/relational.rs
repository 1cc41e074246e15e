//! The relational store: rows are deleted, and the database cleans up behind them.

use super::{Erasable, ErasureError, Found, Targets};
use crate::relational::{Db, persons};

#[derive(Debug)]
pub struct RelationalRows(Db);

impl RelationalRows {
    pub fn new(db: Db) -> Self {
        Self(db)
    }
}

#[async_trait::async_trait]
impl Erasable for RelationalRows {
    fn name(&self) -> &'static str {
        "relational"
    }

    async fn survey(&self, targets: &Targets) -> Result<Vec<Found>, ErasureError> {
        let mut found = Vec::new();
        for target in targets.iter() {
            let read = self.0.read();
            let held = persons::survey(read, target.site, &target.persons, target.before).await?;
            found.push(Found {
                items: held.rows,
                also: held.also,
            });
        }
        Ok(found)
    }

    async fn erase(&self, targets: &Targets) -> Result<(), ErasureError> {
        // One transaction each: many erasures must not hold the writer for as long as all of them.
        for i in 0..targets.len() {
            let all = targets.clone();
            let delete = self.0.write_tx(move |tx| {
                Box::pin(async move {
                    if let Some(target) = all.get(i) {
                        persons::erase(tx, target.site, &target.persons, target.before).await?;
                    }
                    Ok(())
                })
            });
            delete.await?;
        }
        Ok(self.0.scrub().await?)
    }
}
