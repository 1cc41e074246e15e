//! Tracker scripts: `/c.js`, `/c/{site}.js` with a site's settings in front, and the lazy chunks
//! `/m/{chunk}.{hash}.js`.

use crate::app::App;
use crate::assets::{Caching, Encoded, TRACKER};
use crate::clock;
use crate::error::{ApiError, ApiResult};
use crate::extract::given::{Parameters, PathText};
use crate::extract::origin;
use crate::middleware::cors;
use crate::sightings::SCRIPT;
use crate::site_script::{SiteScript, Variant, variant_parts};
use crate::sites::Site;
use axum::extract::State;
use axum::response::Response;
use clew_core::error::ErrorCode;
use clew_core::model::domain;
use http::{HeaderMap, HeaderValue};
use metrics::counter;
use std::sync::Arc;

#[derive(Debug, serde::Deserialize)]
pub struct Choice {
    /// Variant.
    v: Option<String>,
}

/// The tracker.
///
/// `<script async src="/c.js" data-site-id="…"></script>`; `?v=` chooses among `cookieless`,
/// `standard`, `loader` and `full`.
#[utoipa::path(
    get,
    path = "/c.js",
    tag = "Scripts",
    params(("v" = Option<String>, Query, pattern = "^(cookieless|standard|loader|full)$", description = "cookieless, standard (default), loader or full")),
    responses(
        (status = 200, description = "The script, precompressed", content_type = "text/javascript"),
        (status = 304, description = "The client has it already"),
        (status = 404, description = "No such variant, or a build without the tracker"),
    )
)]
pub async fn core(
    State(app): State<Arc<App>>,
    Parameters(Choice { v }): Parameters<Choice>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let variant = chosen(v.as_deref())?.unwrap_or(Variant::Standard);
    counter!("clew_script_loads_total", "script" => "core").increment(1);
    note_page(&app, &headers);
    send(&variant.file(), &headers, Caching::Hour)
}

/// The tracker of one site.
///
/// `<script async src="/c/SITE.js"></script>` is the whole snippet: the site's id and what its
/// privacy profile asks of the browser stand in front of the tracker. The smallest variant that
/// can do it is chosen unless `?v=` names one. Changes of the settings reach browsers within five
/// minutes.
#[utoipa::path(
    get,
    path = "/c/{script}",
    tag = "Scripts",
    params(
        ("script" = String, Path, description = "Site id or slug, and .js"),
        ("v" = Option<String>, Query, pattern = "^(cookieless|standard|loader|full)$", description = "cookieless, standard, loader or full; the site's own choice when absent"),
    ),
    responses(
        (status = 200, description = "The script, compressed", content_type = "text/javascript"),
        (status = 304, description = "The client has it already"),
        (status = 400, description = "invalid_parameter"),
        (status = 404, description = "not_found: no such site, a paused one, or a build without the tracker"),
    )
)]
pub async fn of_site(
    State(app): State<Arc<App>>,
    PathText(name): PathText,
    Parameters(Choice { v }): Parameters<Choice>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let asked = chosen(v.as_deref())?;
    let site = name
        .strip_suffix(".js")
        .and_then(|site| app.sites.find(site));
    let site = site
        .filter(|site| site.is_active())
        .ok_or(ErrorCode::NotFound)?;
    counter!("clew_script_loads_total", "script" => "site").increment(1);
    note_snippet(&app, &site, &headers);
    let script = match asked {
        None => ready(&app, &site, SiteScript::Own).await?,
        Some(variant) => {
            let collector = collector(&app);
            let parts = variant_parts(variant, site.policy(), collector.as_deref());
            assembled(&app, parts.map_err(ApiError::internal)?).await?
        }
    };
    Ok(public(&script, &headers, Caching::Brief))
}

/// The site's script, as it was made last or made now.
pub(super) async fn ready(app: &Arc<App>, site: &Site, script: SiteScript) -> ApiResult<Encoded> {
    if let Some(ready) = site.scripts().get(script) {
        return Ok(ready);
    }
    let parts = script.parts(site.entry(), collector(app).as_deref());
    let made = assembled(app, parts.map_err(ApiError::internal)?).await?;
    Ok(site.scripts().keep(script, made))
}

/// Compressing takes milliseconds: not on a thread that others wait for.
async fn assembled(app: &Arc<App>, parts: (String, String)) -> ApiResult<Encoded> {
    let app = Arc::clone(app);
    let made = tokio::task::spawn_blocking(move || app.scripts.assembled(parts)).await;
    made.map_err(ApiError::internal)?.ok_or_else(not_built)
}

/// Host of this server's public address.
fn collector(app: &App) -> Option<String> {
    domain::header_host(&app.config.server.public_url())
}

fn chosen(v: Option<&str>) -> ApiResult<Option<Variant>> {
    let unknown = || ApiError::parameter("v", "expected cookieless, standard, loader or full");
    v.map(|name| Variant::named(name).ok_or_else(unknown))
        .transpose()
}

/// Remembers that a page of this very site has the snippet.
pub(super) fn note_snippet(app: &App, site: &Site, headers: &HeaderMap) {
    let host = origin::origin_host(headers);
    if let Some(host) = host.filter(|host| domain::host_allowed(host, &site.policy().domains)) {
        app.sightings
            .note(site.id(), SCRIPT, Some(&host), 1, clock::now());
    }
}

/// Remembers that a page of this site has the snippet, as far as its Referer says.
pub(super) fn note_page(app: &App, headers: &HeaderMap) {
    let Some(host) = origin::origin_host(headers) else {
        return;
    };
    if let Some(site) = app.sites.of_host(&host) {
        let now = clock::now();
        app.sightings.note(site.id(), SCRIPT, Some(&host), 1, now);
    }
}

/// A lazy part of the tracker.
#[utoipa::path(
    get,
    path = "/m/{chunk}",
    tag = "Scripts",
    params(("chunk" = String, Path, description = "Name and content hash, e.g. ids.1a2b3c.js")),
    responses(
        (status = 200, description = "The script; its address changes with its content", content_type = "text/javascript"),
        (status = 404, description = "not_found"),
    )
)]
pub async fn chunk(PathText(name): PathText, headers: HeaderMap) -> ApiResult<Response> {
    if name.contains('/') || name.rsplit_once('.').is_none_or(|(_, ext)| ext != "js") {
        return Err(ErrorCode::NotFound.into());
    }
    counter!("clew_script_loads_total", "script" => "chunk").increment(1);
    send(&format!("m/{name}"), &headers, Caching::Immutable)
}

pub(super) fn send(file: &str, headers: &HeaderMap, caching: Caching) -> ApiResult<Response> {
    let script = TRACKER.get(file).ok_or_else(not_built)?;
    Ok(public(&script, headers, caching))
}

fn not_built() -> ApiError {
    let message = "This script is not part of this build; `make assets` builds the tracker.";
    ApiError::new(ErrorCode::NotFound).with_message(message)
}

/// Any page may load it.
pub(super) fn public(script: &Encoded, headers: &HeaderMap, caching: Caching) -> Response {
    let mut response = script.reply(headers, caching);
    let headers = response.headers_mut();
    cors::allow(headers);
    headers.insert(
        "cross-origin-resource-policy",
        HeaderValue::from_static("cross-origin"),
    );
    response
}
