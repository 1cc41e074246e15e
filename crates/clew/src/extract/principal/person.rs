//! People who have signed in.

use crate::app::App;
use crate::clock;
use crate::error::ApiError;
use crate::extract::address::{self, Peer};
use crate::sign_in::SignedIn;
use axum::extract::FromRequestParts;
use clew_core::error::ErrorCode;
use http::request::Parts;
use std::sync::Arc;

/// Set on what a page asks by itself, while nobody may be sitting before it: it does not keep the
/// session alive.
const BACKGROUND: &str = "x-clew-background";

/// Extractor of routes that only people have a use for: their own password and sessions.
#[derive(Clone, Debug)]
pub struct Person(pub Arc<SignedIn>);

impl FromRequestParts<Arc<App>> for Person {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        Ok(Self(person(app, parts).await?))
    }
}

/// A dashboard asks many questions at once, so people have the allowance of a key instead of
/// sharing that of their network.
pub(super) async fn person(app: &App, parts: &Parts) -> Result<Arc<SignedIn>, ApiError> {
    let token = app.sign_in.cookie.read(&parts.headers);
    let found = match token {
        Some(token) if parts.headers.contains_key(BACKGROUND) => {
            app.sign_in.peek(token, clock::now()).await?
        }
        Some(token) => app.sign_in.recognise(token, clock::now()).await?,
        None => None,
    };
    let Some(person) = found else {
        limit_client(app, parts)?;
        return Err(ErrorCode::Unauthorized.into());
    };
    app.limits.check_key(person.session.id)?;
    Ok(Arc::new(person))
}

/// Counts the request against its network.
pub(super) fn limit_client(app: &App, parts: &Parts) -> Result<(), ApiError> {
    let peer = parts.extensions.get::<Peer>();
    let peer = peer.ok_or_else(|| ApiError::internal("a request without a peer"))?;
    let proxies = &app.config.server.trusted_proxies;
    let client = address::client_ip(peer.0.ip(), &parts.headers, proxies);
    Ok(app.limits.check_client(client)?)
}
