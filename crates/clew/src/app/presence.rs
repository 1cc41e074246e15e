//! How many visitors are on a site right now, asked once for all who watch it.

use super::App;
use crate::clock;
use clew_core::model::SiteId;
use clew_core::report::{self, Body};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long an answer serves everybody.
const FRESH: Duration = Duration::from_secs(4);

type Slot = Arc<tokio::sync::Mutex<Option<(Instant, Option<u64>)>>>;

/// The latest answers.
#[derive(Debug, Default)]
pub(super) struct Presence {
    sites: Mutex<HashMap<SiteId, Slot>>,
}

impl App {
    /// Visitors of the last five minutes; `None` while reports do not answer.
    pub async fn present_visitors(&self, site: SiteId) -> Option<u64> {
        let slot = self.presence.sites.lock().entry(site).or_default().clone();
        // Whoever comes while somebody asks waits for that answer.
        let mut latest = slot.lock().await;
        if let Some((asked, visitors)) = *latest
            && asked.elapsed() < FRESH
        {
            return visitors;
        }
        let visitors = self.count_present(site).await;
        *latest = Some((Instant::now(), visitors));
        visitors
    }

    async fn count_present(&self, site: SiteId) -> Option<u64> {
        let known = self.sites.get(site)?;
        let zone = &known.policy().time_zone;
        let plan = report::parse("realtime", &[], site, zone, clock::now()).ok()?;
        let table = self.events().ok()?.run(&plan).await;
        let table = table.inspect_err(|error| tracing::debug!(%error, "nobody knows who is here"));
        match table.ok()?.body {
            Body::Realtime(realtime) => Some(realtime.visitors),
            _ => None,
        }
    }
}
