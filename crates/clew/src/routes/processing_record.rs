//! `/v1/sites/{siteId}/processing-record`: Art. 30 GDPR, from the site's own configuration.

use crate::app::App;
use crate::clock;
use crate::error::{ApiError, ApiResult};
use crate::extract::given::{Parameters, PathText};
use crate::extract::principal::Caller;
use crate::sites::Site;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use clew_core::model::EpochMs;
use clew_core::processing::{self, Facts, ProcessingRecord};
use clew_store::relational::settings::RetentionAction;
use clew_store::relational::{Db, Role, accounts, sites};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    #[serde(default)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Json,
    Md,
}

/// The record of processing activities.
///
/// Generated from the configuration as it is now; `toComplete` lists what software cannot know.
#[utoipa::path(
    get,
    path = "/v1/sites/{siteId}/processing-record",
    tag = "Privacy",
    params(
        ("siteId" = String, Path, description = "Site id or slug"),
        ("format" = Option<String>, Query, pattern = "^(json|md)$", description = "json (default) or md, a Markdown document"),
    ),
    responses(
        (status = 200, description = "The record", content((Object = "application/json"), (String = "text/markdown"))),
        (status = 400, description = "invalid_parameter"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the site"),
        (status = 404, description = "unknown_site"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(id): PathText,
    Parameters(wanted): Parameters<Wanted>,
) -> ApiResult<Response> {
    let site = caller.site_as(&app, &id, Role::Admin)?;
    let record = record(&app, &site).await?;
    let no_store = (CACHE_CONTROL, "no-store".to_owned());
    Ok(match wanted.format {
        Format::Json => ([no_store], Json(record)).into_response(),
        Format::Md => {
            let file = format!(
                "attachment; filename=\"{}-processing-record.md\"",
                site.name()
            );
            let headers = [
                no_store,
                (CONTENT_TYPE, "text/markdown; charset=utf-8".to_owned()),
                (CONTENT_DISPOSITION, file),
            ];
            (headers, processing::markdown(&record)).into_response()
        }
    })
}

async fn record(app: &App, site: &Site) -> Result<ProcessingRecord, ApiError> {
    let db = app.db.read();
    let account = accounts::get(db, site.account()).await?;
    let stored = sites::get(db, site.account(), site.id()).await?;
    let settings = site.settings();
    Ok(processing::record(&Facts {
        site: site.policy(),
        site_name: &stored.name,
        controller: &account.name,
        event_days: settings.event_retention_days,
        raw_days: settings.raw_retention_days,
        archives: settings.retention_action == RetentionAction::Archive,
        // Connections to other systems do not exist yet.
        recipients: Vec::new(),
        https: app.config.server.is_https(),
        database: database(&app.db),
        idle_minutes: app.sign_in.idle_ms(site.account()) / EpochMs::MINUTE,
        made_at: &clock::now().to_timestamp().to_string(),
        version: env!("CARGO_PKG_VERSION"),
    }))
}

fn database(db: &Db) -> &'static str {
    if db.is_server() {
        "PostgreSQL"
    } else {
        "SQLite"
    }
}
