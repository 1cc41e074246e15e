use crate::support::{TestApp, now_ms};
use serde_json::{Value, json};
use std::io::Write as _;

const PATH: &str = "/v1/pixel";

fn view(app: &TestApp, id: &str) -> Value {
    json!({
        "project_id": "acme", "pixel_id": app.site, "event_id": id, "visitor_id": "v-1",
        "session_id": "s-1", "event_type": "page_view", "consent": true,
        "page_url": "https://shop.example/products?utm_source=news&gclid=G1",
        "page_title": "Products", "referrer_url": "https://www.google.com/",
        "utm_source": "other", "utm_medium": "email", "utm_campaign": "spring",
        "campaign_region": "at", "ad_group": "g", "ad_id": 9, "search_query": "red shoes",
        "fbclid": "F1", "screen_resolution": "1920x1080", "viewport": "1280x720",
    })
}

#[tokio::test]
async fn a_view_is_answered_with_its_id_and_its_campaign_has_columns() {
    let app = TestApp::start().await;
    let reply = app.post_to(PATH, &view(&app, "evt 1")).send().await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.json(), json!({"success": true, "event_id": "evt 1"}));
    let key = app.key("viewer", &[], &[]).await;
    let events = app.wait_for_events(&key, "shop", 1).await;
    let (event, meta) = (&events[0], &events[0]["metadata"]);
    assert_eq!(event["eventType"], "pageview");
    assert_eq!(event["url"], "https://shop.example/products");
    assert_eq!(event["sessionId"], "s-1");
    for (name, value) in [
        ("source", "news"),
        ("medium", "email"),
        ("campaign", "spring"),
        ("title", "Products"),
        ("screen", "1920x1080"),
        ("viewport", "1280x720"),
    ] {
        assert_eq!(meta[name], value, "{name}: {meta}");
    }
    for (dimension, value) in [
        ("click_id", "gclid"),
        ("campaign_region", "at"),
        ("ad_group", "g"),
        ("ad_id", "9"),
        ("search_query", "red shoes"),
    ] {
        let path = format!("/v1/reports/breakdown?site=shop&period=day&dimension={dimension}");
        let report = app.get(&path).key(&key).send().await.json();
        assert_eq!(report["rows"][0]["value"], value, "{dimension}: {report}");
    }
}

#[tokio::test]
async fn the_same_event_id_counts_once_and_a_missing_one_is_made() {
    let app = TestApp::start().await;
    for _ in 0..3 {
        let reply = app.post_to(PATH, &view(&app, "evt-1")).send().await;
        assert_eq!(reply.json()["event_id"], "evt-1");
    }
    let mut minted = Vec::new();
    for _ in 0..2 {
        let body = json!({"pixel_id": "shop", "page_url": "https://shop.example/"});
        let reply = app.post_to(PATH, &body).send().await.json();
        let id = reply["event_id"].as_str().unwrap().to_owned();
        assert!(uuid::Uuid::try_parse(&id).is_ok(), "{id}");
        minted.push(id);
    }
    // Known by its content.
    let timed =
        json!({"pixel_id": "shop", "page_url": "https://shop.example/t", "timestamp": now_ms()});
    let first = app.post_to(PATH, &timed).send().await.json();
    assert_eq!(app.post_to(PATH, &timed).send().await.json(), first);
    let key = app.key("viewer", &[], &[]).await;
    let events = app.wait_for_events(&key, "shop", 4).await;
    assert_eq!(events.len(), 4);
    let ids: Vec<_> = events
        .iter()
        .filter_map(|event| event["eventId"].as_str())
        .collect();
    assert!(
        minted.iter().all(|id| ids.contains(&id.as_str())),
        "{ids:?}"
    );
    assert!(ids.contains(&first["event_id"].as_str().unwrap()));
}

#[tokio::test]
async fn of_a_form_no_other_field_is_kept() {
    let app = TestApp::start().await;
    let body = json!({
        "pixel_id": "shop", "event_type": "form_submit", "event_id": "f-1", "form_id": "contact",
        "page_url": "https://shop.example/contact",
        "form_data": {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@x.example",
                      "secret_note": "canary-7391"},
    });
    let reply = app.post_to(PATH, &body).send().await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let key = app.key("viewer", &[], &[]).await;
    let events = app.wait_for_events(&key, "shop", 1).await;
    assert_eq!(events[0]["eventType"], "form_submit");
    let text = events[0].to_string();
    assert!(
        !text.contains("canary-7391") && !text.contains("ada@x.example"),
        "{text}"
    );
}

#[tokio::test]
async fn beacons_and_compressed_bodies_are_read() {
    let app = TestApp::start().await;
    let beacon = app.post_to(PATH, &view(&app, "b"));
    let beacon = beacon.header("content-type", "text/plain;charset=UTF-8");
    assert_eq!(beacon.send().await.status, 200);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(view(&app, "z").to_string().as_bytes())
        .unwrap();
    let zipped = app.post_to(PATH, &json!({})).body(gzip.finish().unwrap());
    let reply = zipped.header("content-encoding", "gzip").send().await;
    assert_eq!(reply.json()["event_id"], "z");
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let app = TestApp::start().await;
    let url = "https://shop.example/";
    for (body, status, code) in [
        (json!({"page_url": url}), 422, "invalid_body"),
        (json!({"pixel_id": "shop"}), 422, "invalid_body"),
        (
            json!({"pixel_id": "shop", "page_url": 7}),
            422,
            "invalid_body",
        ),
        (json!([]), 422, "invalid_body"),
        (
            json!({"pixel_id": "nowhere", "page_url": url}),
            404,
            "unknown_site",
        ),
    ] {
        let reply = app.post_to(PATH, &body).send().await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (status, code),
            "{body}"
        );
    }
    let missing = app.post_to(PATH, &json!({"pixel_id": "shop"})).send().await;
    assert_eq!(missing.json()["error"]["details"]["field"], "page_url");
    let torn = app.post_to(PATH, &json!({})).body("{").send().await;
    assert_eq!((torn.status, torn.code().as_str()), (400, "malformed_json"));
    let large = app.post_to(PATH, &json!({})).body(vec![b' '; 2 << 20]);
    assert_eq!(large.send().await.status, 413);
    let form = app.post_to(PATH, &json!({})).body("pixel_id=shop");
    let form = form.header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(form.send().await.status, 415);
    let get = app.get(PATH).send().await;
    assert_eq!(
        (get.status, get.code().as_str()),
        (405, "method_not_allowed")
    );
}
