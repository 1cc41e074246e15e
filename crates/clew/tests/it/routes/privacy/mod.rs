//! What a site says about itself.

use crate::support::{TestApp, id, pageview};
use serde_json::json;

#[tokio::test]
async fn the_summary_shows_rules_mixes_salts_and_terms() {
    let app = TestApp::start().await;
    let key = app.key("viewer", &[], &[]).await;
    app.wait_for_reports(&key).await;
    let mut granted = pageview(&id(2));
    granted["consent"] = json!({ "analytics": true });
    let batch = app.batch(&[pageview(&id(1)), granted]);
    assert_eq!(app.post(batch).send().await.status, 200);
    app.wait_for_events(&key, "shop", 2).await;
    let reply = app.get("/v1/sites/shop/privacy").key(&key).send().await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let view = reply.json();
    assert_eq!(
        (&view["profile"], &view["ip"]),
        (&json!("gdpr"), &json!("none"))
    );
    let states: Vec<_> = view["table"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["state"])
        .collect();
    assert_eq!(states, ["unknown", "denied", "granted", "gpc"]);
    assert_eq!(
        view["table"][0]["keeps"],
        json!(["statistics", "submissions"])
    );
    assert_eq!(
        view["table"][2]["keeps"],
        json!([
            "statistics",
            "visitor_id",
            "user_id",
            "click_ids",
            "submissions",
            "partial_values"
        ])
    );
    let mix = &view["consentMix"];
    assert_eq!((&mix["granted"], &mix["unknown"]), (&json!(1), &json!(1)));
    assert_eq!(mix["events"], 2);
    assert_eq!(view["salts"]["living"].as_array().unwrap().len(), 1);
    assert_eq!(view["salts"]["destroyed"]["chainOk"], true);
    assert_eq!(view["retention"]["eventDays"], 180);
    assert_eq!(view["visitorId"]["policy"], "storage");
}

#[tokio::test]
async fn the_processing_record_follows_the_configuration() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    let path = "/v1/sites/shop/processing-record";
    let before = app.get(path).key(&key).send().await;
    assert_eq!(before.status, 200, "{}", before.text());
    assert!(before.text().contains("Visitor id") && before.text().contains("180 days"));
    let change = json!({
        "profile": "exempt",
        "settings": { "eventRetentionDays": 33, "retentionAction": "delete" },
    });
    let put = app.request("PUT", "/v1/sites/shop").key(&key).json(&change);
    assert_eq!(put.send().await.status, 200);
    let record = app.get(path).key(&key).send().await.json();
    assert_eq!(record["site"]["profile"], "exempt");
    assert_eq!(record["retention"][0]["term"], "33 days");
    let never = record["notStored"].to_string();
    assert!(
        never.contains("Visitor id") && never.contains("Click ids"),
        "{never}"
    );
    let document = app.get(&format!("{path}?format=md")).key(&key).send().await;
    assert_eq!(
        document.header("content-type"),
        Some("text/markdown; charset=utf-8")
    );
    assert!(
        document
            .text()
            .starts_with("# Record of processing activities: Shop")
    );
    let refused = app
        .get(&format!("{path}?format=pdf"))
        .key(&key)
        .send()
        .await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (400, "invalid_parameter")
    );
}
