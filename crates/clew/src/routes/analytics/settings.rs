//! `/analytics/settings`: what becomes of leads, and what marketing is shown.

use crate::admin;
use crate::app::App;
use crate::error::ApiResult;
use crate::extract::given::Parameters;
use crate::extract::json::{JsonBody, whole};
use crate::extract::principal::Caller;
use crate::routes::openapi::shapes;
use axum::Json;
use axum::extract::State;
use clew_store::relational::settings::{self, SiteSettings};
use clew_store::relational::sites::SiteChange;
use clew_store::relational::{AnalyticsPage, Role};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct AnalyticsSettings {
    /// Hand leads over to the site's automation.
    pub send_to_automation: bool,
    /// Rate submissions for signs of programs.
    pub bot_detection: bool,
    /// Where a lead can be seen in the CRM; `{crm_lead_id}` stands for its id there.
    pub crm_url_template: String,
    /// What keys made for marketing see that name no pages of their own: `overview`, `timeseries`,
    /// `sessions`, `leads`, `replay`, `reports`.
    #[schema(schema_with = shapes::pages)]
    pub marketing_visible_pages: BTreeSet<AnalyticsPage>,
    /// Marketing sees e-mail addresses and phone numbers masked.
    pub marketing_mask_contacts: bool,
    pub drought: Drought,
}

/// An alert when no lead comes.
#[derive(Debug, Serialize, ToSchema)]
pub struct Drought {
    pub enabled: bool,
    /// 10 to 43,200.
    pub threshold_minutes: u32,
    /// Where the alert goes; empty: nowhere.
    pub webhook_url: String,
}

/// Absent members stay as they are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnalyticsSettingsPatch {
    send_to_automation: Option<bool>,
    bot_detection: Option<bool>,
    /// http or https; empty: none.
    #[schema(max_length = 2048)]
    crm_url_template: Option<String>,
    /// The whole list.
    #[schema(schema_with = shapes::pages_or_null)]
    marketing_visible_pages: Option<BTreeSet<AnalyticsPage>>,
    marketing_mask_contacts: Option<bool>,
    drought: Option<DroughtPatch>,
}

/// Absent members stay as they are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DroughtPatch {
    enabled: Option<bool>,
    #[schema(minimum = 10, maximum = 43200)]
    #[serde(default, deserialize_with = "whole")]
    threshold_minutes: Option<u32>,
    /// http or https.
    #[schema(max_length = 2048)]
    webhook_url: Option<String>,
}

/// Which site; the only one that the caller may read when absent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Which {
    pub(super) site: Option<String>,
}

/// Show the settings of a site.
#[utoipa::path(
    get,
    path = "/analytics/settings",
    tag = "Analytics",
    params(("site" = Option<String>, Query, description = "Site id or slug; may be absent when there is only one")),
    responses(
        (status = 200, body = AnalyticsSettings),
        (status = 400, description = "invalid_parameter"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the site"),
        (status = 404, description = "unknown_site"),
        (status = 429, description = "rate_limited, with Retry-After"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Parameters(which): Parameters<Which>,
) -> ApiResult<Json<AnalyticsSettings>> {
    let site = caller.site_or_only_one_as(&app, which.site.as_deref(), Role::Admin)?;
    let settings = settings::get(app.db.read(), site.id()).await?;
    Ok(Json(settings.into()))
}

/// Change the settings of a site.
///
/// Absent members stay as they are.
#[utoipa::path(
    put,
    path = "/analytics/settings",
    tag = "Analytics",
    params(("site" = Option<String>, Query, description = "Site id or slug; may be absent when there is only one")),
    request_body = AnalyticsSettingsPatch,
    responses(
        (status = 200, body = AnalyticsSettings),
        (status = 400, description = "invalid_parameter or malformed_json"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the site"),
        (status = 404, description = "unknown_site"),
        (status = 413, description = "body_too_large"),
        (status = 415, description = "unsupported_media_type"),
        (status = 422, description = "invalid_body; details.field names the member"),
        (status = 429, description = "rate_limited, with Retry-After"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn put(
    State(app): State<Arc<App>>,
    caller: Caller,
    Parameters(which): Parameters<Which>,
    JsonBody(patch): JsonBody<AnalyticsSettingsPatch>,
) -> ApiResult<Json<AnalyticsSettings>> {
    let site = caller.site_or_only_one_as(&app, which.site.as_deref(), Role::Admin)?;
    let (id, by) = (site.id(), caller.acting());
    let apply = Box::new(|settings: &mut SiteSettings| patch.apply(settings));
    let change = SiteChange::default();
    admin::sites::update(&app.db, by, id, change, Some(apply), false).await?;
    app.policies_changed().await?;
    let settings = settings::get(app.db.read(), id).await?;
    Ok(Json(settings.into()))
}

impl AnalyticsSettingsPatch {
    fn apply(self, settings: &mut SiteSettings) {
        let (capture, marketing) = (&mut settings.capture, &mut settings.marketing);
        set(&mut capture.send_to_automation, self.send_to_automation);
        set(&mut capture.bot_detection, self.bot_detection);
        set(&mut capture.crm_url_template, self.crm_url_template);
        set(&mut marketing.visible_pages, self.marketing_visible_pages);
        set(&mut marketing.mask_contacts, self.marketing_mask_contacts);
        if let Some(patch) = self.drought {
            let drought = &mut settings.drought;
            set(&mut drought.enabled, patch.enabled);
            set(&mut drought.threshold_minutes, patch.threshold_minutes);
            set(&mut drought.webhook_url, patch.webhook_url);
        }
    }
}

/// What was not given stays.
fn set<T>(member: &mut T, given: Option<T>) {
    if let Some(value) = given {
        *member = value;
    }
}

impl From<SiteSettings> for AnalyticsSettings {
    fn from(settings: SiteSettings) -> Self {
        Self {
            send_to_automation: settings.capture.send_to_automation,
            bot_detection: settings.capture.bot_detection,
            crm_url_template: settings.capture.crm_url_template,
            marketing_visible_pages: settings.marketing.visible_pages,
            marketing_mask_contacts: settings.marketing.mask_contacts,
            drought: Drought {
                enabled: settings.drought.enabled,
                threshold_minutes: settings.drought.threshold_minutes,
                webhook_url: settings.drought.webhook_url,
            },
        }
    }
}
