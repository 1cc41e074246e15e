//! Sessions in accounts with a hipaa site end after a quarter of an hour without use.

use crate::support::{Person, TestApp};
use clew_core::model::EpochMs;
use clew_store::relational::ConnectionTrait as _;
use serde_json::json;

/// As if the person had last done something so long ago.
async fn last_seen(app: &TestApp, minutes: i64) -> i64 {
    let at = clew::clock::now().plus(-minutes * EpochMs::MINUTE).0;
    let work = app.app.db.write_tx(move |tx| {
        Box::pin(async move {
            let sql = format!("UPDATE user_sessions SET last_seen_at = {at}");
            Ok(tx.execute_unprepared(&sql).await.map(drop)?)
        })
    });
    work.await.unwrap();
    at
}

async fn profile(app: &TestApp, profile: &str) {
    let key = app.key("admin", &[], &[]).await;
    let change = json!({ "profile": profile });
    let put = app.request("PUT", "/v1/sites/shop").key(&key).json(&change);
    assert_eq!(put.send().await.status, 200);
}

async fn ask(app: &TestApp, person: &Person, background: &str) -> u16 {
    let request = app.get("/v1/session").cookie(&person.cookie);
    request
        .header("x-clew-background", background)
        .send()
        .await
        .status
}

#[tokio::test]
async fn a_hipaa_site_shortens_every_session_of_its_account() {
    let app = TestApp::start().await;
    let person = app.owner().await;
    for (name, minutes, status) in [
        ("gdpr", 16, 200),
        ("hipaa", 14, 200),
        ("hipaa", 16, 401),
        ("gdpr", 16, 200),
    ] {
        profile(&app, name).await;
        last_seen(&app, minutes).await;
        assert_eq!(ask(&app, &person, "").await, status, "{name} {minutes}");
    }
}

#[tokio::test]
async fn what_a_page_asks_by_itself_keeps_no_session_alive() {
    let app = TestApp::start().await;
    let person = app.owner().await;
    let at = last_seen(&app, 5).await;
    let seen = async || {
        let list = app.get("/v1/sessions").cookie(&person.cookie);
        let list = list.header("x-clew-background", "1").send().await.json();
        let text = list["sessions"][0]["lastSeenAt"]
            .as_str()
            .unwrap()
            .to_owned();
        text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
    };
    assert_eq!(ask(&app, &person, "1").await, 200);
    assert_eq!(seen().await, at);
    assert_eq!(ask(&app, &person, "").await, 200);
    for _ in 0..200 {
        if seen().await > at {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("using the session does not keep it alive");
}
