//! Identity: who this is, as far as the site's policy lets us know.
//!
//! Precedence: user id > cookie > id sent by the client > fingerprint > daily hash. The first that
//! is present and allowed wins; the daily hash always is. Where nobody may be measured there is none:
//! the event stands for itself. A fingerprint that may be kept is kept
//! beside a stronger id too: it is what joins browsers that lost theirs.

use super::{Context, Flow, RequestEvent, event_id, text};
use crate::model::site_key::keyed_16;
use crate::model::{FingerprintKey, IdentityMethod, SessionKey, SiteId, UserKey, VisitorId};
use std::net::IpAddr;
use uuid::Uuid;
use zeroize::Zeroize as _;

/// Bytes of a client's session id kept for echo.
const SESSION_ID_MAX: usize = 128;
/// Longer ones are no hash of a browser and are ignored.
const FINGERPRINT_MAX: usize = 128;

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
        keyed_16(&self.0, purpose, parts)
    }
}

impl Drop for DailySalt {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for DailySalt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DailySalt(…)")
    }
}

pub(super) fn stage(event: &mut RequestEvent, ctx: &Context<'_>) -> Flow {
    let site = ctx.site.id;
    if event.silent.is_some() {
        let id = event_id::of(event, ctx);
        event.draft.event_id = id;
        event.draft.visitor_id = VisitorId::of_nobody(id);
        return Flow::Continue;
    }
    event.draft.fingerprint = fingerprint(event, ctx);
    let (visitor, method) = recognise(event, ctx);
    event.draft.visitor_id = visitor;
    event.draft.set_identity_method(method);
    if event.allowed.user_id {
        event.draft.user_key =
            present(event.wire.user_id.as_deref()).map(|id| user_ids(site, id).0);
    }
    if method == IdentityMethod::UserId {
        event.draft.device_visitor = device(event, ctx).map(|(visitor, _)| visitor);
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

/// The names under which a user id of the site's own is known, as key and as visitor.
pub fn user_ids(site: SiteId, id: &str) -> (UserKey, VisitorId) {
    let (site, id) = (site.to_bytes(), id.trim().as_bytes());
    (
        UserKey::hashed(&[&site, id]),
        VisitorId::hashed(&[b"user", &site, id]),
    )
}

fn recognise(event: &RequestEvent, ctx: &Context<'_>) -> (VisitorId, IdentityMethod) {
    let site = ctx.site.id;
    if event.allowed.user_id
        && let Some(id) = present(event.wire.user_id.as_deref())
    {
        return (user_ids(site, id).1, IdentityMethod::UserId);
    }
    device(event, ctx).unwrap_or_else(|| {
        let visitor = daily_hash(ctx.salt, event.ip, &ctx.client.user_agent, site);
        (visitor, IdentityMethod::DailyHash)
    })
}

/// Whom cookie, storage or fingerprint name, if they may.
fn device(event: &RequestEvent, ctx: &Context<'_>) -> Option<(VisitorId, IdentityMethod)> {
    if !event.allowed.client_ids {
        return None;
    }
    let named = |id: &str, method| Some((client_id(ctx.site.id, id), method));
    if let Some(id) = present(ctx.cookie_id) {
        return named(id, IdentityMethod::Cookie);
    }
    if let Some(id) = present(event.wire.visitor_id.as_deref()) {
        return named(id, IdentityMethod::Storage);
    }
    let print = event.draft.fingerprint?;
    Some((print.visitor(), IdentityMethod::Fingerprint))
}

/// The client's own hash under the site's key: useless at any other site, and to anybody who has
/// the data but not the key.
fn fingerprint(event: &RequestEvent, ctx: &Context<'_>) -> Option<FingerprintKey> {
    let sent = present(event.wire.fingerprint.as_deref())?;
    (event.allowed.fingerprint && sent.len() <= FINGERPRINT_MAX)
        .then(|| FingerprintKey::from_bytes(ctx.site_key.mac("fingerprint", &[sent.as_bytes()])))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ConsentState::{Denied, Granted, Unknown};
    use crate::model::Profile::{Exempt, Gdpr, Hipaa, Standard};
    use crate::model::StoredEvent;
    use crate::pipeline::tests::{Request, consent, pageview};
    use crate::wire::WireEvent;

    const UUID: &str = "0199aaaa-0000-7000-8000-00000000000a";

    fn event() -> WireEvent {
        pageview("https://shop.example/")
    }

    fn daily(request: &Request) -> VisitorId {
        request.accepted(event()).visitor_id
    }

    #[test]
    fn the_strongest_allowed_id_wins() {
        use IdentityMethod::{Cookie, DailyHash, Storage, UserId};
        for (profile, state, user, cookie, sent, expected) in [
            (Gdpr, Granted, true, true, true, UserId),
            (Gdpr, Granted, false, true, true, Cookie),
            (Gdpr, Granted, false, false, true, Storage),
            (Gdpr, Granted, false, false, false, DailyHash),
            (Gdpr, Unknown, true, true, true, DailyHash),
            (Gdpr, Denied, true, true, true, DailyHash),
            (Exempt, Granted, true, true, true, DailyHash),
            (Standard, Unknown, true, true, true, UserId),
            (Standard, Denied, true, true, true, DailyHash),
            (Hipaa, Granted, false, false, true, Storage),
            (Hipaa, Unknown, true, true, true, DailyHash),
        ] {
            let mut request = Request::new(profile);
            request.cookie_id = cookie.then(|| "from-cookie".to_owned());
            let stored = request.accepted(WireEvent {
                user_id: user.then(|| "user-1".to_owned()),
                visitor_id: sent.then(|| UUID.to_owned()),
                consent: consent(state),
                ..event()
            });
            let case = format!("{profile:?} {state:?} {user} {cookie} {sent}");
            assert_eq!(stored.identity_method(), expected, "{case}");
            assert_eq!(stored.user_key.is_some(), expected == UserId, "{case}");
            if expected == Storage {
                assert_eq!(stored.visitor_id.to_string(), UUID);
            }
        }
    }

    #[test]
    fn a_fingerprint_names_whom_nothing_else_names() {
        let of = |change: fn(&mut Request), sent: Option<&str>, print: &str| {
            let mut request = Request::new(Gdpr);
            request.site.fingerprint = true;
            change(&mut request);
            request.accepted(WireEvent {
                fingerprint: Some(print.to_owned()),
                visitor_id: sent.map(str::to_owned),
                consent: consent(Granted),
                ..event()
            })
        };
        let known = of(|_| {}, None, "abc");
        assert_eq!(known.identity_method(), IdentityMethod::Fingerprint);
        assert_eq!(
            of(|r| r.client.ip = "192.0.2.1".parse().unwrap(), None, "abc").visitor_id,
            known.visitor_id
        );
        assert_ne!(of(|_| {}, None, "abd").visitor_id, known.visitor_id);
        let elsewhere = of(
            |r| r.site_key = crate::model::SiteKey::new([9; 32]),
            None,
            "abc",
        );
        assert_ne!(elsewhere.fingerprint, known.fingerprint);
        assert_ne!(elsewhere.visitor_id, known.visitor_id);
        let stored = of(|_| {}, Some(UUID), "abc");
        assert_eq!(stored.identity_method(), IdentityMethod::Storage);
        assert_eq!(stored.fingerprint, known.fingerprint);
        for refused in [
            of(|r| r.site.fingerprint = false, None, "abc"),
            of(|r| r.client.gpc = true, None, "abc"),
            of(|r| r.site.profile = Hipaa, None, "abc"),
            of(|r| r.site.profile = Exempt, None, "abc"),
            of(|_| {}, None, " "),
            of(|_| {}, None, &"x".repeat(129)),
        ] {
            assert_eq!(
                (refused.identity_method(), refused.fingerprint),
                (IdentityMethod::DailyHash, None)
            );
        }
    }

    #[test]
    fn the_daily_hash_changes_with_everything_it_is_made_of() {
        let base = Request::new(Gdpr);
        assert_eq!(daily(&base), daily(&Request::new(Gdpr)));
        let changed = |change: fn(&mut Request)| {
            let mut request = Request::new(Gdpr);
            change(&mut request);
            daily(&request)
        };
        for other in [
            changed(|r| r.salt = DailySalt::new([4; 32])),
            changed(|r| r.client.ip = "203.0.113.10".parse().unwrap()),
            changed(|r| r.client.user_agent.push('x')),
            changed(|r| r.site.id = SiteId::from_u128(8)),
        ] {
            assert_ne!(other, daily(&base));
        }
        let mapped = changed(|r| r.client.ip = "::ffff:203.0.113.9".parse().unwrap());
        assert_eq!(mapped, daily(&base), "one address, two spellings");
    }

    #[test]
    fn foreign_ids_are_hashed_per_site() {
        let visitor = |site: u128| {
            let mut request = Request::new(Standard);
            request.site.id = SiteId::from_u128(site);
            let stored = request.accepted(WireEvent {
                visitor_id: Some("_crm_17".to_owned()),
                ..event()
            });
            stored.visitor_id
        };
        assert_eq!(visitor(1), visitor(1));
        assert_ne!(visitor(1), visitor(2));
    }

    #[test]
    fn the_clients_session_is_kept_only_with_its_ids() {
        let session = |profile, state| -> StoredEvent {
            Request::new(profile).accepted(WireEvent {
                session_id: Some(" s-1 ".to_owned()),
                consent: consent(state),
                ..event()
            })
        };
        let kept = session(Gdpr, Granted);
        assert_eq!(kept.client_session_id, "s-1");
        assert_eq!(
            kept.client_session,
            session(Standard, Unknown).client_session
        );
        let dropped = session(Gdpr, Unknown);
        assert_eq!(
            (dropped.client_session_id.as_str(), dropped.client_session),
            ("", None)
        );
    }

    #[test]
    fn a_blank_id_is_no_id() {
        let stored = Request::new(Standard).accepted(WireEvent {
            visitor_id: Some("  ".to_owned()),
            user_id: Some(String::new()),
            session_id: Some(" ".to_owned()),
            ..event()
        });
        assert_eq!(stored.identity_method(), IdentityMethod::DailyHash);
        assert_eq!((stored.user_key, stored.client_session), (None, None));
    }

    #[test]
    fn a_salt_never_shows_itself() {
        assert_eq!(format!("{:?}", DailySalt::new([7; 32])), "DailySalt(…)");
    }
}
