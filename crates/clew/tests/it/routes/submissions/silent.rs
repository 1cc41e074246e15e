//! Forms of people who may not be measured: every door keeps what they sent, and nothing else.

use crate::support::{TestApp, id, now_ms};
use serde_json::{Value, json};

const SENT: &str = "jane@mail.example";

/// Every door through which a form comes, with a body that says as much as it can.
fn doors(app: &TestApp) -> Vec<(&'static str, Value)> {
    let page = "https://shop.example/contact?gclid=g1&utm_source=news";
    let fields = json!({ "email": SENT, "message": "hello" });
    let browser = json!({
        "visitor_id": "v-1", "session_id": "s-1", "fingerprint": "f-1", "url": page,
        "referrer": "https://www.google.com/", "screen": "1920x1080",
    });
    let with = |more: Value| {
        let mut body = browser.clone();
        if let (Value::Object(all), Value::Object(more)) = (&mut body, more) {
            all.extend(more);
        }
        body
    };
    let form = json!({
        "id": id(1), "type": "form_submit", "t": now_ms(), "form_id": "contact", "fields": fields,
    });
    let message = |kind: &str, n: u128| {
        json!({
            "type": kind, "id": id(n), "sessionId": "s-1", "visitorId": "v-1", "formId": "contact",
            "fields": fields, "message": "hello", "email": SENT, "page": { "url": page },
        })
    };
    let pulse = json!({ "id": id(6), "type": "form_submit", "data": { "form_id": "contact", "fields": fields } });
    let lead = |n: &str| with(json!({ "submission_id": n, "form_id": "contact", "email": SENT }));
    vec![
        (
            "/v1/events",
            with(json!({ "site_id": app.site, "events": [form] })),
        ),
        (
            "/v1/pixel",
            json!({
                "project_id": "acme", "pixel_id": app.site, "event_id": "e-2", "visitor_id": "v-1",
                "event_type": "form_submit", "page_url": page, "form_data": { "email": SENT },
            }),
        ),
        ("/v1/track", message("form_submission", 3)),
        ("/v1/track", message("chat_message_sent", 4)),
        (
            "/v1/track/batch",
            json!({ "clientId": app.site, "events": [message("form_submission", 5)] }),
        ),
        (
            "/track/event",
            with(json!({ "site_key": app.site, "event": pulse })),
        ),
        ("/lead.capture", lead("7")),
        ("/lead", lead("8")),
        ("/", lead("9")),
    ]
}

async fn send_all(app: &TestApp) -> usize {
    let doors = doors(app);
    for (path, body) in &doors {
        let reply = app.send(path, body).header("sec-gpc", "1").send().await;
        assert!(reply.status < 300, "{path}: {}", reply.text());
    }
    doors.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_door_keeps_what_was_sent_and_nothing_of_who_sent_it() {
    for change in [
        json!({ "settings": { "consentRequired": true } }),
        json!({ "profile": "hipaa" }),
    ] {
        let app = TestApp::start().await;
        let key = app.key("admin", &[], &[]).await;
        app.change_site("shop", &change).await;
        let sent = send_all(&app).await;
        let kept = app.submissions().await;
        assert_eq!(kept.len(), sent, "{change}: {kept:?}");
        assert!(kept.iter().all(|one| one["fields"]["email"] == SENT));

        let events = app.wait_for_events(&key, "shop", sent).await;
        for event in &events {
            let shown = event.to_string();
            assert_eq!(event["visitorId"], Value::Null, "{shown}");
            assert_eq!(event["sessionId"], Value::Null, "{shown}");
            assert_eq!(event["metadata"]["set_apart"], "silent", "{shown}");
            for told in [
                "gclid",
                "news",
                "google",
                "1920x1080",
                "shop.example",
                "daily_hash",
                "v-1",
            ] {
                assert!(!shown.contains(told), "{told}: {shown}");
            }
        }
        let report = "/v1/reports/overview?site=shop&period=day";
        let report = app.get(report).key(&key).send().await.json();
        for metric in ["visitors", "visits", "pageviews"] {
            assert_eq!(report["totals"][metric], 0, "{report}");
        }
        assert_eq!(report["meta"]["exclusions"]["silent"], sent, "{report}");
        let people = app.get("/v1/sites/shop/visitors").key(&key).send().await;
        assert!(!people.text().contains("visitorId"), "{}", people.text());

        // Projected anew, they are the same.
        app.app.rebuild().await.unwrap();
        assert_eq!(app.wait_for_events(&key, "shop", sent).await.len(), sent);
        assert_eq!(app.submissions().await, kept);
    }
}

#[tokio::test]
async fn the_profile_exempt_keeps_nothing_and_unsent_values_stay_forbidden() {
    let app = TestApp::start().await;
    let silent = json!({ "profile": "exempt", "settings": { "consentRequired": true } });
    app.change_site("shop", &silent).await;
    send_all(&app).await;
    assert!(app.submissions().await.is_empty());
    let silent = json!({ "profile": "gdpr", "settings": { "consentRequired": true } });
    app.change_site("shop", &silent).await;
    let unsent = json!({
        "site_id": app.site, "consent": { "partial": true },
        "events": [{ "id": id(20), "type": "form_partial", "fields": { "email": SENT } }],
    });
    let reply = app.post(unsent.to_string()).send().await.json();
    assert_eq!(reply["not_counted"][0]["reason"], "consent_pending");
    assert!(app.submissions().await.is_empty());
}

#[tokio::test]
async fn a_page_that_measures_nobody_says_so_and_its_forms_are_kept() {
    let app = TestApp::start().await;
    let key = app.key("viewer", &[], &[]).await;
    let form = json!({ "id": id(1), "type": "form_submit", "fields": { "email": SENT } });
    let view = json!({ "id": id(2), "type": "pageview", "url": "https://shop.example/" });
    let body =
        json!({ "site_id": app.site, "silent": true, "visitor_id": "v-1", "events": [form, view] });
    let reply = app.post(body.to_string()).send().await.json();
    assert_eq!(reply["accepted"], 0, "{reply}");
    assert_eq!(app.submissions().await.len(), 1);
    let events = app.wait_for_events(&key, "shop", 1).await;
    assert_eq!((events.len(), &events[0]["visitorId"]), (1, &Value::Null));
    let again = app.post(body.to_string()).send().await.json();
    assert_eq!(again["duplicates"], 1, "{again}");
    assert_eq!(app.submissions().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn erasing_one_of_them_leaves_the_others() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    app.wait_for_reports(&key).await;
    let required = json!({ "settings": { "consentRequired": true } });
    app.change_site("shop", &required).await;
    for (n, who) in [(1, SENT), (2, "joe@mail.example"), (3, SENT)] {
        let form = json!({ "id": id(n), "type": "form_submit", "fields": { "message": format!("I am {who}, hello") } });
        let body = json!({ "site_id": app.site, "events": [form] });
        assert_eq!(app.post(body.to_string()).send().await.status, 200);
    }
    app.wait_for_events(&key, "shop", 3).await;
    app.erase(
        "shop",
        &key,
        &json!({ "email": format!(" {} ", SENT.to_uppercase()) }),
    )
    .await;
    let left = app.submissions().await;
    assert_eq!((left.len(), &left[0]["event"]), (1, &json!(id(2))));
}
