//! The walk as a whole; each stage's own tables stand beside the stage.

use super::*;
use crate::geo::Atlas;
use crate::model::site::IpPolicy;
use crate::model::{Consent, ConsentState, IdentityMethod, Profile, SiteId, SubmissionKind};
use crate::wire::WireSubmission;
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

/// A form that says everything about who sends it, from where and on what.
fn telling_form(kind: SubmissionKind, consent: Consent) -> WireEvent {
    let fields = [
        ("email", "jane@mail.example"),
        ("message", "from 203.0.113.9"),
    ];
    WireEvent {
        id: Some("0199aaaa-0000-7000-8000-000000000001".to_owned()),
        event_type: "form_submit".to_owned(),
        time: Some(NOW.plus(-1000)),
        visitor_id: Some("v-1".to_owned()),
        session_id: Some("s-1".to_owned()),
        user_id: Some("u-1".to_owned()),
        fingerprint: Some("f-1".to_owned()),
        sequence: Some(3),
        title: Some("Contact".to_owned()),
        referrer: Some("https://www.google.com/".to_owned()),
        screen: Some("1920x1080".to_owned()),
        time_zone: Some("Europe/Vienna".to_owned()),
        form_id: Some("contact".to_owned()),
        props: [("form_id", "contact"), ("plan", "pro")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        submission: Some(Box::new(WireSubmission {
            kind,
            fields: fields
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        })),
        consent,
        ..pageview("https://shop.example/contact?gclid=g1&utm_source=news")
    }
}

/// Whether [`decide`] would measure anybody.
fn is_silent(request: &Request, consent: &Consent) -> bool {
    matches!(decide(&request.site, consent), Decision::Silent { .. })
}

#[test]
fn a_form_that_is_sent_is_kept_under_every_profile_but_exempt_whatever_is_measured() {
    use ConsentState::{Denied, Granted, Unknown, Withdrawn};
    let mut silences = 0;
    for profile in [
        Profile::Exempt,
        Profile::Gdpr,
        Profile::Standard,
        Profile::Hipaa,
    ] {
        for state in [Unknown, Denied, Granted, Withdrawn] {
            for (gpc, denied, required) in (0..8).map(|n| (n & 1 > 0, n & 2 > 0, n & 4 > 0)) {
                let mut request = Request::new(profile).shipped();
                request.client.gpc = gpc;
                request.site.silent_when_denied = denied;
                request.site.consent_required = required;
                request.site.partial_values = true;
                let mut said = consent(state);
                said.set_partial(Granted);
                let silent = is_silent(&request, &Consent { gpc, ..said });
                silences += u32::from(silent);
                let case = format!("{profile:?} {state:?} {gpc} {denied} {required}");
                for kind in [SubmissionKind::Submitted, SubmissionKind::Chat] {
                    let sent = run(telling_form(kind, said), 0, &request.context());
                    assert_eq!(
                        sent.submission.is_some(),
                        profile != Profile::Exempt,
                        "{case}"
                    );
                    if silent && profile != Profile::Exempt {
                        assert_is_of_nobody(&sent.outcome, &case);
                    }
                }
                let unsent = telling_form(SubmissionKind::Partial, said);
                let unsent = run(unsent, 0, &request.context());
                if silent {
                    assert_eq!(unsent.submission, None, "{case}");
                    assert_eq!(unsent.outcome.event_id(), None, "{case}");
                }
                if silent && profile == Profile::Exempt {
                    let sent = telling_form(SubmissionKind::Submitted, said);
                    let nothing = run(sent, 0, &request.context());
                    assert_eq!(nothing.outcome.event_id(), None, "{case}");
                }
            }
        }
    }
    assert!(silences > 60, "{silences}");
}

fn assert_is_of_nobody(outcome: &Outcome, case: &str) {
    let Outcome::NotCounted {
        reason: NotCounted::ConsentDenied | NotCounted::ConsentPending,
        keep: Some(stored),
    } = outcome
    else {
        panic!("{case}: {outcome:?}");
    };
    assert!(stored.is_of_nobody() && !stored.counts(), "{case}");
    let left = StoredEvent {
        event_id: stored.event_id,
        visitor_id: stored.visitor_id,
        time_ms: NOW.0 - 1000,
        event_type: "form_submit".to_owned(),
        props: [("form_id".to_owned(), "contact".to_owned())].into(),
        consent: stored.consent,
        profile: stored.profile,
        set_apart: SetApart::Silent as i32,
        ..StoredEvent::default()
    };
    assert_eq!(*stored, left, "{case}");
}

#[test]
fn forms_of_people_who_may_not_be_measured_have_nothing_in_common() {
    let mut request = Request::new(Profile::Gdpr);
    request.site.consent_required = true;
    let visitor = |id: Option<&str>| {
        let mut form = telling_form(SubmissionKind::Submitted, Consent::default());
        form.id = id.map(str::to_owned);
        match request.run(form) {
            Outcome::NotCounted {
                keep: Some(stored), ..
            } => stored.visitor_id,
            other => panic!("{other:?}"),
        }
    };
    assert_ne!(visitor(Some("one")), visitor(Some("two")));
    assert_eq!(visitor(None), visitor(None), "sent again, it is the same");
}

#[test]
fn robots_and_listed_addresses_stay_what_they_are_where_nobody_is_measured() {
    let mut request = Request::new(Profile::Gdpr).shipped();
    request.site.consent_required = true;
    let form = || telling_form(SubmissionKind::Submitted, Consent::default());
    let reason = |request: &Request, form: WireEvent| match request.run(form) {
        Outcome::NotCounted {
            reason,
            keep: Some(stored),
        } => (reason, stored.set_apart()),
        other => panic!("{other:?}"),
    };
    let by_program = WireEvent {
        webdriver: true,
        ..form()
    };
    let apart = SetApart::Silent;
    assert_eq!(reason(&request, by_program), (NotCounted::Bot, apart));
    assert_eq!(
        reason(&request, form()),
        (NotCounted::ConsentPending, apart)
    );
    request.site.ip_lists.blocked = vec!["203.0.113.9/32".parse().unwrap()];
    assert_eq!(
        reason(&request, form()),
        (NotCounted::BlockedIp, SetApart::Blocked)
    );
    let late = WireEvent {
        time: Some(NOW.plus(-30 * EpochMs::DAY)),
        ..form()
    };
    let Outcome::Quarantined(late) = request.run(late) else {
        panic!("not set aside");
    };
    assert_eq!((late.code.as_str(), late.event), ("late", None));
}

#[test]
fn a_form_that_is_kept_by_itself_needs_no_page_of_the_site() {
    let mut request = Request::new(Profile::Gdpr);
    request.site.consent_required = true;
    for page in ["https://translate.example/", "file:///C:/x.html", "x", ""] {
        let mut form = telling_form(SubmissionKind::Submitted, Consent::default());
        page.clone_into(&mut form.url);
        let sent = run(form, 0, &request.context());
        assert!(sent.submission.is_some(), "{page}");
        assert_is_of_nobody(&sent.outcome, page);
    }
}

#[test]
fn what_is_sent_without_an_id_is_told_apart_by_its_sender_whatever_they_agreed_to() {
    let mut request = Request::new(Profile::Gdpr);
    let message = |visitor: Option<&str>| WireEvent {
        id: None,
        visitor_id: visitor.map(str::to_owned),
        session_id: None,
        user_id: None,
        ..telling_form(SubmissionKind::Chat, consent(ConsentState::Granted))
    };
    let id = |request: &Request, visitor| request.run(message(visitor)).event_id().unwrap();
    let (anna, bert) = (id(&request, Some("anna")), id(&request, Some("bert")));
    let unnamed = id(&request, None);
    request.site.consent_required = true;
    let without = |visitor: Option<&str>| {
        let mut event = message(visitor);
        event.consent = Consent::default();
        let outcome = request.run(event);
        assert_is_of_nobody_at_all(&outcome);
        outcome.event_id().unwrap()
    };
    assert_eq!(without(Some("anna")), anna, "sent again without consent");
    assert_eq!(without(Some("bert")), bert);
    assert_eq!(without(None), unnamed);
    assert!(anna != bert && bert != unnamed);
    let elsewhere = Request {
        client: crate::wire::Client {
            ip: "198.51.100.7".parse().unwrap(),
            ..request.client.clone()
        },
        ..request
    };
    assert_ne!(id(&elsewhere, None), unnamed);
}

fn assert_is_of_nobody_at_all(outcome: &Outcome) {
    let Outcome::NotCounted {
        keep: Some(stored), ..
    } = outcome
    else {
        panic!("{outcome:?}");
    };
    assert!(stored.is_of_nobody());
}

#[test]
fn hidden_fields_and_addresses_do_not_tell_whose_form_it_was() {
    let mut request = Request::new(Profile::Gdpr);
    request.site.consent_required = true;
    let mut form = telling_form(SubmissionKind::Submitted, Consent::default());
    form.form_id = Some("v9-https://shop.example/?gclid=77".to_owned());
    form.props.remove("form_id");
    let typed = form.submission.as_mut().unwrap();
    for (name, value) in [
        ("gclid", "77"),
        ("utm_source", "news"),
        ("Visitor-ID", "v9"),
        ("page_url", "https://shop.example/"),
        ("message", "call me"),
    ] {
        typed.fields.insert(name.to_owned(), value.to_owned());
    }
    let sent = run(form, 0, &request.context());
    let submission = sent.submission.unwrap();
    let fields: Vec<_> = submission.fields().keys().map(String::as_str).collect();
    for gone in ["gclid", "utm_source", "Visitor-ID", "page_url"] {
        assert!(!fields.contains(&gone), "{gone}");
    }
    assert!(fields.contains(&"message"));
    assert_eq!(submission.form(), "");
    let Outcome::NotCounted {
        keep: Some(stored), ..
    } = sent.outcome
    else {
        panic!("not kept");
    };
    assert!(stored.props.is_empty());
}

#[test]
fn a_page_may_ask_for_silence_and_never_against_it() {
    let request = Request::new(Profile::Standard);
    let form = WireEvent {
        silent: true,
        ..telling_form(SubmissionKind::Submitted, consent(ConsentState::Granted))
    };
    let sent = run(form, 0, &request.context());
    assert!(sent.submission.is_some());
    assert_is_of_nobody(&sent.outcome, "asked for");
    let view = WireEvent {
        silent: true,
        ..pageview("https://shop.example/")
    };
    assert!(matches!(
        request.run(view),
        Outcome::NotCounted { keep: None, .. }
    ));
}
