//! `/v1/sites/{siteId}/health`: can these numbers be trusted, and what is missing from them?

use super::reason_codes;
use crate::app::App;
use crate::clock;
use crate::error::{ApiError, ApiResult};
use crate::extract::given::{Parameters, PathText};
use crate::extract::principal::Caller;
use crate::sightings::SCRIPT;
use axum::Json;
use axum::extract::State;
use clew_core::model::SiteId;
use clew_core::report::{self, Body, ConsentMix, DataHealth, Exclusions, IdentityMix};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HealthView {
    pub lag: Lag,
    pub received: Received,
    /// Events set aside, by reason.
    #[schema(schema_with = reason_codes::counts_of_set_aside)]
    pub quarantined_by: BTreeMap<String, u64>,
    /// What the edge turned away since the server started, the latest first.
    pub refused: Vec<Refused>,
    /// Since when `refused` is counted.
    pub refused_since: String,
    /// Visitors by how they were recognised.
    pub identity: IdentityView,
    /// Events by what their visitors had said about being measured.
    pub consent: ConsentView,
    /// Events of browsers that sent a Global Privacy Control signal.
    pub gpc: u64,
    /// Events for which neither Origin nor Referer vouched.
    pub unverified_origin: u64,
    /// 1: every event is counted. Clew does not sample.
    pub sampling_rate: u32,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Lag {
    /// Journal records that reports do not show yet.
    pub records: u64,
    /// Since when they are behind, in seconds.
    pub seconds: f64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Received {
    pub counted: u64,
    pub bots: u64,
    pub quarantined: u64,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Refused {
    /// Why the request was refused, or its event left out or set aside.
    #[schema(schema_with = reason_codes::noted)]
    pub code: String,
    /// Where the page lies, when somebody said.
    pub host: Option<String>,
    pub count: u64,
    pub last_at: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct IdentityView {
    pub user_id: u64,
    pub cookie: u64,
    pub storage: u64,
    pub fingerprint: u64,
    /// Recognised within one day only.
    pub daily_hash: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentView {
    pub granted: u64,
    pub denied: u64,
    pub unknown: u64,
}

impl IdentityView {
    pub(super) const fn of(mix: &IdentityMix) -> Self {
        Self {
            user_id: mix.user_id,
            cookie: mix.cookie,
            storage: mix.storage,
            fingerprint: mix.fingerprint,
            daily_hash: mix.daily_hash,
        }
    }
}

impl ConsentView {
    pub(super) const fn of(mix: &ConsentMix) -> Self {
        Self {
            granted: mix.granted,
            denied: mix.denied,
            unknown: mix.unknown,
        }
    }
}

/// How healthy is the data?
///
/// Takes the range parameters of the reports.
#[utoipa::path(
    get,
    path = "/v1/sites/{siteId}/health",
    tag = "Sites",
    params(
        ("siteId" = String, Path, description = "Site id or slug"),
        ("period" = Option<String>, Query, pattern = "^(|day|7d|28d|30d|month|6mo|12mo|year|all|realtime|custom)$", description = "As in reports"),
        ("from" = Option<String>, Query, description = "As in reports"),
        ("to" = Option<String>, Query, description = "As in reports"),
        ("tz" = Option<String>, Query, description = "As in reports"),
    ),
    responses(
        (status = 200, body = HealthView),
        (status = 400, description = "invalid_parameter"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site"),
        (status = 503, description = "reports_unavailable, with Retry-After"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(id): PathText,
    Parameters(parameters): Parameters<Vec<(String, String)>>,
) -> ApiResult<Json<HealthView>> {
    let site = caller.site(&app, &id)?;
    let zone = &site.policy().time_zone;
    let plan = report::parse("data_health", &parameters, site.id(), zone, clock::now());
    let plan = plan.map_err(|error| super::reports::refusal(&error))?;
    let table = app.events()?.run(&plan).await;
    let table = table.map_err(super::reports::failure)?;
    let Body::DataHealth(health) = table.body else {
        return Err(ApiError::internal("another report was answered"));
    };
    let meta = table.meta;
    Ok(Json(view(
        &app,
        site.id(),
        health,
        &meta.identity,
        meta.exclusions,
    )))
}

fn view(
    app: &App,
    site: SiteId,
    health: DataHealth,
    identity: &IdentityMix,
    exclusions: Exclusions,
) -> HealthView {
    let (records, seconds) = app.lag();
    let seen = app.sightings.of(site).into_iter();
    let refused = seen
        .filter(|line| line.reason != SCRIPT)
        .map(|line| Refused {
            code: line.reason,
            host: (!line.host.is_empty()).then_some(line.host),
            count: line.count,
            last_at: line.last.to_timestamp().to_string(),
        });
    HealthView {
        lag: Lag { records, seconds },
        received: Received {
            counted: health.counted,
            bots: exclusions.bots,
            quarantined: exclusions.quarantined,
        },
        quarantined_by: exclusions.quarantined_by,
        refused: refused.collect(),
        refused_since: app.sightings.since().to_timestamp().to_string(),
        identity: IdentityView::of(identity),
        consent: ConsentView::of(&health.consent),
        gpc: health.gpc,
        unverified_origin: health.unverified_origin,
        sampling_rate: 1,
    }
}
