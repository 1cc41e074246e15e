//! `GET /api/v1/config/domain/{domain}`: whose a host is and what may be kept there.
//!
//! Open, since it is how collectors and scripts find out; counted against the client's network.
//! Never tells a salt, a key or another host of the site.

use crate::app::App;
use crate::error::{ApiError, ApiResult};
use crate::extract::address::{self, Peer};
use crate::extract::given::PathText;
use crate::middleware::cors;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use clew_core::error::ErrorCode;
use clew_core::model::{DefaultBehavior, DomainConfig, PrivacyLevel, domain};
use http::header::CACHE_CONTROL;
use http::{HeaderMap, HeaderValue};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// What may be kept on a host.
#[derive(Debug, Serialize, ToSchema)]
pub struct DomainConfigView {
    /// The site.
    pub client_id: String,
    /// `standard`, `gdpr` or `hipaa`; the profile exempt is `gdpr` with `features.exempt`.
    pub privacy_level: &'static str,
    pub ip_collection: IpCollectionView,
    pub consent: ConsentView,
    pub features: FeaturesView,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DomainIpCollection)]
pub struct IpCollectionView {
    /// The visitor's address is stored in some form.
    pub enabled: bool,
    /// Never in full.
    pub hash_required: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DomainConsent)]
pub struct ConsentView {
    pub required: bool,
    /// `opt_in`: stored until withdrawn. `opt_out`: nothing until granted.
    pub default_behavior: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DomainFeatures)]
#[allow(clippy::struct_excessive_bools)] // Each is a promise of its own.
pub struct FeaturesView {
    /// Audience measurement without consent: nothing outlives the day.
    pub exempt: bool,
    /// Browsers may be recognised by a fingerprint where the visitor agreed.
    pub fingerprint: bool,
    /// Do Not Track counts like Global Privacy Control.
    pub honour_dnt: bool,
    /// Nothing at all is stored after a refusal.
    pub silent_when_denied: bool,
}

impl From<DomainConfig> for DomainConfigView {
    fn from(config: DomainConfig) -> Self {
        Self {
            client_id: config.client_id.to_string(),
            privacy_level: match config.privacy_level {
                PrivacyLevel::Standard => "standard",
                PrivacyLevel::Gdpr => "gdpr",
                PrivacyLevel::Hipaa => "hipaa",
            },
            ip_collection: IpCollectionView {
                enabled: config.ip_collection.enabled,
                hash_required: config.ip_collection.hash_required,
            },
            consent: ConsentView {
                required: config.consent.required,
                default_behavior: match config.consent.default_behavior {
                    DefaultBehavior::OptIn => "opt_in",
                    DefaultBehavior::OptOut => "opt_out",
                },
            },
            features: FeaturesView {
                exempt: config.features.exempt,
                fingerprint: config.features.fingerprint,
                honour_dnt: config.features.honour_dnt,
                silent_when_denied: config.features.silent_when_denied,
            },
        }
    }
}

/// Look a domain up.
///
/// Ports are ignored, `www.` equals the bare name, an exact entry beats a wildcard, the longest
/// wildcard wins; international names in either spelling.
#[utoipa::path(
    get,
    path = "/api/v1/config/domain/{domain}",
    tag = "Ingest",
    params(("domain" = String, Path, description = "Host name, e.g. shop.example")),
    responses(
        (status = 200, body = DomainConfigView),
        (status = 404, description = "not_found: nobody has registered this domain"),
        (status = 429, description = "rate_limited, with Retry-After"),
    )
)]
pub async fn get(
    State(app): State<Arc<App>>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    domain: Result<PathText, ApiError>,
) -> Response {
    let found = domain.and_then(|PathText(domain)| find(&app, &domain, peer, &headers));
    let mut response = found.map(Json).into_response();
    cors::allow(response.headers_mut());
    let caching = HeaderValue::from_static("no-store");
    response.headers_mut().insert(CACHE_CONTROL, caching);
    response
}

fn find(app: &App, domain: &str, peer: Peer, headers: &HeaderMap) -> ApiResult<DomainConfigView> {
    let proxies = &app.config.server.trusted_proxies;
    let ip = address::client_ip(peer.0.ip(), headers, proxies);
    app.limits.check_client(ip)?;
    let host = domain::normalise_host(domain).filter(|host| !host.starts_with("*."));
    let site = host.and_then(|host| app.sites.of_host(&host));
    let site = site.filter(|site| site.is_active()).ok_or_else(|| {
        ApiError::new(ErrorCode::NotFound).with_message("Nobody has registered this domain.")
    })?;
    Ok(DomainConfig::of(site.policy()).into())
}
