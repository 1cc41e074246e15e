//! `/app/*`: the dashboard, a single-page application.

use crate::assets::{Caching, DASHBOARD};
use crate::error::{ApiError, ApiResult};
use crate::extract::given::PathText;
use axum::response::{Redirect, Response};
use clew_core::error::ErrorCode;
use http::HeaderMap;

const INDEX: &str = "index.html";

pub async fn home() -> Redirect {
    Redirect::temporary("/app/")
}

pub async fn index(headers: HeaderMap) -> ApiResult<Response> {
    page(INDEX, &headers)
}

/// A file of the build, or the application itself for its own addresses.
pub async fn file(PathText(path): PathText, headers: HeaderMap) -> ApiResult<Response> {
    page(&path, &headers)
}

fn page(path: &str, headers: &HeaderMap) -> ApiResult<Response> {
    if let Some(file) = DASHBOARD.get(path).filter(|_| path != INDEX) {
        // Vite puts a content hash into every name below assets/.
        let caching = if path.starts_with("assets/") {
            Caching::Immutable
        } else {
            Caching::Revalidate
        };
        return Ok(file.reply(headers, caching));
    }
    let is_file_name = path
        .rsplit('/')
        .next()
        .is_some_and(|name| name.contains('.'));
    if is_file_name && path != INDEX {
        return Err(ErrorCode::NotFound.into());
    }
    let index = DASHBOARD.get(INDEX).ok_or_else(|| {
        let message = "The dashboard is not part of this build; `make assets` builds it.";
        ApiError::new(ErrorCode::NotFound).with_message(message)
    })?;
    Ok(index.reply(headers, Caching::Revalidate))
}
