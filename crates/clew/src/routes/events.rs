//! `/v1/events`: the door for events, and the list of what came in.

use super::event_view::EventList;
use crate::app::App;
use crate::clock;
use crate::error::{ApiError, ApiResult};
use crate::extract::address::{self, Peer};
use crate::extract::given::Parameters;
use crate::extract::principal::{self, Caller};
use crate::extract::{body, client, origin};
use crate::ingest::{Arrival, Receipt};
use crate::limits::Exceeded;
use crate::middleware::cors;
use crate::sites::Site;
use crate::visitor_cookie::{Party, decide_cookie};
use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use clew_core::error::ErrorCode;
use clew_core::model::domain;
use clew_core::model::{EpochMs, EventId, SiteId, SitePolicy, VisitorId};
use clew_core::wire::{self, Client, WireBatch, WireFormat};
use clew_store::events::EventQuery;
use clew_store::relational::keys::Principal;
use clew_store::relational::{Role, Scope, sites};
use http::header::{CONTENT_TYPE, HOST, ORIGIN, SET_COOKIE};
use http::{HeaderMap, HeaderValue};
use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;
use uuid::Uuid;

/// Send events.
///
/// Up to 500 events of one site. The reply comes after they are on disk: a 2xx is a promise. Send
/// the same ids again after any other answer, or none; repeated events are counted once and named
/// under `duplicates`. Pages need no key, their host must be on the site's list; servers send a
/// secret key with the scope `ingest`, or no Origin at all.
#[utoipa::path(
    post,
    path = "/v1/events",
    tag = "Ingest",
    request_body(content = serde_json::Value, description = "`{site_id, sent_at?, visitor_id?, session_id?, consent?, events: [{id?, type, name?, t?, url, title?, referrer?, props?, …}]}` as application/json or text/plain, optionally gzip or br encoded"),
    responses(
        (status = 200, body = Receipt),
        (status = 400, description = "malformed_json or bad_encoding"),
        (status = 401, description = "A key was sent, and it is not valid"),
        (status = 403, description = "foreign_origin or origin_required"),
        (status = 404, description = "unknown_site"),
        (status = 413, description = "body_too_large or batch_too_large"),
        (status = 415, description = "unsupported_media_type"),
        (status = 422, description = "invalid_body"),
        (status = 429, description = "rate_limited, with Retry-After"),
        (status = 503, description = "Nothing was promised; try again after Retry-After"),
    )
)]
pub async fn post(State(app): State<Arc<App>>, request: Request) -> Response {
    let begun = Instant::now();
    let mut door = Door::default();
    let mut response = match take(&app, request, &mut door).await {
        Ok(receipt) => reply(&receipt),
        Err(error) => error.into_response(),
    };
    door.mark(&mut response);
    app.ingest_latency.record(begun.elapsed().as_secs_f64());
    response
}

/// What the reply says besides the receipt, known as soon as the site is.
#[derive(Debug, Default)]
pub(super) struct Door {
    /// Origin whose pages may send the visitor's cookie.
    credentials: Option<HeaderValue>,
    set_cookie: Option<HeaderValue>,
}

impl Door {
    pub(super) fn mark(self, response: &mut Response) {
        let headers = response.headers_mut();
        cors::allow(headers);
        if let Some(origin) = self.credentials {
            cors::allow_credentials(headers, origin);
        }
        if let Some(cookie) = self.set_cookie {
            headers.insert(SET_COOKIE, cookie);
        }
    }
}

/// Reply to a preflight: with credentials for pages of a site whose visitors have a cookie here.
pub async fn preflight(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let mut response = cors::preflight().into_response();
    let host = origin::origin_host(&headers);
    let site = host
        .and_then(|host| app.sites.of_host(&host))
        .filter(|site| site.is_active());
    let origin = headers.get(ORIGIN);
    if let (Some(site), Some(origin)) = (site, origin)
        && party(&app, site.policy(), &headers).is_some()
    {
        cors::allow_credentials(response.headers_mut(), origin.clone());
    }
    response
}

fn party(app: &App, site: &SitePolicy, headers: &HeaderMap) -> Option<Party> {
    let public = domain::header_host(&app.config.server.public_url());
    Party::of(site, headers, public.as_deref())
}

async fn take(app: &App, request: Request, door: &mut Door) -> ApiResult<Receipt> {
    let received = clock::now();
    let (parts, sent) = request.into_parts();
    let peer = parts.extensions.get::<Peer>();
    let peer = peer.ok_or_else(|| ApiError::internal("a request without a peer"))?;
    let headers = &parts.headers;
    let proxies = &app.config.server.trusted_proxies;
    let pace = pace(app, address::client_ip(peer.0.ip(), headers, proxies))?;
    let body = body::read(headers, sent, body::Caps::from(&app.config.server)).await?;
    let format = &wire::clew::Clew;
    let batch = decode(format, &body)?;
    let key = principal::presented(app, headers).await?;
    let client = client::client(peer.0.ip(), headers, &app.config, key.is_some());
    let sender = Sender {
        client,
        headers,
        key: key.as_deref(),
        received,
        pace,
    };
    submit(app, format.name(), batch, sender, door).await
}

