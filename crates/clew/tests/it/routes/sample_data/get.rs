use super::{PATH, load, status, wait_for};
use crate::support::TestApp;
use serde_json::json;

#[tokio::test]
async fn a_site_without_sample_data_says_so() {
    let app = TestApp::start().await;
    let key = app.key("viewer", &[], &[]).await;
    assert_eq!(
        status(&app, &key).await,
        json!({ "state": "none", "importId": null, "done": 0, "total": 0, "message": null })
    );
}

#[tokio::test]
async fn progress_leads_to_ready() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    let begun = load(&app, &key, 10_000).await;
    assert_eq!(
        (&begun["state"], &begun["total"]),
        (&json!("loading"), &json!(10_000))
    );
    let ready = wait_for(&app, &key, "ready").await;
    assert_eq!(ready["done"], ready["total"]);
    assert_eq!(ready["importId"], begun["importId"]);
}

#[tokio::test]
async fn who_may_only_look_changes_nothing() {
    let app = TestApp::start().await;
    let key = app.key("viewer", &[], &[]).await;
    for method in ["POST", "DELETE"] {
        let reply = app.request(method, PATH).key(&key).send().await;
        assert_eq!((reply.status, reply.code().as_str()), (403, "forbidden"));
        let nobody = app.request(method, PATH).send().await;
        assert_eq!(nobody.status, 401);
    }
    let other = app
        .get("/v1/sites/nowhere/sample-data")
        .key(&key)
        .send()
        .await;
    assert_eq!((other.status, other.code().as_str()), (404, "unknown_site"));
}
