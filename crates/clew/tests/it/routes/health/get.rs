use crate::support::TestApp;

#[tokio::test]
async fn a_healthy_server_says_so() {
    let app = TestApp::start().await;
    let reply = app.get("/health").send().await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let health = reply.json();
    for part in ["status", "database", "journal", "disk"] {
        assert_eq!(health[part], "ok", "{health}");
    }
    assert!(health["response_time_ms"].is_number());
    assert_eq!(app.get("/health/live").send().await.status, 200);
}
