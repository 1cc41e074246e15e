use crate::support::{TestApp, id, pageview};

#[tokio::test]
async fn what_happened_is_counted() {
    let app = TestApp::start().await;
    let batch = app.batch(&[pageview(&id(1))]);
    app.post(batch.clone()).send().await;
    app.post(batch).send().await;
    let key = app.key("admin", &[], &[]).await;
    let text = app.get("/metrics").key(&key).send().await.text();
    for line in [
        "clew_events_accepted_total 1",
        "clew_events_duplicate_total 1",
        "clew_http_request_seconds{route=\"/v1/events\",quantile=\"0.99\"}",
        "clew_memory_resident_bytes",
        "clew_journal_lag_records",
    ] {
        assert!(text.contains(line), "{line} is missing in\n{text}");
    }
}
