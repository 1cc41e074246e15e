//! `POST /track/*` of family D.

use crate::support::{TestApp, id, now_ms};
use serde_json::{Value, json};

const START: &str = "/track/session-start";
const EVENT: &str = "/track/event";
const EVENTS: &str = "/track/events";
const ALIAS: &str = "/track/events-batch";
const END: &str = "/track/session-end";

fn body(app: &TestApp, more: Value) -> Value {
    let mut body = json!({
        "site_key": app.site,
        "session_id": "s-1",
        "visitor_id": "v-1",
        "fingerprint": "f-1",
        "session_started_at": now_ms() - 5_000,
        "url": "https://shop.example/",
        "referrer": "https://news.example/",
    });
    if let (Value::Object(all), Value::Object(more)) = (&mut body, more) {
        all.extend(more);
    }
    body
}

#[tokio::test]
async fn a_session_begins_has_events_and_ends() {
    let app = TestApp::start().await;
    let key = app.key("viewer", &[], &[]).await;
    app.wait_for_reports(&key).await;
    let click =
        json!({ "id": id(3), "type": "click", "t": now_ms(), "data": { "element": "buy" } });
    let several = json!([
        { "id": id(4), "type": "page_view", "t": now_ms() },
        { "id": id(5), "type": "scroll", "data": { "percent": 80 } },
        { "id": id(6), "type": "video_play", "data": { "seconds": 3 } },
    ]);
    for (path, more) in [
        (START, json!({})),
        (START, json!({})),
        (EVENT, json!({ "event": click })),
        (EVENTS, json!({ "events": several })),
        (ALIAS, json!({ "events": several })),
        (END, json!({ "id": id(7) })),
    ] {
        let reply = app.send(path, &body(&app, more)).send().await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        assert_eq!(reply.json(), json!({ "ok": true, "session_id": "s-1" }));
    }
    let events = app.wait_for_events(&key, "shop", 6).await;
    let mut types: Vec<_> = events
        .iter()
        .map(|event| event["eventType"].as_str().unwrap().to_owned())
        .collect();
    types.sort_unstable();
    assert_eq!(
        types,
        [
            "click",
            "custom",
            "pageview",
            "scroll",
            "session_end",
            "session_start"
        ]
    );
    let custom = events
        .iter()
        .find(|event| event["eventType"] == "custom")
        .unwrap();
    assert_eq!(custom["name"], "video_play");
    let report = app
        .get("/v1/reports/overview?site=shop&period=day")
        .key(&key);
    let totals = report.send().await.json()["totals"].clone();
    assert_eq!(
        (&totals["pageviews"], &totals["visits"]),
        (&json!(1), &json!(1)),
        "{totals}"
    );
}

#[tokio::test]
async fn a_session_without_a_name_gets_one() {
    let app = TestApp::start().await;
    let reply = app
        .send(START, &json!({ "url": "https://shop.example/" }))
        .send()
        .await;
    let named = reply.json()["session_id"].as_str().unwrap().to_owned();
    assert!(uuid::Uuid::try_parse(&named).is_ok(), "{named}");
}

#[tokio::test]
async fn the_page_or_the_site_key_tells_the_site() {
    let app = TestApp::start().await;
    let with = |site: Option<&str>| match site {
        Some(site) => json!({ "site_key": site, "event": { "type": "click" } }),
        None => json!({ "event": { "type": "click" } }),
    };
    let key = app.write_key();
    for (origin, site, status, code) in [
        ("https://shop.example", None, 200, ""),
        ("https://shop.example", Some("shop"), 200, ""),
        ("https://shop.example", Some(key.as_str()), 200, ""),
        ("", Some("shop"), 200, ""),
        ("", None, 401, "unauthorized"),
        ("https://evil.example", None, 403, "foreign_origin"),
        ("https://evil.example", Some("shop"), 403, "foreign_origin"),
        ("https://shop.example", Some("nobody"), 404, "unknown_site"),
    ] {
        let reply = app
            .send(EVENT, &with(site))
            .header("origin", origin)
            .send()
            .await;
        assert_eq!(reply.status, status, "{origin} {site:?}: {}", reply.text());
        if status != 200 {
            assert_eq!(reply.code(), code, "{origin} {site:?}");
        }
        if status == 401 {
            assert!(reply.text().contains("site_key is missing"));
        }
    }
}

#[tokio::test]
async fn what_has_no_sense_is_refused_by_name() {
    let app = TestApp::start().await;
    let many = |n| json!({ "events": vec![json!({ "type": "click" }); n] });
    for (path, body, status, code) in [
        (EVENT, json!({}), 422, "invalid_body"),
        (EVENT, json!({ "event": [] }), 422, "invalid_body"),
        (EVENT, json!({ "event": {} }), 422, "invalid_body"),
        (
            EVENT,
            json!({ "event": { "type": "click", "data": 7 } }),
            422,
            "invalid_body",
        ),
        (EVENTS, json!({}), 422, "invalid_body"),
        (EVENTS, many(0), 422, "invalid_body"),
        (EVENTS, many(201), 413, "batch_too_large"),
        (ALIAS, many(201), 413, "batch_too_large"),
        (START, json!({ "session_id": {} }), 422, "invalid_body"),
        (
            START,
            json!({ "session_started_at": "soon" }),
            422,
            "invalid_body",
        ),
        (END, json!([]), 422, "invalid_body"),
    ] {
        let reply = app.send(path, &body).send().await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (status, code),
            "{path} {body}"
        );
    }
    assert_eq!(app.send(EVENTS, &many(200)).send().await.status, 200);
    let malformed = app.send(EVENT, &json!({})).body("{\"event\":").send().await;
    assert_eq!(malformed.status, 400);
}

#[tokio::test]
async fn beacons_and_preflights_are_answered() {
    let app = TestApp::start().await;
    let end = body(&app, json!({}));
    let beacon = app.send(END, &end).header("content-type", "text/plain");
    assert_eq!(beacon.send().await.status, 200);
    for path in [START, EVENT, EVENTS, ALIAS, END] {
        let preflight = app
            .request("OPTIONS", path)
            .header("origin", "https://shop.example")
            .header("access-control-request-method", "POST");
        assert_eq!(preflight.send().await.status, 204, "{path}");
        assert_eq!(app.get(path).send().await.status, 405, "{path}");
    }
}
