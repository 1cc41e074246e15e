//! `/demo/*`: a small shop that reports to the site `demo`.

use crate::app::App;
use crate::assets::{Caching, DEMO};
use crate::error::{ApiError, ApiResult};
use crate::extract::given::PathText;
use crate::sites::DEMO_SLUG;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use clew_core::error::ErrorCode;
use http::HeaderMap;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use std::sync::Arc;

/// Stands in the pages where a real shop has the id of its site.
const SITE_TOKEN: &str = "__CLEW_SITE_ID__";

/// Like a customer's page: inline script is allowed. Nothing here is anybody's input.
const POLICY: &str = "default-src 'self'; script-src 'self' 'unsafe-inline'; \
     style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'";

pub async fn home() -> Redirect {
    Redirect::permanent("/demo/")
}

pub async fn index(State(app): State<Arc<App>>, headers: HeaderMap) -> ApiResult<Response> {
    page(&app, "index.html", &headers)
}

pub async fn file(
    State(app): State<Arc<App>>,
    PathText(path): PathText,
    headers: HeaderMap,
) -> ApiResult<Response> {
    page(&app, &path, &headers)
}

/// The file itself, `path.html`, or the index of a folder.
fn page(app: &App, path: &str, headers: &HeaderMap) -> ApiResult<Response> {
    let trimmed = path.trim_end_matches('/');
    let candidates = [
        path.to_owned(),
        format!("{trimmed}.html"),
        format!("{trimmed}/index.html"),
    ];
    for name in candidates {
        if is_html(&name)
            && let Some((html, content_type)) = DEMO.raw(&name)
        {
            let html = String::from_utf8_lossy(&html);
            let html = html.replace(SITE_TOKEN, &demo_site(app)?);
            let headers = [
                (CONTENT_TYPE, content_type),
                (CACHE_CONTROL, "no-cache".to_owned()),
                (CONTENT_SECURITY_POLICY, POLICY.to_owned()),
            ];
            return Ok((headers, html).into_response());
        }
        if let Some(file) = DEMO.get(&name) {
            return Ok(file.reply(headers, Caching::Revalidate));
        }
    }
    Err(ErrorCode::NotFound.into())
}

fn is_html(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ext)| ext == "html")
}

fn demo_site(app: &App) -> ApiResult<String> {
    let site = app.sites.find(DEMO_SLUG).ok_or_else(|| {
        let message = "The demo site was removed; `clew site create --slug demo --name Demo \
                       --domain localhost` makes it again.";
        ApiError::new(ErrorCode::UnknownSite).with_message(message)
    })?;
    Ok(site.id().to_string())
}
