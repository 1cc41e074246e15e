//! `/v1/sites/{siteId}/exports`: everything that is stored about somebody, for them.

use crate::admin;
use crate::app::App;
use crate::clock;
use crate::error::{ApiError, ApiResult};
use crate::exports::{ExportFormat, SealedReader};
use crate::extract::given::{Parameters, PathPair, PathText};
use crate::extract::json::JsonBody;
use crate::extract::principal::Caller;
use crate::routes::openapi::shapes;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use clew_core::error::ErrorCode;
use clew_core::model::id::RowId;
use clew_core::model::{EpochMs, SiteId, UserKey};
use clew_store::relational::exports::{self, Export, Subject};
use clew_store::relational::{ExportState, Role};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_stream::StreamExt as _;
use utoipa::ToSchema;
use uuid::Uuid;

/// Longest user id, in characters; as for erasures.
const LONGEST_ID: usize = 1_024;
/// Pieces that are decrypted ahead of a slow client.
const AHEAD: usize = 2;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportBody {
    #[schema(schema_with = shapes::export_subject)]
    subject: ExportSubjectBody,
}

/// One of the two.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ExportSubjectBody {
    /// As events and visitors show it.
    visitor_id: Option<String>,
    /// As it was given to `identify()`.
    user_id: Option<String>,
}

impl std::fmt::Debug for ExportSubjectBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ExportSubjectBody(…)")
    }
}

