//! The running server: listeners and the tasks beside them.
//!
//! The command line and the integration tests start exactly this.

use crate::admin::local_socket::LocalSocket;
use crate::app::App;
use crate::jobs::{self, Runner};
use crate::serve::{self, Limits};
use crate::{clock, router, telemetry};
use anyhow::Context;
use axum::Router;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Full buckets are forgotten, expired salts destroyed.
const SWEEP: Duration = Duration::from_mins(1);

/// Serves until `stop`, then drains.
pub async fn serve(listener: TcpListener, router: Router, app: &App, stop: CancellationToken) {
    let limits = Limits::from(&app.config.server);
    serve::serve(listener, router, limits, stop).await;
}

/// Starts what runs beside the listener; all of it ends at `stop`.
pub async fn start_background(
    app: &Arc<App>,
    stop: CancellationToken,
) -> anyhow::Result<TaskTracker> {
    let tasks = TaskTracker::new();
    let socket = LocalSocket::bind(&app.config.data_dir)
        .context("cannot open the local socket in the data folder")?;
    tasks.spawn(socket.serve(app.clone(), stop.clone()));
    tasks.spawn(follow_sites(app.clone(), stop.clone()));
    tasks.spawn(sweep(app.clone(), stop.clone()));
    tasks.spawn(fold_metrics(app.clone(), stop.clone()));
    tasks.spawn(run_jobs(app.clone(), stop.clone()));
    tasks.spawn(end_watches(app.clone(), stop.clone()));
    if let Some(address) = app.config.server.metrics_listen() {
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| format!("cannot listen for metrics on {address}"))?;
        let limits = Limits::from(&app.config.server);
        let router = router::metrics_router(app.clone());
        tasks.spawn(serve::serve(listener, router, limits, stop));
    }
    Ok(tasks)
}

/// Watchers never finish by themselves, and the drain waits for every request.
async fn end_watches(app: Arc<App>, stop: CancellationToken) {
    stop.cancelled().await;
    app.live.close();
}

async fn follow_sites(app: Arc<App>, stop: CancellationToken) {
    let db = app.db.clone();
    app.sites.follow(db, || app.keyring.forget(), stop).await;
}

async fn run_jobs(app: Arc<App>, stop: CancellationToken) {
    let options = jobs::Options {
        drain: app.config.server.drain(),
        ..jobs::Options::default()
    };
    let runner = Runner::new(
        app.db.clone(),
        app.clone(),
        jobs::registry(),
        options,
        clock::now,
    );
    if let Err(error) = runner.run(jobs::SCHEDULES, stop).await {
        tracing::error!(%error, "jobs: the runner has ended");
    }
}

async fn sweep(app: Arc<App>, stop: CancellationToken) {
    let mut tick = tokio::time::interval(SWEEP);
    while stop.run_until_cancelled(tick.tick()).await.is_some() {
        app.limits.sweep();
        if let Err(error) = app.sign_in.prune().await {
            tracing::warn!(%error, "ended sessions are still there");
        }
        let salts = app.salts.clone();
        let sweep = move || salts.destroy_expired(clock::moment());
        let swept = tokio::task::spawn_blocking(sweep).await;
        app.sites.forget_days(&app.salts);
        match swept {
            Ok(Ok(0)) => {}
            Ok(Ok(days)) => tracing::info!(days, "expired salts destroyed"),
            Ok(Err(error)) => tracing::error!(%error, "expired salts are still there"),
            Err(error) => tracing::error!(%error, "expired salts are still there"),
        }
    }
}

async fn fold_metrics(app: Arc<App>, stop: CancellationToken) {
    let mut tick = tokio::time::interval(telemetry::UPKEEP);
    while stop.run_until_cancelled(tick.tick()).await.is_some() {
        app.prometheus.upkeep();
    }
}
