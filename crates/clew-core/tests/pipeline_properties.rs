//! What must hold for every input, whatever it is.

use clew_core::geo::Atlas;
use clew_core::model::site::IpPolicy;
use clew_core::model::{
    Consent, ConsentState, EpochMs, EventId, Profile, SiteId, SiteKey, SitePolicy,
};
use clew_core::pipeline::{Context, DailySalt, Origin, Outcome, Resources, run, run_item};
use clew_core::wire::clew::decode_batch;
use clew_core::wire::{Client, WireEvent};
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
const PRINT: &str = "fingerprint-4d3c2b1a";
const MAIL: &str = "canary.person@mail.example";
const CARD: &str = "4111111111111111";
/// Sent as a UUID, it would be stored as 16 bytes.
const VISITOR_UUID: u128 = 0x0199_beef_feed_7abc_8def_0123_4567_89ab;

fn site(profile: Profile, ip: IpPolicy) -> SitePolicy {
    SitePolicy {
        profile,
        ip,
        domains: vec!["shop.example".to_owned()],
        honour_dnt: true,
        fingerprint: true,
        query_allow: ["page", "gclid", "fbclid", "_clew"]
            .map(str::to_owned)
            .to_vec(),
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
        Just(ConsentState::Granted),
        Just(ConsentState::Withdrawn)
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
            fingerprint: Some(PRINT.to_owned()),
            title: Some(format!("You come from {IP}")),
            props: [("ip".to_owned(), IP.to_owned())].into(),
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
        let _ = decode_batch(&body);
    }

    #[test]
    fn any_items_keep_their_places(items in prop::collection::vec("[\\[\\]{}\",:a-z0-9\\\\.]{0,20}|null|7|\\{\"type\":\"x\"\\}", 0..6)) {
        let body = format!(r#"{{"site_id":"s","events":[{}]}}"#, items.join(","));
        if let Ok(batch) = decode_batch(body.as_bytes())
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
            (run_item(Ok(event), 3, ctx).outcome, run(again, 3, ctx).outcome)
        });
        prop_assert_eq!(&first, &second, "the same request has the same outcome");
        prop_assert!(bytes_of(&first).len() < 64 * 1024);
    }

    #[test]
    fn without_consent_nothing_that_recognises_a_visitor_is_stored(
        event in telling_event(), ip in ip_policy(), strict in prop_oneof![Just(Profile::Gdpr), Just(Profile::Exempt), Just(Profile::Hipaa)],
        answer in state(), ua in "\\PC{0,30}|Googlebot/2\\.1",
    ) {
        // Under exempt not even an agreement changes anything.
        prop_assume!(strict == Profile::Exempt || answer != ConsentState::Granted);
        let mut event = event;
        event.consent = Consent::default();
        event.consent.set_analytics(answer);
        let (site, client) = (site(strict, ip), client(ua));
        let stored = with_context(&site, &client, |ctx| bytes_of(&run(event, 0, ctx).outcome));
        for secret in [VISITOR, SESSION, USER, CLICK, PRINT, IP] {
            prop_assert!(!contains(&stored, secret.as_bytes()), "{} was stored", secret);
        }
        prop_assert!(!contains(&stored, &print_key().to_le_bytes()), "the fingerprint's key was stored");
        for half in [(VISITOR_UUID >> 64) as u64, VISITOR_UUID as u64] {
            prop_assert!(!contains(&stored, &half.to_le_bytes()), "the visitor's UUID was stored");
        }
    }
}

/// First half of the key that the fingerprint would be stored under.
fn print_key() -> u64 {
    let mac = SiteKey::new([8; 32]).mac("fingerprint", &[PRINT.as_bytes()]);
    (u128::from_be_bytes(mac) >> 64) as u64
}

/// Every place that takes text, with the same text in it.
fn filled(text: &str, broken: bool) -> WireEvent {
    let coded: String = text.bytes().map(|b| format!("%{b:02X}")).collect();
    let some = || Some(text.to_owned());
    WireEvent {
        id: some(),
        event_type: if broken {
            text.to_owned()
        } else {
            "custom".to_owned()
        },
        name: some(),
        visitor_id: some(),
        session_id: some(),
        user_id: some(),
        fingerprint: some(),
        url: format!(
            "https://shop.example/{coded}/{text}?page={coded}&{coded}=1&utm_source={coded}&utm_medium={coded}\
             &utm_campaign={coded}&utm_content={coded}&utm_term={coded}&campaign_region={coded}&ad_group={coded}\
             &ad_id={coded}&search_query={coded}&gclid={coded}&_clew={coded}#{coded}"
        ),
        title: some(),
        referrer: Some(format!("https://www.google.com/{coded}?q={coded}")),
        screen: some(),
        viewport: some(),
        language: some(),
        time_zone: some(),
        currency: some(),
        props: [
            ("note".to_owned(), text.to_owned()),
            (text.to_owned(), "x".to_owned()),
        ]
        .into(),
        numbers: [(text.to_owned(), 1.0)].into(),
        ..WireEvent::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_text_ever_keeps_an_address_or_a_card(
        profile in profile(), ip in ip_policy(), granted in state(), broken in any::<bool>(),
        secret in prop_oneof![Just(MAIL), Just("4111 1111 1111 1111"), Just(CARD)], around in "[a-z]{6,9}",
    ) {
        let mut event = filled(&format!("{around} {secret}"), broken);
        event.consent.set_analytics(granted);
        let (site, client) = (site(profile, ip), client("Firefox".to_owned()));
        let stored = with_context(&site, &client, |ctx| bytes_of(&run(event, 0, ctx).outcome));
        for part in [secret, "canary.person", CARD, "%40mail", "%63%61%6E%61%72%79", "%34%31%31%31"] {
            prop_assert!(!contains(&stored, part.as_bytes()), "{} was stored", part);
        }
    }

    #[test]
    fn a_fingerprint_is_kept_only_with_consent_and_silence_of_the_browser(
        event in telling_event(), ip in ip_policy(), profile in profile(), answer in state(), gpc in any::<bool>(), wanted in any::<bool>(),
    ) {
        let mut event = event;
        event.consent.set_analytics(answer);
        event.consent.gpc = gpc;
        let (mut site, client) = (site(profile, ip), client("Firefox".to_owned()));
        site.fingerprint = wanted;
        let stored = with_context(&site, &client, |ctx| bytes_of(&run(event, 0, ctx).outcome));
        let may = wanted && !gpc && answer == ConsentState::Granted && matches!(profile, Profile::Gdpr | Profile::Standard);
        prop_assert_eq!(contains(&stored, &print_key().to_le_bytes()), may);
        prop_assert!(!contains(&stored, PRINT.as_bytes()));
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
        bytes_of(
            &run(
                event,
                0,
                &Context {
                    cookie_id: None,
                    ..ctx.clone()
                },
            )
            .outcome,
        )
    });
    for secret in [SESSION, CLICK, IP] {
        assert!(contains(&stored, secret.as_bytes()), "{secret}");
    }
    assert!(contains(&stored, &(VISITOR_UUID as u64).to_le_bytes()));
}
