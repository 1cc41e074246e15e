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

#[tokio::test]
async fn a_watch_ends_soon_after_its_right_and_keeps_no_session_alive() {
    let app = TestApp::start().await;
    let account = app.account().await;
    let ada = app.owner().await;
    let viewer = app.person(account, Some(Role::Viewer), &[]).await;
    let watch = app.get("/v1/sites/shop/live").cookie(&viewer.cookie);
    let watching = tokio::spawn(async move { watch.stream(|_| false).await });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let path = format!("/v1/users/{}", viewer.id);
    let removed = app
        .request("DELETE", &path)
        .cookie(&ada.cookie)
        .send()
        .await;
    assert_eq!(removed.status, 204);
    let begun = std::time::Instant::now();
    watching.await.unwrap();
    assert!(begun.elapsed().as_secs() < 6, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_session_has_a_bounded_number_of_watches() {
    let app = TestApp::start().await;
    let ada = app.owner().await;
    let mut open = Vec::new();
    for _ in 0..16 {
        let watch = app.get("/v1/sites/shop/live").cookie(&ada.cookie);
        let (seen, shown) = tokio::sync::oneshot::channel();
        let seen = std::sync::Mutex::new(Some(seen));
        open.push(tokio::spawn(async move {
            let told = |text: &str| {
                if let Some(seen) = seen.lock().unwrap().take_if(|_| text.contains("200 OK")) {
                    seen.send(()).unwrap();
                }
                false
            };
            watch.stream(told).await
        }));
        shown.await.unwrap();
    }
    let one_more = app.get("/v1/sites/shop/live").cookie(&ada.cookie);
    let refused = one_more.send().await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (429, "rate_limited")
    );
    open.remove(0).abort();
    let begun = std::time::Instant::now();
    loop {
        let again = app.get("/v1/sites/shop/live").cookie(&ada.cookie);
        let again = again.stream(|text| text.contains("\r\n\r\n")).await;
        if again.starts_with("HTTP/1.1 200") {
            break;
        }
        assert!(
            begun.elapsed().as_secs() < 15,
            "the seat was not given back"
        );
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}
