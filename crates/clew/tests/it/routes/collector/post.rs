use crate::support::{TestApp, now_ms};
use serde_json::{Value, json};
use std::io::Write as _;

const PATH: &str = "/collect";

fn batch(events: &Value) -> Value {
    json!({
        "eventType": "batch", "sessionId": "s-1", "siteId": "shop.example", "visitorId": "v-1",
        "url": "https://shop.example/", "custom_fields": {"tenant": "acme"}, "events": events,
    })
}

#[tokio::test]
async fn a_single_event_is_attributed_to_the_site_of_its_host() {
    let app = TestApp::start().await;
    let body = json!({
        "eventType": "pageview", "sessionId": "s-1", "siteId": "shop.example",
        "url": "https://shop.example/a", "page_data": {"title": "A"}, "eventData": {"plan": "pro"},
    });
    let reply = app.post_to(PATH, &body).send().await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(
        reply.json(),
        json!({"status": "success", "events_processed": 1})
    );
    // No page: a registered host is accepted and marked.
    assert_eq!(
        app.post_to(PATH, &body)
            .header("origin", "")
            .send()
            .await
            .status,
        200
    );
    let key = app.key("viewer", &[], &[]).await;
    let events = app.wait_for_events(&key, "shop", 2).await;
    assert!(
        events
            .iter()
            .all(|event| event["clientId"] == app.site.as_str())
    );
    let marked = events
        .iter()
        .filter(|e| e["metadata"]["unverified_origin"] == true);
    assert_eq!(marked.count(), 1);
    assert_eq!(events[0]["payload"]["plan"], "pro");
}

#[tokio::test]
async fn a_batch_is_counted_by_its_items_and_once() {
    let app = TestApp::start().await;
    let events = json!([
        {"eventType": "pageview", "timestamp": now_ms()},
        {"eventType": "click", "eventData": {"tag": "a", "text": "Buy"}, "timestamp": now_ms()},
        {"eventType": "scroll", "eventData": {"scroll_percent": 75}, "timestamp": now_ms()},
        {"eventType": "form_focus", "timestamp": now_ms(),
         "eventData": {"form_id": "contact", "field": "email", "field_type": "email"}},
        {"eventType": "newsletter", "event_id": "n-1", "eventData": {"list": "weekly"}},
        7,
    ]);
    for _ in 0..2 {
        let reply = app.post_to(PATH, &batch(&events)).send().await;
        assert_eq!(
            reply.json(),
            json!({"status": "success", "events_processed": 6})
        );
    }
    let key = app.key("viewer", &[], &[]).await;
    let listed = app.wait_for_events(&key, "shop", 5).await;
    let mut kinds: Vec<_> = listed
        .iter()
        .map(|e| e["eventType"].as_str().unwrap())
        .collect();
    kinds.sort_unstable();
    assert_eq!(
        kinds,
        ["click", "custom", "form_focus", "pageview", "scroll"]
    );
    for event in &listed {
        assert_eq!(event["url"], "https://shop.example/");
        assert_eq!(event["payload"]["tenant"], "acme");
    }
    let scroll = listed.iter().find(|e| e["eventType"] == "scroll").unwrap();
    assert_eq!(scroll["payload"]["scroll_percent"], 75);
    let custom = listed.iter().find(|e| e["eventType"] == "custom").unwrap();
    assert_eq!(
        (&custom["name"], &custom["payload"]["list"]),
        (&json!("newsletter"), &json!("weekly"))
    );
}

