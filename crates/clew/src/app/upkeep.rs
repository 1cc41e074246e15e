//! What somebody has to look at every second: how far the consumers are behind.

use super::App;
use crate::clock;
use crate::ingest::Archiver;
use metrics::{counter, gauge};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

const TICK: Duration = Duration::from_secs(1);
const ARCHIVE_TICK: Duration = Duration::from_secs(5);
const GEO_TICK: Duration = Duration::from_secs(30);
const AUDIT_TICK: Duration = Duration::from_secs(5);

/// Ticks that are remembered while reports are behind.
const LAG_TICKS: usize = 600;

/// How far reports are behind the journal.
#[derive(Debug, Default)]
pub(super) struct Lag {
    behind: u64,
    /// When the journal was seen to end where, oldest first; only ends that reports do not show.
    seen: VecDeque<(i64, u64)>,
}

pub(super) async fn run(app: Arc<App>) {
    let mut tick = tokio::time::interval(TICK);
    while app.stop.run_until_cancelled(tick.tick()).await.is_some() {
        let cursor = app.event_cursor().await;
        let waiting = app
            .journal
            .segments()
            .iter()
            .filter(|s| s.last.0 > cursor)
            .map(|s| s.bytes)
            .sum();
        app.backlog.set(waiting, app.config.journal.backlog_bytes);
        app.note_lag(cursor);
        app.measure(cursor);
    }
}

/// Moves sealed segments into the archive, and off the hot disk once all consumers passed them.
pub(super) async fn archive(app: Arc<App>) {
    let mut archiver = Archiver::new(app.journal.clone(), app.archive.clone());
    let mut tick = tokio::time::interval(ARCHIVE_TICK);
    while app.stop.run_until_cancelled(tick.tick()).await.is_some() {
        let needed_after = app.needed_after().await;
        let sweep = async {
            let _alone = app.moving.lock().await;
            archiver.sweep(needed_after).await
        };
        if let Some(Err(error)) = app.stop.run_until_cancelled(sweep).await {
            tracing::error!(%error, "a segment could not be archived; trying again");
            counter!("clew_archiver_failures_total").increment(1);
        }
    }
}

/// Notices address databases that were replaced.
pub(super) async fn geo(app: Arc<App>) {
    let mut tick = tokio::time::interval(GEO_TICK);
    while app.stop.run_until_cancelled(tick.tick()).await.is_some() {
        app.refresh_geo().await;
    }
}

/// Notes outside the database how long the audit log is.
pub(super) async fn note_audit(app: Arc<App>) {
    let mut tick = tokio::time::interval(AUDIT_TICK);
    while app.stop.run_until_cancelled(tick.tick()).await.is_some() {
        if let Err(error) = app.audit.note().await {
            tracing::error!(%error, "the end of the audit log could not be noted; trying again");
            counter!("clew_audit_note_failures_total").increment(1);
        }
    }
}

impl App {
    /// Reads address databases that have changed; says whether they could be looked at.
    pub async fn refresh_geo(&self) -> bool {
        let data = Arc::clone(&self.geo);
        let looked = tokio::task::spawn_blocking(move || data.refresh()).await;
        looked
            .inspect_err(|error| tracing::error!(%error, "address databases were not looked at"))
            .is_ok()
    }

    /// How many journal records reports do not show yet, and how old the oldest of them is, in
    /// seconds; as of the last tick.
    pub fn lag(&self) -> (u64, f64) {
        let lag = self.lag.lock();
        let oldest = lag.seen.front().map_or(0, |(at, _)| clock::now().0 - at);
        match lag.behind {
            0 => (0, 0.0),
            behind => (behind, oldest.max(0) as f64 / 1000.0),
        }
    }

    fn note_lag(&self, event_cursor: u64) {
        let durable = self.journal.durable().borrow().0;
        let mut lag = self.lag.lock();
        lag.behind = durable.saturating_sub(event_cursor);
        lag.seen.retain(|(_, lsn)| *lsn > event_cursor);
        if lag.seen.back().is_none_or(|(_, lsn)| *lsn < durable) && lag.behind > 0 {
            if lag.seen.len() == LAG_TICKS {
                // The oldest stays: it says since when.
                lag.seen.remove(1);
            }
            lag.seen.push_back((clock::now().0, durable));
        }
    }

    /// How far the event store is; 0 while it is not open.
    pub(super) async fn event_cursor(&self) -> u64 {
        match self.events() {
            Ok(store) => store.cursor().await.unwrap_or(0),
            Err(_) => 0,
        }
    }

    /// Behind which LSN somebody still reads hot segments.
    async fn needed_after(&self) -> u64 {
        let relational = self.relational_lsn.get().map_or(0, |lsn| *lsn.borrow());
        self.event_cursor()
            .await
            .min(relational)
            .min(self.ledger.flushed_lsn())
    }

    fn measure(&self, event_cursor: u64) {
        let durable = self.journal.durable().borrow().0;
        let relational = self.relational_lsn.get().map_or(0, |lsn| *lsn.borrow());
        let lag = |cursor: u64| durable.saturating_sub(cursor) as f64;
        gauge!("clew_journal_lag_records", "projector" => "events").set(lag(event_cursor));
        gauge!("clew_journal_lag_records", "projector" => "relational").set(lag(relational));
        let devices = self.intake.device_stats();
        counter!("clew_user_agent_cache_hits_total").absolute(devices.hits);
        counter!("clew_user_agent_cache_misses_total").absolute(devices.misses);
        gauge!("clew_ledger_keys_on_disk").set(self.ledger.stats().keys_on_disk as f64);
    }
}
