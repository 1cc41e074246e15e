//! `/.well-known/gpc.json`: this server honours Global Privacy Control.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

/// The day since which the statement holds.
const SINCE: &str = "2026-11-21";

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GpcStatement {
    /// The signal is honoured.
    pub gpc: bool,
    pub last_update: &'static str,
}

/// How this server treats Global Privacy Control.
///
/// The resource of the GPC specification. `Sec-GPC: 1` refuses marketing and replay on every site,
/// and is a refusal altogether under the profile `hipaa`.
#[utoipa::path(
    get,
    path = "/.well-known/gpc.json",
    tag = "Privacy",
    responses((status = 200, body = GpcStatement)),
)]
pub async fn statement() -> Json<GpcStatement> {
    Json(GpcStatement {
        gpc: true,
        last_update: SINCE,
    })
}
