//! The scripts of the older families at the addresses that their pages know.
//!
//! What is sent depends on the path, on the one parameter that names a site and, where the contract
//! says so, on whether the Referer is a page of that site; on nothing else in the request.

use super::scripts::{note_page, note_snippet, public, ready, send};
use crate::app::App;
use crate::assets::Caching;
use crate::error::ApiResult;
use crate::extract::given::{Parameters, PathText};
use crate::extract::origin;
use crate::site_script::{Family, SiteScript};
use crate::sites::Site;
use axum::extract::State;
use axum::response::Response;
use clew_core::error::ErrorCode;
use clew_core::model::domain;
use http::header::VARY;
use http::{HeaderMap, HeaderValue};
use metrics::counter;
use std::sync::Arc;

/// Whose settings stand in front; without it the tag in the page says all there is.
#[derive(Debug, serde::Deserialize)]
pub struct Whose {
    #[serde(alias = "client", alias = "clientId", alias = "client_id")]
    site: Option<String>,
}

/// The advertising pixel.
///
/// `<script async src="/pixel.js?site=SITE" data-pixel-id="SITE"></script>`. With `site` the
/// privacy settings of the site stand in front; without it the script knows what its tag says and
/// stays within what every profile allows.
#[utoipa::path(
    get,
    path = "/pixel.js",
    tag = "Scripts",
    params(("site" = Option<String>, Query, description = "Site id or slug")),
    responses(
        (status = 200, description = "The script, compressed", content_type = "text/javascript"),
        (status = 304, description = "The client has it already"),
        (status = 400, description = "invalid_parameter"),
        (status = 404, description = "not_found: no such site, a paused one, or a build without the tracker"),
    )
)]
pub async fn pixel(
    State(app): State<Arc<App>>,
    Parameters(whose): Parameters<Whose>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    shared(&app, Family::Pixel, whose, &headers).await
}

/// The script of one client of the CRM web tracker.
///
/// `<script async src="/script/CLIENT.js"></script>`: its forms and fields, widgets and theme stand
/// in front of the tracker.
#[utoipa::path(
    get,
    path = "/script/{script}",
    tag = "Scripts",
    params(("script" = String, Path, description = "Client id or slug, and .js")),
    responses(
        (status = 200, description = "The script, compressed", content_type = "text/javascript"),
        (status = 304, description = "The client has it already"),
        (status = 404, description = "not_found: no such client, an inactive one, or a build without the tracker"),
    )
)]
pub async fn client(
    State(app): State<Arc<App>>,
    PathText(name): PathText,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let name = name.strip_suffix(".js").ok_or(ErrorCode::NotFound)?;
    of_site(&app, Family::Client, name, &headers, Caching::Hour).await
}

/// The client's script by an older name of the CRM web tracker.
///
/// `?client=CLIENT` names the client; without it the tag does, by `data-client-id`, and the script
/// knows no forms by selector.
#[utoipa::path(
    get,
    path = "/production-tracker.js",
    tag = "Scripts",
    params(("client" = Option<String>, Query, description = "Client id or slug; also clientId, client_id, site")),
    responses(
        (status = 200, description = "The script, compressed", content_type = "text/javascript"),
        (status = 304, description = "The client has it already"),
        (status = 400, description = "invalid_parameter"),
        (status = 404, description = "not_found: no such client, an inactive one, or a build without the tracker"),
    )
)]
pub async fn production_tracker(
    State(app): State<Arc<App>>,
    Parameters(whose): Parameters<Whose>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    by_older_name(&app, whose, &headers).await
}

/// The client's script by its oldest name of the CRM web tracker.
///
/// As `/production-tracker.js`.
#[utoipa::path(
    get,
    path = "/main-app.v1.js",
    tag = "Scripts",
    params(("client" = Option<String>, Query, description = "Client id or slug; also clientId, client_id, site")),
    responses(
        (status = 200, description = "The script, compressed", content_type = "text/javascript"),
        (status = 304, description = "The client has it already"),
        (status = 400, description = "invalid_parameter"),
        (status = 404, description = "not_found: no such client, an inactive one, or a build without the tracker"),
    )
)]
pub async fn main_app(
    State(app): State<Arc<App>>,
    Parameters(whose): Parameters<Whose>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    by_older_name(&app, whose, &headers).await
}

/// The script of one client of the batch collector.
///
/// Served to pages of the client's own domains and to whoever sends no Referer.
#[utoipa::path(
    get,
    path = "/pixel/{client_id}/tracking.js",
    tag = "Scripts",
    params(("client_id" = String, Path, description = "Client id or slug")),
    responses(
        (status = 200, description = "The script, compressed; for the browser's own cache only", content_type = "text/javascript"),
        (status = 304, description = "The client has it already"),
        (status = 404, description = "not_found: no such client, an inactive one, a page of somebody else, or a build without the tracker"),
    )
)]
pub async fn collector(
    State(app): State<Arc<App>>,
    PathText(name): PathText,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let site = active(&app, &name)?;
    let referer = origin::referer_host(&headers);
    if referer.is_some_and(|host| !domain::host_allowed(&host, &site.policy().domains)) {
        return Err(ErrorCode::NotFound.into());
    }
    let mut response = sent(&app, Family::Collector, &site, &headers, Caching::Private).await?;
    let vary = HeaderValue::from_static("Accept-Encoding, Referer");
    response.headers_mut().insert(VARY, vary);
    Ok(response)
}

