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
