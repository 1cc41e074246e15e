use crate::support::{TestApp, id, now_ms, pageview};
use serde_json::json;

#[tokio::test]
async fn a_batch_is_acknowledged_and_becomes_visible() {
    let app = TestApp::start().await;
    let reply = app
        .post(app.batch(&[pageview(&id(1)), pageview(&id(2))]))
        .send()
        .await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    insta::assert_json_snapshot!(reply.json());
    let key = app.key("viewer", &[], &[]).await;
    let events = app.wait_for_events(&key, "shop", 2).await;
    let mut ids: Vec<_> = events
        .iter()
        .map(|e| e["eventId"].as_str().unwrap())
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, [id(1), id(2)]);
}

#[tokio::test]
async fn a_bad_item_takes_no_neighbour_with_it() {
    let app = TestApp::start().await;
    let day = 24 * 3_600_000;
    let mut ancient = pageview(&id(2));
    ancient["t"] = json!(now_ms() - 400 * day);
    let mut future = pageview(&id(3));
    future["t"] = json!(now_ms() + 400 * day);
    let mut huge = pageview(&id(4));
    huge["title"] = json!("x".repeat(200_000));
    huge["props"] = json!({ "long": "y".repeat(50_000) });
    let batch = app.batch(&[
        pageview(&id(1)),
        ancient,
        future,
        huge,
        json!({ "id": id(5), "type": 7, "url": ["not", "a", "string"] }),
        json!("not even an object"),
        json!({ "id": id(6) }),
        pageview(&id(7)),
    ]);
    let reply = app.post(batch).send().await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let receipt = reply.json();
    let accepted = receipt["accepted"].as_u64().unwrap();
    let quarantined = receipt["quarantined"].as_array().unwrap();
    assert!(accepted >= 2, "{receipt}");
    assert_eq!(accepted as usize + quarantined.len(), 8, "{receipt}");
    for i in [1, 4, 5] {
        assert!(
            quarantined.iter().any(|item| item["i"] == i),
            "{i}: {receipt}"
        );
    }
    let key = app.key("viewer", &[], &[]).await;
    let events = app.wait_for_events(&key, "shop", accepted as usize).await;
    for expected in [id(1), id(7)] {
        assert!(
            events
                .iter()
                .any(|event| event["eventId"] == expected.as_str())
        );
    }
}

#[tokio::test]
async fn every_reply_carries_its_request_id_and_cors() {
    let app = TestApp::start().await;
    let good = app.post(app.batch(&[pageview(&id(1))]));
    let good = good.header("x-request-id", "abc-1").send().await;
    assert_eq!(good.header("x-request-id"), Some("abc-1"));
    let bad = app
        .post("{")
        .header("x-request-id", "<script>")
        .send()
        .await;
    assert_eq!(bad.status, 400);
    assert_eq!(bad.header("x-request-id").unwrap().len(), 32);
    for reply in [good, bad] {
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
        assert_eq!(reply.header("access-control-allow-credentials"), None);
        let exposed = reply.header("access-control-expose-headers").unwrap();
        assert!(exposed.contains("Retry-After"));
    }
}

#[tokio::test]
async fn a_preflight_is_answered() {
    let app = TestApp::start().await;
    let reply = app
        .request("OPTIONS", "/v1/events")
        .header("origin", "https://shop.example")
        .header("access-control-request-method", "POST")
        .send()
        .await;
    assert_eq!(reply.status, 204);
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    let methods = reply.header("access-control-allow-methods").unwrap();
    assert!(methods.contains("POST"));
}

#[tokio::test]
async fn beacons_send_text_and_may_compress() {
    use std::io::Write;
    let app = TestApp::start().await;
    let beacon = app.post(app.batch(&[pageview(&id(1))]));
    let beacon = beacon
        .header("content-type", "text/plain;charset=UTF-8")
        .send()
        .await;
    assert_eq!(beacon.json()["accepted"], 1);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(app.batch(&[pageview(&id(2))]).as_bytes())
        .unwrap();
    let compressed = app.post(gzip.finish().unwrap());
    let compressed = compressed.header("content-encoding", "gzip").send().await;
    assert_eq!(compressed.json()["accepted"], 1, "{}", compressed.text());
}
