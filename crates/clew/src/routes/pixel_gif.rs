//! `/p.gif`: a page view for pages and mails without script.

use super::collect;
use crate::app::App;
use crate::clock;
use crate::error::ApiResult;
use crate::extract::address::{self, Peer};
use crate::extract::client;
use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use clew_core::model::EventId;
use clew_core::wire::gif;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, REFERER};
use http::{HeaderMap, HeaderValue, Method};
use std::sync::Arc;
use uuid::Uuid;

/// A transparent GIF of one pixel.
const PIXEL: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

/// Count a view without script.
///
/// For `<noscript>` and mails. Without `url` the Referer header names the page; with `name` the
/// view is a custom event. There is no id, so a picture that is loaded twice counts twice.
#[utoipa::path(
    get,
    path = "/p.gif",
    tag = "Ingest",
    params(
        ("site" = String, Query, min_length = 1, description = "Site id or slug"),
        ("url" = Option<String>, Query, description = "Address of the page"),
        ("ref" = Option<String>, Query, description = "Where the visitor came from"),
        ("name" = Option<String>, Query, description = "Name of a custom event"),
    ),
    responses(
        (status = 200, description = "A picture of one pixel", content_type = "image/gif"),
        (status = 403, description = "foreign_origin"),
        (status = 404, description = "unknown_site"),
        (status = 429, description = "rate_limited"),
    )
)]
pub async fn get(
    State(app): State<Arc<App>>,
    method: Method,
    RawQuery(query): RawQuery,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
) -> Response {
    // Axum routes HEAD here too. Whoever asks for headers alone (link checkers, mail scanners) has
    // seen no page.
    let mut marks = collect::Marks::with_cookies();
    let taken = if method == Method::HEAD {
        Ok(())
    } else {
        take(&app, &query.unwrap_or_default(), peer, &headers, &mut marks).await
    };
    let mut response = match taken {
        Ok(()) => Response::new(PIXEL.into()),
        Err(error) => error.into_response(),
    };
    marks.put_on(&mut response);
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers
        .entry(CONTENT_TYPE)
        .or_insert(HeaderValue::from_static("image/gif"));
    response
}

async fn take(
    app: &App,
    query: &str,
    peer: Peer,
    headers: &HeaderMap,
    marks: &mut collect::Marks,
) -> ApiResult<()> {
    let received = clock::now();
    let proxies = &app.config.server.trusted_proxies;
    let pace = collect::pace(app, address::client_ip(peer.0.ip(), headers, proxies))?;
    let page = headers.get(REFERER).and_then(|value| value.to_str().ok());
    let batch = gif::decode(query, page)?;
    let client = client::client(peer.0.ip(), headers, &app.config, false);
    let sender = collect::Sender {
        client,
        headers,
        key: None,
        received,
        pace,
        minted: EventId::from(Uuid::now_v7()),
    };
    collect::submit(app, gif::NAME, batch, sender, marks).await?;
    Ok(())
}
