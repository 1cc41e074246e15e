use crate::support::{TestApp, id, now_ms, pageview};
use serde_json::json;

#[tokio::test]
async fn the_latest_events_come_as_a_bare_array_newest_first() {
    let app = TestApp::start().await;
    let mut custom = pageview(&id(2));
    custom["type"] = json!("custom");
    custom["name"] = json!("signup");
    custom["props"] = json!({"plan": "pro"});
    custom["t"] = json!(now_ms() - 10);
    let mut old = pageview(&id(1));
    old["t"] = json!(now_ms() - 60_000);
    app.post(app.batch(&[old, custom])).send().await;
    let key = app.key("viewer", &[], &[]).await;
    app.wait_for_events(&key, "shop", 2).await;
    let reply = app.get("/events/recent").key(&key).send().await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let events = reply.json();
    let events = events.as_array().unwrap();
    assert_eq!(events.len(), 2);
    let newest = &events[0];
    assert_eq!(newest["eventType"], "signup");
    assert_eq!(newest["client_id"], app.site.as_str());
    assert_eq!(newest["siteId"], "shop.example");
    assert_eq!(newest["eventData"], json!({"plan": "pro"}));
    assert_eq!(newest["page_data"]["url"], "https://shop.example/page");
    assert_eq!(events[1]["eventType"], "pageview");
    for (query, count) in [
        ("limit=1", 1),
        ("site=shop&limit=1000", 2),
        ("site=demo", 0),
    ] {
        let path = format!("/events/recent?{query}");
        let reply = app.get(&path).key(&key).send().await.json();
        assert_eq!(reply.as_array().map(Vec::len), Some(count), "{query}");
    }
}

#[tokio::test]
async fn strangers_and_nonsense_are_refused() {
    let app = TestApp::start().await;
    let stranger = app.get("/events/recent").send().await;
    assert_eq!(
        (stranger.status, stranger.code().as_str()),
        (401, "unauthorized")
    );
    let how = stranger.header("www-authenticate").unwrap();
    assert!(how.starts_with("Bearer"), "{how}");
    let ingest = app.key("viewer", &[], &["ingest"]).await;
    let reply = app.get("/events/recent").key(&ingest).send().await;
    assert_eq!((reply.status, reply.code().as_str()), (403, "forbidden"));
    let key = app.key("viewer", &["shop"], &[]).await;
    for (query, status, code) in [
        ("limit=0", 400, "invalid_parameter"),
        ("limit=1001", 400, "invalid_parameter"),
        ("color=red", 400, "invalid_parameter"),
        ("site=nowhere", 404, "unknown_site"),
    ] {
        let path = format!("/events/recent?{query}");
        let reply = app.get(&path).key(&key).send().await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (status, code),
            "{query}"
        );
    }
    let owner = app.owner().await;
    app.wait_for_reports(&app.key("viewer", &[], &[]).await)
        .await;
    let login = app.get("/events/recent").cookie(&owner.cookie).send().await;
    assert_eq!(login.json(), json!([]));
}
