//! Errors as clients see them: the only place that maps an [`ErrorCode`] to HTTP.
//!
//! Owns the envelope `{"error":{"code","message","details"?}}`. Refuses to show a cause to a
//! client: the source of a 5xx goes to the log under the request's id, the client gets the id.
//! Invariant: 429 and 503 always carry `Retry-After`.

use crate::sites::Unresolved;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use clew_core::error::ErrorCode;
use clew_store::events::EventStoreError;
use clew_store::relational::StoreError;
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use std::borrow::Cow;
use std::sync::Arc;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Result of a request handler.
pub type ApiResult<T> = Result<T, ApiError>;

/// A failed request: what the client is told and what only the log may know.
#[derive(Debug)]
pub struct ApiError {
    code: ErrorCode,
    message: Option<Cow<'static, str>>,
    details: Option<Box<serde_json::Value>>,
    /// Allowance per minute that was used up.
    allowance: Option<u32>,
    /// Seconds; a default per code applies when absent.
    retry_after: Option<u32>,
    cause: Option<Cause>,
}

/// Left in the response's extensions so that the request-id middleware can log it and name the id.
#[derive(Clone, Debug)]
pub struct Failure(pub Arc<ApiError>);

impl ApiError {
    pub const fn new(code: ErrorCode) -> Self {
        Self {
            code,
            message: None,
            details: None,
            allowance: None,
            retry_after: None,
            cause: None,
        }
    }

    /// An unexpected failure; `cause` reaches the log only.
    pub fn internal(cause: impl Into<Cause>) -> Self {
        Self::new(ErrorCode::Internal).because(cause)
    }

    /// A parameter that cannot be understood, named so that the caller can correct it.
    pub fn parameter(name: &'static str, problem: impl std::fmt::Display) -> Self {
        Self::new(ErrorCode::InvalidParameter)
            .with_message(format!("{name}: {problem}"))
            .with_details(serde_json::json!({ "parameter": name }))
    }

    #[must_use]
    pub fn because(mut self, cause: impl Into<Cause>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    #[must_use]
    pub fn with_message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.message = Some(message.into());
        self
    }

    #[must_use]
    pub fn with_details(mut self, details: serde_json::Value) -> Self {
        self.details = Some(Box::new(details));
        self
    }

    #[must_use]
    pub const fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Adds the `RateLimit-*` headers of a used-up allowance.
    #[must_use]
    pub const fn rate_limit(mut self, per_minute: u32) -> Self {
        self.allowance = Some(per_minute);
        self
    }

    /// What the client is told.
    pub fn text(&self) -> &str {
        self.message.as_deref().unwrap_or(self.code.message())
    }

    pub const fn code(&self) -> ErrorCode {
        self.code
    }

    /// The same failure under the code that a family of clients knows it by. What was said about
    /// this very request still holds.
    #[must_use]
    pub const fn told_as(mut self, code: ErrorCode) -> Self {
        self.code = code;
        self
    }

    pub const fn status(&self) -> StatusCode {
        status(self.code)
    }

    pub fn cause(&self) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        self.cause.as_deref()
    }

    /// The reply; `request_id` is named in the body of a 5xx.
    pub fn render(&self, request_id: Option<&str>) -> Response {
        let status = self.status();
        let mut response = Response::new(Body::from(self.body(request_id)));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let retry_after = self.retry_after.or(default_retry_after(self.code));
        if let Some(seconds) = retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(per_minute) = self.allowance {
            headers.insert("ratelimit-limit", HeaderValue::from(per_minute));
            headers.insert("ratelimit-remaining", HeaderValue::from(0));
            let reset = HeaderValue::from(retry_after.unwrap_or(1));
            headers.insert("ratelimit-reset", reset);
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(
                WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"clew\""),
            );
        }
        response
    }

    /// The envelope as JSON.
    pub fn body(&self, request_id: Option<&str>) -> Vec<u8> {
        let mut error = serde_json::Map::new();
        error.insert("code".into(), self.code.code().into());
        let message = self.message.as_deref().unwrap_or(self.code.message());
        error.insert("message".into(), message.into());
        let mut details = self.details.clone();
        if let (true, Some(id)) = (self.status().is_server_error(), request_id) {
            let slot = details.get_or_insert_with(|| Box::new(serde_json::json!({})));
            if let Some(object) = slot.as_object_mut() {
                object.insert("request_id".into(), id.into());
            }
        }
        if let Some(details) = details {
            error.insert("details".into(), *details);
        }
        serde_json::json!({ "error": error })
            .to_string()
            .into_bytes()
    }
}

impl From<ErrorCode> for ApiError {
    fn from(code: ErrorCode) -> Self {
        Self::new(code)
    }
}

