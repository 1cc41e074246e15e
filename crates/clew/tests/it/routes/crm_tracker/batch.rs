//! Several messages at once.

use super::BATCH;
use crate::support::{TestApp, id};
use serde_json::json;

#[tokio::test]
async fn messages_inherit_their_envelope_and_bad_ones_stay_alone() {
    let app = TestApp::start().await;
    let key = app.key("viewer", &[], &[]).await;
    let events = json!([
        { "id": id(1), "type": "tracker_initialized", "version": "1" },
        { "id": id(2), "type": "form_submission", "formId": "contact",
          "fields": { "email": "jane@mail.example" } },
        { "type": "nothing" },
        { "type": "form_submission", "fields": 7 },
        null,
        { "id": id(3), "type": "page_view" },
    ]);
    let batch = json!({
        "apiKey": app.write_key(), "sessionId": "s-1", "visitorId": "v-1",
        "page": { "url": "https://shop.example/contact" }, "events": events,
    });
    let rejected = json!([
        { "i": 2, "code": "unknown_type" },
        { "i": 3, "code": "invalid_fields" },
        { "i": 4, "code": "not_an_object" },
    ]);
    let reply = app.send(BATCH, &batch).send().await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.json()["processed"], 3);
    assert_eq!(reply.json()["rejected"], rejected);
    let again = app.send(BATCH, &batch).send().await;
    assert_eq!(
        again.json()["processed"],
        6,
        "all are known: {}",
        again.text()
    );
    let events = app.wait_for_events(&key, "shop", 3).await;
    assert_eq!(events.len(), 3);
    for event in events {
        assert_eq!(event["url"], "https://shop.example/contact", "{event}");
    }
    assert_eq!(app.submissions().await.len(), 1);
}

#[tokio::test]
async fn a_batch_has_messages_and_not_too_many() {
    let app = TestApp::start().await;
    for (body, status, code) in [
        (json!({}), 422, "invalid_body"),
        (json!({ "events": {} }), 422, "invalid_body"),
        (json!({ "events": [] }), 422, "invalid_body"),
        (
            json!({ "events": vec![json!({ "type": "page_view" }); 501] }),
            413,
            "batch_too_large",
        ),
    ] {
        let reply = app.send(BATCH, &body).send().await;
        assert_eq!((reply.status, reply.code().as_str()), (status, code));
    }
    let heavy = json!({
        "page": { "url": format!("https://shop.example/{}", "x".repeat(100_000)) },
        "events": vec![json!({ "type": "page_view" }); 100],
    });
    let reply = app.send(BATCH, &heavy).send().await;
    assert_eq!(
        (reply.status, reply.code().as_str()),
        (413, "batch_too_large")
    );
}
