//! What must hold for every input, whatever it is.

use clew_core::geo::Atlas;
use clew_core::model::site::IpPolicy;
use clew_core::model::{
    Consent, ConsentState, EpochMs, EventId, Profile, SiteId, SiteKey, SitePolicy,
};
use clew_core::pipeline::{Context, DailySalt, Origin, Outcome, Resources, run, run_item};
use clew_core::wire::clew::Clew;
use clew_core::wire::{Client, WireEvent, WireFormat as _};
use proptest::prelude::*;
use prost::Message;
use std::sync::LazyLock;

static RESOURCES: LazyLock<Resources> =
    LazyLock::new(|| Resources::load().expect("the vendored data is readable"));

const IP: &str = "198.51.100.77";
const VISITOR: &str = "visitor-7f3a9c";
const SESSION: &str = "session-5d1e88";
const USER: &str = "user-c0ffee42";
const CLICK: &str = "click-9b8a7c6d";
/// Sent as a UUID, it would be stored as 16 bytes.
const VISITOR_UUID: u128 = 0x0199_beef_feed_7abc_8def_0123_4567_89ab;

fn site(profile: Profile, ip: IpPolicy) -> SitePolicy {
    SitePolicy {
        profile,
        ip,
        domains: vec!["shop.example".to_owned()],
        honour_dnt: true,
        query_allow: ["page", "gclid", "fbclid"].map(str::to_owned).to_vec(),
        ..SitePolicy::strict(SiteId::from_u128(7))
    }
}

fn client(user_agent: String) -> Client {
    Client {
        ip: std::net::Ipv4Addr::new(198, 51, 100, 77).into(),
        user_agent,
        origin_host: Some("shop.example".to_owned()),
        language: "de".to_owned(),
        gpc: false,
        dnt: false,
        trusted: false,
        hints: None,
        place: None,
        tor: false,
    }
}

