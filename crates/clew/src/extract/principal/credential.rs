//! What is presented instead of a session, and whom it stands for.

use super::holder::Holder;
use crate::access_tokens::{AccessTokens, Subject};
use crate::app::App;
use crate::clock;
use crate::error::ApiError;
use clew_core::error::ErrorCode;
use clew_core::model::EpochMs;
use clew_store::relational::StoreError;
use clew_store::relational::keys::Principal;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use std::sync::Arc;

/// The presented key's holder; `None` when no secret key was presented at all. A person's access
/// token is no key.
pub async fn presented(app: &App, headers: &HeaderMap) -> Result<Option<Arc<Principal>>, ApiError> {
    let Some(credential) = secret_key(headers) else {
        return Ok(None);
    };
    let recognised = recognise(app, credential, clock::now()).await;
    match recognised.map_err(ApiError::internal)? {
        Some(Holder::Key(principal)) => Ok(Some(principal)),
        Some(Holder::Person(_)) => {
            let message = "This takes a secret key; a person's access token is none.";
            Err(ApiError::new(ErrorCode::Forbidden).with_message(message))
        }
        None => {
            let message = "This key is unknown, revoked or expired. Public write keys begin with pk_, secret ones with sk_.";
            Err(ApiError::new(ErrorCode::Unauthorized).with_message(message))
        }
    }
}

/// Whoever a secret key or an access token stands for.
pub(super) async fn recognise(
    app: &App,
    credential: &str,
    now: EpochMs,
) -> Result<Option<Holder>, StoreError> {
    if let Some(key) = app.keyring.verify(credential, now).await? {
        return Ok(Some(Holder::Key(key)));
    }
    if !AccessTokens::is_shaped(credential) {
        return Ok(None);
    }
    let Some(claims) = app.access_tokens.read(credential, now) else {
        return Ok(None);
    };
    if now.since(claims.issued) >= app.sign_in.token_life_ms(claims.account) {
        return Ok(None);
    }
    match claims.subject {
        Subject::Key(key) => {
            let key = app.keyring.living(claims.account, key, now).await?;
            Ok(key.map(Holder::Key))
        }
        Subject::Person { .. } => {
            let person = app.sign_in.by_claims(&claims, now).await?;
            Ok(person.map(|person| Holder::Person(Arc::new(person))))
        }
    }
}

/// What stands where a secret key belongs. A public write key is no credential.
pub(super) fn secret_key(headers: &HeaderMap) -> Option<&str> {
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
