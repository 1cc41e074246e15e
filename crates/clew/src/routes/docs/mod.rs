//! `/docs`: the API description as a plain page, without script and without foreign hosts.
//!
//! All of it comes from the description that `/openapi.json` serves; nothing is said here alone. It is
//! written once, when somebody first asks.

mod html;
mod operation;
mod page;
mod schema;

use crate::assets::{Caching, Encoded};
use crate::error::{ApiError, ApiResult};
use crate::router;
use axum::response::Response;
use bytes::Bytes;
use http::HeaderMap;
use std::sync::LazyLock;

static PAGE: LazyLock<Option<Encoded>> = LazyLock::new(|| {
    let description = serde_json::to_value(router::description()).ok()?;
    let html = page::written(&description);
    Some(Encoded::new(Bytes::from(html), "text/html; charset=utf-8"))
});

/// The page.
pub async fn page(headers: HeaderMap) -> ApiResult<Response> {
    let page = PAGE.as_ref();
    let page = page.ok_or_else(|| ApiError::internal("the API description cannot be written"))?;
    Ok(page.reply(&headers, Caching::Revalidate))
}
