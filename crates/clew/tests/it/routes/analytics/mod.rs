//! What Pulse dashboards ask.

mod configured_keys;
mod marketing_keys;
mod reports;
mod sessions;
mod settings;

use crate::support::{Reply, TestApp};
use serde_json::Value;

async fn ask(app: &TestApp, key: &str, method: &str, path: &str, body: Option<&Value>) -> Reply {
    let request = app.request(method, path).key(key);
    match body {
        Some(body) => request.json(body).send().await,
        None => request.send().await,
    }
}

#[tokio::test]
async fn whoever_shows_no_key_is_told_how_and_may_still_ask_what_there_is() {
    let app = TestApp::start().await;
    for path in [
        "/analytics/overview",
        "/analytics/timeseries",
        "/analytics/sessions",
        "/analytics/settings",
        "/analytics/marketing-keys",
    ] {
        let reply = app.get(path).send().await;
        assert_eq!((reply.status, reply.code().as_str()), (401, "unauthorized"));
        let asked = reply.header("www-authenticate").unwrap();
        assert!(asked.starts_with("Bearer"), "{asked}");
        let reply = app.request("OPTIONS", path).send().await;
        assert_eq!(reply.status, 204, "{path}");
        assert!(reply.header("allow").unwrap().contains("GET"));
        assert_eq!(reply.header("access-control-allow-origin"), None);
    }
}
