//! `/v1/sites/{siteId}/verification`: does the snippet work, and if not, why?
//!
//! Green means: a live event is visible in reports. Everything else is a finding with what the
//! edge saw of it; what to do about it is the reader's language and the dashboard's business.

use super::event_view::EventView;
use crate::app::App;
use crate::error::ApiResult;
use crate::extract::given::PathText;
use crate::extract::principal::Caller;
use crate::sightings::{SCRIPT, Sighting};
use axum::Json;
use axum::extract::State;
use clew_core::model::{EpochMs, SiteId};
use clew_store::events::EventQuery;
use clew_store::relational::site_activity;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    /// `waiting` or `receiving`.
    pub state: &'static str,
    pub first_live_event_at: Option<String>,
    pub last_live_event_at: Option<String>,
    pub last_event: Option<EventView>,
    pub script_loads: ScriptLoads,
    pub findings: Vec<Finding>,
}

/// Fetches of the tracker by pages of the site, as far as their Referer says, since the server
/// started.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScriptLoads {
    pub count: u64,
    pub last_at: Option<String>,
    pub last_host: Option<String>,
}

/// What can be in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingCode {
    /// Sent from a page whose host is not on the list.
    ForeignOrigin,
    /// Sent without a page, where the site asks for one.
    OriginRequired,
    /// About a page whose host is not on the list.
    ForeignHost,
    /// With a write key that is nobody's, or another site's.
    WrongKey,
    Bot,
    /// Consent is not given, and the site then keeps nothing.
    ConsentPending,
    /// From an address on the list of blocked ones.
    BlockedIp,
    /// From an address on the list of testers.
    TestingIp,
    /// Set aside; `detail` says why.
    Quarantined,
    Paused,
    ScriptNotLoaded,
    ScriptWithoutEvents,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    pub code: FindingCode,
    pub host: Option<String>,
    pub count: u64,
    pub last_at: Option<String>,
    /// The precise reason, where there are several.
    pub detail: Option<String>,
}

/// Is the snippet at work?
///
/// Poll it while waiting for the first event.
#[utoipa::path(
    get,
    path = "/v1/sites/{siteId}/verification",
    tag = "Sites",
    params(("siteId" = String, Path, description = "Site id or slug")),
    responses(
        (status = 200, body = Verification),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(id): PathText,
) -> ApiResult<Json<Verification>> {
    let site = caller.site(&app, &id)?;
    let activity = site_activity::get(app.db.read(), site.id()).await?;
    let seen = app.sightings.of(site.id());
    let script_loads = script_loads(&seen);
    let mut findings: Vec<Finding> = seen.iter().filter_map(finding).collect();
    if !site.is_active() {
        findings.push(Finding::bare(FindingCode::Paused));
    }
    if activity.is_none() && findings.is_empty() {
        let code = match script_loads.count {
            0 => FindingCode::ScriptNotLoaded,
            _ => FindingCode::ScriptWithoutEvents,
        };
        findings.push(Finding::bare(code));
    }
    let time = |time: EpochMs| time.to_timestamp().to_string();
    Ok(Json(Verification {
        state: match activity {
            Some(_) => "receiving",
            None => "waiting",
        },
        first_live_event_at: activity.map(|seen| time(seen.first_event_at)),
        last_live_event_at: activity.map(|seen| time(seen.last_event_at)),
        last_event: match activity {
            Some(_) => last_event(&app, site.id()).await,
            None => None,
        },
        script_loads,
        findings,
    }))
}

/// The newest event, as long as reports answer: a detail that is not worth an error.
async fn last_event(app: &App, site: SiteId) -> Option<EventView> {
    let query = EventQuery {
        sites: vec![site],
        limit: 1,
        live_only: true,
        ..EventQuery::default()
    };
    let page = app.events().ok()?.list(&query).await;
    let page = page.inspect_err(|error| tracing::warn!(%error, "the newest event cannot be read"));
    let newest = page.ok()?.events.into_iter().next();
    newest.map(|row| EventView::of(&app.sites, row))
}

fn script_loads(seen: &[Sighting]) -> ScriptLoads {
    let loads = || seen.iter().filter(|line| line.reason == SCRIPT);
    let last = loads().next();
    ScriptLoads {
        count: loads().map(|line| line.count).sum(),
        last_at: last.map(|line| line.last.to_timestamp().to_string()),
        last_host: last.map(|line| line.host.clone()),
    }
}

fn finding(seen: &Sighting) -> Option<Finding> {
    let (code, detail) = match seen.reason.as_str() {
        // Of paused sites the finding `paused` tells as long as they are.
        SCRIPT | "unknown_site" => return None,
        "foreign_origin" => (FindingCode::ForeignOrigin, None),
        "origin_required" => (FindingCode::OriginRequired, None),
        "foreign_host" => (FindingCode::ForeignHost, None),
        "unauthorized" | "forbidden" => (FindingCode::WrongKey, None),
        "bot" => (FindingCode::Bot, None),
        "consent_denied" | "consent_pending" => (FindingCode::ConsentPending, None),
        "blocked_ip" => (FindingCode::BlockedIp, None),
        "testing_ip" => (FindingCode::TestingIp, None),
        reason => (FindingCode::Quarantined, Some(reason.to_owned())),
    };
    Some(Finding {
        code,
        host: (!seen.host.is_empty()).then(|| seen.host.clone()),
        count: seen.count,
        last_at: Some(seen.last.to_timestamp().to_string()),
        detail,
    })
}

impl Finding {
    const fn bare(code: FindingCode) -> Self {
        Self {
            code,
            host: None,
            count: 0,
            last_at: None,
            detail: None,
        }
    }
}
