//! `POST /v1/auth/token`: a short-lived access token for a password or a secret key.

use crate::app::App;
use crate::error::{ApiError, ApiResult};
use crate::extract::address::{self, Peer};
use crate::extract::client;
use crate::extract::json::JsonBody;
use crate::routes::openapi::shapes;
use crate::secret_text::SecretText;
use crate::sign_in::Whence;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::{Extension, Json};
use clew_core::error::ErrorCode;
use http::HeaderMap;
use http::header::CACHE_CONTROL;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// `email` and `password`, or `api_key`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    email: Option<String>,
    password: Option<SecretText>,
    api_key: Option<SecretText>,
}

impl PartialSchema for TokenRequest {
    fn schema() -> RefOr<Schema> {
        shapes::credentials().into()
    }
}

impl ToSchema for TokenRequest {}

#[derive(Debug, Serialize, ToSchema)]
pub struct TokenReply {
    /// A JWT: send it as `Authorization: Bearer …`.
    #[schema(value_type = String)]
    pub access_token: SecretText,
    /// `Bearer`.
    pub token_type: &'static str,
    /// Seconds.
    pub expires_in: i64,
}

/// Get an access token.
///
/// It may do what the person or the key may do, for a quarter of an hour; use does not lengthen it.
/// It ends at once when the key is revoked, and when the person changes the password, signs out
/// everywhere, is paused or gets another role.
#[utoipa::path(
    post,
    path = "/v1/auth/token",
    tag = "Sign-in",
    request_body = TokenRequest,
    responses(
        (status = 200, body = TokenReply),
        (status = 400, description = "malformed_json"),
        (status = 401, description = "wrong_credentials"),
        (status = 403, description = "cross_site"),
        (status = 413, description = "body_too_large"),
        (status = 415, description = "unsupported_media_type"),
        (status = 422, description = "invalid_body; details.field names the member"),
        (status = 429, description = "rate_limited, with Retry-After"),
        (status = 503, description = "overloaded, with Retry-After"),
    )
)]
pub async fn create(
    State(app): State<Arc<App>>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<TokenRequest>,
) -> ApiResult<impl IntoResponse> {
    let proxies = &app.config.server.trusted_proxies;
    let ip = address::client_ip(peer.0.ip(), &headers, proxies);
    app.limits.check_client(ip)?;
    let whence = Whence {
        ip,
        user_agent: &client::user_agent(&headers),
        presented: None,
    };
    let claims = match (&body.email, &body.password, &body.api_key) {
        (Some(email), Some(password), None) => {
            let proof = app
                .sign_in
                .claims_of_person(email, password.as_str(), whence);
            proof.await?
        }
        (None, None, Some(key)) => {
            let proof = app
                .sign_in
                .claims_of_key(&app.keyring, key.as_str(), whence);
            proof.await?
        }
        (Some(_), None, None) => return Err(missing("password")),
        (None, Some(_), None) => return Err(missing("email")),
        (None, None, None) => return Err(missing("api_key")),
        (_, _, Some(_)) => return Err(wrong("api_key", "send a password or a key, not both")),
    };
    let token = app.access_tokens.issue(&claims);
    let reply = TokenReply {
        access_token: token.map_err(ApiError::internal)?,
        token_type: "Bearer",
        expires_in: app.sign_in.token_life_ms(claims.account) / 1000,
    };
    Ok(([(CACHE_CONTROL, "no-store")], Json(reply)))
}

fn missing(field: &'static str) -> ApiError {
    wrong(field, "send email and password, or api_key")
}

fn wrong(field: &'static str, problem: &'static str) -> ApiError {
    ApiError::new(ErrorCode::InvalidBody)
        .with_message(format!("{field}: {problem}"))
        .with_details(serde_json::json!({ "field": field }))
}
