use crate::support::{BROWSER, TestApp};

#[tokio::test]
async fn the_picture_counts_a_view() {
    let app = TestApp::start().await;
    let by_address = app.get("/p.gif?site=shop&url=https%3A%2F%2Fshop.example%2Fmail");
    let by_referer = app
        .get("/p.gif?site=shop")
        .header("referer", "https://shop.example/page");
    for request in [by_address, by_referer] {
        let reply = request.header("user-agent", BROWSER).send().await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert_eq!(reply.header("content-type"), Some("image/gif"));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert!(reply.body.starts_with(b"GIF89a"));
    }
    let key = app.key("viewer", &[], &[]).await;
    let events = app.wait_for_events(&key, "shop", 2).await;
    assert_eq!(events.len(), 2);
}

#[tokio::test]
async fn a_picture_for_nobody_is_refused() {
    let app = TestApp::start().await;
    for (query, status) in [("", 400), ("?site=nowhere&url=https://shop.example/", 404)] {
        let reply = app.get(&format!("/p.gif{query}")).send().await;
        assert_eq!(reply.status, status, "{query}: {}", reply.text());
        assert_eq!(reply.header("content-type"), Some("application/json"));
    }
    let foreign = app.get("/p.gif?site=shop&url=https://shop.example/");
    let foreign = foreign
        .header("referer", "https://evil.example/")
        .send()
        .await;
    assert_eq!(foreign.status, 403);
}

#[tokio::test]
async fn asking_for_the_headers_counts_nothing() {
    let app = TestApp::start().await;
    let query = "/p.gif?site=shop&url=https%3A%2F%2Fshop.example%2F";
    let head = app.request("HEAD", &format!("{query}head"));
    let reply = head.header("user-agent", BROWSER).send().await;
    assert_eq!((reply.status, reply.body.len()), (200, 0));
    assert_eq!(reply.header("content-type"), Some("image/gif"));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    // Events show in the order of the journal: once the later view is there, an earlier one would be.
    let get = app.get(&format!("{query}get"));
    assert_eq!(get.header("user-agent", BROWSER).send().await.status, 200);
    let key = app.key("viewer", &[], &[]).await;
    let events = app.wait_for_events(&key, "shop", 1).await;
    assert_eq!(events.len(), 1, "{events:?}");
}
