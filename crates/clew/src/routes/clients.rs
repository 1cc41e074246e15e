//! `/v1/clients`: sites, as those know them who come from a CRM tracker.
//!
//! A client *is* a site: what is made, changed or deleted here is so under `/v1/sites` too.

use super::client_view::{ClientList, ClientView, ScriptConfigPatch};
use crate::admin::{self, sites::SettingsChange};
use crate::app::App;
use crate::error::{ApiError, ApiResult};
use crate::extract::given::PathText;
use crate::extract::json::JsonBody;
use crate::extract::paging::Paging;
use crate::extract::principal::Caller;
use axum::Json;
use axum::extract::State;
use clew_core::error::ErrorCode;
use clew_store::relational::domains;
use clew_store::relational::settings::{self, SiteSettings};
use clew_store::relational::sites::{self, NewSite, Site, SiteChange};
use clew_store::relational::{Role, Scope, StoreError};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// Days that events of a client stay, unless it says otherwise.
const RETENTION_DAYS: u32 = 90;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClientBody {
    /// The host whose pages may send; it belongs to one client only.
    #[schema(min_length = 1)]
    domain: String,
    is_active: Option<bool>,
    config: Option<ScriptConfigPatch>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClientPatch {
    #[schema(min_length = 1)]
    domain: Option<String>,
    /// false: no events are taken, and there is no script.
    is_active: Option<bool>,
    config: Option<ScriptConfigPatch>,
}

/// List the clients that the caller may read.
#[utoipa::path(
    get,
    path = "/v1/clients",
    tag = "Clients",
    params(
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 1000, description = "100 when absent"),
        ("offset" = Option<u64>, Query, description = "Clients to leave out"),
    ),
    responses(
        (status = 200, body = ClientList),
        (status = 400, description = "invalid_parameter"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "A key without the scope read"),
        (status = 429, description = "rate_limited, with Retry-After"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Paging(page): Paging,
) -> ApiResult<Json<ClientList>> {
    caller.require(Scope::Read)?;
    let mut sites = sites::list(app.db.read(), caller.account()).await?;
    sites.retain(|site| {
        caller.role_on(site.account, site.id).is_some() && caller.sees_whole_of(&app, site.id)
    });
    let total = sites.len() as u64;
    let (skip, take) = (page.offset as usize, page.limit as usize);
    let mut clients = Vec::new();
    for site in sites.into_iter().skip(skip).take(take) {
        caller.note_access_to(site.id, site.profile);
        clients.push(view(&app, site).await?);
    }
    Ok(Json(ClientList { clients, total }))
}

/// Add a client.
///
/// Makes a site named like its domain, whose events stay 90 days unless `config.retentionDays` says
/// otherwise.
#[utoipa::path(
    post,
    path = "/v1/clients",
    tag = "Clients",
    request_body = ClientBody,
    responses(
        (status = 201, body = ClientView),
        (status = 400, description = "malformed_json"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the account"),
        (status = 409, description = "conflict: another client has this domain"),
        (status = 413, description = "body_too_large"),
        (status = 415, description = "unsupported_media_type"),
        (status = 422, description = "invalid_body; details.field names the member"),
        (status = 429, description = "rate_limited, with Retry-After"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(body): JsonBody<ClientBody>,
) -> ApiResult<(StatusCode, Json<ClientView>)> {
    caller.require_role(Role::Admin)?;
    let mut settings = SiteSettings {
        event_retention_days: RETENTION_DAYS,
        ..SiteSettings::default()
    };
    if let Some(config) = body.config {
        config.apply(&mut settings);
    }
    let mut new = NewSite::named(body.domain.clone());
    new.domains = vec![body.domain];
    new.settings = settings;
    new.is_active = body.is_active.unwrap_or(true);
    let made = admin::sites::create(&app.db, caller.acting(), new).await;
    let site = made.map_err(named)?;
    app.policies_changed().await?;
    Ok((StatusCode::CREATED, Json(view(&app, site).await?)))
}

/// Show a client.
#[utoipa::path(
    get,
    path = "/v1/clients/{clientId}",
    tag = "Clients",
    params(("clientId" = String, Path, description = "Id or slug")),
    responses(
        (status = 200, body = ClientView),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site"),
        (status = 429, description = "rate_limited, with Retry-After"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(id): PathText,
) -> ApiResult<Json<ClientView>> {
    let known = caller.site(&app, &id)?;
    let site = sites::get(app.db.read(), caller.account(), known.id()).await?;
    Ok(Json(view(&app, site).await?))
}

/// Change a client.
///
/// Absent members stay as they are. `domain` replaces the oldest host; others that the site has stay.
#[utoipa::path(
    put,
    path = "/v1/clients/{clientId}",
    tag = "Clients",
    params(("clientId" = String, Path, description = "Id or slug")),
    request_body = ClientPatch,
    responses(
        (status = 200, body = ClientView),
        (status = 400, description = "malformed_json"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the client"),
        (status = 404, description = "unknown_site"),
        (status = 409, description = "conflict: another client has this domain"),
        (status = 413, description = "body_too_large"),
        (status = 415, description = "unsupported_media_type"),
        (status = 422, description = "invalid_body; details.field names the member"),
        (status = 429, description = "rate_limited, with Retry-After"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn update(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(id): PathText,
    JsonBody(body): JsonBody<ClientPatch>,
) -> ApiResult<Json<ClientView>> {
    let known = caller.site_as(&app, &id, Role::Admin)?;
    let settings = body.config.map(|config| {
        let apply = |settings: &mut SiteSettings| config.apply(settings);
        Box::new(apply) as SettingsChange
    });
    let change = SiteChange {
        oldest_domain: body.domain,
        is_active: body.is_active,
        ..SiteChange::default()
    };
    let may_release = caller.require_role(Role::Admin).is_ok();
    let acting = caller.acting();
    let id = known.id();
    let changed = admin::sites::update(&app.db, acting, id, change, settings, may_release).await;
    let site = changed.map_err(named)?;
    app.policies_changed().await?;
    Ok(Json(view(&app, site).await?))
}

/// Delete a client.
///
/// With its forms and their fields. What is left of its events shows no `clientId` any more.
#[utoipa::path(
    delete,
    path = "/v1/clients/{clientId}",
    tag = "Clients",
    params(("clientId" = String, Path, description = "Id or slug")),
    responses(
        (status = 204, description = "Deleted"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the account"),
        (status = 404, description = "unknown_site"),
        (status = 429, description = "rate_limited, with Retry-After"),
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

async fn view(app: &App, site: Site) -> ApiResult<ClientView> {
    let settings = settings::get(app.db.read(), site.id).await?;
    let domain = domains::oldest(app.db.read(), site.id).await?;
    Ok(ClientView::new(site, domain, settings))
}

/// The store speaks of a site; here its members have other names.
fn named(error: StoreError) -> ApiError {
    let field = match &error {
        StoreError::Conflict { what: "domain" }
        | StoreError::Invalid {
            what: "domain" | "site name",
            ..
        } => "domain",
        StoreError::Invalid {
            what: "eventRetentionDays",
            ..
        } => "config.retentionDays",
        _ => return error.into(),
    };
    let code = match &error {
        StoreError::Conflict { .. } => ErrorCode::Conflict,
        _ => ErrorCode::InvalidBody,
    };
    ApiError::new(code)
        .with_message(ApiError::from(error).text().to_owned())
        .with_details(serde_json::json!({ "field": field }))
}
