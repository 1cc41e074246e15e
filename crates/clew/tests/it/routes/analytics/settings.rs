//! Settings of a site.

use super::ask;
use crate::support::TestApp;
use serde_json::{Value, json};

const PATH: &str = "/analytics/settings?site=shop";

#[tokio::test]
async fn settings_have_the_documented_shape_and_change_in_part() {
    let app = TestApp::start().await;
    let admin = app.key("admin", &[], &[]).await;
    let mut expected = json!({
        "send_to_automation": false, "bot_detection": true, "crm_url_template": "",
        "marketing_visible_pages": ["overview", "timeseries", "sessions", "leads", "replay", "reports"],
        "marketing_mask_contacts": true,
        "drought": { "enabled": false, "threshold_minutes": 60, "webhook_url": "" },
    });
    let shown = ask(&app, &admin, "GET", PATH, None).await;
    assert_eq!((shown.status, shown.json()), (200, expected.clone()));
    let change = json!({
        "send_to_automation": true, "marketing_visible_pages": ["overview"],
        "crm_url_template": "https://crm.example/leads/{crm_lead_id}",
        "drought": { "enabled": true, "webhook_url": "https://hooks.example/secret" },
    });
    let changed = ask(&app, &admin, "PUT", PATH, Some(&change)).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    for member in [
        "send_to_automation",
        "marketing_visible_pages",
        "crm_url_template",
    ] {
        expected[member] = change[member].clone();
    }
    expected["drought"]["enabled"] = json!(true);
    expected["drought"]["webhook_url"] = json!("https://hooks.example/secret");
    assert_eq!(changed.json(), expected);
    assert_eq!(ask(&app, &admin, "GET", PATH, None).await.json(), expected);
    let site = app.app.sites.find("shop").unwrap();
    assert!(site.settings().capture.send_to_automation);
    let log = ask(&app, &admin, "GET", "/v1/audit?limit=2", None)
        .await
        .text();
    assert!(
        log.contains("drought") && !log.contains("hooks.example"),
        "{log}"
    );
    let only = app.key("admin", &["shop"], &[]).await;
    assert_eq!(
        ask(&app, &only, "GET", "/analytics/settings", None)
            .await
            .json(),
        expected
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_setting_is_named() {
    let app = TestApp::start().await;
    let admin = app.key("admin", &[], &[]).await;
    let cases: [(Value, &str); 7] = [
        (
            json!({ "drought": { "threshold_minutes": 9 } }),
            "drought.threshold_minutes",
        ),
        (
            json!({ "drought": { "enabled": true } }),
            "drought.webhook_url",
        ),
        (
            json!({ "drought": { "webhook_url": "ftp://x" } }),
            "drought.webhook_url",
        ),
        (
            json!({ "crm_url_template": "javascript:alert(1)" }),
            "crm_url_template",
        ),
        (
            json!({ "marketing_visible_pages": ["all"] }),
            "marketing_visible_pages[0]",
        ),
        (json!({ "bot_detection": "yes" }), "bot_detection"),
        (json!({ "replay": true }), "replay"),
    ];
    for (body, field) in cases {
        let reply = ask(&app, &admin, "PUT", PATH, Some(&body)).await;
        assert_eq!((reply.status, reply.code().as_str()), (422, "invalid_body"));
        assert_eq!(reply.json()["error"]["details"]["field"], field, "{body}");
    }
    let viewer = app.key("viewer", &[], &[]).await;
    assert_eq!(
        ask(&app, &viewer, "GET", PATH, None).await.code(),
        "forbidden"
    );
}
