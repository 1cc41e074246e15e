use crate::support::{TestApp, id, pageview};
use clew_store::relational::Role;

#[tokio::test]
async fn an_event_is_shown_as_it_becomes_visible_and_those_of_other_sites_are_not() {
    let app = TestApp::start().await;
    let ada = app.owner().await;
    let key = app.key("admin", &[], &[]).await;
    app.wait_for_reports(&key).await;
    let watch = app.get("/v1/sites/shop/live").cookie(&ada.cookie);
    let seen = |text: &str| text.contains("event: presence") && text.contains("event: event");
    let watching = tokio::spawn(async move { watch.stream(seen).await });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let foreign = format!(
        r#"{{"site_id":"demo","events":[{{"id":"{}","type":"pageview","url":"http://localhost/secret"}}]}}"#,
        id(1)
    );
    app.request("POST", "/v1/events")
        .header("user-agent", crate::support::BROWSER)
        .body(foreign)
        .send()
        .await;
    app.post(app.batch(&[pageview(&id(2))])).send().await;
    let text = watching.await.unwrap();
    assert!(text.contains("content-type: text/event-stream"), "{text}");
    assert!(
        text.contains(&format!("\"eventId\":\"{}\"", id(2))),
        "{text}"
    );
    assert!(!text.contains("secret"), "{text}");
}

#[tokio::test]
async fn a_stopping_server_lets_its_watchers_go() {
    let app = TestApp::start().await;
    let ada = app.owner().await;
    let watch = app.get("/v1/sites/shop/live").cookie(&ada.cookie);
    let watching = tokio::spawn(async move { watch.stream(|_| false).await });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let begun = std::time::Instant::now();
    app.shut_down().await;
    assert!(
        begun.elapsed().as_secs() < 8,
        "the drain waited for a watcher"
    );
    assert!(watching.await.unwrap().starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn who_may_not_read_may_not_watch() {
    let app = TestApp::start().await;
    let account = app.account().await;
    let bob = app.person(account, None, &[]).await;
    let reply = app
        .get("/v1/sites/shop/live")
        .cookie(&bob.cookie)
        .send()
        .await;
    assert_eq!(reply.code(), "unknown_site");
    let viewer = app.person(account, Some(Role::Viewer), &[]).await;
    let head = app.get("/v1/sites/shop/live").cookie(&viewer.cookie);
    let head = head.stream(|text| text.contains("\r\n\r\n")).await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
}