impl From<Unresolved> for ApiError {
    fn from(why: Unresolved) -> Self {
        Self::new(why.code()).with_message(why.message())
    }
}

impl From<StoreError> for ApiError {
    /// What the caller did wrong is said; what went wrong here is logged.
    fn from(error: StoreError) -> Self {
        let named = |code, what| {
            let details = serde_json::json!({ "field": field(what) });
            Self::new(code)
                .with_message(sentence(&error.to_string()))
                .with_details(details)
        };
        match &error {
            StoreError::NotFound { what: "site" } => ErrorCode::UnknownSite.into(),
            StoreError::NotFound { .. } => {
                Self::new(ErrorCode::NotFound).with_message(sentence(&error.to_string()))
            }
            StoreError::Conflict { what } => named(ErrorCode::Conflict, what),
            StoreError::Invalid { what, .. } => named(ErrorCode::InvalidBody, what),
            StoreError::LastOwner => ErrorCode::LastOwner.into(),
            StoreError::TimedOut(_) => Self::new(ErrorCode::Overloaded).because(error),
            StoreError::Closed => Self::new(ErrorCode::ShuttingDown).because(error),
            _ => Self::internal(error),
        }
    }
}

impl From<EventStoreError> for ApiError {
    fn from(error: EventStoreError) -> Self {
        let code = match &error {
            EventStoreError::Timeout(_) => ErrorCode::ReportTimeout,
            EventStoreError::Busy => ErrorCode::Overloaded,
            error if error.is_temporary() => ErrorCode::ReportsUnavailable,
            _ => ErrorCode::Internal,
        };
        Self::new(code).because(error)
    }
}

/// The store's word for a value → the member of the request's body that holds it.
fn field(what: &str) -> &str {
    match what {
        "account name" | "site name" | "user name" | "key name" => "name",
        "e-mail address" => "email",
        "domain" => "domains",
        "time zone" => "timeZone",
        other => other,
    }
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), chars.as_str())
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.render(None);
        response.extensions_mut().insert(Failure(Arc::new(self)));
        response
    }
}

/// HTTP status of each public error code.
pub const fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::MalformedJson
        | ErrorCode::InvalidParameter
        | ErrorCode::UnknownType
        | ErrorCode::InvalidSiteId
        | ErrorCode::BadEncoding => StatusCode::BAD_REQUEST,
        ErrorCode::InvalidBody | ErrorCode::LinkRefused => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::BodyTooLarge | ErrorCode::BatchTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ErrorCode::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
        ErrorCode::NotFound | ErrorCode::UnknownSite => StatusCode::NOT_FOUND,
        ErrorCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::Unauthorized | ErrorCode::WrongCredentials => StatusCode::UNAUTHORIZED,
        ErrorCode::Forbidden
        | ErrorCode::ForeignOrigin
        | ErrorCode::OriginRequired
        | ErrorCode::InvalidLink
        | ErrorCode::ConsentRequired
        | ErrorCode::CrossSite => StatusCode::FORBIDDEN,
        ErrorCode::Conflict | ErrorCode::LastOwner => StatusCode::CONFLICT,
        ErrorCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::Overloaded
        | ErrorCode::StorageUnavailable
        | ErrorCode::ReportsUnavailable
        | ErrorCode::ReportTimeout
        | ErrorCode::ShuttingDown => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

const fn default_retry_after(code: ErrorCode) -> Option<u32> {
    match code {
        ErrorCode::RateLimited | ErrorCode::Overloaded | ErrorCode::ShuttingDown => Some(2),
        ErrorCode::StorageUnavailable | ErrorCode::ReportsUnavailable => Some(5),
        ErrorCode::ReportTimeout => Some(10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_an_error_status_and_busy_ones_say_when_to_retry() {
        for &code in ErrorCode::ALL {
            let response = ApiError::new(code).render(Some("r1"));
            let status = response.status();
            assert!(
                status.is_client_error() || status.is_server_error(),
                "{code:?}"
            );
            let busy = matches!(status.as_u16(), 429 | 503);
            assert_eq!(
                response.headers().contains_key(RETRY_AFTER),
                busy,
                "{code:?}"
            );
        }
    }

    #[test]
    fn only_server_errors_name_the_request_and_no_cause_leaks() {
        let error = ApiError::internal("password=hunter2");
        let body = String::from_utf8(error.body(Some("r1"))).unwrap();
        assert!(body.contains(r#""request_id":"r1""#) && !body.contains("hunter2"));
        let error = ApiError::new(ErrorCode::NotFound);
        let body = String::from_utf8(error.body(Some("r1"))).unwrap();
        assert_eq!(
            body,
            r#"{"error":{"code":"not_found","message":"There is nothing at this address."}}"#
        );
    }
}
