//! `/demo/*`: a small shop that reports to the site `demo`, or to the one that `?site=` names, so
//! that a new site can be tried before its own pages carry the script. `?family=` chooses whose
//! snippet the pages carry.

use crate::app::App;
use crate::assets::{Caching, DEMO};
use crate::error::{ApiError, ApiResult};
use crate::extract::given::{Parameters, PathText};
use crate::sites::DEMO_SLUG;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use clew_core::error::ErrorCode;
use http::HeaderMap;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use std::sync::Arc;

/// Stands in the pages where a real shop has its snippet.
const SNIPPET_TOKEN: &str = "__CLEW_SNIPPET__";

/// Like a customer's page: inline script is allowed. Nothing here is anybody's input: `?site=` only
/// chooses, and what stands in the page is the id of the site that was found.
const POLICY: &str = "default-src 'self'; script-src 'self' 'unsafe-inline'; \
     style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'";

#[derive(Debug, serde::Deserialize)]
pub struct Choice {
    /// Id or slug of the site to report to.
    site: Option<String>,
    /// `clew` (default), `pixel`, `client`, `collector`, `pulse` or `trackveil`.
    family: Option<String>,
}

pub async fn home() -> Redirect {
    Redirect::permanent("/demo/")
}

pub async fn index(
    State(app): State<Arc<App>>,
    Parameters(choice): Parameters<Choice>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    page(&app, "index.html", &choice, &headers)
}

pub async fn file(
    State(app): State<Arc<App>>,
    PathText(path): PathText,
    Parameters(choice): Parameters<Choice>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    page(&app, &path, &choice, &headers)
}

/// The file itself, `path.html`, or the index of a folder.
fn page(app: &App, path: &str, choice: &Choice, headers: &HeaderMap) -> ApiResult<Response> {
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
            let snippet = snippet(choice.family.as_deref(), &site_id(app, choice)?)?;
            let html = html.replace(SNIPPET_TOKEN, &snippet);
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

/// The tag that a page of this family carries; `site` is an id.
fn snippet(family: Option<&str>, site: &str) -> ApiResult<String> {
    let tag = match family {
        None | Some("clew") => format!(r#"src="/c.js" data-site-id="{site}""#),
        Some("pixel") => format!(r#"src="/pixel.js?site={site}" data-pixel-id="{site}""#),
        Some("client") => format!(r#"src="/script/{site}.js""#),
        Some("collector") => format!(r#"src="/pixel/{site}/tracking.js""#),
        Some("pulse") => format!(r#"src="/tracker.js?site={site}" data-site-key="{site}""#),
        Some("trackveil") => format!(r#"src="/tracker.js?site={site}" data-site-id="{site}""#),
        Some(_) => {
            let expected = "expected clew, pixel, client, collector, pulse or trackveil";
            return Err(ApiError::parameter("family", expected));
        }
    };
    Ok(format!("<script async {tag}></script>"))
}

fn is_html(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ext)| ext == "html")
}

fn site_id(app: &App, choice: &Choice) -> ApiResult<String> {
    let site = match &choice.site {
        Some(named) => app.sites.find(named).ok_or(ErrorCode::UnknownSite)?,
        None => app.sites.find(DEMO_SLUG).ok_or_else(|| {
            let message = "The demo site was removed; `clew site create --slug demo --name Demo \
                           --domain localhost` makes it again.";
            ApiError::new(ErrorCode::UnknownSite).with_message(message)
        })?,
    };
    Ok(site.id().to_string())
}
