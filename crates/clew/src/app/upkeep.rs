//! What somebody has to look at every second: how far the consumers are behind.

use super::App;
use metrics::gauge;
use std::sync::Arc;
use std::time::Duration;

const TICK: Duration = Duration::from_secs(1);

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
        app.measure(cursor);
    }
}

impl App {
    /// How far the event store is; 0 while it is not open.
    async fn event_cursor(&self) -> u64 {
        match self.events() {
            Ok(store) => store.cursor().await.unwrap_or(0),
            Err(_) => 0,
        }
    }

    fn measure(&self, event_cursor: u64) {
        let durable = self.journal.durable().borrow().0;
        let relational = self.relational_lsn.get().map_or(0, |lsn| *lsn.borrow());
        let lag = |cursor: u64| durable.saturating_sub(cursor) as f64;
        gauge!("clew_journal_lag_records", "projector" => "events").set(lag(event_cursor));
        gauge!("clew_journal_lag_records", "projector" => "relational").set(lag(relational));
        gauge!("clew_ledger_keys_on_disk").set(self.ledger.stats().keys_on_disk as f64);
    }
}
