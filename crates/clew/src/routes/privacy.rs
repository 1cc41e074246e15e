//! `/v1/sites/{siteId}/privacy`: what this site keeps, of whom, and for how long.

use super::data_health::{ConsentView, IdentityView};
use super::retention::SiteRetentionView;
use crate::app::App;
use crate::clock;
use crate::error::{ApiError, ApiResult};
use crate::extract::given::{Parameters, PathText};
use crate::extract::principal::Caller;
use crate::geo::GeoStatus;
use crate::secrets::SALT_LIFE;
use crate::sites::Site;
use axum::Json;
use axum::extract::State;
use clew_core::error::ErrorCode;
use clew_core::model::EpochMs;
use clew_core::model::site::VisitorIdPolicy;
use clew_core::pipeline::{ConsentRow, Kept, consent_table};
use clew_core::report::{self, Body};
use clew_store::relational::policies;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PrivacyView {
    /// `gdpr`, `exempt`, `standard` or `hipaa`.
    pub profile: &'static str,
    /// What the site wants of addresses: `none`, `hmac`, `truncated` or `full`.
    pub ip: &'static str,
    /// What is kept, by what visitors have said; made by the rules that decide it.
    pub table: Vec<KeptRow>,
    /// Null while reports are not available.
    pub consent_mix: Option<AnswerMix>,
    /// Null while reports are not available.
    pub identity_mix: Option<IdentityView>,
    pub salts: SaltsView,
    pub retention: SiteRetentionView,
    pub visitor_id: VisitorIdView,
    /// How places are known.
    pub geo: GeoStatus,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct KeptRow {
    /// `unknown`, `denied`, `granted` or `gpc`.
    pub state: &'static str,
    /// `statistics`, `visitor_id`, `user_id`, `click_ids`, `fingerprint`, `address_hash`,
    /// `address_truncated`, `address_full`, `submissions`, `partial_values`; empty: nothing at all is
    /// stored.
    #[schema(value_type = Vec<String>)]
    pub keeps: Vec<Kept>,
    #[schema(value_type = Vec<String>)]
    pub forbids: Vec<Kept>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerMix {
    #[serde(flatten)]
    pub by_answer: ConsentView,
    /// Of browsers that sent a Global Privacy Control signal.
    pub gpc: u64,
    pub events: u64,
    pub from: String,
    pub to: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SaltsView {
    /// Of this site, oldest first.
    pub living: Vec<LivingSalt>,
    pub destroyed: DestroyedView,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LivingSalt {
    /// When its day began.
    pub day: String,
    pub destroy_at: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DestroyedView {
    /// Days whose salts were destroyed, of all sites of this installation.
    pub count: u64,
    pub last_at: Option<String>,
    /// Whether the log of destruction is as it was written.
    pub chain_ok: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct VisitorIdView {
    #[schema(value_type = String)]
    pub policy: VisitorIdPolicy,
    /// From its making; never renewed.
    pub days: u32,
}

/// What does this site keep?
///
/// The mixes are of the last 28 days unless a range is given, as in reports.
#[utoipa::path(
    get,
    path = "/v1/sites/{siteId}/privacy",
    tag = "Privacy",
    params(
        ("siteId" = String, Path, description = "Site id or slug"),
        ("period" = Option<String>, Query, pattern = "^(|day|7d|28d|30d|month|6mo|12mo|year|all|realtime|custom)$", description = "As in reports"),
        ("from" = Option<String>, Query, description = "As in reports"),
        ("to" = Option<String>, Query, description = "As in reports"),
    ),
    responses(
        (status = 200, body = PrivacyView),
        (status = 400, description = "invalid_parameter"),
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
    Parameters(parameters): Parameters<Vec<(String, String)>>,
) -> ApiResult<Json<PrivacyView>> {
    let site = caller.site(&app, &id)?;
    let mixes = mixes(&app, &site, &parameters).await?;
    let (consent_mix, identity_mix) = mixes.unzip();
    let status = app.retention_status(&site).await?;
    let policy = site.policy();
    Ok(Json(PrivacyView {
        profile: policies::profile_word(policy.profile),
        ip: policies::ip_word(policy.ip),
        table: consent_table(policy).into_iter().map(row).collect(),
        consent_mix,
        identity_mix,
        salts: salts(&app, &site),
        retention: status.into(),
        visitor_id: VisitorIdView {
            policy: policy.visitor_id,
            days: policy.visitor_id_days,
        },
        geo: app.geo_status(),
    }))
}

/// `None` while the event store cannot answer: the rest is worth showing all the same.
async fn mixes(
    app: &App,
    site: &Site,
    parameters: &[(String, String)],
) -> ApiResult<Option<(AnswerMix, IdentityView)>> {
    let zone = &site.policy().time_zone;
    let plan = report::parse("data_health", parameters, site.id(), zone, clock::now());
    let plan = plan.map_err(|error| super::reports::refusal(&error))?;
    let store = match app.events() {
        Ok(store) => store,
        Err(error) if error.code() == ErrorCode::ReportsUnavailable => return Ok(None),
        Err(error) => return Err(error),
    };
    let table = match store.run(&plan).await {
        Ok(table) => table,
        Err(error) if error.is_temporary() => return Ok(None),
        Err(error) => return Err(super::reports::failure(error)),
    };
    let Body::DataHealth(health) = table.body else {
        return Err(ApiError::internal("another report was answered"));
    };
    let range = table.meta.range;
    let mix = AnswerMix {
        by_answer: ConsentView::of(&health.consent),
        gpc: health.gpc,
        events: health.counted,
        from: text(range.from),
        to: text(range.to),
    };
    Ok(Some((mix, IdentityView::of(&table.meta.identity))))
}

fn row(row: ConsentRow) -> KeptRow {
    KeptRow {
        state: row.state.as_str(),
        keeps: row.keeps,
        forbids: row.forbids,
    }
}

fn salts(app: &App, site: &Site) -> SaltsView {
    let destroyed = app.salts.destroyed();
    let living = app.salts.living(site.id()).into_iter();
    SaltsView {
        living: living
            .map(|day| LivingSalt {
                day: text(day),
                destroy_at: text(day.plus(SALT_LIFE)),
            })
            .collect(),
        destroyed: DestroyedView {
            count: destroyed.days,
            last_at: destroyed.last_at.map(text),
            chain_ok: destroyed.chain_ok,
        },
    }
}

fn text(time: EpochMs) -> String {
    time.to_timestamp().to_string()
}
