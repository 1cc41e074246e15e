use super::*;
use crate::model::{ConsentState, EpochMs};
use crate::wire::{REJECTS, SiteRef};

fn decode(body: &str) -> Result<WireBatch, ErrorCode> {
    decode_batch(body.as_bytes())
}

/// The items of a batch around `events`: event name or reject code.
fn codes(events: &str) -> Vec<Result<String, &'static str>> {
    let batch = decode(&format!(r#"{{"site_id":"s","events":[{events}]}}"#)).unwrap();
    let item = |item: Result<WireEvent, WireReject>| item.map(|e| e.event_type).map_err(|r| r.code);
    batch.items.into_iter().map(item).collect()
}

#[test]
fn a_field_of_another_type_is_set_aside_with_a_code_that_is_known() {
    let fields = [
        "id",
        "type",
        "name",
        "t",
        "value",
        "form_id",
        "fields",
        "currency",
        "visitor_id",
        "session_id",
        "user_id",
        "fingerprint",
        "seq",
        "consent",
        "url",
        "title",
        "referrer",
        "screen",
        "viewport",
        "language",
        "tz",
        "engaged_ms",
        "scroll",
        "load_time_ms",
        "webdriver",
        "silent",
        "props",
    ];
    for field in fields {
        let bad = format!(r#"{{"type":"x","{field}":[7]}}"#);
        let items = codes(&format!("{GOOD},{bad},{GOOD}"));
        let code = items[1].clone().unwrap_err();
        assert!(REJECTS.contains(&code), "{field}: {code}");
        assert!(items[0].is_ok() && items[2].is_ok(), "{field}");
    }
}

const GOOD: &str = r#"{"type":"pageview","url":"https://a.example/"}"#;

#[test]
fn a_bad_item_takes_no_neighbour_with_it() {
    let deep = format!(
        r#"{{"type":"x","props":{}1{}}}"#,
        r#"{"a":"#.repeat(2000),
        "}".repeat(2000)
    );
    let deep_unread = format!(
        r#"{{"type":"x","y":{}{}}}"#,
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    for (bad, expected) in [
        (r"null", Err("not_an_object")),
        (r"[]", Err("not_an_object")),
        (r"42", Err("not_an_object")),
        (r#""pageview""#, Err("not_an_object")),
        (r#"{"type":7}"#, Err("invalid_type")),
        (r#"{"type":"x","t":"yesterday"}"#, Err("invalid_time")),
        (r#"{"type":"x","t":{}}"#, Err("invalid_time")),
        (
            r#"{"type":"x","t":9223372036854775808}"#,
            Err("invalid_time"),
        ),
        (r#"{"type":"x","t":1e400}"#, Err("unreadable")),
        (r#"{"type":"x","title":"\ud800"}"#, Err("unreadable")),
        (r#"{"type":"x","url":["a"]}"#, Err("invalid_url")),
        (r#"{"type":"x","props":"a"}"#, Err("invalid_props")),
        (r#"{"type":"x","props":[1]}"#, Err("invalid_props")),
        (r#"{"type":"x","seq":-1}"#, Err("invalid_number")),
        (r#"{"type":"x","form_id":{}}"#, Err("invalid_form_id")),
        (r#"{"type":"x","fields":["a"]}"#, Err("invalid_fields")),
        (r#"{"type":"x","value":"much"}"#, Err("invalid_value")),
        (
            r#"{"type":"x","consent":{"analytics":"maybe"}}"#,
            Err("invalid_consent"),
        ),
        (
            r#"{"type":"x","visitor_id":true}"#,
            Err("invalid_visitor_id"),
        ),
        (deep.as_str(), Err("props_too_deep")),
        (deep_unread.as_str(), Ok("x")),
    ] {
        let items = codes(&format!("{GOOD},{bad},{GOOD}"));
        let expected = expected.map(str::to_owned);
        let shown = &bad[..bad.len().min(60)];
        assert_eq!(
            items,
            [
                Ok("pageview".to_owned()),
                expected,
                Ok("pageview".to_owned())
            ],
            "{shown}"
        );
    }
}

#[test]
fn a_body_without_the_documented_shape_is_refused_as_a_whole() {
    for (body, code) in [
        ("", ErrorCode::MalformedJson),
        ("{", ErrorCode::MalformedJson),
        (r#"{"site_id":"s","events":[}"#, ErrorCode::MalformedJson),
        (r#"{"site_id":"s","events":[]} x"#, ErrorCode::MalformedJson),
        ("[]", ErrorCode::InvalidBody),
        ("null", ErrorCode::InvalidBody),
        ("{}", ErrorCode::InvalidBody),
        (r#"{"site_id":"s"}"#, ErrorCode::InvalidBody),
        (r#"{"events":[]}"#, ErrorCode::InvalidBody),
        (r#"{"site_id":7,"events":[]}"#, ErrorCode::InvalidBody),
        (r#"{"site_id":" ","events":[]}"#, ErrorCode::InvalidBody),
        (r#"{"site_id":"s","events":{}}"#, ErrorCode::InvalidBody),
        (
            r#"{"site_id":"s","sent_at":"now","events":[]}"#,
            ErrorCode::InvalidBody,
        ),
        (
            r#"{"site_id":"s","visitor_id":{},"events":[]}"#,
            ErrorCode::InvalidBody,
        ),
    ] {
        assert_eq!(decode(body).unwrap_err(), code, "{body}");
    }
    assert_eq!(
        decode_batch(b"{\"site_id\":\"\xff\"").unwrap_err(),
        ErrorCode::MalformedJson
    );
    assert_eq!(
        decode(&"[".repeat(100_000)).unwrap_err(),
        ErrorCode::MalformedJson
    );
}

#[test]
fn a_batch_holds_at_most_500_events() {
    let body = |n: usize| {
        format!(
            r#"{{"site_id":"s","events":[{}]}}"#,
            vec![GOOD; n].join(",")
        )
    };
    assert_eq!(decode(&body(500)).unwrap().items.len(), 500);
    assert_eq!(decode(&body(501)).unwrap_err(), ErrorCode::BatchTooLarge);
    let bad = format!(
        r#"{{"site_id":"s","events":[{}]}}"#,
        vec!["7"; 501].join(",")
    );
    assert_eq!(decode(&bad).unwrap_err(), ErrorCode::BatchTooLarge);
}

#[test]
fn events_inherit_what_they_do_not_say() {
    let batch = decode(
        r#"{"events":[{"type":"a","visitor_id":"own","consent":{"analytics":false}},{"type":"b"}],
            "site_id":"s","sent_at":"2026-11-20T12:00:00Z","visitor_id":"v","session_id":5,
            "tz":"Europe/Vienna","consent":{"analytics":true,"marketing":true},
            "id":"x","t":1,"name":"x","value":3,"props":{"plan":"pro"}}"#,
    )
    .unwrap();
    assert_eq!(batch.sent_at, Some(EpochMs(1_795_176_000_000)));
    let items: Vec<_> = batch.items.into_iter().map(Result::unwrap).collect();
    assert_eq!(items[0].visitor_id.as_deref(), Some("own"));
    assert_eq!(items[0].consent.analytics(), ConsentState::Denied);
    assert_eq!(items[0].consent.marketing(), ConsentState::Granted);
    assert_eq!(items[1].visitor_id.as_deref(), Some("v"));
    assert_eq!(items[1].session_id.as_deref(), Some("5"));
    assert_eq!(items[1].time_zone.as_deref(), Some("Europe/Vienna"));
    assert_eq!(items[1].props["plan"], "pro");
    assert_eq!(
        (&items[1].id, &items[1].name, items[1].time, items[1].value),
        (&None, &None, None, None)
    );
}

#[test]
fn properties_are_flattened_and_bounded() {
    let batch = decode(
        r#"{"site_id":"s","events":[{"type":"a","props":
            {"a":1,"b":"x","c":true,"d":null,"e":{"f":{"g":2.5}},"h":[{"i":"j"},3],"b":"y"}}]}"#,
    )
    .unwrap();
    let event = batch.items.into_iter().next().unwrap().unwrap();
    let props: Vec<_> = event
        .props
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    assert_eq!(props, [("b", "y"), ("c", "true"), ("h.0.i", "j")]);
    let numbers: Vec<_> = event
        .numbers
        .iter()
        .map(|(k, v)| (k.as_str(), *v))
        .collect();
    assert_eq!(numbers, [("a", 1.0), ("e.f.g", 2.5), ("h.1", 3.0)]);

    let many: Vec<_> = (0..1000).map(|n| format!(r#""k{n}":{n}"#)).collect();
    let body = format!(
        r#"{{"site_id":"s","events":[{{"type":"a","props":{{{}}}}}]}}"#,
        many.join(",")
    );
    let event = decode(&body).unwrap().items.remove(0).unwrap();
    assert_eq!(event.numbers.len(), 32);
    assert!(event.numbers.contains_key("k0") && event.numbers.contains_key("k31"));
}

#[test]
fn nesting_beyond_eight_levels_is_a_reject_of_its_own() {
    let nested = |n: usize| {
        format!(
            r#"{{"type":"x","props":{}1{}}}"#,
            r#"{"a":"#.repeat(n),
            "}".repeat(n)
        )
    };
    assert_eq!(codes(&nested(8)), [Ok("x".to_owned())]);
    assert_eq!(codes(&nested(9)), [Err("props_too_deep")]);
}

#[test]
fn the_last_of_equal_keys_counts() {
    let event = decode(
        r#"{"site_id":"a","site_id":"b","events":[],"events":[{"type":"x","type":"y","url":"u","url":"v"}]}"#,
    );
    let batch = event.unwrap();
    assert_eq!(batch.site, SiteRef::Id("b".to_owned()));
    let event = batch.items.into_iter().next().unwrap().unwrap();
    assert_eq!((event.event_type.as_str(), event.url.as_str()), ("y", "v"));
}

#[test]
fn a_reject_is_recognised_by_its_bytes() {
    let digest = |item: &str| {
        let batch = decode(&format!(r#"{{"site_id":"s","events":[{GOOD},{item}]}}"#)).unwrap();
        batch.items.into_iter().nth(1).unwrap().unwrap_err().digest
    };
    assert_eq!(digest(r#"{"type":1}"#), digest(r#"{"type":1}"#));
    assert_ne!(digest(r#"{"type":1}"#), digest(r#"{"type":2}"#));
}
