//! `/v1/reports/{name}`: every report through one door.

use super::csv;
use super::report_schema::ReportAnswer;
use crate::app::App;
use crate::clock;
use crate::error::{ApiError, ApiResult};
use crate::extract::given::{Parameters, PathText};
use crate::extract::principal::Caller;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use clew_core::error::ErrorCode;
use clew_core::report::{self, ParamError, Table};
use clew_store::events::EventStoreError;
use clew_store::relational::AnalyticsPage;
use http::header::CACHE_CONTROL;
use metrics::histogram;
use std::sync::Arc;
use std::time::Instant;

/// Run a report.
///
/// `overview`, `timeseries`, `breakdown`, `realtime`, `data_health` or `bots`; all take the same
/// parameters. `meta` says how visitors were recognised and what was left out. With `format=csv`
/// the same numbers come as CSV.
#[utoipa::path(
    get,
    path = "/v1/reports/{name}",
    tag = "Reports",
    params(
        ("name" = String, Path, pattern = "^(overview|timeseries|breakdown|realtime|data_health|bots)$", description = "overview, timeseries, breakdown, realtime, data_health or bots"),
        ("site" = String, Query, description = "Site id or slug"),
        ("period" = Option<String>, Query, pattern = "^(|day|7d|28d|30d|month|6mo|12mo|year|all|realtime|custom)$", description = "day, 7d, 28d (default), 30d, month, 6mo, 12mo, year, all, realtime or custom"),
        ("from" = Option<String>, Query, description = "With period=custom: a date, an RFC 3339 time or epoch milliseconds"),
        ("to" = Option<String>, Query, description = "With period=custom; a date is included"),
        ("tz" = Option<String>, Query, description = "IANA time zone; the site's when absent"),
        ("interval" = Option<String>, Query, pattern = "^(|minute|hour|day|week|month)$", description = "minute, hour, day, week or month"),
        ("filters" = Option<String>, Query, description = "JSON: [[op, dimension, [values]], …], nestable with and, or, not"),
        ("compare" = Option<String>, Query, description = "previous_period, year_over_year or from,to"),
        ("metrics" = Option<String>, Query, description = "Comma-separated"),
        ("dimension" = Option<String>, Query, description = "Of a breakdown: page, source, browser …; of bots: bot (default) or bot_kind"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 1000, description = "Rows of a breakdown or of bots, up to 1000"),
        ("offset" = Option<u32>, Query, description = "Rows to leave out"),
        ("format" = Option<String>, Query, pattern = "^(|json|csv)$", description = "json (default) or csv"),
    ),
    responses(
        (status = 200, description = "The report with its meta", body = ReportAnswer),
        (status = 400, description = "invalid_parameter"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site, or no such report"),
        (status = 503, description = "reports_unavailable or report_timeout, with Retry-After"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(name): PathText,
    Parameters(mut parameters): Parameters<Vec<(String, String)>>,
) -> ApiResult<Response> {
    let format = Format::take(&mut parameters)?;
    let site = parameters.iter().find(|(name, _)| name == "site");
    let site = site.ok_or_else(|| ApiError::parameter("site", "is missing"))?;
    let site = caller.page_of(&app, Some(&site.1), page(&name))?;
    let zone = &site.policy().time_zone;
    let plan = report::parse(&name, &parameters, site.id(), zone, clock::now());
    let plan = plan.map_err(|error| refusal(&error))?;
    let begun = Instant::now();
    let table = app.events()?.run(&plan).await.map_err(failure)?;
    histogram!("clew_report_seconds", "report" => plan.report.name())
        .record(begun.elapsed().as_secs_f64());
    format.reply(&site.name(), &table)
}

/// Under which name keys that see some pages only may see the report.
fn page(report: &str) -> AnalyticsPage {
    match report {
        "overview" => AnalyticsPage::Overview,
        "timeseries" => AnalyticsPage::Timeseries,
        _ => AnalyticsPage::Reports,
    }
}

/// How the table is written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Format {
    Json,
    Csv,
}

impl Format {
    /// Takes the parameter out: the rest is the report's.
    pub(super) fn take(parameters: &mut Vec<(String, String)>) -> ApiResult<Self> {
        let at = parameters.iter().position(|(name, _)| name == "format");
        match at.map(|at| parameters.swap_remove(at).1).as_deref() {
            None | Some("" | "json") => Ok(Self::Json),
            Some("csv") => Ok(Self::Csv),
            Some(_) => Err(ApiError::parameter("format", "expected json or csv")),
        }
    }

    /// `site` becomes part of the file's name.
    fn reply(self, site: &str, table: &Table) -> ApiResult<Response> {
        let no_store = (CACHE_CONTROL, "no-store".to_owned());
        match self {
            Self::Json => Ok(([no_store], Json(table)).into_response()),
            Self::Csv => {
                let text = csv::write(table).map_err(ApiError::internal)?;
                Ok(csv::attachment(site, table.meta.report, text))
            }
        }
    }
}

pub(super) fn refusal(error: &ParamError) -> ApiError {
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
    error.into()
}
