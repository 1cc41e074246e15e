//! What people type into forms: who keeps it, that it survives, and that it goes.

mod silent;

use crate::support::{Needle, TestApp, find, id, now_ms};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const CANARY: &str = "canary.person@canary-mail.example";

fn submitted(app: &TestApp, n: u128, consent: &Value) -> String {
    let event = json!({
        "id": id(n), "type": "form_submit", "t": now_ms(), "form_id": "contact",
        "url": "https://shop.example/contact", "visitor_id": visitor(n),
        "fields": { "email": CANARY, "message": "hello" },
    });
    json!({ "site_id": app.site, "consent": consent, "events": [event] }).to_string()
}

fn visitor(n: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(0x5555_0000_0000_4000_8000_0000_0000_0000 | n)
}

/// Kinds of submissions that a site keeps when both kinds are sent with this consent.
async fn kinds(change: Value, consent: Value) -> Vec<String> {
    let app = TestApp::start().await;
    app.change_site("shop", &change).await;
    let events: Vec<_> = ["form_submit", "form_partial"]
        .into_iter()
        .map(|kind| json!({ "type": kind, "fields": { "email": CANARY } }))
        .collect();
    let batch = json!({ "site_id": app.site, "consent": consent, "events": events });
    let reply = app.post(batch.to_string()).send().await;
    assert_eq!(reply.json()["accepted"], 2, "{}", reply.text());
    let kept = app.submissions().await;
    let kinds = kept
        .iter()
        .map(|row| row["kind"].as_str().unwrap().to_owned());
    kinds.collect()
}

#[tokio::test]
async fn the_profile_decides_what_is_kept() {
    let none: &[&str] = &[];
    let partial = json!({ "partial": true });
    let wanted = json!({ "profile": "standard", "settings": { "partialValues": true } });
    for (change, consent, expected) in [
        (json!({}), json!({}), &["submitted"][..]),
        (json!({}), partial.clone(), &["submitted", "partial"]),
        (json!({}), json!({ "partial": false }), &["submitted"]),
        (json!({ "profile": "exempt" }), partial.clone(), none),
        (
            json!({ "profile": "hipaa" }),
            partial.clone(),
            &["submitted"],
        ),
        (json!({ "profile": "standard" }), partial, &["submitted"]),
        (wanted.clone(), json!({}), &["submitted", "partial"]),
        (wanted, json!({ "partial": false }), &["submitted"]),
    ] {
        let kept = kinds(change.clone(), consent.clone()).await;
        assert_eq!(kept, expected, "{change} {consent}");
    }
}

#[tokio::test]
async fn a_submission_survives_and_a_repeat_brings_no_second_one() {
    let app = TestApp::start().await;
    let key = app.key("viewer", &[], &[]).await;
    let body = submitted(&app, 1, &json!({}));
    for expected in ["accepted", "duplicates"] {
        let reply = app.post(body.clone()).send().await;
        assert_eq!(reply.json()[expected], 1, "{}", reply.text());
    }
    let before = app.submissions().await;
    assert_eq!(before.len(), 1);
    let app = app.restart().await;
    let reply = app.post(body).send().await;
    assert_eq!(reply.json()["duplicates"], 1, "{}", reply.text());
    assert_eq!(app.submissions().await, before);
    app.wait_for_events(&key, "shop", 1).await;
    app.app.rebuild().await.unwrap();
    assert_eq!(app.wait_for_events(&key, "shop", 1).await.len(), 1);
    assert_eq!(app.submissions().await, before);
}

#[tokio::test]
async fn what_is_quarantined_has_no_submission() {
    let app = TestApp::start().await;
    let body = submitted(&app, 1, &json!({})).replace("shop.example", "evil.example");
    let reply = app.post(body).send().await;
    assert_eq!(reply.json()["quarantined"][0]["code"], "foreign_host");
    assert!(app.submissions().await.is_empty());
}

/// Sealed bytes of everything that is submitted, as they lie in the journal.
fn sealed(app: &TestApp) -> Vec<Vec<u8>> {
    use prost::Message as _;
    let journal = app.app.journal.clone();
    let records = journal.reader(clew_journal::Lsn(0)).map(Result::unwrap);
    let batches = records
        .filter(|record| record.header.kind == 1)
        .map(|record| clew_core::model::StoredBatch::decode(record.payload.as_ref()).unwrap());
    batches
        .flat_map(|batch| batch.submissions)
        .map(|submission| submission.sealed)
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_file_tells_what_was_typed_and_an_erasure_takes_the_sealed_bytes() {
    let app = TestApp::start_with(&[("CLEW_JOURNAL_SEGMENT_BYTES", "65536")]).await;
    let key = app.key("admin", &[], &[]).await;
    app.wait_for_reports(&key).await;
    let consent = json!({ "analytics": true });
    for n in 1..=40 {
        let reply = app.post(submitted(&app, n, &consent)).send().await;
        assert_eq!(reply.json()["accepted"], 1, "{}", reply.text());
    }
    let bytes = sealed(&app);
    assert_eq!(bytes.len(), 40);
    app.wait_for_events(&key, "shop", 40).await;
    let path = "/v1/sites/shop/erasures";
    // The first browser is forgotten; the others keep what they sent.
    let visitors = app
        .get("/v1/events?site=shop&limit=1000")
        .key(&key)
        .send()
        .await;
    let events = visitors.json()["events"].as_array().unwrap().clone();
    let first = events
        .iter()
        .find(|event| event["eventId"] == id(1))
        .unwrap();
    let body = json!({ "subject": { "visitorId": first["visitorId"] } });
    let reply = app.request("POST", path).key(&key).json(&body).send().await;
    assert_eq!(reply.status, 202, "{}", reply.text());
    let erasure = reply.json()["erasureId"].as_str().unwrap().to_owned();
    let begun = Instant::now();
    loop {
        let status = app.get(&format!("{path}/{erasure}")).key(&key).send().await;
        if status.json()["status"] == "done" {
            break;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "{}",
            status.text()
        );
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    let kept = app.submissions().await;
    assert_eq!(kept.len(), 39);
    assert!(kept.iter().all(|row| row["event"] != id(1)));
    let data = app.app.config.data_dir.clone();
    let stopped = app.shut_down_keeping_files().await;
    let needles = [
        Needle::text("canary.person"),
        Needle::text("canary-mail"),
        Needle::bytes("sealed bytes of an erased submission", &bytes[0]),
    ];
    let found = find(&data, &needles).await;
    assert!(found.is_empty(), "{found:#?}");
    let others = find(&data, &[Needle::bytes("of another", &bytes[1])]).await;
    assert!(!others.is_empty(), "the search finds what is there");
    drop(stopped);
}