impl ExportSubjectBody {
    fn read(&self, site: SiteId) -> ApiResult<Subject> {
        let invalid = |message: &'static str| {
            ApiError::new(ErrorCode::InvalidBody)
                .with_message(message)
                .with_details(serde_json::json!({ "field": "subject" }))
        };
        match (&self.visitor_id, self.user_id.as_deref().map(str::trim)) {
            (Some(visitor), None) => match Uuid::try_parse(visitor) {
                Ok(id) => Ok(Subject::Visitor(id.into())),
                Err(_) => Err(invalid("visitorId: expected a UUID, as events show it.")),
            },
            (None, Some(user)) if (1..=LONGEST_ID).contains(&user.chars().count()) => {
                let user = UserKey::hashed(&[&site.to_bytes(), user.as_bytes()]);
                Ok(Subject::User(user))
            }
            _ => Err(invalid("Expected either visitorId or userId.")),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ExportList {
    /// Newest first.
    pub exports: Vec<ExportView>,
}

/// Where an export stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExportView {
    pub export_id: String,
    /// `queued`, `running`, `ready`, `failed` or `expired`.
    pub status: &'static str,
    pub subject: ExportSubjectView,
    pub progress: ExportProgress,
    pub requested_at: String,
    pub finished_at: Option<String>,
    /// From then on its files are gone.
    pub expires_at: String,
    /// Sizes of the files, once they can be downloaded.
    pub files: Option<ExportFilesView>,
    /// Why it failed.
    pub problem: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ExportSubjectView {
    /// `visitor` or `user`.
    pub kind: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ExportProgress {
    /// Events written.
    pub events: u64,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExportFilesView {
    pub json_bytes: u64,
    pub csv_bytes: u64,
}

/// Export what is stored about somebody.
///
/// In the background. A user is every visitor that was ever linked to them; a visitor is also every
/// user that it was ever linked to. Two people who shared a browser end up in one export: look at
/// it before you hand it out.
#[utoipa::path(
    post,
    path = "/v1/sites/{siteId}/exports",
    tag = "Privacy",
    params(("siteId" = String, Path, description = "Site id or slug")),
    request_body = ExportBody,
    responses(
        (status = 202, body = ExportView),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site"),
        (status = 409, description = "conflict: too many are under way"),
        (status = 422, description = "invalid_body"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(site): PathText,
    JsonBody(body): JsonBody<ExportBody>,
) -> ApiResult<(StatusCode, Json<ExportView>)> {
    let site = caller.site_as(&app, &site, Role::Admin)?.id();
    let subject = body.subject.read(site)?;
    let export = admin::exports::request(&app.db, caller.acting(), site, subject).await?;
    Ok((StatusCode::ACCEPTED, Json(export.into())))
}

/// List exports.
#[utoipa::path(
    get,
    path = "/v1/sites/{siteId}/exports",
    tag = "Privacy",
    params(("siteId" = String, Path, description = "Site id or slug")),
    responses(
        (status = 200, body = ExportList),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(site): PathText,
) -> ApiResult<Json<ExportList>> {
    let site = caller.site_as(&app, &site, Role::Admin)?;
    let exports = exports::list(app.db.read(), site.id()).await?;
    let exports = exports.into_iter().map(ExportView::from).collect();
    Ok(Json(ExportList { exports }))
}

/// How far is an export?
#[utoipa::path(
    get,
    path = "/v1/sites/{siteId}/exports/{exportId}",
    tag = "Privacy",
    params(
        ("siteId" = String, Path, description = "Site id or slug"),
        ("exportId" = String, Path),
    ),
    responses(
        (status = 200, body = ExportView),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site or not_found"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathPair(site, export): PathPair,
) -> ApiResult<Json<ExportView>> {
    let site = caller.site_as(&app, &site, Role::Admin)?;
    let export = find(&app, site.id(), &export).await?;
    Ok(Json(export.into()))
}

/// Download an export.
#[utoipa::path(
    get,
    path = "/v1/sites/{siteId}/exports/{exportId}/file",
    tag = "Privacy",
    params(
        ("siteId" = String, Path, description = "Site id or slug"),
        ("exportId" = String, Path),
        ("format" = Option<String>, Query, pattern = "^(|json|csv)$", description = "json (default) or csv"),
    ),
    responses(
        (status = 200, description = "The file", content((Object = "application/json"), (String = "text/csv"))),
        (status = 400, description = "invalid_parameter"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site or not_found"),
        (status = 409, description = "conflict: it is not ready"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn download(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathPair(site, export): PathPair,
    Parameters(wanted): Parameters<FormatWanted>,
) -> ApiResult<Response> {
    let site = caller.site_as(&app, &site, Role::Admin)?;
    let format = match wanted.format.as_deref() {
        None | Some("" | "json") => ExportFormat::Json,
        Some("csv") => ExportFormat::Csv,
        Some(_) => return Err(ApiError::parameter("format", "expected json or csv")),
    };
    let export = find(&app, site.id(), &export).await?;
    let bytes = match format {
        ExportFormat::Json => export.json_bytes,
        ExportFormat::Csv => export.csv_bytes,
    };
    let alive = export.state == ExportState::Ready && export.expires_at > clock::now();
    let (true, Some(bytes)) = (alive, bytes) else {
        return Err(
            ApiError::new(ErrorCode::Conflict).with_message("There is no file to download.")
        );
    };
    let (opener, id) = (Arc::clone(&app), export.id);
    let opened = tokio::task::spawn_blocking(move || opener.export_file(id, format)).await;
    let file = opened
        .map_err(ApiError::internal)?
        .map_err(ApiError::internal)?;
    admin::exports::note_download(&app.db, caller.acting(), site.id(), export.id).await?;
    let name = format!("clew-export-{}.{}", export.id, format.word());
    let headers = [
        (CACHE_CONTROL, "no-store".to_owned()),
        (CONTENT_TYPE, format.media_type().to_owned()),
        (CONTENT_LENGTH, bytes.to_string()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    Ok((headers, stream(file)).into_response())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormatWanted {
    format: Option<String>,
}

/// Decrypted as the client takes it. A file that turns out to be damaged breaks the download off.
fn stream(file: SealedReader) -> Body {
    let (sender, pieces) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        for piece in file {
            if let Err(error) = &piece {
                tracing::error!(%error, "an export file cannot be read");
            }
            // Nobody listens any more.
            if sender.blocking_send(piece).is_err() {
                return;
            }
        }
    });
    let pieces = tokio_stream::wrappers::ReceiverStream::new(pieces);
    Body::from_stream(pieces.map(|piece| piece.map(bytes::Bytes::from)))
}

async fn find(app: &App, site: SiteId, id: &str) -> ApiResult<Export> {
    let id = Uuid::try_parse(id).map_err(|_| ErrorCode::NotFound)?;
    Ok(exports::get(app.db.read(), site, RowId::from(id)).await?)
}

impl From<Export> for ExportView {
    fn from(export: Export) -> Self {
        let text = |time: EpochMs| time.to_timestamp().to_string();
        let over = export.state == ExportState::Ready && export.expires_at <= clock::now();
        let state = if over {
            ExportState::Expired
        } else {
            export.state
        };
        let files = match (export.json_bytes, export.csv_bytes) {
            (Some(json_bytes), Some(csv_bytes)) if state == ExportState::Ready => {
                Some(ExportFilesView {
                    json_bytes,
                    csv_bytes,
                })
            }
            _ => None,
        };
        Self {
            export_id: export.id.to_string(),
            status: state.as_str(),
            subject: ExportSubjectView {
                kind: export.subject_kind,
            },
            progress: ExportProgress {
                events: export.events,
            },
            requested_at: text(export.requested_at),
            finished_at: export.finished_at.map(text),
            expires_at: text(export.expires_at),
            files,
            problem: export.problem,
        }
    }
}