#[tokio::test]
async fn an_order_is_revenue_once() {
    let app = TestApp::start().await;
    let order = |id: &str| {
        json!({
            "eventType": "purchase", "sessionId": "s-1", "siteId": "shop.example",
            "url": "https://shop.example/thanks",
            "eventData": {"order_id": id, "value": 49.9, "currency": "EUR",
                          "items": [{"product_id": "p-1", "quantity": 2, "price": 24.95}]},
        })
    };
    for id in ["o-1", "o-1", "o-2"] {
        assert_eq!(app.post_to(PATH, &order(id)).send().await.status, 200);
    }
    let key = app.key("viewer", &[], &[]).await;
    let events = app.wait_for_events(&key, "shop", 2).await;
    assert_eq!(events.len(), 2);
    for event in events {
        assert_eq!(
            (&event["eventType"], &event["name"]),
            (&json!("custom"), &json!("purchase"))
        );
        assert_eq!(event["payload"]["value_minor"], 4990);
        assert_eq!(event["payload"]["currency"], "EUR");
    }
}

#[tokio::test]
async fn no_value_of_a_form_is_kept() {
    let app = TestApp::start().await;
    let body = batch(
        &json!([{"eventType": "form_submit", "timestamp": now_ms(), "eventData":
        {"form_id": "contact", "fields": {"message": "canary-7391"}, "phone": "canary-7392"}}]),
    );
    assert_eq!(app.post_to(PATH, &body).send().await.status, 200);
    let key = app.key("viewer", &[], &[]).await;
    let events = app.wait_for_events(&key, "shop", 1).await;
    assert_eq!(events[0]["payload"]["fields"], "message,phone");
    assert!(!events[0].to_string().contains("canary"), "{}", events[0]);
}

#[tokio::test]
async fn where_consent_is_required_nothing_is_kept_without_it() {
    let app = TestApp::start().await;
    app.change_site("shop", &json!({"settings": {"consentRequired": true}}))
        .await;
    let silent = batch(&json!([{"eventType": "pageview"}]));
    let mut granted = batch(&json!([{"eventType": "click"}]));
    granted["consent"] = json!(true);
    for body in [silent, granted] {
        let reply = app.post_to(PATH, &body).send().await.json();
        assert_eq!(reply["events_processed"], 1, "{reply}");
    }
    let key = app.key("viewer", &[], &[]).await;
    let events = app.wait_for_events(&key, "shop", 1).await;
    assert_eq!(
        (events.len(), &events[0]["eventType"]),
        (1, &json!("click"))
    );
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let app = TestApp::start().await;
    let whole = json!({"eventType": "pageview", "sessionId": "s", "siteId": "shop.example"});
    for member in ["eventType", "sessionId", "siteId"] {
        let mut body = whole.clone();
        body[member] = json!(null);
        let reply = app.post_to(PATH, &body).send().await;
        assert_eq!((reply.status, reply.code().as_str()), (422, "invalid_body"));
        assert_eq!(reply.json()["error"]["details"]["field"], member);
    }
    let many = batch(&json!(vec![json!({"eventType": "click"}); 501]));
    let reply = app.post_to(PATH, &many).send().await;
    assert_eq!(
        (reply.status, reply.code().as_str()),
        (413, "batch_too_large")
    );
    let torn = app.post_to(PATH, &json!({})).body("[").send().await;
    assert_eq!((torn.status, torn.code().as_str()), (400, "malformed_json"));
    let foreign = app
        .post_to(PATH, &whole)
        .header("origin", "https://evil.example");
    let reply = foreign.send().await;
    assert_eq!(
        (reply.status, reply.code().as_str()),
        (403, "foreign_origin")
    );
}

#[tokio::test]
async fn beacons_and_compressed_bodies_are_read() {
    let app = TestApp::start().await;
    let body = batch(&json!([{"eventType": "click"}]));
    let beacon = app
        .post_to(PATH, &body)
        .header("content-type", "text/plain");
    assert_eq!(beacon.send().await.status, 200);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(body.to_string().as_bytes()).unwrap();
    let zipped = app.post_to(PATH, &json!({})).body(gzip.finish().unwrap());
    let reply = zipped.header("content-encoding", "gzip").send().await;
    assert_eq!(reply.json()["events_processed"], 1);
}
