//! `/v1/sites`: what is measured.

use super::site_view::{ChannelRuleBody, SiteList, SiteView};
use crate::admin::{self, sites::SettingsChange};
use crate::app::App;
use crate::error::ApiResult;
use crate::extract::given::PathText;
use crate::extract::json::{JsonBody, whole};
use crate::extract::principal::Caller;
use crate::routes::openapi::shapes;
use axum::Json;
use axum::extract::State;
use clew_core::model::Profile;
use clew_core::model::site::{IpPolicy, VisitorIdPolicy};
use clew_store::relational::Role;
use clew_store::relational::settings::{RetentionAction, SiteSettings};
use clew_store::relational::sites::{self, NewSite, SiteChange};
use http::StatusCode;
use serde::{Deserialize, Deserializer};
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SiteBody {
    #[schema(schema_with = shapes::line)]
    name: String,
    /// Hosts whose pages may send events; `*.example.com` for subdomains.
    domains: Vec<String>,
    /// Short name usable wherever the id is.
    slug: Option<String>,
    /// IANA name; UTC when absent.
    time_zone: Option<String>,
    /// `gdpr` (default), `exempt`, `standard` or `hipaa`.
    profile: Option<ProfileName>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SitePatch {
    name: Option<String>,
    /// null removes it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    slug: Option<Option<String>>,
    /// The whole list.
    domains: Option<Vec<String>>,
    time_zone: Option<String>,
    profile: Option<ProfileName>,
    /// `none`, `hmac`, `truncated` or `full`.
    ip: Option<IpName>,
    /// false: no events are taken.
    is_active: Option<bool>,
    settings: Option<SettingsPatch>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SettingsPatch {
    require_origin: Option<bool>,
    silent_when_denied: Option<bool>,
    partial_values: Option<bool>,
    honour_dnt: Option<bool>,
    query_allow: Option<Vec<String>>,
    #[serde(default, deserialize_with = "whole")]
    event_retention_days: Option<u32>,
    #[serde(default, deserialize_with = "whole")]
    raw_retention_days: Option<u32>,
    /// `archive` or `delete`.
    #[schema(value_type = Option<String>, pattern = "^(archive|delete)$")]
    retention_action: Option<RetentionAction>,
    consent_required: Option<bool>,
    /// `none`, `storage` or `cookie`.
    #[schema(value_type = Option<String>, pattern = "^(none|storage|cookie)$")]
    visitor_id: Option<VisitorIdPolicy>,
    #[serde(default, deserialize_with = "whole")]
    visitor_id_days: Option<u32>,
    fingerprint: Option<bool>,
    /// The whole list.
    channel_rules: Option<Vec<ChannelRuleBody>>,
    blocked_ips: Option<Vec<String>>,
    testing_ips: Option<Vec<String>>,
    whitelisted_ips: Option<Vec<String>>,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum ProfileName {
    Gdpr,
    Exempt,
    Standard,
    Hipaa,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum IpName {
    None,
    Hmac,
    Truncated,
    Full,
}

/// Tells an absent member from one that is null.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// List the sites that the caller may read.
#[utoipa::path(
    get,
    path = "/v1/sites",
    tag = "Sites",
    responses(
        (status = 200, body = SiteList),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "A key without the scope read"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn list(State(app): State<Arc<App>>, caller: Caller) -> ApiResult<Json<SiteList>> {
    caller.require(clew_store::relational::Scope::Read)?;
    let mut views = Vec::new();
    for site in sites::list(app.db.read(), caller.account()).await? {
        let role = caller.role_on(site.account, site.id);
        if let Some(role) = role.filter(|_| caller.sees_whole_of(&app, site.id)) {
            views.push(SiteView::of(&app, site, role).await?);
        }
    }
    Ok(Json(SiteList { sites: views }))
}

/// Add a site.
#[utoipa::path(
    post,
    path = "/v1/sites",
    tag = "Sites",
    request_body = SiteBody,
    responses(
        (status = 201, body = SiteView),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the account"),
        (status = 409, description = "conflict: slug or domain is taken; details.field names it"),
        (status = 422, description = "invalid_body; details.field names the member"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(body): JsonBody<SiteBody>,
) -> ApiResult<(StatusCode, Json<SiteView>)> {
    caller.require_role(Role::Admin)?;
    let mut new = NewSite::named(body.name);
    new.domains = body.domains;
    new.slug = body.slug.filter(|slug| !slug.is_empty());
    if let Some(zone) = body.time_zone {
        new.time_zone = zone;
    }
    if let Some(profile) = body.profile {
        new.profile = profile.into();
    }
    let site = admin::sites::create(&app.db, caller.acting(), new).await?;
    app.policies_changed().await?;
    let view = SiteView::of(&app, site, caller.role().unwrap_or(Role::Admin)).await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// Show a site.
#[utoipa::path(
    get,
    path = "/v1/sites/{siteId}",
    tag = "Sites",
    params(("siteId" = String, Path, description = "Site id or slug")),
    responses(
        (status = 200, body = SiteView),
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
) -> ApiResult<Json<SiteView>> {
    let known = caller.site(&app, &id)?;
    let role = caller.role_on(known.account(), known.id());
    let site = sites::get(app.db.read(), caller.account(), known.id()).await?;
    let view = SiteView::of(&app, site, role.unwrap_or(Role::Viewer)).await?;
    Ok(Json(view))
}

/// Change a site.
///
/// Absent members stay as they are.
#[utoipa::path(
    put,
    path = "/v1/sites/{siteId}",
    tag = "Sites",
    params(("siteId" = String, Path, description = "Site id or slug")),
    request_body = SitePatch,
    responses(
        (status = 200, body = SiteView),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the site"),
        (status = 404, description = "unknown_site"),
        (status = 409, description = "conflict: slug or domain is taken; details.field names it"),
        (status = 422, description = "invalid_body; details.field names the member"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn update(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(id): PathText,
    JsonBody(body): JsonBody<SitePatch>,
) -> ApiResult<Json<SiteView>> {
    let known = caller.site_as(&app, &id, Role::Admin)?;
    let settings = body.settings.map(|patch| {
        let apply = |settings: &mut SiteSettings| patch.apply(settings);
        Box::new(apply) as SettingsChange
    });
    let change = SiteChange {
        name: body.name,
        slug: body.slug.map(|slug| slug.filter(|slug| !slug.is_empty())),
        time_zone: body.time_zone,
        profile: body.profile.map(Profile::from),
        ip: body.ip.map(IpPolicy::from),
        is_active: body.is_active,
        domains: body.domains,
        ..SiteChange::default()
    };
    let may_release = caller.require_role(Role::Admin).is_ok();
    let acting = caller.acting();
    let id = known.id();
    let changed = admin::sites::update(&app.db, acting, id, change, settings, may_release).await;
    let site = changed?;
    app.policies_changed().await?;
    let role = caller.role_on(known.account(), known.id());
    let view = SiteView::of(&app, site, role.unwrap_or(Role::Admin)).await?;
    Ok(Json(view))
}

/// Delete a site.
///
/// It vanishes for everyone and takes no more events; slug and domains are free again.
#[utoipa::path(
    delete,
    path = "/v1/sites/{siteId}",
    tag = "Sites",
    params(("siteId" = String, Path, description = "Site id or slug")),
    responses(
        (status = 204, description = "Deleted"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the account"),
        (status = 404, description = "unknown_site"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn delete(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(id): PathText,
) -> ApiResult<StatusCode> {
    let known = caller.site_as(&app, &id, Role::Admin)?;
    caller.require_role(Role::Admin)?;
    app.delete_site(&known, caller.acting()).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl SettingsPatch {
    fn apply(self, new: &mut SiteSettings) {
        put(&mut new.require_origin, self.require_origin);
        put(&mut new.silent_when_denied, self.silent_when_denied);
        put(&mut new.partial_values, self.partial_values);
        put(&mut new.honour_dnt, self.honour_dnt);
        put(&mut new.query_allow, self.query_allow);
        put(&mut new.event_retention_days, self.event_retention_days);
        put(&mut new.raw_retention_days, self.raw_retention_days);
        put(&mut new.retention_action, self.retention_action);
        put(&mut new.consent_required, self.consent_required);
        put(&mut new.visitor_id, self.visitor_id);
        put(&mut new.visitor_id_days, self.visitor_id_days);
        put(&mut new.fingerprint, self.fingerprint);
        let rules = self.channel_rules;
        put(
            &mut new.channel_rules,
            rules.map(|rules| rules.into_iter().map(Into::into).collect()),
        );
        put(&mut new.blocked_ips, self.blocked_ips);
        put(&mut new.testing_ips, self.testing_ips);
        put(&mut new.whitelisted_ips, self.whitelisted_ips);
    }
}

/// What was not given stays.
fn put<T>(member: &mut T, given: Option<T>) {
    if let Some(value) = given {
        *member = value;
    }
}

impl From<ProfileName> for Profile {
    fn from(name: ProfileName) -> Self {
        match name {
            ProfileName::Gdpr => Self::Gdpr,
            ProfileName::Exempt => Self::Exempt,
            ProfileName::Standard => Self::Standard,
            ProfileName::Hipaa => Self::Hipaa,
        }
    }
}

impl From<IpName> for IpPolicy {
    fn from(name: IpName) -> Self {
        match name {
            IpName::None => Self::None,
            IpName::Hmac => Self::Hmac,
            IpName::Truncated => Self::Truncated,
            IpName::Full => Self::Full,
        }
    }
}
