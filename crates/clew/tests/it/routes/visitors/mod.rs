mod attribution;
mod links;
mod profile;

use crate::support::{Reply, TestApp, id, now_ms};
use serde_json::{Value, json};

const MINUTE: i64 = 60_000;

/// A visitor id as a browser makes it.
fn visitor(n: u128) -> String {
    uuid::Uuid::from_u128(0x0199_aaaa_0000_4000_8000_0000_0000_0000 | n).to_string()
}

/// Somebody who agreed to be recognised opens a page, some minutes ago.
fn view(event: u128, of: u128, minutes_ago: i64, query: &str) -> Value {
    json!({
        "id": id(event),
        "type": "pageview",
        "t": now_ms() - minutes_ago * MINUTE,
        "url": format!("https://shop.example/landing?{query}"),
        "visitor_id": visitor(of),
        "consent": { "analytics": true },
    })
}

fn with(mut event: Value, more: &Value) -> Value {
    let event_members = event.as_object_mut().unwrap();
    event_members.extend(more.as_object().unwrap().clone());
    event
}

/// A server with these events of the shop in both stores, and an administrator's key.
async fn served(events: &[Value]) -> (TestApp, String) {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    let sent = app.post(app.batch(events)).send().await;
    assert_eq!(sent.json()["accepted"], events.len(), "{}", sent.text());
    app.wait_for_events(&key, "shop", events.len()).await;
    (app, key)
}

async fn ask(app: &TestApp, key: &str, path: &str) -> Reply {
    app.get(&format!("/v1/sites/shop/visitors{path}"))
        .key(key)
        .send()
        .await
}

/// The profile, once the relational projection has its touches.
async fn profile(app: &TestApp, key: &str, of: u128, touches: usize) -> Value {
    let begun = std::time::Instant::now();
    loop {
        let reply = ask(app, key, &format!("/{}", visitor(of))).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        let profile = reply.json();
        if profile["touches"].as_array().unwrap().len() == touches {
            return profile;
        }
        assert!(
            begun.elapsed().as_secs() < 20,
            "not {touches} touches: {profile}"
        );
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    }
}
