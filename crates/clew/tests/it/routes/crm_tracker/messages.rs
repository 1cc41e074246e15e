//! What each type of message becomes.

use super::TRACK;
use crate::support::{TestApp, id, now_ms};
use serde_json::{Value, json};

fn message(kind: &str, more: Value) -> Value {
    let mut message = json!({
        "type": kind,
        "timestamp": now_ms(),
        "sessionId": "s-1",
        "visitorId": "v-1",
        "page": { "url": "https://shop.example/contact", "title": "Contact" },
        "metadata": { "userAgent": "x", "language": "de-AT", "timezone": "Europe/Vienna" },
    });
    if let (Value::Object(all), Value::Object(more)) = (&mut message, more) {
        all.extend(more);
    }
    message
}

async fn sent(app: &TestApp, message: &Value) {
    let reply = app.send(TRACK, message).send().await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.json(), json!({ "success": true }));
}

#[tokio::test]
async fn a_form_that_was_sent_is_kept_beside_its_event() {
    let app = TestApp::start().await;
    let key = app.key("viewer", &[], &[]).await;
    let fields = json!({
        "email": "jane@mail.example",
        "message": "card 4111 1111 1111 1111",
        "password": "hunter2",
    });
    let more = json!({ "id": id(1), "formId": "contact", "fields": fields });
    sent(&app, &message("form_submission", more)).await;
    let events = app.wait_for_events(&key, "shop", 1).await;
    assert_eq!(events[0]["eventType"], "form_submit");
    assert_eq!(events[0]["url"], "https://shop.example/contact");
    let shown = events[0].to_string();
    assert!(shown.contains(r#""form_id":"contact""#), "{shown}");
    assert!(shown.contains("email,message,password"), "{shown}");
    assert!(
        !shown.contains("jane") && !shown.contains("hunter2"),
        "{shown}"
    );
    let expected = json!({
        "event": id(1),
        "kind": "submitted",
        "form": "contact",
        "fields": {
            "email": "jane@mail.example",
            "message": "card [REDACTED]",
            "password": "[REDACTED]",
        },
    });
    assert_eq!(app.submissions().await, [expected]);
}

#[tokio::test]
async fn what_is_typed_and_not_sent_needs_consent() {
    let app = TestApp::start().await;
    let key = app.key("viewer", &[], &[]).await;
    let typed = json!({
        "formId": "contact", "trigger": "blur", "fieldName": "email",
        "fieldValue": "jane@mail.example", "fieldType": "email",
        "formProgress": { "completedFields": 1, "totalFields": 4, "percentComplete": 25 },
    });
    sent(&app, &message("form_interaction", typed.clone())).await;
    assert!(app.submissions().await.is_empty());
    let mut agreed = message("form_interaction", typed);
    agreed["consent"] = json!({ "partial": true });
    sent(&app, &agreed).await;
    let kept = app.submissions().await;
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0]["kind"], "partial");
    assert_eq!(kept[0]["fields"], json!({ "email": "jane@mail.example" }));
    let focus = json!({ "formId": "contact", "trigger": "focus", "fieldName": "email" });
    sent(&app, &message("form_interaction", focus)).await;
    let events = app.wait_for_events(&key, "shop", 3).await;
    let types: Vec<_> = events.iter().map(|event| &event["eventType"]).collect();
    assert!(types.contains(&&json!("form_partial")) && types.contains(&&json!("form_focus")));
    assert!(!json!(events).to_string().contains("jane"));
    assert_eq!(app.submissions().await.len(), 1);
}

#[tokio::test]
async fn a_chat_and_the_trackers_start_are_events() {
    let app = TestApp::start().await;
    let key = app.key("viewer", &[], &[]).await;
    app.wait_for_reports(&key).await;
    let words =
        json!({ "message": "In stock?", "email": "jane@mail.example", "conversationId": 7 });
    sent(&app, &message("chat_message_sent", words)).await;
    sent(
        &app,
        &message("tracker_initialized", json!({ "version": "1.4" })),
    )
    .await;
    sent(&app, &message("page_view", json!({}))).await;
    let events = app.wait_for_events(&key, "shop", 3).await;
    assert_eq!(events.len(), 3);
    let kept = app.submissions().await;
    assert_eq!(kept.len(), 1);
    assert_eq!(
        (&kept[0]["kind"], &kept[0]["fields"]["message"]),
        (&json!("chat"), &json!("In stock?"))
    );
    let report = app
        .get("/v1/reports/overview?site=shop&period=day")
        .key(&key);
    let totals = report.send().await.json()["totals"].clone();
    assert_eq!(totals["pageviews"], 1, "{totals}");
}

#[tokio::test]
async fn the_same_message_counts_once_and_a_fast_clock_loses_nothing() {
    let app = TestApp::start().await;
    let key = app.key("viewer", &[], &[]).await;
    let mut submission = message(
        "form_submission",
        json!({ "fields": { "email": "a@b.example" } }),
    );
    submission["timestamp"] = json!(now_ms() + 3_600_000);
    for _ in 0..3 {
        sent(&app, &submission).await;
    }
    submission["fields"]["email"] = json!("c@b.example");
    sent(&app, &submission).await;
    let events = app.wait_for_events(&key, "shop", 2).await;
    assert_eq!(events.len(), 2);
    assert_eq!(app.submissions().await.len(), 2);
}

#[tokio::test]
async fn what_has_no_sense_is_refused_by_name() {
    let app = TestApp::start().await;
    for (body, status, code, field) in [
        (json!({ "type": "nothing" }), 400, "unknown_type", "type"),
        (json!({}), 400, "unknown_type", "type"),
        (
            json!({ "type": "form_submission" }),
            422,
            "invalid_body",
            "fields",
        ),
        (
            json!({ "type": "form_submission", "fields": [1] }),
            422,
            "invalid_body",
            "fields",
        ),
        (
            json!({ "type": "chat_message_sent" }),
            422,
            "invalid_body",
            "message",
        ),
        (
            json!({ "type": "page_view", "timestamp": "x" }),
            422,
            "invalid_body",
            "timestamp",
        ),
        (
            json!({ "type": "page_view", "page": 7 }),
            422,
            "invalid_body",
            "page",
        ),
        (
            json!({ "type": "page_view", "page": { "title": "Contact" } }),
            422,
            "invalid_body",
            "page",
        ),
    ] {
        let reply = app.send(TRACK, &body).send().await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (status, code),
            "{body}"
        );
        assert_eq!(reply.json()["error"]["details"]["field"], field, "{body}");
    }
    let reply = app.send(TRACK, &json!({})).body("{").send().await;
    assert_eq!(
        (reply.status, reply.code().as_str()),
        (400, "malformed_json")
    );
    let reply = app.send(TRACK, &json!([])).send().await;
    assert_eq!((reply.status, reply.code().as_str()), (422, "invalid_body"));
    let html = app
        .send(TRACK, &json!({}))
        .header("content-type", "text/html");
    assert_eq!(html.send().await.status, 415);
    let large = app.send(TRACK, &json!({})).body(vec![b' '; 2 << 20]);
    assert_eq!(large.send().await.status, 413);
}
