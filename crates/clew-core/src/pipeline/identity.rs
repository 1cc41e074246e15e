//! Identity: who this is, as far as the site's policy lets us know.
//!
//! Precedence: user id > cookie > id sent by the client > daily hash. The first that is present
//! and allowed wins; the daily hash always is. A fingerprint would rank before the daily hash.

use super::{Context, Flow, RequestEvent, event_id, text};
use crate::model::{IdentityMethod, SessionKey, SiteId, UserKey, VisitorId};
use std::net::IpAddr;
use uuid::Uuid;

/// Bytes of a client's session id kept for echo.
const SESSION_ID_MAX: usize = 128;

/// 256 random bits of one site and one day; destroyed after 48 hours, and with it every way from
/// a stored hash back to an address.
#[derive(Clone)]
pub struct DailySalt([u8; 32]);

impl DailySalt {
    pub const fn new(salt: [u8; 32]) -> Self {
        Self(salt)
    }

    /// Keyed BLAKE3 over length-prefixed parts; `purpose` separates uses of one salt.
    pub(super) fn mac(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 16] {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        for part in std::iter::once(&purpose.as_bytes()).chain(parts) {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let mut out = [0; 16];
        out.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        out
    }
}

impl std::fmt::Debug for DailySalt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DailySalt(…)")
    }
}

pub(super) fn stage(event: &mut RequestEvent, ctx: &Context<'_>) -> Flow {
    let site = ctx.site.id;
    let (visitor, method) = recognise(event, ctx);
    event.draft.visitor_id = visitor;
    event.draft.set_identity_method(method);
    if event.allowed.user_id {
        event.draft.user_key = present(event.wire.user_id.as_deref())
            .map(|id| UserKey::hashed(&[&site.to_bytes(), id.as_bytes()]));
    }
    if event.allowed.client_ids
        && let Some(id) = event
            .wire
            .session_id
            .take()
            .filter(|id| !id.trim().is_empty())
    {
        event.draft.client_session = Some(SessionKey::hashed(&[
            &site.to_bytes(),
            id.trim().as_bytes(),
        ]));
        event.draft.client_session_id = text::bounded(id, SESSION_ID_MAX);
    }
    event.draft.event_id = event_id::of(event, ctx);
    Flow::Continue
}

fn recognise(event: &RequestEvent, ctx: &Context<'_>) -> (VisitorId, IdentityMethod) {
    let site = ctx.site.id;
    if event.allowed.user_id
        && let Some(id) = present(event.wire.user_id.as_deref())
    {
        let visitor = VisitorId::hashed(&[b"user", &site.to_bytes(), id.as_bytes()]);
        return (visitor, IdentityMethod::UserId);
    }
    if event.allowed.client_ids {
        if let Some(id) = present(ctx.cookie_id) {
            return (client_id(site, id), IdentityMethod::Cookie);
        }
        if let Some(id) = present(event.wire.visitor_id.as_deref()) {
            return (client_id(site, id), IdentityMethod::Storage);
        }
    }
    let visitor = daily_hash(ctx.salt, event.ip, &ctx.client.user_agent, site);
    (visitor, IdentityMethod::DailyHash)
}

fn present(id: Option<&str>) -> Option<&str> {
    id.map(str::trim).filter(|id| !id.is_empty())
}

/// A UUID stays itself, so that it can be shown again; any other string is hashed.
fn client_id(site: SiteId, id: &str) -> VisitorId {
    match Uuid::try_parse(id) {
        Ok(uuid) => uuid.into(),
        Err(_) => VisitorId::hashed(&[b"client", &site.to_bytes(), id.as_bytes()]),
    }
}

/// The same browser on the same day at the same site, and nothing beyond.
fn daily_hash(salt: &DailySalt, ip: IpAddr, user_agent: &str, site: SiteId) -> VisitorId {
    let (v4, v6);
    let ip: &[u8] = match ip {
        IpAddr::V4(ip) => {
            v4 = ip.octets();
            &v4
        }
        IpAddr::V6(ip) => {
            v6 = ip.octets();
            &v6
        }
    };
    VisitorId::from_bytes(salt.mac("visitor", &[ip, user_agent.as_bytes(), &site.to_bytes()]))
}
