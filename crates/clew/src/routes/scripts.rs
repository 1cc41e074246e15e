//! Tracker scripts: `/c.js` and its lazy chunks `/m/{chunk}.{hash}.js`.

use crate::app::App;
use crate::assets::{Caching, TRACKER};
use crate::clock;
use crate::error::{ApiError, ApiResult};
use crate::extract::given::{Parameters, PathText};
use crate::extract::origin;
use crate::middleware::cors;
use crate::sightings::SCRIPT;
use axum::extract::State;
use axum::response::Response;
use clew_core::error::ErrorCode;
use http::{HeaderMap, HeaderValue};
use metrics::counter;
use std::sync::Arc;

/// The variant behind the plain address, and the ones that may be asked for.
const DEFAULT_VARIANT: &str = "standard";
const VARIANTS: &[&str] = &["cookieless", "standard", "loader"];

#[derive(Debug, serde::Deserialize)]
pub struct Choice {
    /// Variant.
    v: Option<String>,
}

/// The tracker.
///
/// `<script async src="/c.js" data-site-id="…"></script>`; `?v=` chooses among `cookieless`,
/// `standard` and `loader`.
#[utoipa::path(
    get,
    path = "/c.js",
    tag = "Scripts",
    params(("v" = Option<String>, Query, description = "cookieless, standard (default) or loader")),
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
    let variant = v.as_deref().unwrap_or(DEFAULT_VARIANT);
    if !VARIANTS.contains(&variant) {
        return Err(ApiError::parameter(
            "v",
            "expected cookieless, standard or loader",
        ));
    }
    counter!("clew_script_loads_total", "script" => "core").increment(1);
    note_page(&app, &headers);
    send(&format!("{variant}.js"), &headers, Caching::Hour)
}

/// Remembers that a page of this site has the snippet, as far as its Referer says.
fn note_page(app: &App, headers: &HeaderMap) {
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

fn send(file: &str, headers: &HeaderMap, caching: Caching) -> ApiResult<Response> {
    let Some(script) = TRACKER.get(file) else {
        let message = "This script is not part of this build; `make assets` builds the tracker.";
        return Err(ApiError::new(ErrorCode::NotFound).with_message(message));
    };
    let mut response = script.reply(headers, caching);
    let headers = response.headers_mut();
    cors::allow(headers);
    headers.insert(
        "cross-origin-resource-policy",
        HeaderValue::from_static("cross-origin"),
    );
    Ok(response)
}
