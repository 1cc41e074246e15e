//! Answers that hold until an event comes or goes.
//!
//! A dashboard asks the same questions again with every look, and several people look at one site.
//! The version is read before the question's transaction begins, so an answer is at least as new
//! as the version under which it is kept.

use clew_core::model::EpochMs;
use clew_core::report::{Report, ReportPlan, Table};
use moka::sync::Cache;
use std::sync::Arc;

/// Bytes of answers that are kept, roughly.
const KEPT_BYTES: u64 = 16 << 20;
/// What a row of an answer weighs, roughly.
const ROW_BYTES: usize = 512;

pub(super) struct Answers {
    cache: Cache<(u64, String), Arc<Table>>,
}

impl Default for Answers {
    fn default() -> Self {
        let weigh = |_: &(u64, String), table: &Arc<Table>| {
            u32::try_from(table.rows() * ROW_BYTES).unwrap_or(u32::MAX)
        };
        let cache = Cache::builder()
            .max_capacity(KEPT_BYTES)
            .weigher(weigh)
            .build();
        Self { cache }
    }
}

impl Answers {
    /// `None` as a key: the question is never quite the same again.
    pub(super) fn key(plan: &ReportPlan, version: u64) -> Option<(u64, String)> {
        let zone = plan.zone.iana_name()?;
        // The time of asking is in the range already, except of what is about this very moment.
        if matches!(plan.report, Report::Realtime) {
            return None;
        }
        let plan = ReportPlan {
            now: EpochMs(0),
            zone: jiff::tz::TimeZone::UTC,
            ..plan.clone()
        };
        Some((version, format!("{zone} {plan:?}")))
    }

    pub(super) fn get(&self, key: &(u64, String)) -> Option<Table> {
        self.cache.get(key).map(|table| table.as_ref().clone())
    }

    /// Every answer goes, those of older versions included.
    pub(super) fn forget(&self) {
        self.cache.invalidate_all();
    }

    pub(super) fn keep(&self, key: (u64, String), table: Table) {
        self.cache.insert(key, Arc::new(table));
    }
}
