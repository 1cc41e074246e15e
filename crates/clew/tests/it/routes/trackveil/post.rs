use crate::support::{TestApp, id, pageview};
use serde_json::{Value, json};

const PATH: &str = "/track";

fn view(app: &TestApp) -> Value {
    json!({
        "site_id": app.site, "fingerprint": "9f86d081884c7d65", "url": "https://shop.example/p",
        "title": "Products", "referrer": "https://www.google.com/", "screen": "1920x1080",
        "viewport": "1280x720", "language": "de-AT", "timezone": "Europe/Vienna", "load_time": 412,
    })
}

#[tokio::test]
async fn a_view_is_counted_without_a_cookie() {
    let app = TestApp::start().await;
    // Even where the site's other doors give one.
    app.change_site("shop", &json!({"settings": {"visitorId": "cookie"}}))
        .await;
    let reply = app.post_to(PATH, &view(&app)).send().await;
    assert_eq!(
        (reply.status, reply.json()),
        (200, json!({"success": true}))
    );
    assert_eq!(reply.header("set-cookie"), None);
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    assert_eq!(reply.header("access-control-allow-credentials"), None);
    let key = app.key("viewer", &[], &[]).await;
    let events = app.wait_for_events(&key, "shop", 1).await;
    let event = &events[0];
    assert_eq!(event["eventType"], "pageview");
    assert_eq!(event["payload"]["load_time_ms"], 412);
    assert_eq!(event["metadata"]["identity_method"], "daily_hash");
    assert_eq!(event["metadata"]["language"], "de-AT");
    assert!(!event.to_string().contains("9f86d081884c7d65"));
}

#[tokio::test]
async fn a_fingerprint_counts_only_where_it_is_allowed() {
    let app = TestApp::start().await;
    let mut granted = view(&app);
    granted["consent"] = json!(true);
    app.post_to(PATH, &granted).send().await;
    app.change_site("shop", &json!({"settings": {"fingerprint": true}}))
        .await;
    app.post_to(PATH, &view(&app)).send().await;
    app.post_to(PATH, &granted).send().await;
    let key = app.key("viewer", &[], &[]).await;
    let events = app.wait_for_events(&key, "shop", 3).await;
    let mut methods: Vec<_> = events
        .iter()
        .map(|event| event["metadata"]["identity_method"].as_str().unwrap())
        .collect();
    methods.sort_unstable();
    assert_eq!(methods, ["daily_hash", "daily_hash", "fingerprint"]);
}

#[tokio::test]
async fn the_sdks_batches_come_in_here_and_count_once() {
    let app = TestApp::start().await;
    let batch: Value =
        serde_json::from_str(&app.batch(&[pageview(&id(1)), pageview(&id(2))])).unwrap();
    for _ in 0..2 {
        let reply = app.post_to(PATH, &batch).send().await;
        assert_eq!(
            (reply.status, reply.json()),
            (200, json!({"success": true}))
        );
    }
    // The same events at the SDK's usual door are the same events.
    let reply = app.post_to("/v1/events", &batch).send().await.json();
    assert_eq!(
        (&reply["accepted"], &reply["duplicates"]),
        (&json!(0), &json!(2))
    );
}

#[tokio::test]
async fn a_named_view_that_is_sent_again_counts_once() {
    let app = TestApp::start().await;
    let mut named = view(&app);
    named["id"] = json!("view-1");
    for _ in 0..3 {
        assert_eq!(app.post_to(PATH, &named).send().await.status, 200);
    }
    app.post_to(PATH, &view(&app)).send().await;
    let key = app.key("viewer", &[], &[]).await;
    assert_eq!(app.wait_for_events(&key, "shop", 2).await.len(), 2);
}

#[tokio::test]
async fn an_unknown_site_is_not_found_and_a_malformed_one_is_malformed() {
    let app = TestApp::start().await;
    let url = "https://shop.example/";
    for (body, status, code) in [
        (
            json!({"site_id": "not a site", "url": url}),
            400,
            "invalid_site_id",
        ),
        (json!({"site_id": "", "url": url}), 400, "invalid_site_id"),
        (json!({"url": url}), 400, "invalid_site_id"),
        (
            json!({"site_id": uuid::Uuid::new_v4(), "url": url}),
            404,
            "unknown_site",
        ),
        (
            json!({"site_id": "nowhere", "url": url}),
            404,
            "unknown_site",
        ),
        (json!({"site_id": "shop"}), 422, "invalid_body"),
        (
            json!({"site_id": "shop", "url": url, "load_time": "x"}),
            422,
            "invalid_body",
        ),
    ] {
        let reply = app.post_to(PATH, &body).send().await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (status, code),
            "{body}"
        );
    }
    let torn = app.post_to(PATH, &json!({})).body("{").send().await;
    assert_eq!((torn.status, torn.code().as_str()), (400, "malformed_json"));
    let beacon = app
        .post_to(PATH, &view(&app))
        .header("content-type", "text/plain");
    assert_eq!(beacon.send().await.status, 200);
}
