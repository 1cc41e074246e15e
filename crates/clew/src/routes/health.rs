//! `/health`: can events be kept? `/health/live`: does the process run?

use crate::app::App;
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use rustix::fs::statvfs;
use serde::Serialize;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Below this the disk is as good as full: a segment and its neighbours must fit.
const LEAST_FREE_BYTES: u64 = 128 << 20;
const LONGEST_PING: Duration = Duration::from_secs(2);
const OK: &str = "ok";

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Health {
    /// `ok` or `failing`.
    pub status: &'static str,
    pub database: String,
    pub journal: String,
    pub disk: String,
    /// `ok`, or why reports do not answer yet; does not fail the check.
    pub reports: String,
    pub response_time_ms: f64,
}

/// Can events be kept?
#[utoipa::path(
    get,
    path = "/health",
    tag = "Operations",
    responses((status = 200, body = Health), (status = 503, body = Health, description = "One of database, journal and disk fails"))
)]
pub async fn check(State(app): State<Arc<App>>) -> (StatusCode, Json<Health>) {
    let begun = Instant::now();
    let database = database(&app).await;
    let (journal, disk) = (app.journal_problem(), disk(&app));
    let fine = database.is_none() && journal.is_none() && disk.is_none();
    let word = |problem: Option<String>| problem.unwrap_or_else(|| OK.to_owned());
    let health = Health {
        status: if fine { OK } else { "failing" },
        database: word(database),
        journal: word(journal),
        disk: word(disk),
        reports: match app.events() {
            Ok(_) => OK.to_owned(),
            Err(_) => "opening".to_owned(),
        },
        response_time_ms: begun.elapsed().as_secs_f64() * 1000.0,
    };
    let status = if fine {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(health))
}

/// Does the process run?
#[utoipa::path(
    get,
    path = "/health/live",
    tag = "Operations",
    responses((status = 200, description = "It does", content_type = "text/plain"))
)]
pub async fn live() -> &'static str {
    OK
}

async fn database(app: &App) -> Option<String> {
    match tokio::time::timeout(LONGEST_PING, app.db.read().ping()).await {
        Ok(Ok(())) => None,
        Ok(Err(error)) => {
            tracing::warn!(%error, "health: the database does not answer");
            Some("does not answer".to_owned())
        }
        Err(_) => Some("answers too slowly".to_owned()),
    }
}

fn disk(app: &App) -> Option<String> {
    match statvfs(&app.config.data_dir) {
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            (free < LEAST_FREE_BYTES).then(|| format!("{free} bytes free"))
        }
        Err(error) => {
            tracing::warn!(%error, "health: cannot look at the disk");
            Some("cannot be examined".to_owned())
        }
    }
}
