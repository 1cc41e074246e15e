//! Refuses changes that another web site has a browser ask for.
//!
//! Uses what browsers say themselves (`Sec-Fetch-Site`, `Origin`), so there is no token to forget.
//! Programs send neither and pass: they carry a key, which no other site can make a browser send.

use crate::error::ApiError;
use axum::body::Body;
use clew_core::error::ErrorCode;
use tower_http::csrf::{CsrfLayer, ProtectionError};

type Refusal = fn(ProtectionError) -> http::Response<Body>;

/// `public_url` is trusted beside the host that was asked for: proxies may rewrite the latter.
pub fn layer(public_url: &str) -> CsrfLayer<Refusal> {
    let refusal: Refusal = |_| ApiError::new(ErrorCode::CrossSite).render(None);
    let origin = public_url.split('/').take(3).collect::<Vec<_>>().join("/");
    let plain = CsrfLayer::new();
    let layer = match plain.clone().add_trusted_origin(&origin) {
        Ok(layer) => layer,
        Err(error) => {
            tracing::warn!(%error, "the public address is no origin that a browser could send");
            plain
        }
    };
    layer.with_rejection_response(refusal)
}