fn decode(format: &dyn WireFormat, body: &Bytes) -> ApiResult<WireBatch> {
    Ok(format.decode(body)?)
}

/// Whether a client was faster than its network may be; the site may have whitelisted it.
pub(super) type Pace = Result<(), Exceeded>;

/// Who sends a batch, and when it came.
pub(super) struct Sender<'a> {
    pub(super) client: Client,
    pub(super) headers: &'a HeaderMap,
    /// The secret key that vouches for it, if any.
    pub(super) key: Option<&'a Principal>,
    pub(super) received: EpochMs,
    pub(super) pace: Pace,
}

/// Counts the request. Too fast a client is turned away at once, unless some site has whitelisted
/// it; whether that is the site it writes to shows once the body is read.
pub(super) fn pace(app: &App, ip: IpAddr) -> ApiResult<Pace> {
    let pace = app.limits.check_client(ip);
    if let Err(exceeded) = pace
        && !app.sites.whitelists(ip)
    {
        return Err(exceeded.into());
    }
    Ok(pace)
}

/// Finds the site, checks who may write to it, and hands the batch to the journal.
pub(super) async fn submit(
    app: &App,
    format: &'static str,
    batch: WireBatch,
    sender: Sender<'_>,
    door: &mut Door,
) -> ApiResult<Receipt> {
    let Sender {
        client,
        headers,
        key,
        received,
        pace,
    } = sender;
    let site = app.sites.find(&batch.site).filter(|site| site.is_active());
    let site = site.ok_or(ErrorCode::UnknownSite)?;
    let unlimited = site.whitelists(client.ip);
    if !unlimited {
        pace?;
    }
    let policy = match key {
        Some(key) => {
            may_send(key, &site)?;
            if !unlimited {
                app.limits.check_key(key.key)?;
            }
            Cow::Borrowed(site.policy())
        }
        None => may_write(app, &site, &client, headers).inspect_err(|error| {
            let (code, host) = (error.code().code(), client.origin_host.as_deref());
            app.sightings.note(site.id(), code, host, 1, received);
        })?,
    };
    let party = match key {
        Some(_) => None,
        None => party(app, &policy, headers),
    };
    if party.is_some() {
        door.credentials = headers.get(ORIGIN).cloned();
    }
    if !unlimited {
        app.limits.check_site(site.id())?;
    }
    let cookie = party.map(|party| decide_cookie(party, &policy, &client, &batch, headers));
    let cookie = cookie.unwrap_or_default();
    let day = site
        .day(&app.salts, received)
        .await
        .map_err(|error| ApiError::new(ErrorCode::StorageUnavailable).because(error))?;
    let arrival = Arrival {
        site: &policy,
        client: &client,
        format,
        received,
        salt: &day.salt,
        site_key: site.key(),
        cookie_id: cookie.id.as_deref(),
        minted: EventId::from(Uuid::now_v7()),
    };
    let receipt = app.intake.accept(batch, &arrival).await?;
    door.set_cookie = cookie.set_cookie;
    note_what_is_missing(app, site.id(), &receipt, &client, received);
    Ok(receipt)
}

/// Remembers why events became no number, for those who wonder.
fn note_what_is_missing(
    app: &App,
    site: SiteId,
    receipt: &Receipt,
    client: &Client,
    received: EpochMs,
) {
    let host = client.origin_host.as_deref();
    for item in &receipt.quarantined {
        app.sightings.note(site, &item.code, host, 1, received);
    }
    for item in &receipt.not_counted {
        app.sightings.note(site, item.reason, host, 1, received);
    }
}

fn may_send(key: &Principal, site: &Site) -> ApiResult<()> {
    if site.account() != key.account {
        return Err(ErrorCode::UnknownSite.into());
    }
    if !key.has(Scope::Ingest) || !key.covers(site.account(), site.id()) {
        return Err(ErrorCode::Forbidden.into());
    }
    Ok(())
}

/// The policy to apply, when the sender may write at all.
fn may_write<'a>(
    app: &App,
    site: &'a Site,
    client: &Client,
    headers: &HeaderMap,
) -> ApiResult<Cow<'a, SitePolicy>> {
    match (site.authorise(client), &client.origin_host) {
        // The demo shop is served from here, under whatever name this server is reached by.
        (Err(ErrorCode::ForeignOrigin), Some(host))
            if site.is_demo() && is_own_page(app, client, headers) =>
        {
            let mut policy = site.policy().clone();
            policy.domains.push(host.clone());
            Ok(Cow::Owned(policy))
        }
        (allowed, _) => {
            allowed?;
            Ok(Cow::Borrowed(site.policy()))
        }
    }
}

