//! `/analytics/sessions`: visits one by one, newest first.

use crate::app::App;
use crate::error::{ApiError, ApiResult};
use crate::extract::given::{Parameters, moment};
use crate::extract::principal::Caller;
use crate::routes::openapi::shapes::Moment;
use crate::routes::reports::failure;
use axum::Json;
use axum::extract::State;
use clew_core::error::ErrorCode;
use clew_core::model::EpochMs;
use clew_store::events::{MOST_SESSIONS, SessionPage, SessionQuery, SessionRow};
use clew_store::relational::AnalyticsPage;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct AnalyticsSessionList {
    /// Newest first.
    pub sessions: Vec<AnalyticsSession>,
    /// Pass it back as `cursor`; null on the last page.
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AnalyticsSession {
    /// Names this session alone: the event that opened it.
    pub id: String,
    /// As the client named it; a new campaign makes two sessions of one name. null: it did not.
    pub session_id: Option<String>,
    pub visitor_id: String,
    /// RFC 3339 in UTC.
    pub started_at: String,
    /// Last sign of life.
    pub ended_at: String,
    pub event_count: u64,
    pub page_views: u64,
    pub clicks: u64,
    /// 0 to 100.
    pub max_scroll_percent: u8,
    /// Path of the first page; null without a page view.
    pub entry_page: Option<String>,
    /// Path of the last page.
    pub exit_page: Option<String>,
    /// null: nobody knows, or directly.
    pub source: Option<String>,
    pub campaign: Option<String>,
    pub device: Option<String>,
    pub browser: Option<String>,
    pub country: Option<String>,
}

/// List sessions.
///
/// Newest first, a page at a time: pass `next_cursor` back as `cursor`. Counted from the events
/// themselves, so an event shows a second or two after it was accepted.
#[utoipa::path(
    get,
    path = "/analytics/sessions",
    tag = "Analytics",
    params(
        ("site" = Option<String>, Query, description = "Site id or slug; may be absent when there is only one"),
        ("from" = inline(Option<Moment>), Query, description = "Started from this time on: RFC 3339 or epoch milliseconds"),
        ("to" = inline(Option<Moment>), Query, description = "Started before this time"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 1000, description = "100 when absent"),
        ("cursor" = Option<String>, Query, pattern = "^[0-9a-f]{1,15}\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", description = "`next_cursor` of the page before"),
    ),
    responses(
        (status = 200, body = AnalyticsSessionList),
        (status = 400, description = "invalid_parameter"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden: this key does not see this page"),
        (status = 404, description = "unknown_site"),
        (status = 429, description = "rate_limited, with Retry-After"),
        (status = 503, description = "reports_unavailable or report_timeout, with Retry-After"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Parameters(given): Parameters<Vec<(String, String)>>,
) -> ApiResult<Json<AnalyticsSessionList>> {
    let site = given.iter().find(|(name, _)| name == "site");
    let site = site.map(|(_, site)| site.as_str());
    let site = caller.page_of(&app, site, AnalyticsPage::Sessions)?;
    let mut query = SessionQuery {
        site: site.id(),
        from: None,
        to: None,
        limit: 0,
        cursor: None,
    };
    for (name, value) in &given {
        match name.as_str() {
            "site" => {}
            "from" => query.from = Some(EpochMs(moment("from", value)?)),
            "to" => query.to = Some(EpochMs(moment("to", value)?)),
            "limit" => query.limit = limit(value)?,
            "cursor" => {
                let cursor = value.parse();
                query.cursor = Some(cursor.map_err(|e| ApiError::parameter("cursor", e))?);
            }
            unknown => {
                let message = format!("There is no parameter {unknown:?} here.");
                return Err(ApiError::new(ErrorCode::InvalidParameter).with_message(message));
            }
        }
    }
    let page = app.events()?.sessions(&query).await.map_err(failure)?;
    Ok(Json(page.into()))
}

fn limit(value: &str) -> ApiResult<u32> {
    let limit = value
        .parse()
        .ok()
        .filter(|n| (1..=MOST_SESSIONS).contains(n));
    limit.ok_or_else(|| ApiError::parameter("limit", "expected a number from 1 to 1000"))
}

impl From<SessionPage> for AnalyticsSessionList {
    fn from(page: SessionPage) -> Self {
        Self {
            sessions: page.sessions.into_iter().map(Into::into).collect(),
            next_cursor: page.next.map(|cursor| cursor.to_string()),
        }
    }
}

impl From<SessionRow> for AnalyticsSession {
    fn from(row: SessionRow) -> Self {
        let present = |text: String| (!text.is_empty()).then_some(text);
        Self {
            id: row.id.to_string(),
            session_id: present(row.client_session_id),
            visitor_id: row.visitor.to_string(),
            started_at: row.started.to_timestamp().to_string(),
            ended_at: row.ended.to_timestamp().to_string(),
            event_count: row.events,
            page_views: row.pageviews,
            clicks: row.clicks,
            max_scroll_percent: row.max_scroll_percent,
            entry_page: present(row.entry_page),
            exit_page: present(row.exit_page),
            source: present(row.source),
            campaign: present(row.campaign),
            device: present(row.device),
            browser: present(row.browser),
            country: present(row.country),
        }
    }
}
