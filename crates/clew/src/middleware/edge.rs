//! The outermost layer, around every request: id, panics, errors.
//!
//! Invariants: every reply carries `X-Request-Id`; a panic in a handler is a 500 for its own
//! request and nothing else; a 5xx is logged once, with its cause, under the id that its body
//! names.

use super::request_id::{RequestId, X_REQUEST_ID};
use crate::error::{ApiError, Failure};
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use http::header::CONTENT_LENGTH;
use metrics::counter;
use std::panic::AssertUnwindSafe;

/// Runs `handler` and finishes its reply.
pub async fn answer(id: RequestId, handler: impl Future<Output = Response>) -> Response {
    // A handler owns nothing that outlives a panic half-changed: shared state is behind locks
    // that do not poison or behind atomics.
    let outcome = AssertUnwindSafe(handler).catch_unwind().await;
    let mut response = outcome.unwrap_or_else(|panic| {
        counter!("clew_panics_total").increment(1);
        ApiError::internal(panic_text(panic.as_ref())).into_response()
    });
    if response.status().is_server_error() {
        explain(&mut response, &id);
    }
    response.headers_mut().insert(X_REQUEST_ID, id.header());
    response
}

/// Logs the cause and names the request in the body.
fn explain(response: &mut Response, id: &RequestId) {
    let Some(Failure(error)) = response.extensions_mut().remove::<Failure>() else {
        return;
    };
    let cause = error.cause().map(chain).unwrap_or_default();
    let (request_id, code) = (id.as_str(), error.code().code());
    if error.status() == http::StatusCode::INTERNAL_SERVER_ERROR {
        tracing::error!(request_id, code, cause, "request failed");
    } else {
        tracing::warn!(request_id, code, cause, "request refused");
    }
    *response.body_mut() = Body::from(error.body(Some(request_id)));
    response.headers_mut().remove(CONTENT_LENGTH);
}

fn chain(error: &(dyn std::error::Error + Send + Sync + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text.push_str(": ");
        text.push_str(&source.to_string());
        next = source.source();
    }
    text
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("panic: {}", text.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;

    async fn body(response: Response) -> String {
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn a_panic_is_a_500_that_names_its_request_and_nothing_else() {
        let id = RequestId::mint();
        let response = answer(id.clone(), async { panic!("secret detail") }).await;
        assert_eq!(response.status(), 500);
        assert_eq!(response.headers()[X_REQUEST_ID], id.as_str());
        let body = body(response).await;
        assert!(body.contains(id.as_str()) && !body.contains("secret detail"));
    }

    #[tokio::test]
    async fn a_good_reply_is_only_marked() {
        let id = RequestId::mint();
        let response = answer(id.clone(), async { "fine".into_response() }).await;
        assert_eq!(response.headers()[X_REQUEST_ID], id.as_str());
        assert_eq!(body(response).await, "fine");
    }
}
