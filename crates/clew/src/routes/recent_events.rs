//! `GET /events/recent`: the latest events as a bare array, in the words of the batch collector.

use crate::app::App;
use crate::error::{ApiError, ApiResult};
use crate::extract::given::Parameters;
use crate::extract::principal::Caller;
use crate::routes::event_view::EventView;
use crate::sites::Sites;
use axum::Json;
use axum::extract::State;
use clew_core::error::ErrorCode;
use clew_store::events::{EventQuery, EventRow};
use clew_store::relational::Scope;
use serde::Serialize;
use serde_json::{Map, Value};
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct RecentEvent {
    #[serde(rename = "eventId")]
    pub event_id: String,
    /// As it was sent: of a custom event, its name.
    #[serde(rename = "eventType")]
    pub event_type: String,
    /// The site.
    pub client_id: String,
    /// Host of the page, which is how pages name their site; the site where there is no page.
    #[serde(rename = "siteId")]
    pub site_id: String,
    #[serde(rename = "sessionId")]
    pub session_id: Option<String>,
    #[serde(rename = "visitorId")]
    pub visitor_id: Option<String>,
    pub url: String,
    pub page_data: PageData,
    #[serde(rename = "eventData")]
    #[schema(value_type = Object)]
    pub event_data: Map<String, Value>,
    /// When it happened, RFC 3339 in UTC.
    pub timestamp: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PageData {
    pub url: String,
    pub title: String,
    pub referrer: String,
}

impl RecentEvent {
    fn of(sites: &Sites, row: EventRow) -> Self {
        let site = row.site.to_string();
        let page = PageData {
            url: row.event.url.clone(),
            title: row.event.title.clone(),
            referrer: row.event.referrer.clone(),
        };
        let host = row.event.hostname.clone();
        let event = EventView::of(sites, row);
        Self {
            event_type: event.name.unwrap_or(event.event_type),
            site_id: if host.is_empty() { site.clone() } else { host },
            event_id: event.event_id,
            client_id: site,
            session_id: event.session_id,
            visitor_id: event.visitor_id,
            url: event.url,
            page_data: page,
            event_data: event.payload,
            timestamp: event.timestamp,
        }
    }
}

/// List the latest events.
///
/// A bare array, newest first. An event shows about a second after it was accepted.
#[utoipa::path(
    get,
    path = "/events/recent",
    tag = "Events",
    params(
        ("site" = Option<String>, Query, description = "Site id or slug; all sites of the key when absent"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 1000, description = "1 to 1000; 100 when absent"),
    ),
    responses(
        (status = 200, body = Vec<RecentEvent>),
        (status = 400, description = "invalid_parameter"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site"),
        (status = 503, description = "reports_unavailable, with Retry-After"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Parameters(parameters): Parameters<Vec<(String, String)>>,
) -> ApiResult<Json<Vec<RecentEvent>>> {
    caller.require(Scope::Read)?;
    let query = query(&app, &caller, &parameters)?;
    let store = app.events()?;
    let page = store.list(&query).await.map_err(super::reports::failure)?;
    let events = page.events.into_iter();
    let events = events.map(|row| RecentEvent::of(&app.sites, row));
    Ok(Json(events.collect()))
}

fn query(app: &App, caller: &Caller, given: &[(String, String)]) -> ApiResult<EventQuery> {
    let mut query = EventQuery::default();
    for (name, value) in given {
        match name.as_str() {
            "site" => query.sites = vec![caller.site(app, value)?.id()],
            "limit" => query.limit = super::events::limit(value)?,
            unknown => {
                let message = format!("There is no parameter {unknown:?} here.");
                return Err(ApiError::new(ErrorCode::InvalidParameter).with_message(message));
            }
        }
    }
    if query.sites.is_empty() {
        query.sites = caller.sites(app).iter().map(|site| site.id()).collect();
    }
    Ok(query)
}
