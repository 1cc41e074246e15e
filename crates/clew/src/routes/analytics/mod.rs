//! `/analytics/*`: reports and settings under the addresses that Pulse dashboards ask.
//!
//! Nothing is computed here: the reports are those of `/v1/reports`, the keys those of `/v1/keys`.
//! What a key that sees some pages only may see is decided by its `Caller`, before anything is read.

pub mod marketing_keys;
pub mod reports;
pub mod sessions;
pub mod settings;

use http::header::ALLOW;
use http::{HeaderName, StatusCode};

/// Reply to `OPTIONS`: what may be asked is no secret. Without CORS headers, so no other site's page
/// reads an answer.
pub fn allow(methods: &'static str) -> (StatusCode, [(HeaderName, &'static str); 1]) {
    (StatusCode::NO_CONTENT, [(ALLOW, methods)])
}
