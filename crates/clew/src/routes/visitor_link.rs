//! `/v1/link`: a visitor who goes from one of a site's domains to another stays one visitor.

use crate::app::App;
use crate::clock;
use crate::error::{ApiError, ApiResult};
use crate::extract::address::Peer;
use crate::extract::{address, body, client};
use crate::middleware::cors;
use crate::sites::Site;
use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use clew_core::error::ErrorCode;
use clew_core::identity::{issue_link, open_link};
use clew_core::model::EpochMs;
use clew_core::pipeline::{Decision, decide, effective};
use clew_core::wire::Client;
use clew_core::wire::clew::{LinkRequest, decode_link};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Debug, Serialize, ToSchema)]
pub struct VisitorLinkToken {
    /// Goes into the address as `_clew`; valid for two minutes.
    pub token: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LinkedVisitor {
    pub visitor_id: String,
}

/// What `clew_core::wire` reads; here for the description of the API alone.
#[expect(dead_code, reason = "described here, read elsewhere")]
#[derive(Debug, ToSchema)]
pub struct VisitorLinkBody {
    /// Site id or slug.
    site_id: String,
    visitor_id: Uuid,
    /// As in events.
    consent: Option<BTreeMap<String, Option<bool>>>,
}

/// As [`VisitorLinkBody`].
#[expect(dead_code, reason = "described here, read elsewhere")]
#[derive(Debug, ToSchema)]
pub struct VisitorLinkTokenBody {
    /// Site id or slug.
    site_id: String,
    /// From the address of the page.
    token: String,
    /// As in events.
    consent: Option<BTreeMap<String, Option<bool>>>,
}

/// Take a visitor's id along to another domain of the site.
///
/// For sites with several registrable domains. Both doors need the Origin of a listed domain and a
/// visitor who may be recognised (`consent` as in events, where the profile asks for it).
#[utoipa::path(
    post,
    path = "/v1/link",
    tag = "Ingest",
    request_body(content = VisitorLinkBody, description = "As application/json or text/plain"),
    responses(
        (status = 200, body = VisitorLinkToken),
        (status = 400, description = "malformed_json"),
        (status = 403, description = "foreign_origin, origin_required or consent_required"),
        (status = 404, description = "unknown_site"),
        (status = 422, description = "invalid_body"),
        (status = 429, description = "rate_limited, with Retry-After"),
    )
)]
pub async fn issue(State(app): State<Arc<App>>, request: Request) -> Response {
    let made = asked(&app, request).await.and_then(|(site, link, now)| {
        let visitor = link.visitor_id.ok_or(ErrorCode::InvalidBody)?;
        Ok(VisitorLinkToken {
            token: issue_link(site.key(), site.id(), visitor, now),
        })
    });
    answer(made)
}

/// Find out who came along.
#[utoipa::path(
    post,
    path = "/v1/link/open",
    tag = "Ingest",
    request_body(content = VisitorLinkTokenBody, description = "As application/json or text/plain"),
    responses(
        (status = 200, body = LinkedVisitor),
        (status = 400, description = "malformed_json"),
        (status = 403, description = "foreign_origin, origin_required or consent_required"),
        (status = 404, description = "unknown_site"),
        (status = 422, description = "invalid_body, or link_refused: forged, of another site, older than two minutes"),
        (status = 429, description = "rate_limited, with Retry-After"),
    )
)]
pub async fn open(State(app): State<Arc<App>>, request: Request) -> Response {
    let opened = asked(&app, request).await.and_then(|(site, link, now)| {
        let token = link.token.ok_or(ErrorCode::InvalidBody)?;
        let visitor = open_link(site.key(), site.id(), &token, now);
        Ok(LinkedVisitor {
            visitor_id: visitor.ok_or(ErrorCode::LinkRefused)?.to_string(),
        })
    });
    answer(opened)
}

fn answer<T: Serialize>(result: ApiResult<T>) -> Response {
    let mut response = result.map(Json).into_response();
    cors::allow(response.headers_mut());
    response
}

/// The site and the request, when a page of the site asks for a visitor who may be recognised.
async fn asked(app: &App, request: Request) -> ApiResult<(Arc<Site>, LinkRequest, EpochMs)> {
    let now = clock::now();
    let (parts, sent) = request.into_parts();
    let peer = parts.extensions.get::<Peer>();
    let peer = peer.ok_or_else(|| ApiError::internal("a request without a peer"))?;
    let proxies = &app.config.server.trusted_proxies;
    let ip = address::client_ip(peer.0.ip(), &parts.headers, proxies);
    app.limits.check_client(ip)?;
    let body = body::read(&parts.headers, sent, body::Caps::from(&app.config.server)).await?;
    let link = decode_link(&body)?;
    let client = client::client(peer.0.ip(), &parts.headers, &app.config, false);
    let site = app.sites.find(&link.site).filter(|site| site.is_active());
    let site = site.ok_or(ErrorCode::UnknownSite)?;
    check(&site, &client, &link)?;
    app.limits.check_site(site.id())?;
    Ok((site, link, now))
}

fn check(site: &Site, client: &Client, link: &LinkRequest) -> Result<(), ErrorCode> {
    if client.origin_host.is_none() {
        return Err(ErrorCode::OriginRequired);
    }
    site.authorise(client)?;
    let consent = effective(link.consent, site.policy(), client, false);
    match decide(site.policy(), &consent) {
        Decision::Keep(may) if may.client_ids => Ok(()),
        _ => Err(ErrorCode::ConsentRequired),
    }
}
