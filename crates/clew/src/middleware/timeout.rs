//! The longest a management route may take.

use crate::error::ApiError;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use clew_core::error::ErrorCode;
use std::time::Duration;

/// Answers 503 when the handler is not done in time; its work is dropped.
pub async fn limit(State(longest): State<Duration>, request: Request, next: Next) -> Response {
    let reply = tokio::time::timeout(longest, next.run(request)).await;
    reply.unwrap_or_else(|_| ApiError::new(ErrorCode::Overloaded).into_response())
}
