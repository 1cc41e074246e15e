//! A JSON body of a management route, read as `T`.
//!
//! Small by design: nothing that people type is larger than [`LIMIT`]. What does not fit names the
//! member that is wrong.

use super::body::{self, Caps};
use crate::app::App;
use crate::error::ApiError;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use clew_core::error::ErrorCode;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize as _, Deserializer};
use std::sync::Arc;

/// Largest body, as sent and inflated.
const LIMIT: usize = 256 << 10;

/// Extractor.
#[derive(Clone, Debug)]
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, ApiError> {
        let bytes = bytes_of(request, app).await?;
        parse(&bytes).map(Self)
    }
}

/// As [`JsonBody`], but no body at all, or `null`, is the default.
#[derive(Clone, Debug)]
pub struct OptionalJson<T>(pub T);

impl<T: DeserializeOwned + Default> FromRequest<Arc<App>> for OptionalJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, ApiError> {
        let bytes = bytes_of(request, app).await?;
        if bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        let body: Option<T> = parse(&bytes)?;
        Ok(Self(body.unwrap_or_default()))
    }
}

async fn bytes_of(request: Request, app: &App) -> Result<Bytes, ApiError> {
    let (parts, sent) = request.into_parts();
    let caps = Caps {
        sent: LIMIT,
        inflated: LIMIT,
        ..Caps::from(&app.config.server)
    };
    body::read(&parts.headers, sent, caps).await
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    // serde would take a list for an object, member by member in the order of the source.
    if bytes.trim_ascii_start().starts_with(b"[") {
        let error = ApiError::new(ErrorCode::InvalidBody).with_message("Expected an object.");
        return Err(error.with_details(serde_json::json!({ "field": "." })));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let read = serde_path_to_error::deserialize(&mut json);
    let read = read.map_err(|error| {
        let path = error.path().to_string();
        let problem = error.into_inner();
        let field = missing(&problem.to_string(), &path).unwrap_or(path);
        if problem.is_syntax() || problem.is_eof() {
            return ApiError::new(ErrorCode::MalformedJson).with_message(problem.to_string());
        }
        ApiError::new(ErrorCode::InvalidBody)
            .with_message(problem.to_string())
            .with_details(serde_json::json!({ "field": field }))
    })?;
    json.end()
        .map_err(|_| ApiError::from(ErrorCode::MalformedJson))?;
    Ok(read)
}

/// The path of a member that is not there: serde names it in its sentence alone.
fn missing(problem: &str, path: &str) -> Option<String> {
    let name = problem.strip_prefix("missing field `")?.split('`').next()?;
    Some(match path {
        "." => name.to_owned(),
        around => format!("{around}.{name}"),
    })
}

/// Reads a whole number that may be absent; 2.0 is one too (JSON Schema 2020-12, validation, 6.1.1).
pub fn whole<'de, D, N>(from: D) -> Result<Option<N>, D::Error>
where
    D: Deserializer<'de>,
    N: TryFrom<i64>,
{
    let Some(number) = Option::<serde_json::Number>::deserialize(from)? else {
        return Ok(None);
    };
    let fitting = integer(&number).and_then(|whole| N::try_from(whole).ok());
    let wrong = || D::Error::custom(format_args!("{number} is no whole number that fits here"));
    fitting.map(Some).ok_or_else(wrong)
}

fn integer(number: &serde_json::Number) -> Option<i64> {
    // Every whole number up to 2^53 is an f64 of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let float = |number: &f64| number.fract() == 0.0 && number.abs() < EXACT;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it is whole and below 2^53"
    )]
    let cast = |number: f64| number as i64;
    number
        .as_i64()
        .or_else(|| number.as_f64().filter(float).map(cast))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wanted {
        #[allow(dead_code)]
        names: Vec<String>,
    }

    #[test]
    fn what_does_not_fit_is_named() {
        for (body, code, field) in [
            (r#"{"names":["a"]}"#, None, ""),
            (r#"{"names":[1]}"#, Some(ErrorCode::InvalidBody), "names[0]"),
            (r#"{"name":[]}"#, Some(ErrorCode::InvalidBody), "name"),
            (r#"{"names":["a"]} x"#, Some(ErrorCode::MalformedJson), ""),
            (r#"{"names":"#, Some(ErrorCode::MalformedJson), ""),
            ("{}", Some(ErrorCode::InvalidBody), "names"),
            ("", Some(ErrorCode::MalformedJson), ""),
            (r#"[["a"]]"#, Some(ErrorCode::InvalidBody), "."),
        ] {
            let error = parse::<Wanted>(body.as_bytes()).err();
            assert_eq!(error.as_ref().map(ApiError::code), code, "{body}");
            if !field.is_empty() {
                let reply = error.unwrap().body(None);
                let reply = String::from_utf8(reply).unwrap();
                assert!(reply.contains(&format!("\"field\":\"{field}\"")), "{reply}");
            }
        }
    }

    #[test]
    fn whole_numbers_are_read_in_every_notation_and_others_are_refused_by_name() {
        #[derive(Debug, serde::Deserialize)]
        struct Days {
            #[serde(default, deserialize_with = "whole")]
            days: Option<u32>,
        }
        for (body, days) in [
            ("{}", Some(None)),
            (r#"{"days":null}"#, Some(None)),
            (r#"{"days":2}"#, Some(Some(2))),
            (r#"{"days":2.0}"#, Some(Some(2))),
            (r#"{"days":1.5}"#, None),
            (r#"{"days":-1}"#, None),
            (r#"{"days":4294967296}"#, None),
            (r#"{"days":1e30}"#, None),
            (r#"{"days":"2"}"#, None),
        ] {
            let read = parse::<Days>(body.as_bytes());
            assert_eq!(read.ok().map(|it| it.days), days, "{body}");
        }
    }
}
