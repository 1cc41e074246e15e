//! `/v1/setup`, `/v1/session` and `/v1/links`: becoming somebody, and stopping to be.

use super::session_view::SessionView;
use crate::app::App;
use crate::error::ApiResult;
use crate::extract::address::{self, Peer};
use crate::extract::client;
use crate::extract::json::JsonBody;
use crate::extract::principal::Person;
use crate::secret_text::SecretText;
use crate::sign_in::{FirstOwner, SignedIn, Whence};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use clew_core::model::EpochMs;
use clew_store::relational::{LinkKind, Token};
use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct SetupState {
    /// Whether the installation waits for its first owner.
    pub needed: bool,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetupBody {
    /// From the link that the server prints at its first start.
    #[schema(value_type = String)]
    token: SecretText,
    email: String,
    #[serde(default)]
    name: String,
    /// 10 characters or more.
    #[schema(value_type = String)]
    password: SecretText,
    account_name: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    email: String,
    #[schema(value_type = String)]
    password: SecretText,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PasswordChange {
    #[schema(value_type = String)]
    current_password: SecretText,
    /// 10 characters or more.
    #[schema(value_type = String)]
    new_password: SecretText,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkToken {
    #[schema(value_type = String)]
    token: SecretText,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkRedemption {
    #[schema(value_type = String)]
    token: SecretText,
    /// 10 characters or more.
    #[schema(value_type = String)]
    password: SecretText,
    name: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LinkView {
    /// `invite` or `reset`.
    #[schema(value_type = String)]
    kind: LinkKind,
    email: String,
    name: String,
    expires_at: String,
}

/// Does this installation wait for its first owner?
#[utoipa::path(
    get,
    path = "/v1/setup",
    tag = "Sign-in",
    responses((status = 200, body = SetupState))
)]
pub async fn setup_state(State(app): State<Arc<App>>) -> ApiResult<Json<SetupState>> {
    let needed = app.sign_in.needs_set_up().await?;
    Ok(Json(SetupState { needed }))
}

/// Become the first owner.
///
/// With the one-time token that the server prints at its first start. Signs in.
#[utoipa::path(
    post,
    path = "/v1/setup",
    tag = "Sign-in",
    request_body = SetupBody,
    responses(
        (status = 201, body = SessionView),
        (status = 403, description = "invalid_link: wrong, used or too old"),
        (status = 422, description = "invalid_body; details.field names the member"),
        (status = 429, description = "rate_limited, with Retry-After"),
    )
)]
pub async fn setup(
    State(app): State<Arc<App>>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<SetupBody>,
) -> ApiResult<Response> {
    let owner = FirstOwner {
        email: body.email,
        name: body.name,
        password: body.password,
        account_name: body.account_name.filter(|name| !name.trim().is_empty()),
    };
    let agent = client::user_agent(&headers);
    let whence = whence(&app, peer, &headers, &agent)?;
    let (token, person) = app
        .sign_in
        .set_up(body.token.as_str(), owner, whence)
        .await?;
    entered(&app, StatusCode::CREATED, &token, &person).await
}

/// Sign in.
///
/// Sets the session cookie. An unknown address and a wrong password get the same answer.
#[utoipa::path(
    post,
    path = "/v1/session",
    tag = "Sign-in",
    request_body = Credentials,
    responses(
        (status = 200, body = SessionView),
        (status = 401, description = "wrong_credentials"),
        (status = 403, description = "cross_site"),
        (status = 429, description = "rate_limited, with Retry-After"),
    )
)]
pub async fn sign_in(
    State(app): State<Arc<App>>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<Credentials>,
) -> ApiResult<Response> {
    let agent = client::user_agent(&headers);
    let whence = whence(&app, peer, &headers, &agent)?;
    let sign_in = &app.sign_in;
    let entered_as = sign_in.with_password(&body.email, body.password.as_str(), whence);
    let (token, person) = entered_as.await?;
    entered(&app, StatusCode::OK, &token, &person).await
}

/// Who am I?
#[utoipa::path(
    get,
    path = "/v1/session",
    tag = "Sign-in",
    responses(
        (status = 200, body = SessionView),
        (status = 401, description = "unauthorized"),
    ),
    security(("session" = []))
)]
pub async fn current(
    State(app): State<Arc<App>>,
    Person(person): Person,
) -> ApiResult<Json<SessionView>> {
    Ok(Json(SessionView::of(&app, &person).await?))
}

