//! The visitor's cookie: an id that this server gives a browser, out of reach for scripts.
//!
//! Given only where the site wants it, page and server are one site to the browser (one registrable
//! domain; `github.io` is none), the page's host is on the site's list and the visitor may be
//! recognised. Never renewed: it ends `visitorIdDays` after it was made, however often the visitor
//! comes back. Taken back with the first refusal.
//!
//! One collector has one such cookie; sites that share it see the same id, each under its own rules
//! and in its own data.

use clew_core::model::domain;
use clew_core::model::site::VisitorIdPolicy;
use clew_core::model::{Consent, EpochMs, SitePolicy};
use clew_core::pipeline::{Decision, NotCounted, decide, effective};
use clew_core::wire::{Client, WireBatch};
use cookie::{Cookie, SameSite};
use http::header::{COOKIE, HOST, ORIGIN, REFERER};
use http::{HeaderMap, HeaderValue};
use uuid::Uuid;

const NAME: &str = "_clew";
const SECONDS_A_DAY: i64 = EpochMs::DAY / 1000;

/// A page that is first-party to this server, of a site in cookie mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Party {
    /// The page came over TLS, so the cookie travels over TLS only.
    secure: bool,
}

impl Party {
    /// `public` is the host of this server's public address.
    pub fn of(site: &SitePolicy, headers: &HeaderMap, public: Option<&str>) -> Option<Self> {
        if site.visitor_id != VisitorIdPolicy::Cookie {
            return None;
        }
        let page = page(headers)?;
        let host = domain::header_host(page)?;
        let collector = collector(headers, public)?;
        let first =
            domain::host_allowed(&host, &site.domains) && domain::same_site(&host, &collector);
        let secure = page.starts_with("https://");
        // Browsers call a plain page and a TLS server two sites; both plain is for trying out.
        (first && (secure || is_loopback(&host))).then_some(Self { secure })
    }

    /// `Set-Cookie` that gives `id` for the site's number of days.
    fn give(self, id: Uuid, days: u32) -> Option<HeaderValue> {
        self.header(&id.to_string(), i64::from(days) * SECONDS_A_DAY)
    }

    fn take_back(self) -> Option<HeaderValue> {
        self.header("", 0)
    }

    fn header(self, value: &str, seconds: i64) -> Option<HeaderValue> {
        let cookie = Cookie::build((NAME, value))
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .max_age(cookie::time::Duration::seconds(seconds));
        HeaderValue::from_str(&cookie.to_string()).ok()
    }
}

/// What a request does to the cookie.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Id that names the visitor of this request: the cookie's, or the one being given.
    pub id: Option<String>,
    pub set_cookie: Option<HeaderValue>,
}

/// Decides by what the visitor said last in this batch.
pub fn decide_cookie(
    party: Party,
    site: &SitePolicy,
    client: &Client,
    batch: &WireBatch,
    headers: &HeaderMap,
) -> Outcome {
    let known = read(headers);
    let consent = effective(last_word(batch), site, client, known.is_some());
    let decision = decide(site, &consent);
    let silent = batch.items.iter().flatten().any(|event| event.silent);
    let allowed = !silent && matches!(decision, Decision::Keep(may) if may.client_ids);
    // No answer is no refusal: pictures and the first moments of a page have none.
    let refused = consent.analytics().is_refused()
        || !site.profile.allows_ids()
        || matches!(
            decision,
            Decision::Silent {
                reason: NotCounted::ConsentDenied,
                ..
            }
        );
    match known {
        // Named even when refused: a refusal beside an id is a withdrawal. The pipeline recognises
        // nobody by it.
        Some(id) => Outcome {
            id: Some(id.to_string()),
            set_cookie: if refused { party.take_back() } else { None },
        },
        None if allowed => {
            let id = sent_id(batch).unwrap_or_else(Uuid::now_v7);
            Outcome {
                id: Some(id.to_string()),
                set_cookie: party.give(id, site.visitor_id_days),
            }
        }
        None => Outcome::default(),
    }
}

/// Consent of the batch's last event, else of its envelope.
fn last_word(batch: &WireBatch) -> Consent {
    let events = batch.items.iter().rev().flatten();
    events
        .map(|event| event.consent)
        .next()
        .unwrap_or(batch.consent)
}

/// The id that a browser kept itself goes on in the cookie.
fn sent_id(batch: &WireBatch) -> Option<Uuid> {
    let mut events = batch.items.iter().flatten();
    let sent = events.find_map(|event| event.visitor_id.as_deref())?;
    Uuid::try_parse(sent.trim()).ok().filter(|id| !id.is_nil())
}

/// The cookie's id; anything but a UUID was not given by us.
pub fn read(headers: &HeaderMap) -> Option<Uuid> {
    let lines = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok());
    let mut pairs = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(name, _)| *name == NAME)?;
    Uuid::try_parse(value).ok().filter(|id| !id.is_nil())
}

/// The address of the page, or its origin.
fn page(headers: &HeaderMap) -> Option<&str> {
    let origin = headers.get(ORIGIN).filter(|origin| *origin != "null");
    origin.or_else(|| headers.get(REFERER))?.to_str().ok()
}

