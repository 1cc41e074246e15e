//! The log as its readers see it.

use crate::support::TestApp;
use clew_store::relational::ConnectionTrait as _;
use serde_json::{Value, json};

async fn newest(app: &TestApp, key: &str) -> Value {
    let page = app.get("/v1/audit?limit=1").key(key).send().await;
    page.json()["entries"][0].clone()
}

#[tokio::test]
async fn an_entry_says_which_settings_changed_and_how() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    let change = json!({
        "profile": "hipaa",
        "settings": { "eventRetentionDays": 30, "blockedIps": ["203.0.113.77"] },
    });
    let put = app.request("PUT", "/v1/sites/shop").key(&key).json(&change);
    assert_eq!(put.send().await.status, 200);
    let page = app.get("/v1/audit").key(&key).send().await;
    let page = page.json();
    let entries = page["entries"].as_array().unwrap();
    let entry = entries
        .iter()
        .find(|e| e["action"] == "site.update")
        .unwrap();
    assert_eq!(
        entry["detail"]["changes"],
        json!({
            "profile": { "old": "gdpr", "new": "hipaa" },
            "eventRetentionDays": { "old": 180, "new": 30 },
            "blockedIps": { "changed": true },
        })
    );
    assert_eq!(entry["hash"].as_str().unwrap().len(), 64);
    assert!(!page.to_string().contains("203.0.113.77"));
}

#[tokio::test]
async fn entries_about_people_name_roles_and_never_their_data() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let key = app.key("admin", &[], &[]).await;
    let new = json!({ "email": "ada.secret@example.org", "name": "Ada Secret", "role": "viewer" });
    let made = app
        .request("POST", "/v1/users")
        .cookie(&owner.cookie)
        .json(&new);
    let user = made.send().await.json()["user"]["userId"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/v1/users/{user}");
    let change = json!({ "role": "marketing", "name": "Ada Other" });
    let put = app
        .request("PUT", &path)
        .cookie(&owner.cookie)
        .json(&change);
    assert_eq!(put.send().await.status, 200);
    let entry = newest(&app, &key).await;
    let changes = json!({
        "role": { "old": "viewer", "new": "marketing" },
        "name": { "changed": true },
    });
    assert_eq!(entry["detail"]["changes"], changes);
    let all = app.get("/v1/audit").key(&key).send().await;
    let entries = all.json()["entries"].as_array().unwrap().clone();
    let details: Vec<_> = entries.iter().map(|e| e["detail"].to_string()).collect();
    assert!(!details.concat().contains("Ada") && !details.concat().contains("secret"));
}

#[tokio::test]
async fn tampering_is_shown_to_whoever_asks() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    let ask = async || {
        let reply = app.get("/v1/audit/verification").key(&key).send().await;
        reply.json()
    };
    let sound = ask().await;
    assert_eq!(
        (&sound["ok"], &sound["brokenAt"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(sound["head"], newest(&app, &key).await["hash"]);
    let entries = sound["entries"].as_u64().unwrap();
    assert!(entries >= 2);
    let work = app.app.db.write_tx(|tx| {
        Box::pin(async move {
            let sql = "UPDATE audit_log SET subject_id = 'x' WHERE seq = 2";
            Ok(tx.execute_unprepared(sql).await.map(drop)?)
        })
    });
    work.await.unwrap();
    let broken = ask().await;
    let told = (&broken["ok"], &broken["brokenAt"], &broken["problem"]);
    assert_eq!(told, (&json!(false), &json!(2), &json!("altered")));
}