fn with_context<R>(site: &SitePolicy, client: &Client, f: impl FnOnce(&Context<'_>) -> R) -> R {
    f(&Context {
        site,
        client,
        format: "clew",
        received: EpochMs(1_795_176_000_000),
        sent_at: Some(EpochMs(1_795_176_000_000)),
        salt: &DailySalt::new([9; 32]),
        site_key: &SiteKey::new([8; 32]),
        device: RESOURCES.device_of(client),
        origin: Origin::look_up(client, site, &RESOURCES, &Atlas::default()),
        cookie_id: Some(VISITOR),
        minted: EventId::from_u128(1),
        imported: None,
        resources: &RESOURCES,
    })
}

/// Everything of an outcome that would reach a disk.
fn bytes_of(outcome: &Outcome) -> Vec<u8> {
    match outcome {
        Outcome::Accepted(event) => event.encode_to_vec(),
        Outcome::Quarantined(event) => event.encode_to_vec(),
        Outcome::NotCounted { keep, .. } => {
            keep.as_ref().map_or_else(Vec::new, Message::encode_to_vec)
        }
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle)
}

fn state() -> impl Strategy<Value = ConsentState> {
    prop_oneof![
        Just(ConsentState::Unknown),
        Just(ConsentState::Denied),
        Just(ConsentState::Granted)
    ]
}

fn profile() -> impl Strategy<Value = Profile> {
    prop_oneof![
        Just(Profile::Gdpr),
        Just(Profile::Exempt),
        Just(Profile::Standard),
        Just(Profile::Hipaa)
    ]
}

fn ip_policy() -> impl Strategy<Value = IpPolicy> {
    prop_oneof![
        Just(IpPolicy::None),
        Just(IpPolicy::Hmac),
        Just(IpPolicy::Truncated),
        Just(IpPolicy::Full)
    ]
}

/// An event with any text in any field.
fn any_event() -> impl Strategy<Value = WireEvent> {
    (
        any::<(String, Option<String>, Option<i64>, Option<f64>)>(),
        any::<(Option<String>, Option<String>, Option<String>, Option<u32>)>(),
        (
            "(https?://(www\\.)?shop\\.example)?/?\\PC{0,40}",
            any::<Option<String>>(),
        ),
        prop::collection::btree_map(any::<String>(), any::<String>(), 0..40),
        prop::collection::btree_map(any::<String>(), any::<f64>(), 0..40),
    )
        .prop_map(|(a, b, (url, referrer), props, numbers)| WireEvent {
            event_type: a.0,
            name: a.1,
            time: a.2.map(EpochMs),
            value: a.3,
            id: b.0,
            currency: b.1,
            title: b.2,
            scroll_percent: b.3,
            url,
            referrer,
            props,
            numbers,
            ..WireEvent::default()
        })
}

/// An event that says everything it could say about its visitor, in the places made for it.
fn telling_event() -> impl Strategy<Value = WireEvent> {
    (
        prop_oneof![Just("pageview"), Just("custom"), Just("Broken Type")],
        prop_oneof![
            Just("https://shop.example"),
            Just("https://evil.example"),
            Just("nonsense")
        ],
        prop_oneof![
            Just("gclid"),
            Just("fbclid"),
            Just("ScCid"),
            Just("epik"),
            Just("GBRAID")
        ],
        any::<bool>(),
        prop_oneof![Just(0i64), Just(-30 * EpochMs::DAY), Just(EpochMs::DAY)],
    )
        .prop_map(|(kind, host, click, uuid, t)| WireEvent {
            event_type: kind.to_owned(),
            url: format!("{host}/?page=1&{click}={CLICK}#{CLICK}"),
            referrer: Some(format!("https://www.google.com/?gclid={CLICK}")),
            visitor_id: Some(if uuid {
                uuid::Uuid::from_u128(VISITOR_UUID).to_string()
            } else {
                VISITOR.to_owned()
            }),
            session_id: Some(SESSION.to_owned()),
            user_id: Some(USER.to_owned()),
            time: Some(EpochMs(1_795_176_000_000 + t)),
            ..WireEvent::default()
        })
}

/// `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig {
        cases: default.cases.max(512),
        failure_persistence: None,
        ..default
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_bytes_are_read_without_a_panic(body in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Clew.decode(&body);
    }

    #[test]
    fn any_items_keep_their_places(items in prop::collection::vec("[\\[\\]{}\",:a-z0-9\\\\.]{0,20}|null|7|\\{\"type\":\"x\"\\}", 0..6)) {
        let body = format!(r#"{{"site_id":"s","events":[{}]}}"#, items.join(","));
        if let Ok(batch) = Clew.decode(body.as_bytes())
            && let Ok(serde_json::Value::Array(events)) = serde_json::from_str(&format!("[{}]", items.join(",")))
        {
            prop_assert_eq!(batch.items.len(), events.len());
            for (item, event) in batch.items.iter().zip(&events) {
                prop_assert!(item.is_err() || event.is_object());
            }
        }
    }

    #[test]
    fn any_event_gets_an_outcome_within_bounds(
        event in any_event(), profile in profile(), ip in ip_policy(), ua in "\\PC{0,60}", granted in state(),
    ) {
        let mut event = event;
        event.consent.set_analytics(granted);
        let (site, client) = (site(profile, ip), client(ua));
        let again = event.clone();
        let (first, second) = with_context(&site, &client, |ctx| {
            (run_item(Ok(event), 3, ctx), run(again, 3, ctx))
        });
        prop_assert_eq!(&first, &second, "the same request has the same outcome");
        prop_assert!(bytes_of(&first).len() < 64 * 1024);
    }

    #[test]
    fn without_consent_nothing_that_recognises_a_visitor_is_stored(
        event in telling_event(), ip in ip_policy(), strict in prop_oneof![Just(Profile::Gdpr), Just(Profile::Exempt), Just(Profile::Hipaa)],
        answer in prop_oneof![Just(ConsentState::Unknown), Just(ConsentState::Denied)], ua in "\\PC{0,30}|Googlebot/2\\.1",
    ) {
        let mut event = event;
        event.consent = Consent::default();
        event.consent.set_analytics(answer);
        let (site, client) = (site(strict, ip), client(ua));
        let stored = with_context(&site, &client, |ctx| bytes_of(&run(event, 0, ctx)));
        for secret in [VISITOR, SESSION, USER, CLICK, IP] {
            prop_assert!(!contains(&stored, secret.as_bytes()), "{} was stored", secret);
        }
        for half in [(VISITOR_UUID >> 64) as u64, VISITOR_UUID as u64] {
            prop_assert!(!contains(&stored, &half.to_le_bytes()), "the visitor's UUID was stored");
        }
    }
}

#[test]
fn the_search_for_secrets_would_find_them() {
    let event = WireEvent {
        event_type: "pageview".to_owned(),
        url: format!("https://shop.example/?gclid={CLICK}"),
        visitor_id: Some(uuid::Uuid::from_u128(VISITOR_UUID).to_string()),
        session_id: Some(SESSION.to_owned()),
        ..WireEvent::default()
    };
    let (site, client) = (
        site(Profile::Standard, IpPolicy::Full),
        client("Firefox".to_owned()),
    );
    let stored = with_context(&site, &client, |ctx| {
        bytes_of(&run(
            event,
            0,
            &Context {
                cookie_id: None,
                ..ctx.clone()
            },
        ))
    });
    for secret in [SESSION, CLICK, IP] {
        assert!(contains(&stored, secret.as_bytes()), "{secret}");
    }
    assert!(contains(&stored, &(VISITOR_UUID as u64).to_le_bytes()));
}
