//! `/v1/reports/{name}`: every report through one door.

use crate::app::App;
use crate::clock;
use crate::error::{ApiError, ApiResult};
use crate::extract::given::{Parameters, PathText};
use crate::extract::principal::Caller;
use axum::Json;
use axum::extract::State;
use clew_core::error::ErrorCode;
use clew_core::report::{self, ParamError, Table};
use clew_store::events::EventStoreError;
use clew_store::relational::Scope;
use http::HeaderName;
use http::header::CACHE_CONTROL;
use metrics::histogram;
use std::sync::Arc;
use std::time::Instant;

type Answer = ([(HeaderName, &'static str); 1], Json<Table>);

/// Run a report.
///
/// `overview`, `timeseries`, `breakdown` or `realtime`; all take the same parameters. `meta` says
/// how visitors were recognised and what was left out.
#[utoipa::path(
    get,
    path = "/v1/reports/{name}",
    tag = "Reports",
    params(
        ("name" = String, Path, description = "overview, timeseries, breakdown or realtime"),
        ("site" = String, Query, description = "Site id or slug"),
        ("period" = Option<String>, Query, description = "day, 7d, 28d (default), 30d, month, 6mo, 12mo, year, all, realtime or custom"),
        ("from" = Option<String>, Query, description = "With period=custom: a date, an RFC 3339 time or epoch milliseconds"),
        ("to" = Option<String>, Query, description = "With period=custom; a date is included"),
        ("tz" = Option<String>, Query, description = "IANA time zone; the site's when absent"),
        ("interval" = Option<String>, Query, description = "minute, hour, day, week or month"),
        ("filters" = Option<String>, Query, description = "JSON: [[op, dimension, [values]], …], nestable with and, or, not"),
        ("compare" = Option<String>, Query, description = "previous_period, year_over_year or from,to"),
        ("metrics" = Option<String>, Query, description = "Comma-separated"),
        ("dimension" = Option<String>, Query, description = "Of a breakdown: page, source, browser …"),
        ("limit" = Option<u32>, Query, description = "Rows of a breakdown, up to 1000"),
        ("offset" = Option<u32>, Query, description = "Rows to leave out"),
    ),
    responses(
        (status = 200, description = "The report with its meta", body = serde_json::Value),
        (status = 400, description = "invalid_parameter"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site, or no such report"),
        (status = 503, description = "reports_unavailable or report_timeout, with Retry-After"),
    ),
    security(("secret_key" = []))
)]
pub async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(name): PathText,
    Parameters(parameters): Parameters<Vec<(String, String)>>,
) -> ApiResult<Answer> {
    caller.require(Scope::Read)?;
    let site = parameters.iter().find(|(name, _)| name == "site");
    let site = site.ok_or_else(|| ApiError::parameter("site", "is missing"))?;
    let site = caller.site(&app, &site.1)?;
    let zone = &site.policy().time_zone;
    let plan = report::parse(&name, &parameters, site.id(), zone, clock::now());
    let plan = plan.map_err(|error| refusal(&error))?;
    let begun = Instant::now();
    let table = app.events()?.run(&plan).await.map_err(failure)?;
    histogram!("clew_report_seconds", "report" => plan.report.name())
        .record(begun.elapsed().as_secs_f64());
    Ok(([(CACHE_CONTROL, "no-store")], Json(table)))
}

fn refusal(error: &ParamError) -> ApiError {
    let code = match error {
        ParamError::UnknownReport(_) => ErrorCode::NotFound,
        _ => ErrorCode::InvalidParameter,
    };
    ApiError::new(code)
        .with_message(error.to_string())
        .with_details(serde_json::json!({ "parameter": error.parameter() }))
}

/// What a failure of the event store means for a client.
pub(super) fn failure(error: EventStoreError) -> ApiError {
    let code = match &error {
        EventStoreError::Timeout(_) => ErrorCode::ReportTimeout,
        EventStoreError::Busy => ErrorCode::Overloaded,
        error if error.is_temporary() => ErrorCode::ReportsUnavailable,
        _ => ErrorCode::Internal,
    };
    ApiError::new(code).because(error)
}
