//! From a decoded batch to the journal: which site, may the sender write there, how fast, with
//! which cookie.

use super::Marks;
use crate::app::App;
use crate::error::{ApiError, ApiResult};
use crate::ingest::Arrival;
use crate::limits::Exceeded;
use crate::sites::{Site, Unresolved};
use crate::visitor_cookie::{Party, decide_cookie};
use clew_core::error::ErrorCode;
use clew_core::model::domain;
use clew_core::model::{EpochMs, EventId, SiteId, SitePolicy};
use clew_core::wire::{Client, Door, Receipt, SiteRef, WireBatch};
use clew_store::relational::Scope;
use clew_store::relational::keys::{KeySites, Principal};
use http::HeaderMap;
use http::header::{HOST, ORIGIN};
use metrics::counter;
use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

/// Whether the request comes from a page that is first-party to this server.
pub(super) fn party(app: &App, site: &SitePolicy, headers: &HeaderMap) -> Option<Party> {
    let public = domain::header_host(&app.config.server.public_url());
    Party::of(site, headers, public.as_deref())
}

/// Whether a client was faster than its network may be; the site may have whitelisted it.
pub type Pace = Result<(), Exceeded>;

/// Who sends a batch, and when it came.
pub(in crate::routes) struct Sender<'a> {
    pub client: Client,
    pub headers: &'a HeaderMap,
    /// The secret key that vouches for it, if any.
    pub key: Option<&'a Principal>,
    pub received: EpochMs,
    pub pace: Pace,
    /// A fresh UUIDv7, for events that carry neither id nor time.
    pub minted: EventId,
}

/// Counts the request. Too fast a client is turned away at once, unless some site has whitelisted
/// it; whether that is the site it writes to shows once the body is read.
pub(in crate::routes) fn pace(app: &App, ip: IpAddr) -> ApiResult<Pace> {
    let pace = app.limits.check_client(ip);
    if let Err(exceeded) = pace
        && !app.sites.whitelists(ip)
    {
        return Err(exceeded.into());
    }
    Ok(pace)
}

/// Finds the site, checks who may write to it, and hands the batch to the journal.
pub(in crate::routes) async fn submit(
    app: &App,
    format: &'static str,
    batch: WireBatch,
    sender: Sender<'_>,
    marks: &mut Marks,
) -> ApiResult<Receipt> {
    let Sender {
        client,
        headers,
        key,
        received,
        pace,
        minted,
    } = sender;
    let write_key = presented_write_key(headers).or(batch.write_key.as_deref());
    let page = client.origin_host.as_deref();
    let told = |error: &ApiError, site: Option<SiteId>| {
        let code = error.code().code();
        counter!("clew_refused_total", "reason" => code).increment(1);
        if let Some(site) = site {
            app.sightings.note(site, code, page, 1, received);
        }
    };
    let meant = meant(app, &batch.site, write_key, &client, key).await;
    let (site, judged) = meant.inspect_err(|error| {
        let declared = app.sites.declared(&batch.site, write_key);
        told(error, declared.map(|site| site.id()));
    })?;
    let unlimited = site.whitelists(client.ip);
    if !unlimited {
        pace?;
    }
    let policy = match (key, judged) {
        (Some(key), _) => {
            may_send(key, &site)?;
            if !unlimited {
                app.limits.check_key(key.key)?;
            }
            Cow::Borrowed(site.policy())
        }
        (None, Some(policy)) => Cow::Owned(policy),
        (None, None) => may_write(app, &site, &client, headers)
            .inspect_err(|error| told(error, Some(site.id())))?,
    };
    let party = match key {
        None if marks.cookies => party(app, &policy, headers),
        _ => None,
    };
    if party.is_some() {
        marks.credentials = headers.get(ORIGIN).cloned();
    }
    if !unlimited {
        if write_key.is_some() {
            app.limits.check_write_key(site.id())?;
        }
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
        minted,
    };
    let receipt = app.intake.accept(batch, &arrival).await?;
    marks.set_cookie = cookie.set_cookie;
    note_what_is_missing(app, site.id(), &receipt, &client, received);
    Ok(receipt)
}

/// Whether a key, secret or public, or a page speaks for the request.
fn is_vouched_for(batch: &WireBatch, sender: &Sender<'_>) -> bool {
    sender.key.is_some()
        || sender.client.origin_host.is_some()
        || batch.write_key.is_some()
        || presented_write_key(sender.headers).is_some()
}

/// Whether nothing in the request says whose it is, though the door needs to know.
pub(super) fn is_unnamed(door: &Door, batch: &WireBatch, sender: &Sender<'_>) -> bool {
    let must_be_vouched_for = door.needs_key_or_page || batch.site == SiteRef::Page;
    must_be_vouched_for && !is_vouched_for(batch, sender)
}

/// The refusal of such a request, with what to do about it.
pub(super) fn unnamed(door: &Door) -> ApiError {
    let code = ErrorCode::Unauthorized;
    counter!("clew_refused_total", "reason" => code.code()).increment(1);
    ApiError::new(code).with_message(door.unnamed)
}

/// The site that the sender means; with the policy to apply, where another node has decided it.
async fn meant(
    app: &App,
    declared: &SiteRef,
    write_key: Option<&str>,
    client: &Client,
    key: Option<&Principal>,
) -> ApiResult<(Arc<Site>, Option<SitePolicy>)> {
    let page = client.origin_host.as_deref();
    if let Some(site) = key.and_then(|key| only_site(app, key, declared)) {
        return Ok((site, None));
    }
    if let (Some(authority), SiteRef::Host(label), None) = (&app.authority, declared, key) {
        let judged = authority.judge(&app.sites, label, page).await?;
        if let Some((site, policy)) = judged {
            if let Some(key) = write_key {
                let keyed = app.sites.of_write_key(key);
                let keyed = keyed.ok_or(Unresolved::NoSuchWriteKey)?;
                if keyed.id() != site.id() {
                    return Err(Unresolved::KeyOfAnother.into());
                }
            }
            return Ok((site, Some(policy)));
        }
    }
    let site = app.sites.resolve(declared, write_key, page)?;
    Ok((site, None))
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

/// The public write key in the header, for clients that can send one.
fn presented_write_key(headers: &HeaderMap) -> Option<&str> {
    let key = headers.get("x-api-key")?.to_str().ok()?;
    key.starts_with("pk_").then_some(key)
}

/// The site of a secret key made for one site, where the body names none.
fn only_site(app: &App, key: &Principal, declared: &SiteRef) -> Option<Arc<Site>> {
    let (SiteRef::Page, KeySites::Only(sites)) = (declared, &key.sites) else {
        return None;
    };
    let mut sites = sites.iter();
    let only = sites.next().filter(|_| sites.next().is_none())?;
    app.sites.get(*only).filter(|site| site.is_active())
}

fn may_send(key: &Principal, site: &Site) -> ApiResult<()> {
    if site.account() != key.account {
        return Err(ErrorCode::UnknownSite.into());
    }
    let problem = if !key.has(Scope::Ingest) {
        "This key lacks the scope ingest."
    } else if !key.covers(site.account(), site.id()) {
        "This key was made for other sites."
    } else {
        return Ok(());
    };
    Err(ApiError::new(ErrorCode::Forbidden).with_message(problem))
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