/// Sign out.
#[utoipa::path(
    delete,
    path = "/v1/session",
    tag = "Sign-in",
    responses(
        (status = 204, description = "Signed out"),
        (status = 401, description = "unauthorized"),
    ),
    security(("session" = []))
)]
pub async fn sign_out(State(app): State<Arc<App>>, Person(person): Person) -> ApiResult<Response> {
    app.sign_in.sign_out(&person).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(cookie) = app.sign_in.cookie.clear() {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Change the own password.
///
/// Ends every other session.
#[utoipa::path(
    post,
    path = "/v1/session/password",
    tag = "Sign-in",
    request_body = PasswordChange,
    responses(
        (status = 204, description = "Changed"),
        (status = 401, description = "wrong_credentials, or unauthorized"),
        (status = 422, description = "invalid_body: the new password is too short"),
        (status = 429, description = "rate_limited, with Retry-After"),
    ),
    security(("session" = []))
)]
pub async fn change_password(
    State(app): State<Arc<App>>,
    Person(person): Person,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<PasswordChange>,
) -> ApiResult<StatusCode> {
    let agent = client::user_agent(&headers);
    let whence = whence(&app, peer, &headers, &agent)?;
    let (current, new) = (body.current_password.as_str(), body.new_password.as_str());
    let changed = app.sign_in.change_password(&person, current, new, whence);
    changed.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is this link good for?
#[utoipa::path(
    post,
    path = "/v1/links/inspect",
    tag = "Sign-in",
    request_body = LinkToken,
    responses(
        (status = 200, body = LinkView),
        (status = 403, description = "invalid_link"),
        (status = 429, description = "rate_limited, with Retry-After"),
    )
)]
pub async fn inspect_link(
    State(app): State<Arc<App>>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<LinkToken>,
) -> ApiResult<Json<LinkView>> {
    let agent = client::user_agent(&headers);
    let whence = whence(&app, peer, &headers, &agent)?;
    let (link, user) = app.sign_in.inspect(body.token.as_str(), whence).await?;
    Ok(Json(LinkView {
        kind: link.kind,
        email: user.email,
        name: user.name,
        expires_at: rfc3339(link.expires_at),
    }))
}

/// Choose a password by an invitation or reset link.
///
/// Signs in, and ends every other session of the user.
#[utoipa::path(
    post,
    path = "/v1/links/redeem",
    tag = "Sign-in",
    request_body = LinkRedemption,
    responses(
        (status = 200, body = SessionView),
        (status = 403, description = "invalid_link"),
        (status = 422, description = "invalid_body: the password is too short"),
        (status = 429, description = "rate_limited, with Retry-After"),
    )
)]
pub async fn redeem_link(
    State(app): State<Arc<App>>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<LinkRedemption>,
) -> ApiResult<Response> {
    let agent = client::user_agent(&headers);
    let whence = whence(&app, peer, &headers, &agent)?;
    let name = body.name.filter(|name| !name.trim().is_empty());
    let redeemed = app
        .sign_in
        .redeem(body.token.as_str(), body.password.as_str(), name, whence);
    let (token, person) = redeemed.await?;
    entered(&app, StatusCode::OK, &token, &person).await
}

async fn entered(
    app: &App,
    status: StatusCode,
    token: &Token,
    person: &SignedIn,
) -> ApiResult<Response> {
    let view = SessionView::of(app, person).await?;
    let mut response = (status, Json(view)).into_response();
    let seconds = app.config.sign_in.longest_ms() / 1000;
    if let Some(cookie) = app.sign_in.cookie.set(token, seconds) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Counts the request: these doors are open to everybody.
fn whence<'a>(
    app: &App,
    peer: Peer,
    headers: &'a HeaderMap,
    agent: &'a str,
) -> ApiResult<Whence<'a>> {
    let proxies = &app.config.server.trusted_proxies;
    let ip = address::client_ip(peer.0.ip(), headers, proxies);
    app.limits.check_client(ip)?;
    Ok(Whence {
        ip,
        user_agent: agent,
        presented: app.sign_in.cookie.read(headers),
    })
}

fn rfc3339(time: EpochMs) -> String {
    time.to_timestamp().to_string()
}
