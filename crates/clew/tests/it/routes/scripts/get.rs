use crate::support::TestApp;

/// Rust-only builds have no tracker; then its address says so.
#[tokio::test]
async fn the_script_is_served_with_its_headers_or_says_what_is_missing() {
    let app = TestApp::start().await;
    let reply = app
        .get("/c.js")
        .header("accept-encoding", "br")
        .send()
        .await;
    if clew::assets::TRACKER.raw("standard.js").is_none() {
        assert_eq!((reply.status, reply.code().as_str()), (404, "not_found"));
        return;
    }
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(reply.header("content-encoding"), Some("br"));
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    let tag = reply.header("etag").unwrap();
    let again = app.get("/c.js").header("accept-encoding", "br");
    let again = again.header("if-none-match", tag).send().await;
    assert_eq!((again.status, again.body.len()), (304, 0));
}

#[tokio::test]
async fn no_path_leads_out_of_the_folder() {
    let app = TestApp::start().await;
    for path in [
        "/m/../../Cargo.toml",
        "/m/..%2f..%2fCargo.toml",
        "/m/x.js",
        "/demo/../Cargo.toml",
        "/demo/%2e%2e/Cargo.toml",
        "/app/..%2f..%2fCargo.toml",
    ] {
        let reply = app.get(path).send().await;
        assert!(!reply.text().contains("[workspace]"), "{path}");
        assert_eq!(reply.status, 404, "{path}");
    }
    assert_eq!(app.get("/c.js?v=../x").send().await.status, 400);
}
