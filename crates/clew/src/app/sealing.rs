//! Closed sessions become rows, beside everything else.
//!
//! Reports are right without this, only slower. So a pass that fails is tried again with the next
//! tick, and a long history (an import, a rebuilt store) is sealed in many short passes, between
//! which new events are projected.

use super::App;
use crate::clock;
use clew_store::events::{EventStore as _, EventStoreError};
use metrics::counter;
use std::sync::Arc;
use std::time::{Duration, Instant};

const TICK: Duration = Duration::from_secs(2);
/// Sessions end by the clock, so that sites are looked at even where nothing comes.
const AT_LEAST_EVERY: Duration = Duration::from_secs(60);
/// So many new rows are sealed sooner: an import, or a store that was rebuilt.
const ROWS: u64 = 20_000;
const AT_MOST_EVERY: Duration = Duration::from_secs(5);
/// A breath for the writer between two passes.
const PAUSE: Duration = Duration::from_millis(20);

/// Runs until the app stops.
pub(super) async fn run(app: Arc<App>) {
    let mut tick = tokio::time::interval(TICK);
    let mut last: Option<(Instant, u64)> = None;
    while app.stop.run_until_cancelled(tick.tick()).await.is_some() {
        let Some(rows) = app.event_rows().await else {
            continue;
        };
        let due = last.is_none_or(|(at, before)| {
            at.elapsed() >= AT_LEAST_EVERY
                || at.elapsed() >= AT_MOST_EVERY && rows.abs_diff(before) >= ROWS
        });
        if !due {
            continue;
        }
        match app.stop.run_until_cancelled(app.seal()).await {
            None => return,
            Some(Ok(())) => last = Some((Instant::now(), rows)),
            Some(Err(error)) => {
                tracing::warn!(%error, "sessions could not be sealed; trying again");
                counter!("clew_sealing_failures_total").increment(1);
            }
        }
    }
}

impl App {
    /// Rows of the event store; `None` while it is not open.
    async fn event_rows(&self) -> Option<u64> {
        let status = self.events.get()?.status().await.ok()?;
        Some(status.events)
    }

    /// Passes until nothing is left.
    async fn seal(&self) -> Result<(), EventStoreError> {
        let Some(store) = self.events.get() else {
            return Ok(());
        };
        loop {
            let sealed = store.seal(clock::now().0).await?;
            counter!("clew_sealed_sessions_total").increment(sealed.sessions);
            if sealed.caught_up {
                return Ok(());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}
