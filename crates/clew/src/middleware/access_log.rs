//! One log line and one latency sample per request of a management or asset route.
//!
//! Refuses to log what may be personal: no query strings, no addresses, no user agents. Ingest
//! replies are counted in metrics only, at tens of thousands a second a line each would cost more
//! than the work itself.

use super::request_id::RequestId;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use metrics::{counter, histogram};
use std::time::Instant;

pub async fn log(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let id = request.extensions().get::<RequestId>().cloned();
    let method = request.method().clone();
    let response = next.run(request).await;
    let route = matched.as_ref().map_or("unmatched", MatchedPath::as_str);
    let elapsed = begun.elapsed();
    let status = response.status().as_u16();
    histogram!("clew_http_request_seconds", "route" => route.to_owned())
        .record(elapsed.as_secs_f64());
    counter!("clew_http_requests_total", "route" => route.to_owned(), "status" => status.to_string())
        .increment(1);
    tracing::info!(
        request_id = id.as_ref().map(RequestId::as_str).unwrap_or_default(),
        method = method.as_str(),
        route,
        status,
        ms = elapsed.as_secs_f64() * 1000.0,
        "request"
    );
    response
}
