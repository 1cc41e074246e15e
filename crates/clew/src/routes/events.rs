//! `GET /v1/events`: the list of what came in.

use super::event_view::EventList;
use crate::app::App;
use crate::error::{ApiError, ApiResult};
use crate::extract::given::{Parameters, moment};
use crate::extract::principal::Caller;
use crate::routes::openapi::shapes::Moment;
use axum::Json;
use axum::extract::State;
use clew_core::error::ErrorCode;
use clew_core::model::{EventId, SiteId, VisitorId};
use clew_store::events::EventQuery;
use clew_store::relational::{Role, Scope, sites};
use std::sync::Arc;
use uuid::Uuid;

/// List events.
///
/// Newest first, a page at a time: pass `nextCursor` back as `cursor`. An event shows about a
/// second after it was accepted.
#[utoipa::path(
    get,
    path = "/v1/events",
    tag = "Events",
    params(
        ("site" = Option<String>, Query, description = "Site id or slug; all sites of the caller when absent, for owners also what is left of deleted ones"),
        ("type" = Option<String>, Query, description = "Event type, e.g. pageview"),
        ("name" = Option<String>, Query, description = "Name of a custom event"),
        ("eventId" = Option<Uuid>, Query, description = "One event"),
        ("visitorId" = Option<Uuid>, Query, description = "Events of one visitor"),
        ("sessionId" = Option<String>, Query, description = "Events of one session, as the client named it"),
        ("path" = Option<String>, Query, description = "Path of the page"),
        ("from" = inline(Option<Moment>), Query, description = "From this time on: RFC 3339 or epoch milliseconds"),
        ("to" = inline(Option<Moment>), Query, description = "Before this time"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 1000, description = "1 to 1000; 100 when absent"),
        ("cursor" = Option<String>, Query, pattern = "^[0-9a-f]{1,16}\\.[0-9a-f]{1,15}\\.[0-9a-f]{1,8}$", description = "`nextCursor` of the page before"),
    ),
    responses(
        (status = 200, body = EventList),
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
) -> ApiResult<Json<EventList>> {
    caller.require(Scope::Read)?;
    let mut query = query(&app, &caller, &parameters)?;
    if query.sites.is_empty() {
        query.sites = everything(&app, &caller).await?;
    }
    let store = app.events()?;
    let page = store.list(&query).await.map_err(super::reports::failure)?;
    Ok(Json(EventList::of(&app.sites, page)))
}

/// Every site of the caller; for owners also those that are deleted, whose events may still be there.
async fn everything(app: &App, caller: &Caller) -> ApiResult<Vec<SiteId>> {
    let mut sites: Vec<_> = caller.sites(app).iter().map(|site| site.id()).collect();
    if caller.role() == Some(Role::Owner) {
        for (site, profile) in sites::tombstones(app.db.read(), caller.account()).await? {
            caller.note_access_to(site, profile);
            sites.push(site);
        }
    }
    Ok(sites)
}

fn query(app: &App, caller: &Caller, given: &[(String, String)]) -> ApiResult<EventQuery> {
    let mut query = EventQuery::default();
    for (name, value) in given {
        let text = || Some(value.clone());
        match name.as_str() {
            "site" => query.sites = vec![caller.site(app, value)?.id()],
            "type" => query.event_type = text(),
            "name" => query.name = text(),
            "path" => query.path = text(),
            "sessionId" => query.client_session_id = text(),
            "eventId" => query.event_id = Some(EventId::from(uuid("eventId", value)?)),
            "visitorId" => query.visitor = Some(VisitorId::from(uuid("visitorId", value)?)),
            "from" => query.from_ms = Some(moment("from", value)?),
            "to" => query.to_ms = Some(moment("to", value)?),
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
    Ok(query)
}

fn uuid(name: &'static str, value: &str) -> ApiResult<Uuid> {
    Uuid::try_parse(value).map_err(|error| ApiError::parameter(name, error))
}

pub(super) fn limit(value: &str) -> ApiResult<u32> {
    let limit = value.parse().ok().filter(|n| (1..=1000).contains(n));
    limit.ok_or_else(|| ApiError::parameter("limit", "expected a number from 1 to 1000"))
}
