//! `GET /forms/config`: what a form builder needs to draw one of a site's forms.

use crate::app::App;
use crate::error::{ApiError, ApiResult};
use crate::extract::address::{self, Peer};
use crate::extract::given::Parameters;
use crate::extract::{origin, principal};
use crate::middleware::cors;
use crate::sites::Site;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use clew_core::error::ErrorCode;
use clew_core::model::domain;
use clew_store::relational::Scope;
use clew_store::relational::forms::{ClientField, ClientForm, Object};
use http::header::{CACHE_CONTROL, VARY};
use http::{HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    domain: String,
    form: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FormConfig {
    pub form_id: String,
    pub name: String,
    /// The site's id: goes into `site_key` of what the form sends.
    pub site_key: String,
    pub page_url: String,
    /// CSS.
    pub selector: String,
    /// In order.
    pub fields: Vec<FormConfigField>,
    #[schema(value_type = Object)]
    pub theme: Value,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FormConfigField {
    pub name: String,
    /// As in HTML: `text`, `email`, `tel` …
    #[serde(rename = "type")]
    pub kind: String,
    pub label: Option<String>,
    pub required: bool,
    #[schema(value_type = Object)]
    pub validation: Object,
    pub order: i32,
}

/// How a form is drawn.
///
/// For pages of the site's own domains, and for whoever holds a key of the site: the write key
/// (`X-API-Key: pk_…`) or a secret one.
#[utoipa::path(
    get,
    path = "/forms/config",
    tag = "Ingest",
    params(
        ("domain" = String, Query, description = "One of the site's domains"),
        ("form" = String, Query, description = "Id of the form, its name, or the id of its element in the page"),
    ),
    responses(
        (status = 200, body = FormConfig),
        (status = 400, description = "invalid_parameter"),
        (status = 401, description = "unauthorized: a secret key that is not valid"),
        (status = 403, description = "foreign_origin, origin_required or forbidden: neither a page of the domain nor a key of its site"),
        (status = 404, description = "not_found: the site has no such form, or it is paused"),
        (status = 429, description = "rate_limited, with Retry-After"),
    )
)]
pub async fn get(
    State(app): State<Arc<App>>,
    wanted: Result<Parameters<Wanted>, ApiError>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
) -> Response {
    let config = match wanted {
        Ok(Parameters(wanted)) => config(&app, &wanted, peer, &headers).await,
        Err(error) => Err(error),
    };
    let mut response = match config {
        Ok(config) => Json(config).into_response(),
        Err(error) => error.into_response(),
    };
    let headers = response.headers_mut();
    cors::allow(headers);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(VARY, HeaderValue::from_static("Origin, Referer, X-API-Key"));
    response
}

async fn config(
    app: &App,
    wanted: &Wanted,
    peer: Peer,
    headers: &HeaderMap,
) -> ApiResult<FormConfig> {
    let proxies = &app.config.server.trusted_proxies;
    let client = address::client_ip(peer.0.ip(), headers, proxies);
    app.limits.check_client(client)?;
    let site = domain::normalise_host(&wanted.domain).and_then(|host| app.sites.of_host(&host));
    let site = site.filter(|site| site.is_active());
    // A domain that nobody registered is answered like one that is somebody else's.
    let site = site.ok_or(ErrorCode::ForeignOrigin)?;
    authorise(app, &site, headers).await?;
    let form = site.form(&wanted.form).filter(|form| form.is_active);
    let form = form.ok_or_else(|| {
        let message = "This site has no such form.";
        ApiError::new(ErrorCode::NotFound).with_message(message)
    })?;
    Ok(FormConfig::of(&site, form))
}

/// A page of the site, its write key, or a secret key that covers it.
async fn authorise(app: &App, site: &Site, headers: &HeaderMap) -> ApiResult<()> {
    let page = origin::origin_host(headers);
    let presented = headers.get("x-api-key").and_then(|key| key.to_str().ok());
    if let Some(write_key) = presented.filter(|key| key.starts_with("pk_")) {
        if !site.has_write_key(write_key) {
            let message = "This write key is not that of this domain's site.";
            return Err(ApiError::new(ErrorCode::Forbidden).with_message(message));
        }
        // It is public, so it opens nothing for the pages of others.
        if page.is_some_and(|host| !domain::host_allowed(&host, &site.policy().domains)) {
            return Err(ErrorCode::ForeignOrigin.into());
        }
        return Ok(app.limits.check_write_key(site.id())?);
    }
    if let Some(key) = principal::presented(app, headers).await? {
        let may = key.has(Scope::Read) || key.has(Scope::Ingest);
        if !may || !key.covers(site.account(), site.id()) {
            let message = "This key is for other sites, or has neither the scope read nor ingest.";
            return Err(ApiError::new(ErrorCode::Forbidden).with_message(message));
        }
        return Ok(app.limits.check_key(key.key)?);
    }
    match page {
        Some(host) if domain::host_allowed(&host, &site.policy().domains) => Ok(()),
        Some(_) => Err(ErrorCode::ForeignOrigin.into()),
        None => {
            let message = "Ask from a page of this domain, or with a key of its site.";
            Err(ApiError::new(ErrorCode::OriginRequired).with_message(message))
        }
    }
}

impl FormConfig {
    fn of(site: &Site, form: &ClientForm) -> Self {
        Self {
            form_id: form.form_id.to_string(),
            name: form.form_name.clone(),
            site_key: site.id().to_string(),
            page_url: form.page_url.clone(),
            selector: form.form_selector.clone(),
            fields: form.fields.iter().map(FormConfigField::from).collect(),
            theme: site.settings().script.theme.clone(),
        }
    }
}

impl From<&ClientField> for FormConfigField {
    fn from(field: &ClientField) -> Self {
        Self {
            name: field.field_name.clone(),
            kind: field.field_type.clone(),
            label: field.label.clone(),
            required: field.is_required,
            validation: field.validation_rules.clone(),
            order: field.order,
        }
    }
}
