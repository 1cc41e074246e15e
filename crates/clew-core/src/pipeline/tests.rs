//! The walk as a whole; each stage's own tables stand beside the stage.

use super::*;
use crate::geo::Atlas;
use crate::model::site::IpPolicy;
use crate::model::{Consent, ConsentState, IdentityMethod, Profile, SiteId};
use std::sync::LazyLock;

/// What ships; compiling its rules takes most of a second in a test build.
pub(in crate::pipeline) static SHIPPED: LazyLock<Resources> =
    LazyLock::new(|| Resources::load().unwrap());

/// The shipped referrers, and a device parser that knows nothing: enough for most stages.
static LIGHT: LazyLock<Resources> =
    LazyLock::new(|| Resources::with_devices(Box::new(Unknown)).unwrap());

struct Unknown;

impl DeviceParser for Unknown {
    fn parse(&self, _: &str) -> Arc<Device> {
        Arc::default()
    }
}

pub(super) const CHROME: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
/// 20 November 2026, noon.
pub(super) const NOW: EpochMs = EpochMs(1_795_176_000_000);

/// A request to play with: change the parts, then walk an event.
pub(super) struct Request {
    pub(super) site: SitePolicy,
    pub(super) client: Client,
    pub(super) sent_at: Option<EpochMs>,
    pub(super) salt: DailySalt,
    pub(super) site_key: SiteKey,
    pub(super) cookie_id: Option<String>,
    /// Imported, from this place.
    pub(super) imported: Option<Place>,
    pub(super) resources: &'static Resources,
    pub(super) atlas: Atlas,
}

impl Request {
    pub(super) fn new(profile: Profile) -> Self {
        Self {
            site: SitePolicy {
                profile,
                domains: vec!["shop.example".to_owned()],
                ..SitePolicy::strict(SiteId::from_u128(7))
            },
            client: Client {
                ip: "203.0.113.9".parse().unwrap(),
                user_agent: CHROME.to_owned(),
                origin_host: Some("shop.example".to_owned()),
                language: "de-AT".to_owned(),
                gpc: false,
                dnt: false,
                trusted: false,
                hints: None,
                place: None,
                tor: false,
            },
            sent_at: None,
            salt: DailySalt::new([3; 32]),
            site_key: SiteKey::new([4; 32]),
            cookie_id: None,
            imported: None,
            resources: &LIGHT,
            atlas: Atlas::default(),
        }
    }

    /// Reads user agents by the shipped rules.
    pub(super) fn shipped(mut self) -> Self {
        self.resources = &SHIPPED;
        self
    }

    pub(super) fn run(&self, event: WireEvent) -> Outcome {
        self.run_at(event, 0)
    }

    pub(super) fn run_at(&self, event: WireEvent, index: u32) -> Outcome {
        run(event, index, &self.context()).outcome
    }

    pub(super) fn context(&self) -> Context<'_> {
        Context {
            site: &self.site,
            client: &self.client,
            format: "clew",
            received: NOW,
            sent_at: self.sent_at,
            salt: &self.salt,
            site_key: &self.site_key,
            device: self.resources.device_of(&self.client),
            origin: Origin::look_up(&self.client, &self.site, self.resources, &self.atlas),
            cookie_id: self.cookie_id.as_deref(),
            minted: EventId::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0000),
            imported: self.imported.as_ref().map(|place| Imported {
                import: ImportId::from_u128(0x1A),
                place,
            }),
            resources: self.resources,
        }
    }

    /// The stored event of a walk that must end well.
    pub(super) fn accepted(&self, event: WireEvent) -> StoredEvent {
        match self.run(event) {
            Outcome::Accepted(stored) => stored,
            other => panic!("not accepted: {other:?}"),
        }
    }
}

pub(super) fn pageview(url: &str) -> WireEvent {
    WireEvent {
        event_type: "pageview".to_owned(),
        url: url.to_owned(),
        ..WireEvent::default()
    }
}

pub(super) fn consent(analytics: ConsentState) -> Consent {
    let mut consent = Consent::default();
    consent.set_analytics(analytics);
    consent
}

#[test]
fn the_stages_walk_in_the_documented_order() {
    let names: Vec<_> = STAGES.iter().map(|stage| stage.name).collect();
    assert_eq!(
        names,
        [
            "validate", "consent", "bots", "device", "geo", "network", "identity", "campaign",
            "referrer", "channel", "redact", "privacy"
        ]
    );
}

#[test]
fn a_plain_page_view_fills_its_columns() {
    let request = Request::new(Profile::Gdpr).shipped();
    let stored = request.accepted(WireEvent {
        id: Some("0199aaaa-0000-7000-8000-000000000001".to_owned()),
        time: Some(NOW.plus(-1000)),
        title: Some("Shoes".to_owned()),
        referrer: Some("https://www.google.com/search?q=shoes".to_owned()),
        ..pageview("https://www.shop.example/shoes?utm_source=news&utm_medium=email&x=1#top")
    });
    assert_eq!(
        stored.event_id.to_string(),
        "0199aaaa-0000-7000-8000-000000000001"
    );
    assert_eq!(stored.identity_method(), IdentityMethod::DailyHash);
    assert_eq!(stored.time(), NOW.plus(-1000));
    assert_eq!(stored.url, "https://www.shop.example/shoes");
    assert_eq!(stored.hostname, "www.shop.example");
    assert_eq!(stored.path, "/shoes");
    assert_eq!(stored.referrer, "https://www.google.com/search");
    assert_eq!(stored.referrer_host, "google.com");
    assert_eq!(stored.source, "news");
    assert_eq!(stored.medium, "email");
    assert_eq!(stored.channel, "Email");
    assert_eq!(
        (stored.browser.as_str(), stored.os.as_str()),
        ("Chrome", "Linux")
    );
    assert_eq!(
        (stored.device.as_str(), stored.language.as_str()),
        ("desktop", "de-AT")
    );
    assert_eq!(stored.ip, "");
    assert!(!stored.unverified_origin);
}

#[test]
fn an_import_is_exempt_from_lateness_and_not_from_privacy() {
    let mut request = Request::new(Profile::Gdpr);
    request.site.ip = IpPolicy::Full;
    request.imported = Some(Place::default());
    let stored = request.accepted(WireEvent {
        time: Some(NOW.plus(-300 * EpochMs::DAY)),
        visitor_id: Some("visitor-original".to_owned()),
        session_id: Some("session-original".to_owned()),
        user_id: Some("user-original".to_owned()),
        ..pageview("https://shop.example/?gclid=secret-click&mail=a@b.example")
    });
    assert_eq!(stored.identity_method(), IdentityMethod::DailyHash);
    assert_eq!((stored.user_key, stored.client_session), (None, None));
    assert_eq!(stored.ip.len(), 32, "a keyed hash at most: {}", stored.ip);
    for text in [&stored.url, &stored.gclid, &stored.client_session_id] {
        assert!(!text.contains("original") && !text.contains("secret") && !text.contains('@'));
    }
    request.site.silent_when_denied = true;
    let refused = request.run(WireEvent {
        consent: consent(ConsentState::Denied),
        ..pageview("https://shop.example/")
    });
    assert!(matches!(refused, Outcome::NotCounted { keep: None, .. }));
}
