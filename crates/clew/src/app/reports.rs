//! The event store and the projectors, beside the running server.
//!
//! Collection never waits for any of this: a store that does not open is tried again, and events
//! gather in the journal meanwhile.

use super::App;
use crate::ingest::{EventProjector, Known, Pace, RelationalProjector};
use clew_store::events::{DuckOptions, DuckStore, EventStoreError, Opened};
use std::sync::Arc;
use std::time::{Duration, Instant};

const RETRY: Duration = Duration::from_secs(2);

/// Runs until the app stops.
pub(super) async fn run(app: Arc<App>) {
    let relational = RelationalProjector::new(
        app.tail(),
        app.db.clone(),
        app.keys.clone(),
        app.erasing.clone(),
    );
    if app.relational_lsn.set(relational.projected()).is_err() {
        tracing::error!("the projectors were started twice");
        return;
    }
    app.tasks.spawn(relational.run(app.stop.clone()));
    let Some(store) = app.stop.run_until_cancelled(open(&app)).await else {
        return;
    };
    if app.events.set(store.clone()).is_err() {
        tracing::error!("the event store was opened twice");
        return;
    }
    let pace = Pace::new(app.config.projector.rows_per_second);
    let events = EventProjector::new(
        app.tail(),
        Arc::new(store),
        pace,
        app.live.clone(),
        Known {
            keys: app.keys.clone(),
            marks: app.marks.clone(),
        },
    );
    events.run(app.stop.clone()).await;
}

async fn open(app: &App) -> DuckStore {
    loop {
        match try_open(app).await {
            Ok(store) => return store,
            Err(error) => {
                tracing::error!(%error, "the event store does not open; trying again");
                tokio::time::sleep(RETRY).await;
            }
        }
    }
}

async fn try_open(app: &App) -> Result<DuckStore, EventStoreError> {
    let begun = Instant::now();
    let configured = &app.config.reports;
    let mut options = DuckOptions::new(app.config.data_dir.join("events"));
    options.report_timeout = configured.timeout();
    if configured.memory_bytes > 0 {
        options.memory_bytes = configured.memory_bytes;
    }
    let opened = tokio::task::spawn_blocking(move || DuckStore::open(options)).await;
    let (store, report) = opened.map_err(|_| EventStoreError::Worker)??;
    match &report.outcome {
        Opened::SetAside { file, reason } => tracing::error!(
            file = %file.display(), reason,
            "the event store was damaged and is set aside; rebuilding it from archive and journal"
        ),
        Opened::Existing | Opened::Created => {}
    }
    tracing::info!(
        cursor = report.cursor,
        seconds = begun.elapsed().as_secs_f64(),
        "reports ready"
    );
    Ok(store)
}
