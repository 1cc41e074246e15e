//! `/v1/sites/{siteId}/retention`: how long events stay, and what has left.

use crate::admin;
use crate::app::{App, RetentionStatus};
use crate::error::{ApiError, ApiResult};
use crate::extract::given::PathText;
use crate::extract::principal::Caller;
use axum::Json;
use axum::extract::State;
use clew_core::model::EpochMs;
use clew_store::relational::Role;
use clew_store::relational::settings::RetentionAction;
use http::StatusCode;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// What leaves when, and what has left.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SiteRetentionView {
    /// Days that events stay in reports, besides today.
    pub event_days: u32,
    /// Days that raw session and replay objects are kept.
    pub raw_days: u32,
    /// `archive` or `delete`.
    #[schema(value_type = String)]
    pub action: RetentionAction,
    pub last_run_at: Option<String>,
    /// Rows that left the reports, ever.
    pub removed: u64,
    /// Rows that lie in archive files, unless they were erased since.
    pub archived_rows: u64,
    /// Archive files written, ever.
    pub archived_files: u64,
    pub next_run_at: String,
    /// Events before this moment have left for good; null before the first run. Imported events
    /// count from the day of the import.
    pub watermark: Option<String>,
}

/// How long do events stay?
#[utoipa::path(
    get,
    path = "/v1/sites/{siteId}/retention",
    tag = "Privacy",
    params(("siteId" = String, Path, description = "Site id or slug")),
    responses(
        (status = 200, body = SiteRetentionView),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(site): PathText,
) -> ApiResult<Json<SiteRetentionView>> {
    let site = caller.site(&app, &site)?;
    let status = app.retention_status(&site).await;
    Ok(Json(status.map_err(ApiError::internal)?.into()))
}

/// Let leave what is due.
///
/// In the background, and at once: usually this happens within an hour after the site's midnight.
#[utoipa::path(
    post,
    path = "/v1/sites/{siteId}/retention/run",
    tag = "Privacy",
    params(("siteId" = String, Path, description = "Site id or slug")),
    responses(
        (status = 202, body = SiteRetentionView),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn run(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(site): PathText,
) -> ApiResult<(StatusCode, Json<SiteRetentionView>)> {
    let site = caller.site_as(&app, &site, Role::Admin)?;
    admin::retention::run_now(&app.db, caller.acting(), site.id()).await?;
    let status = app.retention_status(&site).await;
    let view = status.map_err(ApiError::internal)?.into();
    Ok((StatusCode::ACCEPTED, Json(view)))
}

impl From<RetentionStatus> for SiteRetentionView {
    fn from(status: RetentionStatus) -> Self {
        let text = |time: EpochMs| time.to_timestamp().to_string();
        let state = status.state;
        Self {
            event_days: status.event_days,
            raw_days: status.raw_days,
            action: status.action,
            last_run_at: state.last_run_at.map(text),
            removed: state.removed,
            archived_rows: state.archived_rows,
            archived_files: state.archived_files,
            next_run_at: text(status.next_run_at),
            watermark: (state.runs > 0).then(|| text(state.mark.before)),
        }
    }
}
