//! `/analytics/overview` and `/analytics/timeseries`.

use crate::app::App;
use crate::clock;
use crate::error::ApiResult;
use crate::extract::given::Parameters;
use crate::extract::principal::Caller;
use crate::routes::report_schema::{OverviewReport, TimeseriesReport};
use crate::routes::reports::{failure, refusal};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use clew_core::report;
use clew_store::relational::AnalyticsPage;
use http::header::CACHE_CONTROL;
use std::sync::Arc;

type Given = Vec<(String, String)>;

/// Totals of a site.
///
/// The report `overview`, with its parameters.
#[utoipa::path(
    get,
    path = "/analytics/overview",
    tag = "Analytics",
    params(
        ("site" = Option<String>, Query, description = "Site id or slug; may be absent when there is only one"),
        ("period" = Option<String>, Query, description = "day, 7d, 28d (default), 30d, month, 6mo, 12mo, year, all or custom"),
        ("from" = Option<String>, Query, description = "A date, an RFC 3339 time or epoch milliseconds"),
        ("to" = Option<String>, Query, description = "A date is included"),
        ("tz" = Option<String>, Query, description = "IANA time zone; the site's when absent"),
        ("filters" = Option<String>, Query, description = "JSON: [[op, dimension, [values]], …]"),
        ("compare" = Option<String>, Query, description = "previous_period, year_over_year or from,to"),
        ("metrics" = Option<String>, Query, description = "Comma-separated"),
    ),
    responses(
        (status = 200, body = OverviewReport),
        (status = 400, description = "invalid_parameter"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden: this key does not see this page"),
        (status = 404, description = "unknown_site"),
        (status = 429, description = "rate_limited, with Retry-After"),
        (status = 503, description = "reports_unavailable or report_timeout, with Retry-After"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn overview(
    State(app): State<Arc<App>>,
    caller: Caller,
    Parameters(given): Parameters<Given>,
) -> ApiResult<Response> {
    answer(&app, &caller, AnalyticsPage::Overview, given).await
}

/// A site over time.
///
/// The report `timeseries`, with its parameters.
#[utoipa::path(
    get,
    path = "/analytics/timeseries",
    tag = "Analytics",
    params(
        ("site" = Option<String>, Query, description = "Site id or slug; may be absent when there is only one"),
        ("period" = Option<String>, Query, description = "day, 7d, 28d (default), 30d, month, 6mo, 12mo, year, all or custom"),
        ("from" = Option<String>, Query, description = "A date, an RFC 3339 time or epoch milliseconds"),
        ("to" = Option<String>, Query, description = "A date is included"),
        ("tz" = Option<String>, Query, description = "IANA time zone; the site's when absent"),
        ("interval" = Option<String>, Query, description = "minute, hour, day, week or month"),
        ("filters" = Option<String>, Query, description = "JSON: [[op, dimension, [values]], …]"),
        ("compare" = Option<String>, Query, description = "previous_period, year_over_year or from,to"),
        ("metrics" = Option<String>, Query, description = "Comma-separated"),
    ),
    responses(
        (status = 200, body = TimeseriesReport),
        (status = 400, description = "invalid_parameter"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden: this key does not see this page"),
        (status = 404, description = "unknown_site"),
        (status = 429, description = "rate_limited, with Retry-After"),
        (status = 503, description = "reports_unavailable or report_timeout, with Retry-After"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn timeseries(
    State(app): State<Arc<App>>,
    caller: Caller,
    Parameters(given): Parameters<Given>,
) -> ApiResult<Response> {
    answer(&app, &caller, AnalyticsPage::Timeseries, given).await
}

/// The report of the page's name.
async fn answer(
    app: &App,
    caller: &Caller,
    page: AnalyticsPage,
    mut given: Given,
) -> ApiResult<Response> {
    let site = given.iter().find(|(name, _)| name == "site");
    let site = caller.page_of(app, site.map(|(_, site)| site.as_str()), page)?;
    given.retain(|(name, _)| name != "site");
    given.push(("site".to_owned(), site.id().to_string()));
    let zone = &site.policy().time_zone;
    let plan = report::parse(page.as_str(), &given, site.id(), zone, clock::now());
    let plan = plan.map_err(|error| refusal(&error))?;
    let table = app.events()?.run(&plan).await.map_err(failure)?;
    Ok(([(CACHE_CONTROL, "no-store")], Json(table)).into_response())
}
