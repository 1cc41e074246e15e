//! What stands in the address: axum's own extractors, refusing in the envelope of every error.
//!
//! Axum answers for itself in plain text when it cannot read an address; these do not let it.

use crate::error::ApiError;
use axum::extract::{FromRequestParts, Path, Query};
use clew_core::error::ErrorCode;
use http::request::Parts;
use jiff::Timestamp;
use serde::de::DeserializeOwned;

/// The one variable part of a path. What is no text names nothing, so it is not found.
#[derive(Clone, Debug)]
pub struct PathText(pub String);

impl<S: Send + Sync> FromRequestParts<S> for PathText {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(text)) => Ok(Self(text)),
            // The route has no or several variable parts: our own mistake, not the client's.
            Err(rejection) if rejection.status().is_server_error() => {
                Err(ApiError::internal(rejection.body_text()))
            }
            Err(_) => Err(ErrorCode::NotFound.into()),
        }
    }
}

/// The two variable parts of a path, as [`PathText`].
#[derive(Clone, Debug)]
pub struct PathPair(pub String, pub String);

impl<S: Send + Sync> FromRequestParts<S> for PathPair {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Path::<(String, String)>::from_request_parts(parts, state).await {
            Ok(Path((first, second))) => Ok(Self(first, second)),
            Err(rejection) if rejection.status().is_server_error() => {
                Err(ApiError::internal(rejection.body_text()))
            }
            Err(_) => Err(ErrorCode::NotFound.into()),
        }
    }
}

/// The query, read as `T`.
#[derive(Clone, Debug)]
pub struct Parameters<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(read)) => Ok(Self(read)),
            Err(rejection) => Err(unreadable(&rejection.body_text())),
        }
    }
}

/// Axum says what is wrong behind a colon; the parameter stands between backticks, where one is
/// missing or unknown.
fn unreadable(said: &str) -> ApiError {
    let problem = said
        .split_once("query string: ")
        .map_or(said, |(_, why)| why);
    let of_a_parameter = ["missing field `", "unknown field `", "duplicate field `"];
    let rest = of_a_parameter
        .iter()
        .find_map(|start| problem.strip_prefix(start));
    let named = rest.and_then(|rest| rest.split('`').next());
    let error = ApiError::new(ErrorCode::InvalidParameter).with_message(problem.to_owned());
    match named {
        Some(name) => error.with_details(serde_json::json!({ "parameter": name })),
        None => error,
    }
}

/// A moment in a query, epoch milliseconds: given as such or as RFC 3339, of the years -9999 to 9999.
///
/// # Errors
/// 400 `invalid_parameter` with the parameter's name.
pub fn moment(name: &'static str, value: &str) -> Result<i64, ApiError> {
    let ms = match value.parse() {
        Ok(ms) => Timestamp::from_millisecond(ms).ok(),
        Err(_) => value.parse::<Timestamp>().ok(),
    };
    let expected = "expected an RFC 3339 time or epoch milliseconds";
    let time = ms.ok_or_else(|| ApiError::parameter(name, expected))?;
    Ok(time.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameter_that_is_missing_or_unknown_is_named() {
        for (said, told) in [
            (
                "Failed to deserialize query string: missing field `form`",
                r#"{"error":{"code":"invalid_parameter","details":{"parameter":"form"},"message":"missing field `form`"}}"#,
            ),
            (
                "Failed to deserialize query string: unknown variant `x`, expected `json`",
                r#"{"error":{"code":"invalid_parameter","message":"unknown variant `x`, expected `json`"}}"#,
            ),
            (
                "Failed to deserialize query string: invalid digit found in string",
                r#"{"error":{"code":"invalid_parameter","message":"invalid digit found in string"}}"#,
            ),
        ] {
            let told_now = unreadable(said).body(None);
            assert_eq!(String::from_utf8(told_now).unwrap(), told);
        }
    }
}
