//! What several reports of one page would ask alike: who was counted, and what was left out.

use super::sealed::Sealed;
use clew_core::model::SiteId;
use clew_core::report::{Exclusions, Filter, IdentityMix, Range, ReportPlan};
use moka::sync::Cache;

/// Ranges and filters remembered.
const KEPT: u64 = 256;

/// Answers that hold as long as no event came or went.
#[derive(Clone, Debug)]
pub(crate) struct Memory {
    about: Cache<Key, About>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    version: u64,
    site: SiteId,
    range: Range,
    filter: Filter,
}

/// What the `meta` of a report says about its range and filter.
#[derive(Clone, Debug)]
pub(super) struct About {
    pub(super) identity: IdentityMix,
    pub(super) exclusions: Exclusions,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            about: Cache::new(KEPT),
        }
    }
}

impl Memory {
    pub(crate) fn forget(&self) {
        self.about.invalidate_all();
    }
}

/// The memory at one state of the store.
#[derive(Clone, Debug)]
pub(crate) struct Recall<'a> {
    pub(crate) memory: &'a Memory,
    /// Changes with every event that comes or goes.
    pub(crate) version: u64,
}

impl Recall<'_> {
    fn key(&self, plan: &ReportPlan) -> Key {
        Key {
            version: self.version,
            site: plan.site,
            range: plan.range,
            filter: plan.filter.clone(),
        }
    }
}

impl Sealed<'_> {
    pub(super) fn recall(&self, plan: &ReportPlan) -> Option<About> {
        let recall = self.memory.as_ref()?;
        recall.memory.about.get(&recall.key(plan))
    }

    pub(super) fn remember(&self, plan: &ReportPlan, about: About) {
        if let Some(recall) = &self.memory {
            recall.memory.about.insert(recall.key(plan), about);
        }
    }
}
