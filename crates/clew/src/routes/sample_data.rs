//! `/v1/sites/{siteId}/sample-data`: a generated year to look at, removable as one.

use crate::admin;
use crate::app::{App, SampleDataError};
use crate::error::{ApiError, ApiResult};
use crate::extract::given::PathText;
use crate::extract::json::{OptionalJson, whole};
use crate::extract::principal::Caller;
use axum::Json;
use axum::extract::State;
use clew_core::error::ErrorCode;
use clew_core::sample;
use clew_store::relational::imports::Import;
use clew_store::relational::{ImportState, Role};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// Where the sample data stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SampleDataView {
    /// `none`, `loading`, `ready`, `removing` or `failed`.
    pub state: &'static str,
    pub import_id: Option<String>,
    /// Events that are stored.
    pub done: u64,
    /// Events in all.
    pub total: u64,
    /// Why it waits or why it failed.
    pub message: Option<String>,
}

/// What to load.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct SampleDataBody {
    /// How many events, 10,000 to 2,000,000; 120,000 when absent.
    #[schema(minimum = 10_000, maximum = 2_000_000)]
    #[serde(default, deserialize_with = "whole")]
    pub events: Option<u32>,
}

/// How far is the sample data?
#[utoipa::path(
    get,
    path = "/v1/sites/{siteId}/sample-data",
    tag = "Sites",
    params(("siteId" = String, Path, description = "Site id or slug")),
    responses(
        (status = 200, body = SampleDataView),
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
) -> ApiResult<Json<SampleDataView>> {
    let site = caller.site(&app, &site)?;
    let import = app.sample_data(site.id()).await;
    Ok(Json(import.map_err(ApiError::internal)?.into()))
}

/// Load sample data.
///
/// A plausible year of the demo shop, up to now, as if this site's visitors had sent it. Goes on in
/// the background; ask how far it is. Does nothing when it is there or on its way.
#[utoipa::path(
    post,
    path = "/v1/sites/{siteId}/sample-data",
    tag = "Sites",
    params(("siteId" = String, Path, description = "Site id or slug")),
    request_body(content = Option<SampleDataBody>, description = "May be absent"),
    responses(
        (status = 202, body = SampleDataView),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site"),
        (status = 409, description = "conflict: it is being removed, or the site has no domain"),
        (status = 422, description = "invalid_body"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn post(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(site): PathText,
    OptionalJson(body): OptionalJson<SampleDataBody>,
) -> ApiResult<(StatusCode, Json<SampleDataView>)> {
    let site = caller.site_as(&app, &site, Role::Admin)?;
    let wanted = body.events.unwrap_or(sample::DEFAULT_EVENTS);
    let import = app.load_sample_data(&site, wanted).await.map_err(refusal)?;
    let (by, action) = (caller.acting(), "sample_data.load");
    admin::sites::note_sample_data(&app.db, by, site.id(), action).await?;
    Ok((StatusCode::ACCEPTED, Json(Some(import).into())))
}

/// Remove sample data.
///
/// All of it, as one, loaded or not; nothing else is touched.
#[utoipa::path(
    delete,
    path = "/v1/sites/{siteId}/sample-data",
    tag = "Sites",
    params(("siteId" = String, Path, description = "Site id or slug")),
    responses(
        (status = 202, body = SampleDataView),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn delete(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(site): PathText,
) -> ApiResult<(StatusCode, Json<SampleDataView>)> {
    let site = caller.site_as(&app, &site, Role::Admin)?;
    let import = app.remove_sample_data(site.id()).await?;
    let (by, action) = (caller.acting(), "sample_data.remove");
    admin::sites::note_sample_data(&app.db, by, site.id(), action).await?;
    let view = import.into();
    Ok((StatusCode::ACCEPTED, Json(view)))
}

fn refusal(error: SampleDataError) -> ApiError {
    let message = error.to_string();
    match error {
        SampleDataError::Events => ApiError::new(ErrorCode::InvalidBody)
            .with_message(message)
            .with_details(serde_json::json!({ "field": "events" })),
        SampleDataError::NoDomain | SampleDataError::Removing => {
            ApiError::new(ErrorCode::Conflict).with_message(message)
        }
        SampleDataError::Store(error) => ApiError::internal(error),
    }
}

impl From<Option<Import>> for SampleDataView {
    fn from(import: Option<Import>) -> Self {
        let Some(import) = import else {
            return Self {
                state: "none",
                import_id: None,
                done: 0,
                total: 0,
                message: None,
            };
        };
        Self {
            state: match import.state {
                ImportState::Loading => "loading",
                ImportState::Ready => "ready",
                ImportState::Removing => "removing",
                ImportState::Failed => "failed",
            },
            import_id: Some(import.id.to_string()),
            done: import.done,
            total: import.total,
            message: import.message,
        }
    }
}
