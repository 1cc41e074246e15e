//! "Which host is it?"

use crate::support::{TestApp, id, pageview};
use serde_json::Value;

#[tokio::test]
async fn the_page_must_be_on_the_sites_list() {
    let app = TestApp::start().await;
    let cases = [
        ("https://shop.example", "", 200),
        ("https://www.shop.example", "", 200),
        ("http://shop.example:8080", "", 200),
        ("", "https://shop.example/page?x=1", 200),
        ("null", "https://shop.example/", 200),
        ("", "", 200),
        ("https://evil.example", "", 403),
        ("https://evil.example", "https://shop.example/", 403),
        ("https://shop.example.evil.example", "", 403),
        ("https://notshop.example", "", 403),
        ("https://blog.shop.example", "", 403),
        ("", "https://evil.example/?https://shop.example", 403),
        ("chrome-extension://shop.example", "", 403),
    ];
    for (n, (origin, referer, status)) in (1..).zip(cases) {
        let request = app.post(app.batch(&[pageview(&id(n))]));
        let request = request.header("origin", origin).header("referer", referer);
        let reply = request.send().await;
        assert_eq!(
            reply.status,
            status,
            "{origin:?} {referer:?}: {}",
            reply.text()
        );
        if status == 403 {
            assert_eq!(reply.code(), "foreign_origin");
        }
    }
}

#[tokio::test]
async fn without_a_page_the_event_is_marked() {
    let app = TestApp::start().await;
    let silent = app.post(app.batch(&[pageview(&id(1))]));
    assert_eq!(silent.header("origin", "").send().await.status, 200);
    assert_eq!(
        app.post(app.batch(&[pageview(&id(2))])).send().await.status,
        200
    );
    // A sandboxed frame, or a beacon under `Referrer-Policy: no-referrer`.
    let opaque = app.post(app.batch(&[pageview(&id(3))]));
    assert_eq!(opaque.header("origin", "null").send().await.status, 200);
    let key = app.key("viewer", &[], &[]).await;
    let events = app.wait_for_events(&key, "shop", 3).await;
    let marked = |id: &str| {
        let event = events.iter().find(|event| event["eventId"] == id).unwrap();
        event["metadata"]["unverified_origin"].clone()
    };
    assert_eq!(marked(&id(1)), Value::Bool(true));
    assert_eq!(marked(&id(2)), Value::Null);
    assert_eq!(marked(&id(3)), Value::Bool(true));
}

#[tokio::test]
async fn a_server_with_an_ingest_key_needs_no_page() {
    let app = TestApp::start().await;
    let key = app.key("viewer", &["shop"], &["ingest"]).await;
    let request = app.post(app.batch(&[pageview(&id(1))]));
    let reply = request
        .header("origin", "https://backend.example")
        .key(&key)
        .send()
        .await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let reader = app.key("viewer", &[], &[]).await;
    let request = app.post(app.batch(&[pageview(&id(2))]));
    assert_eq!(request.key(&reader).send().await.status, 403);
    let request = app.post(app.batch(&[pageview(&id(3))]));
    assert_eq!(request.key("sk_wrong").send().await.status, 401);
}

#[tokio::test]
async fn the_demo_shop_may_write_from_wherever_it_is_served() {
    let app = TestApp::start().await;
    // Somebody else takes the host that the demo site had at first.
    let spec = clew::admin::NewSiteSpec {
        name: "Local".into(),
        domains: vec!["127.0.0.1".into()],
        slug: None,
        time_zone: None,
    };
    app.create_site(spec).await;
    let own = format!("http://{}", app.address);
    let send = |origin: &str, n| {
        let mut event = pageview(&id(n));
        event["url"] = format!("{own}/demo/").into();
        let batch = serde_json::json!({ "site_id": "demo", "events": [event] });
        app.post(batch.to_string()).header("origin", origin).send()
    };
    let reply = send(&own, 1).await;
    assert_eq!(reply.json()["accepted"], 1, "{}", reply.text());
    assert_eq!(send("https://evil.example", 2).await.status, 403);
}

#[tokio::test]
async fn the_demo_shop_may_write_from_the_public_address() {
    // The proxy in front rewrites Host, so only the configuration knows the name in the browser.
    let app = TestApp::start_with(&[("CLEW_PUBLIC_URL", "https://stats.example")]).await;
    let send = |origin: &str, n| {
        let mut event = pageview(&id(n));
        event["url"] = "https://stats.example/demo/".into();
        let batch = serde_json::json!({ "site_id": "demo", "events": [event] });
        app.post(batch.to_string()).header("origin", origin).send()
    };
    let reply = send("https://stats.example", 1).await;
    assert_eq!(reply.json()["accepted"], 1, "{}", reply.text());
    assert_eq!(send("https://evil.example", 2).await.status, 403);
}
