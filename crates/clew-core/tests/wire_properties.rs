//! No body breaks a wire format, whatever its shape: it is read, set aside or refused by name.

use clew_core::error::ErrorCode;
use clew_core::model::EventId;
use clew_core::wire::{FORMATS, WireRequest};
use proptest::prelude::*;
use serde_json::{Map, Value};

/// Members that some format knows, and some that none does.
const NAMES: &[&str] = &[
    "site_id",
    "siteId",
    "pixel_id",
    "site_key",
    "clientId",
    "apiKey",
    "events",
    "event",
    "eventType",
    "event_type",
    "type",
    "sessionId",
    "session_id",
    "visitor_id",
    "eventData",
    "event_data",
    "page_data",
    "custom_fields",
    "form_data",
    "fields",
    "props",
    "consent",
    "timestamp",
    "t",
    "url",
    "page_url",
    "fingerprint",
    "load_time",
    "value",
    "order_id",
    "utm_source",
    "id",
    "page",
    "metadata",
    "formId",
    "fieldName",
    "fieldValue",
    "trigger",
    "formProgress",
    "message",
    "conversationId",
    "version",
    "data",
    "percent",
    "currency",
    "email",
    "phone",
    "submission_id",
    "session_started_at",
    "x",
    "\u{0}",
];

const TEXTS: &[&str] = &[
    "",
    "batch",
    "form_interaction",
    "chat_message_sent",
    "tracker_initialized",
    "custom",
    "contact form",
    "pageview",
    "form_submit",
    "purchase",
    "demo",
    "https://shop.example/?gclid=1",
    "2026-11-21T12:00:00Z",
    "1e999",
    "\u{0}\u{fffd}\u{1F600}",
    "a@b.example",
];

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(TEXTS).prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 8, |inner| {
        let name = prop::sample::select(NAMES).prop_map(ToOwned::to_owned);
        let members = prop::collection::vec((name, inner.clone()), 0..8);
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(Value::from),
            members.prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// An object with what every format requires, under whatever else comes.
fn body() -> impl Strategy<Value = Value> {
    let kind = prop::sample::select(TEXTS);
    (value(), kind, value(), value()).prop_map(|(base, kind, events, data)| {
        let mut body = match base {
            Value::Object(members) => members,
            other => Map::from_iter([("x".to_owned(), other)]),
        };
        for (name, value) in [
            ("site_id", Value::from("demo")),
            ("siteId", "demo".into()),
            ("pixel_id", "demo".into()),
            ("sessionId", "s".into()),
            ("eventType", kind.into()),
            ("type", kind.into()),
            ("email", "jane@mail.example".into()),
            ("events", events),
            ("eventData", data),
        ] {
            body.entry(name).or_insert(value);
        }
        Value::Object(body)
    })
}

/// Every door reads it; returns the codes of the refusals.
fn ask(body: &[u8]) -> Vec<ErrorCode> {
    let mut refusals = Vec::new();
    for format in FORMATS {
        for door in format.doors() {
            let request = WireRequest {
                path: door.path,
                body,
                minted: EventId::from_u128(1),
            };
            match format.decode(&request) {
                Ok(batch) => assert!(batch.items.len() <= 500, "{}", door.path),
                Err(error) => refusals.push(error.code),
            }
        }
    }
    refusals
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_json_is_read_or_refused_by_name(body in prop_oneof![body(), value()]) {
        for code in ask(body.to_string().as_bytes()) {
            prop_assert_ne!(code, ErrorCode::MalformedJson);
            prop_assert_ne!(code, ErrorCode::Internal);
        }
    }

    #[test]
    fn a_torn_body_is_malformed(body in body(), cut in any::<prop::sample::Index>()) {
        let text = body.to_string();
        let torn = &text.as_bytes()[..cut.index(text.len())];
        for code in ask(torn) {
            prop_assert!(matches!(code, ErrorCode::MalformedJson | ErrorCode::InvalidBody));
        }
    }

    #[test]
    fn any_bytes_are_survived(body in prop::collection::vec(any::<u8>(), 0..256)) {
        ask(&body);
    }
}

#[test]
fn depth_costs_no_stack_and_width_no_time() {
    for (open, close) in [
        ("[", "]"),
        ("{\"eventData\":", "}"),
        ("{\"events\":[", "]}"),
    ] {
        let deep = format!("{}1{}", open.repeat(200_000), close.repeat(200_000));
        ask(deep.as_bytes());
        for name in [
            "events",
            "eventData",
            "form_data",
            "props",
            "page_data",
            "x",
        ] {
            let under = format!(
                r#"{{"site_id":"demo","siteId":"demo","pixel_id":"demo","sessionId":"s","eventType":"batch","url":"u","page_url":"u","{name}":{deep}}}"#
            );
            ask(under.as_bytes());
        }
    }
    let wide: Vec<_> = (0..200_000).map(|n| format!("\"k{n}\":1")).collect();
    ask(format!(
        r#"{{"siteId":"demo","sessionId":"s","eventType":"x","eventData":{{{}}}}}"#,
        wide.join(",")
    )
    .as_bytes());
}
