//! `/metrics` for Prometheus, with an admin key; on its own listener without.

use crate::app::App;
use crate::error::ApiResult;
use crate::extract::principal::Caller;
use axum::extract::State;
use http::HeaderName;
use http::header::CONTENT_TYPE;
use std::sync::Arc;

type Text = ([(HeaderName, &'static str); 1], String);

/// Metrics in Prometheus text form.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "Operations",
    responses(
        (status = 200, description = "Prometheus text format", content_type = "text/plain"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin key for all sites"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn with_key(State(app): State<Arc<App>>, caller: Caller) -> ApiResult<Text> {
    caller.require_admin()?;
    Ok(render(&app))
}

/// For the separate listener, which only the operator's network reaches.
pub async fn open(State(app): State<Arc<App>>) -> Text {
    render(&app)
}

fn render(app: &App) -> Text {
    let text_format = "text/plain; version=0.0.4; charset=utf-8";
    ([(CONTENT_TYPE, text_format)], app.prometheus.render())
}