/// The host that the browser knows this server by. A proxy may have replaced it with an inner one;
/// then it is that of the public address.
fn collector(headers: &HeaderMap, public: Option<&str>) -> Option<String> {
    let asked = headers.get(HOST).and_then(|host| host.to_str().ok());
    let asked = asked.and_then(domain::normalise_host);
    match (asked, public) {
        (Some(asked), Some(public)) if is_inner(&asked) && !is_inner(public) => {
            Some(public.to_owned())
        }
        (asked, _) => asked,
    }
}

/// No host that a browser on the internet could have asked for.
fn is_inner(host: &str) -> bool {
    !host.contains('.') || host.parse::<std::net::IpAddr>().is_ok()
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clew_core::model::{ConsentState, Profile, SiteId};
    use clew_core::wire::{SiteRef, WireEvent};

    fn site(profile: Profile) -> SitePolicy {
        SitePolicy {
            profile,
            visitor_id: VisitorIdPolicy::Cookie,
            domains: [
                "shop.example.com",
                "*.github.io",
                "localhost",
                "other.example",
            ]
            .map(str::to_owned)
            .to_vec(),
            ..SitePolicy::strict(SiteId::from_u128(1))
        }
    }

    fn headers(pairs: &[(http::HeaderName, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn only_pages_of_one_registrable_domain_are_first_party() {
        let secure = Some(Party { secure: true });
        for (origin, host, public, expected) in [
            (
                "https://shop.example.com",
                "stats.example.com",
                None,
                secure,
            ),
            (
                "https://shop.example.com",
                "stats.example.com:8443",
                None,
                secure,
            ),
            ("http://shop.example.com", "stats.example.com", None, None),
            ("https://other.example", "stats.example.com", None, None),
            ("https://evil.example.com", "stats.example.com", None, None),
            ("https://a.github.io", "b.github.io", None, None),
            ("https://a.github.io", "github.io", None, None),
            (
                "https://shop.example.com",
                "127.0.0.1:8080",
                Some("stats.example.com"),
                secure,
            ),
            (
                "https://shop.example.com",
                "clew:8080",
                Some("stats.example.com"),
                secure,
            ),
            // Reached by a foreign name: the public address says nothing about this request.
            (
                "https://shop.example.com",
                "stats.evil.test",
                Some("stats.example.com"),
                None,
            ),
            (
                "http://localhost:3000",
                "localhost:8080",
                None,
                Some(Party { secure: false }),
            ),
            ("null", "stats.example.com", None, None),
        ] {
            let headers = headers(&[(ORIGIN, origin), (HOST, host)]);
            assert_eq!(
                Party::of(&site(Profile::Gdpr), &headers, public),
                expected,
                "{origin} {host}"
            );
        }
        let mut storage = site(Profile::Gdpr);
        storage.visitor_id = VisitorIdPolicy::Storage;
        let ours = headers(&[
            (ORIGIN, "https://shop.example.com"),
            (HOST, "stats.example.com"),
        ]);
        assert_eq!(Party::of(&storage, &ours, None), None);
    }

    #[test]
    fn profile_and_consent_decide_who_gets_one_and_who_loses_it() {
        use ConsentState::{Denied, Granted, Unknown, Withdrawn};
        let client = Client {
            ip: [192, 0, 2, 1].into(),
            user_agent: String::new(),
            origin_host: None,
            language: String::new(),
            gpc: false,
            dnt: false,
            trusted: false,
            hints: None,
            place: None,
            tor: false,
        };
        let kept = "0199aaaa-0000-7000-8000-00000000000a";
        for (profile, state, gives, takes) in [
            (Profile::Gdpr, Granted, true, false),
            (Profile::Gdpr, Unknown, false, false),
            (Profile::Gdpr, Denied, false, true),
            (Profile::Gdpr, Withdrawn, false, true),
            (Profile::Standard, Unknown, true, false),
            (Profile::Standard, Denied, false, true),
            (Profile::Hipaa, Unknown, false, false),
            (Profile::Hipaa, Granted, true, false),
            (Profile::Exempt, Granted, false, true),
        ] {
            let mut consent = Consent::default();
            consent.set_analytics(state);
            let batch = WireBatch {
                site: SiteRef::Page,
                write_key: None,
                echo: None,
                sent_at: None,
                consent,
                items: vec![Ok(WireEvent {
                    consent,
                    ..WireEvent::default()
                })],
            };
            let party = Party { secure: true };
            let decided = |headers: &HeaderMap| {
                decide_cookie(party, &site(profile), &client, &batch, headers)
            };
            let case = format!("{profile:?} {state:?}");
            let fresh = decided(&HeaderMap::new());
            assert_eq!(
                (fresh.set_cookie.is_some(), fresh.id.is_some()),
                (gives, gives),
                "{case}"
            );
            let known = decided(&headers(&[(COOKIE, &format!("a=b; _clew={kept}"))]));
            assert_eq!(known.id.as_deref(), Some(kept), "{case}");
            assert_eq!(known.set_cookie.is_some(), takes, "never renewed: {case}");
            let ended = known
                .set_cookie
                .map(|cookie| cookie.to_str().unwrap().to_owned());
            assert!(
                ended.is_none_or(
                    |cookie| cookie.starts_with("_clew=;") && cookie.contains("Max-Age=0")
                )
            );
        }
        assert_eq!(read(&headers(&[(COOKIE, "_clew=<script>")])), None);
    }
}
