//! What has left each site for good, in memory: whoever writes events into an event store asks.
//!
//! The relational store owns the marks. One process owns a data folder, so they change here and
//! nowhere else.

use arc_swap::ArcSwap;
use clew_core::model::{SiteId, Watermark};
use clew_store::relational::{Db, Result, retention};
use std::collections::HashMap;
use std::sync::Arc;

/// Cheap to clone; all clones see the same marks.
#[derive(Clone, Debug, Default)]
pub struct Marks(Arc<ArcSwap<HashMap<SiteId, Watermark>>>);

impl Marks {
    pub async fn load(db: &Db) -> Result<Self> {
        let marks = Self::default();
        marks.reload(db).await?;
        Ok(marks)
    }

    /// Reads them again: a run was committed.
    pub async fn reload(&self, db: &Db) -> Result<()> {
        self.0.store(Arc::new(retention::marks(db.read()).await?));
        Ok(())
    }

    /// One run of a site was committed with this mark.
    pub fn raise(&self, site: SiteId, mark: Watermark) {
        self.0.rcu(|marks| {
            let mut marks = HashMap::clone(marks);
            marks.insert(site, mark);
            marks
        });
    }

    pub fn current(&self) -> Arc<HashMap<SiteId, Watermark>> {
        self.0.load_full()
    }
}
