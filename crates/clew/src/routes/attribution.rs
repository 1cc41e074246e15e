//! `/v1/reports/attribution`: which sources the conversions of a time are owed to.

use super::csv;
use super::reports::{Format, refusal};
use crate::app::App;
use crate::app::people::{Attributed, AttributionAsked};
use crate::clock;
use crate::error::{ApiError, ApiResult};
use crate::extract::given::Parameters;
use crate::extract::principal::Caller;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use clew_core::attribution::{Credit, Facet, LOOK_BACK_MS, Model, WHOLE};
use clew_core::model::EpochMs;
use clew_core::report;
use clew_store::relational::AnalyticsPage;
use http::header::CACHE_CONTROL;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// Longest name of a goal.
const LONGEST_GOAL: usize = 255;

#[derive(Debug, Serialize, ToSchema)]
pub struct AttributionReport {
    /// The most credited first.
    pub rows: Vec<AttributionRow>,
    /// What no touch led to, as far as policy lets us know.
    pub unattributed: AttributionRow,
    pub meta: AttributionMeta,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AttributionRow {
    /// Channel, source or campaign; empty: the touch has none.
    pub value: String,
    /// Conversions credited, to six places; all rows make the conversions of `meta`.
    pub conversions: f64,
    /// Revenue credited, by currency.
    pub revenue: Vec<Amount>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Amount {
    pub currency: String,
    /// Minor units (cents).
    pub minor: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AttributionMeta {
    pub report: &'static str,
    pub model: &'static str,
    pub dimension: &'static str,
    /// Null: whatever brought revenue.
    pub goal: Option<String>,
    pub from: String,
    pub to: String,
    pub look_back_days: i64,
    pub conversions: u64,
    /// Of visitors who are recognised for a day only, so that nothing is known of before.
    pub cookieless: u64,
}

/// Which sources conversions are owed to.
///
/// Every conversion of the period is shared out among what brought its visitor, or the person that
/// the visitor is, in the ninety days before. Conversions are the events of the name `goal`, or
/// without one every event with revenue. With `format=csv` the same numbers come as CSV.
#[utoipa::path(
    get,
    path = "/v1/reports/attribution",
    tag = "Reports",
    params(
        ("site" = String, Query, description = "Site id or slug"),
        ("model" = Option<String>, Query, pattern = "^(|first|last|linear|time_decay|position_based)$", description = "first, last (default), linear, time_decay or position_based"),
        ("dimension" = Option<String>, Query, description = "channel (default), source or campaign"),
        ("goal" = Option<String>, Query, description = "Name of the event that is a conversion"),
        ("period" = Option<String>, Query, pattern = "^(|day|7d|28d|30d|month|6mo|12mo|year|all|realtime|custom)$", description = "As in the other reports; 28d when absent"),
        ("from" = Option<String>, Query, description = "With period=custom"),
        ("to" = Option<String>, Query, description = "With period=custom; a date is included"),
        ("tz" = Option<String>, Query, description = "IANA time zone; the site's when absent"),
        ("format" = Option<String>, Query, pattern = "^(|json|csv)$", description = "json (default) or csv"),
    ),
    responses(
        (status = 200, body = AttributionReport),
        (status = 400, description = "invalid_parameter; more than 50,000 conversions: choose a shorter period"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site"),
        (status = 503, description = "reports_unavailable or report_timeout, with Retry-After"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Parameters(mut parameters): Parameters<Vec<(String, String)>>,
) -> ApiResult<Response> {
    let format = Format::take(&mut parameters)?;
    let site = parameters.iter().find(|(name, _)| name == "site");
    let site = site.ok_or_else(|| ApiError::parameter("site", "is missing"))?;
    let site = caller.page_of(&app, Some(&site.1), AnalyticsPage::Reports)?;
    let model = take(&mut parameters, "model")?;
    let model = model.map_or(Some(Model::Last), |name| Model::named(&name));
    let model = model.ok_or_else(|| {
        ApiError::parameter(
            "model",
            "expected first, last, linear, time_decay or position_based",
        )
    })?;
    let facet = take(&mut parameters, "dimension")?;
    let facet = facet.map_or(Some(Facet::Channel), |name| Facet::named(&name));
    let facet = facet
        .ok_or_else(|| ApiError::parameter("dimension", "expected channel, source or campaign"))?;
    let goal = take(&mut parameters, "goal")?;
    if goal.as_ref().is_some_and(|goal| goal.len() > LONGEST_GOAL) {
        return Err(ApiError::parameter("goal", "expected at most 255 bytes"));
    }
    let zone = &site.policy().time_zone;
    // The range is read as in any other report.
    let plan = report::parse("overview", &parameters, site.id(), zone, clock::now());
    let plan = plan.map_err(|error| refusal(&error))?;
    let asked = AttributionAsked {
        site: site.id(),
        range: plan.range,
        model,
        facet,
        goal,
    };
    let answer = app.attribution(&asked).await?;
    let report = AttributionReport::of(&asked, &answer);
    match format {
        Format::Json => Ok(([(CACHE_CONTROL, "no-store")], Json(report)).into_response()),
        Format::Csv => {
            let text = report.csv().map_err(ApiError::internal)?;
            Ok(csv::attachment(&site.name(), "attribution", text))
        }
    }
}

/// Takes a parameter out: the rest is the range's. Empty is absent.
fn take(parameters: &mut Vec<(String, String)>, name: &'static str) -> ApiResult<Option<String>> {
    let mut given = parameters.extract_if(.., |(known, _)| known == name);
    let value = given.next().map(|(_, value)| value);
    if given.next().is_some() {
        return Err(ApiError::parameter(name, "is given twice"));
    }
    Ok(value.filter(|value| !value.is_empty()))
}

impl AttributionReport {
    fn of(asked: &AttributionAsked, answer: &Attributed) -> Self {
        let tally = &answer.tally;
        let rows = tally.rows().into_iter();
        Self {
            rows: rows.map(|(value, credit)| row(value, credit)).collect(),
            unattributed: row("", &tally.unattributed),
            meta: AttributionMeta {
                report: "attribution",
                model: asked.model.name(),
                dimension: asked.facet.name(),
                goal: asked.goal.clone(),
                from: asked.range.from.to_timestamp().to_string(),
                to: asked.range.to.to_timestamp().to_string(),
                look_back_days: LOOK_BACK_MS / EpochMs::DAY,
                conversions: tally.conversions,
                cookieless: answer.cookieless,
            },
        }
    }

    /// One line a value and currency; values without revenue have one line without currency.
    fn csv(&self) -> Result<Vec<u8>, ::csv::Error> {
        let header = ["value", "conversions", "currency", "revenue_minor"];
        let lines = self.rows.iter().flat_map(|row| {
            let conversions = row.conversions.to_string();
            let line = move |value: &str, currency: &str, minor: String| {
                vec![
                    value.to_owned(),
                    conversions.clone(),
                    currency.to_owned(),
                    minor,
                ]
            };
            let amounts = row.revenue.iter();
            let mut lines: Vec<_> = amounts
                .map(|amount| line(&row.value, &amount.currency, amount.minor.to_string()))
                .collect();
            if lines.is_empty() {
                lines.push(line(&row.value, "", "0".to_owned()));
            }
            lines
        });
        csv::lines(&header, lines)
    }
}

fn row(value: &str, credit: &Credit) -> AttributionRow {
    let amount = |(currency, minor): (&String, &i64)| Amount {
        currency: currency.clone(),
        minor: *minor,
    };
    AttributionRow {
        value: value.to_owned(),
        conversions: credit.millionths as f64 / f64::from(WHOLE),
        revenue: credit.revenue.iter().map(amount).collect(),
    }
}
