//! Persons are erased, and every byte is looked at.

mod byte_scan;
mod deleted_site;
mod erase;
mod interrupted;
mod restored;

use crate::support::{Needle, TestApp, id, now_ms};
use clew_core::model::SiteId;
use clew_core::pipeline::user_ids;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const PATH: &str = "/v1/sites/shop/erasures";

/// An erasure takes a second or two where other tests run beside it.
const PATIENCE: Duration = Duration::from_secs(60);

const ANNA: &str = "anna-4711";
const PHONE: u128 = 0xf04e_aaaa_bbbb_4ccc_8ddd_eeee_1234_5678;
const SESSION: &str = "session-of-anna-qwertz";
const CANARY: &str = "canary-in-a-prop-of-anna";

/// Settings under which ids are kept once there is consent.
async fn start(variables: &[(&'static str, &str)]) -> (TestApp, String) {
    let mut all = vec![("CLEW_JOURNAL_SEGMENT_BYTES", "65536")];
    all.extend_from_slice(variables);
    let app = TestApp::start_with(&all).await;
    let key = app.key("admin", &[], &[]).await;
    app.wait_for_reports(&key).await;
    (app, key)
}

/// A batch whose sender has consented.
fn consented(app: &TestApp, events: &[Value]) -> String {
    let consent = json!({ "analytics": true, "marketing": true });
    json!({ "site_id": app.site, "consent": consent, "events": events }).to_string()
}

async fn send(app: &TestApp, events: &[Value]) -> Value {
    let reply = app.post(consented(app, events)).send().await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

/// Somebody else's page view, of one of many browsers.
fn other(n: u128) -> Value {
    let visitor = uuid::Uuid::from_u128(0x5555_0000_0000_4000_8000_0000_0000_0000 | (n % 97));
    json!({
        "id": id(0x1_0000_0000 + n),
        "type": "pageview",
        "t": now_ms() - 60_000,
        "url": format!("https://shop.example/page/{}", n % 11),
        "visitor_id": visitor,
    })
}

/// What Anna does: first nameless on her phone, then signed in.
fn of_anna(n: u128) -> Value {
    let mut event = json!({
        "id": id(0x2_0000_0000 + n),
        "type": "pageview",
        "t": now_ms() - 60_000,
        "url": "https://shop.example/annas-own-page",
        "visitor_id": uuid::Uuid::from_u128(PHONE),
        "session_id": SESSION,
        "props": { "note": CANARY },
    });
    if n % 2 == 1 {
        event["user_id"] = json!(ANNA);
    }
    event
}

/// Everything that must not be found of her.
fn needles(app: &TestApp) -> Vec<Needle> {
    let site: SiteId = app.site.parse::<uuid::Uuid>().unwrap().into();
    let (user, visitor) = user_ids(site, ANNA);
    vec![
        Needle::text(ANNA),
        Needle::text(CANARY),
        Needle::text(SESSION),
        Needle::text("annas-own-page"),
        Needle::id("phone", PHONE),
        Needle::id("user key", user.as_u128()),
        Needle::id("user's visitor", visitor.as_u128()),
    ]
}

async fn request(app: &TestApp, key: &str, subject: Value) -> String {
    let body = json!({ "subject": subject, "reason": "request" });
    let reply = app.request("POST", PATH).key(key).json(&body).send().await;
    assert_eq!(reply.status, 202, "{}", reply.text());
    reply.json()["erasureId"].as_str().unwrap().to_owned()
}

async fn status(app: &TestApp, key: &str, erasure: &str) -> Value {
    let reply = app.get(&format!("{PATH}/{erasure}")).key(key).send().await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

/// Waits until it is done.
async fn done(app: &TestApp, key: &str, erasure: &str) -> Value {
    let begun = Instant::now();
    loop {
        let status = status(app, key, erasure).await;
        if status["status"] == "done" {
            return status;
        }
        assert!(begun.elapsed() < PATIENCE, "still {status}");
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

/// Pages and visitors of today.
async fn counts(app: &TestApp, key: &str) -> Value {
    let path = "/v1/reports/breakdown?site=shop&period=day&dimension=page&limit=100";
    let reply = app.get(path).key(key).send().await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["rows"].clone()
}
