//! The event store: rows are deleted, then the file is copied without them and swapped.

use super::{Erasable, ErasureError, Found, Target, Targets};
use crate::events::{Deletion, EventStore};
use std::sync::Arc;

pub struct EventRows(Arc<dyn EventStore>);

impl EventRows {
    pub fn new(store: Arc<dyn EventStore>) -> Self {
        Self(store)
    }
}

#[async_trait::async_trait]
impl Erasable for EventRows {
    fn name(&self) -> &'static str {
        "event_store"
    }

    async fn survey(&self, targets: &Targets) -> Result<Vec<Found>, ErasureError> {
        let mut found = Vec::new();
        for target in targets.iter() {
            found.push(Found {
                items: self.0.count(deletion(target)).await?,
                ..Found::default()
            });
        }
        Ok(found)
    }

    async fn erase(&self, targets: &Targets) -> Result<(), ErasureError> {
        for target in targets.iter() {
            self.0.delete(deletion(target)).await?;
        }
        // The projector may have deleted them already; their bytes leave here.
        Ok(self.0.compact().await?)
    }
}

fn deletion(target: &Target) -> Deletion {
    Deletion::Persons {
        site: target.site,
        persons: target.persons.clone(),
        before: target.before,
    }
}

impl std::fmt::Debug for EventRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EventRows")
    }
}
