//! Who asks: the holder of a secret key.
//!
//! Keys come as `Authorization: Bearer sk_…` or `X-API-Key: sk_…`, never in the address. Anything
//! unknown, revoked or expired gets the same 401. A site of another account looks exactly like a
//! site that does not exist.

use super::address::{self, Peer};
use crate::app::App;
use crate::clock;
use crate::error::ApiError;
use crate::sites::Site;
use axum::extract::FromRequestParts;
use clew_core::error::ErrorCode;
use clew_store::relational::keys::{KeySites, Principal};
use clew_store::relational::{KeyRole, Scope};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use http::request::Parts;
use std::sync::Arc;

/// Extractor of management routes: a valid key within its limits.
#[derive(Clone, Debug)]
pub struct Caller(Arc<Principal>);

impl Caller {
    pub fn require(&self, scope: Scope) -> Result<(), ApiError> {
        if self.0.has(scope) {
            return Ok(());
        }
        let message = format!("This key lacks the scope {}.", scope.as_str());
        Err(ApiError::new(ErrorCode::Forbidden).with_message(message))
    }

    /// For what concerns the whole installation.
    pub fn require_admin(&self) -> Result<(), ApiError> {
        if self.0.role == KeyRole::Admin && self.0.sites == KeySites::All {
            return self.require(Scope::Manage);
        }
        Err(ErrorCode::Forbidden.into())
    }

    /// The site of this id or slug, if the key covers it.
    pub fn site(&self, app: &App, id_or_slug: &str) -> Result<Arc<Site>, ApiError> {
        let site = app.sites.find(id_or_slug);
        let site = site.filter(|site| site.account() == self.0.account);
        let site = site.ok_or(ErrorCode::UnknownSite)?;
        if self.0.covers(site.account(), site.id()) {
            Ok(site)
        } else {
            Err(ErrorCode::Forbidden.into())
        }
    }

    /// Every site that the key covers.
    pub fn sites(&self, app: &App) -> Vec<Arc<Site>> {
        let mut sites = app.sites.all();
        sites.retain(|site| self.0.covers(site.account(), site.id()));
        sites
    }
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let peer = parts.extensions.get::<Peer>();
        let peer = peer.ok_or_else(|| ApiError::internal("a request without a peer"))?;
        let proxies = &app.config.server.trusted_proxies;
        let client = address::client_ip(peer.0.ip(), &parts.headers, proxies);
        app.limits.check_client(client)?;
        let principal = presented(app, &parts.headers).await?;
        let principal = principal.ok_or(ErrorCode::Unauthorized)?;
        app.limits.check_key(principal.key)?;
        Ok(Self(principal))
    }
}

/// The presented key's holder; `None` when no secret key was presented at all.
pub async fn presented(app: &App, headers: &HeaderMap) -> Result<Option<Arc<Principal>>, ApiError> {
    let Some(key) = secret_key(headers) else {
        return Ok(None);
    };
    let verified = app.keyring.verify(key, clock::now()).await;
    let verified = verified.map_err(ApiError::internal)?;
    match verified {
        Some(principal) => Ok(Some(principal)),
        None => Err(ErrorCode::Unauthorized.into()),
    }
}

/// What stands where a secret key belongs. A public write key is no credential.
fn secret_key(headers: &HeaderMap) -> Option<&str> {
    if let Some(value) = headers.get(AUTHORIZATION) {
        let text = value.to_str().unwrap_or_default();
        let (scheme, key) = text.split_once(' ').unwrap_or((text, ""));
        return Some(if scheme.eq_ignore_ascii_case("bearer") {
            key.trim()
        } else {
            ""
        });
    }
    let key = headers.get("x-api-key")?.to_str().unwrap_or_default();
    (!key.starts_with("pk_")).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_key_is_found_in_both_headers_and_a_write_key_is_none() {
        for (name, value, expected) in [
            ("authorization", "Bearer sk_1", Some("sk_1")),
            ("authorization", "bearer  sk_1 ", Some("sk_1")),
            ("authorization", "Basic abc", Some("")),
            ("x-api-key", "sk_1", Some("sk_1")),
            ("x-api-key", "pk_1", None),
            ("cookie", "sk_1", None),
        ] {
            let mut headers = HeaderMap::new();
            let name: http::HeaderName = name.parse().unwrap();
            headers.insert(name, value.parse().unwrap());
            assert_eq!(secret_key(&headers), expected, "{value}");
        }
    }
}