/// Whether the page came from this server: from the host that was asked, or from the public
/// address, which is all that a browser knows when a proxy rewrites `Host`.
fn is_own_page(app: &App, client: &Client, headers: &HeaderMap) -> bool {
    let Some(page) = client.origin_host.as_deref() else {
        return false;
    };
    let asked = headers.get(HOST).and_then(|host| host.to_str().ok());
    let asked = asked.and_then(domain::normalise_host);
    let public = || domain::header_host(&app.config.server.public_url());
    asked.as_deref() == Some(page) || public().as_deref() == Some(page)
}

fn reply(receipt: &Receipt) -> Response {
    match serde_json::to_vec(receipt) {
        Ok(json) => {
            let mut response = Response::new(json.into());
            let json = HeaderValue::from_static("application/json");
            response.headers_mut().insert(CONTENT_TYPE, json);
            response
        }
        Err(error) => ApiError::internal(error).into_response(),
    }
}

/// List events.
///
/// Newest first, a page at a time: pass `nextCursor` back as `cursor`. An event shows about a
/// second after it was accepted.
#[utoipa::path(
    get,
    path = "/v1/events",
    tag = "Events",
    params(
        ("site" = Option<String>, Query, description = "Site id or slug; all sites of the caller when absent, for owners also what is left of deleted ones"),
        ("type" = Option<String>, Query, description = "Event type, e.g. pageview"),
        ("name" = Option<String>, Query, description = "Name of a custom event"),
        ("eventId" = Option<String>, Query, description = "One event"),
        ("visitorId" = Option<String>, Query, description = "Events of one visitor"),
        ("sessionId" = Option<String>, Query, description = "Events of one session, as the client named it"),
        ("path" = Option<String>, Query, description = "Path of the page"),
        ("from" = Option<String>, Query, description = "From this time on: RFC 3339 or epoch milliseconds"),
        ("to" = Option<String>, Query, description = "Before this time"),
        ("limit" = Option<u32>, Query, description = "1 to 1000; 100 when absent"),
        ("cursor" = Option<String>, Query, description = "`nextCursor` of the page before"),
    ),
    responses(
        (status = 200, body = EventList),
        (status = 400, description = "invalid_parameter"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site"),
        (status = 503, description = "reports_unavailable, with Retry-After"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Parameters(parameters): Parameters<Vec<(String, String)>>,
) -> ApiResult<Json<EventList>> {
    caller.require(Scope::Read)?;
    let mut query = query(&app, &caller, &parameters)?;
    if query.sites.is_empty() {
        query.sites = everything(&app, &caller).await?;
    }
    let store = app.events()?;
    let page = store.list(&query).await.map_err(super::reports::failure)?;
    Ok(Json(EventList::of(&app.sites, page)))
}

/// Every site of the caller; for owners also those that are deleted, whose events may still be there.
async fn everything(app: &App, caller: &Caller) -> ApiResult<Vec<SiteId>> {
    let mut sites: Vec<_> = caller.sites(app).iter().map(|site| site.id()).collect();
    if caller.role() == Some(Role::Owner) {
        for (site, profile) in sites::tombstones(app.db.read(), caller.account()).await? {
            caller.note_access_to(site, profile);
            sites.push(site);
        }
    }
    Ok(sites)
}

fn query(app: &App, caller: &Caller, given: &[(String, String)]) -> ApiResult<EventQuery> {
    let mut query = EventQuery::default();
    for (name, value) in given {
        let text = || Some(value.clone());
        match name.as_str() {
            "site" => query.sites = vec![caller.site(app, value)?.id()],
            "type" => query.event_type = text(),
            "name" => query.name = text(),
            "path" => query.path = text(),
            "sessionId" => query.client_session_id = text(),
            "eventId" => query.event_id = Some(EventId::from(uuid("eventId", value)?)),
            "visitorId" => query.visitor = Some(VisitorId::from(uuid("visitorId", value)?)),
            "from" => query.from_ms = Some(time("from", value)?),
            "to" => query.to_ms = Some(time("to", value)?),
            "limit" => query.limit = limit(value)?,
            "cursor" => {
                let cursor = value.parse();
                query.cursor = Some(cursor.map_err(|e| ApiError::parameter("cursor", e))?);
            }
            unknown => {
                let message = format!("There is no parameter {unknown:?} here.");
                return Err(ApiError::new(ErrorCode::InvalidParameter).with_message(message));
            }
        }
    }
    Ok(query)
}

fn uuid(name: &'static str, value: &str) -> ApiResult<Uuid> {
    Uuid::try_parse(value).map_err(|error| ApiError::parameter(name, error))
}

fn limit(value: &str) -> ApiResult<u32> {
    let limit = value.parse().ok().filter(|n| (1..=1000).contains(n));
    limit.ok_or_else(|| ApiError::parameter("limit", "expected a number from 1 to 1000"))
}

fn time(name: &'static str, value: &str) -> ApiResult<i64> {
    if let Ok(ms) = value.parse() {
        return Ok(ms);
    }
    let time = value.parse::<jiff::Timestamp>();
    let time = time.map_err(|_| {
        ApiError::parameter(name, "expected an RFC 3339 time or epoch milliseconds")
    })?;
    Ok(time.as_millisecond())
}