/// The tracker of Pulse and Trackveil.
///
/// A tag with `data-site-id` runs Trackveil (no cookies, events to `/track`), one with
/// `data-site-key` Pulse.
#[utoipa::path(
    get,
    path = "/tracker.js",
    tag = "Scripts",
    params(("site" = Option<String>, Query, description = "Site id or slug, for its privacy settings")),
    responses(
        (status = 200, description = "The script, compressed", content_type = "text/javascript"),
        (status = 304, description = "The client has it already"),
        (status = 400, description = "invalid_parameter"),
        (status = 404, description = "not_found: no such site, a paused one, or a build without the tracker"),
    )
)]
pub async fn tracker(
    State(app): State<Arc<App>>,
    Parameters(whose): Parameters<Whose>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    shared(&app, Family::Tracker, whose, &headers).await
}

/// The tracker of Pulse and Trackveil by its other name.
///
/// As `/tracker.js`.
#[utoipa::path(
    get,
    path = "/tracker.min.js",
    tag = "Scripts",
    params(("site" = Option<String>, Query, description = "Site id or slug, for its privacy settings")),
    responses(
        (status = 200, description = "The script, compressed", content_type = "text/javascript"),
        (status = 304, description = "The client has it already"),
        (status = 400, description = "invalid_parameter"),
        (status = 404, description = "not_found: no such site, a paused one, or a build without the tracker"),
    )
)]
pub async fn tracker_min(
    State(app): State<Arc<App>>,
    Parameters(whose): Parameters<Whose>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    shared(&app, Family::Tracker, whose, &headers).await
}

/// Tracker and forms of Pulse in one script.
///
/// `<script src="/pulse.js"></script>`, then `PulseGate.init({siteKey: "…"})`; or `data-site-key` on
/// the tag.
#[utoipa::path(
    get,
    path = "/pulse.js",
    tag = "Scripts",
    params(("site" = Option<String>, Query, description = "Site id or slug, for its privacy settings")),
    responses(
        (status = 200, description = "The script, compressed", content_type = "text/javascript"),
        (status = 304, description = "The client has it already"),
        (status = 400, description = "invalid_parameter"),
        (status = 404, description = "not_found: no such site, a paused one, or a build without the tracker"),
    )
)]
pub async fn pulse(
    State(app): State<Arc<App>>,
    Parameters(whose): Parameters<Whose>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    shared(&app, Family::Pulse, whose, &headers).await
}

/// The site's own forms, as Pulse has them.
///
/// Finds the places that a page has for them (`<div data-pulse-form="FORM">`, or `data-form` on the
/// tag) and fetches each form's description.
#[utoipa::path(
    get,
    path = "/form.js",
    tag = "Scripts",
    responses(
        (status = 200, description = "The script, precompressed", content_type = "text/javascript"),
        (status = 304, description = "The client has it already"),
        (status = 404, description = "not_found: a build without the tracker"),
    )
)]
pub async fn form(State(app): State<Arc<App>>, headers: HeaderMap) -> ApiResult<Response> {
    counter!("clew_script_loads_total", "script" => "form").increment(1);
    note_page(&app, &headers);
    send("families/form.js", &headers, Caching::Hour)
}

/// One file for all sites, with the settings of one in front when it is named.
async fn shared(
    app: &Arc<App>,
    family: Family,
    whose: Whose,
    headers: &HeaderMap,
) -> ApiResult<Response> {
    match whose.site {
        Some(name) => of_site(app, family, &name, headers, Caching::Brief).await,
        None => of_nobody(app, family, headers),
    }
}

async fn by_older_name(app: &Arc<App>, whose: Whose, headers: &HeaderMap) -> ApiResult<Response> {
    match whose.site {
        Some(name) => of_site(app, Family::Client, &name, headers, Caching::Hour).await,
        None => of_nobody(app, Family::Client, headers),
    }
}

fn of_nobody(app: &App, family: Family, headers: &HeaderMap) -> ApiResult<Response> {
    counter!("clew_script_loads_total", "script" => family.name()).increment(1);
    note_page(app, headers);
    send(&family.file(), headers, Caching::Hour)
}

async fn of_site(
    app: &Arc<App>,
    family: Family,
    name: &str,
    headers: &HeaderMap,
    caching: Caching,
) -> ApiResult<Response> {
    let site = active(app, name)?;
    sent(app, family, &site, headers, caching).await
}

async fn sent(
    app: &Arc<App>,
    family: Family,
    site: &Site,
    headers: &HeaderMap,
    caching: Caching,
) -> ApiResult<Response> {
    counter!("clew_script_loads_total", "script" => family.name()).increment(1);
    note_snippet(app, site, headers);
    let script = ready(app, site, SiteScript::Family(family)).await?;
    Ok(public(&script, headers, caching))
}

fn active(app: &App, name: &str) -> ApiResult<Arc<Site>> {
    let site = app.sites.find(name);
    let site = site.or_else(|| app.sites.of_write_key(name));
    let site = site.filter(|site| site.is_active());
    Ok(site.ok_or(ErrorCode::NotFound)?)
}
