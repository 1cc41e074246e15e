//! Keys that stand in the configuration.

use super::ask;
use crate::support::TestApp;
use serde_json::json;

const ADMIN: &str = "an-admin-key-from-long-ago";
const MARKETING: &str = "a-marketing-key.from.long-ago";

#[tokio::test]
async fn a_configured_key_has_its_role_over_the_account() {
    let variables = [
        ("ANALYTICS_API_KEY", ADMIN),
        ("ANALYTICS_MARKETING_API_KEY", MARKETING),
    ];
    let app = TestApp::start_with(&variables).await;
    app.wait_for_reports(ADMIN).await;
    let settings = "/analytics/settings?site=shop";
    let pages = json!({ "marketing_visible_pages": ["sessions"] });
    for (key, path, status) in [
        (ADMIN, "/analytics/overview?site=shop", 200),
        (ADMIN, settings, 200),
        (ADMIN, "/analytics/marketing-keys", 200),
        (MARKETING, "/analytics/overview?site=shop", 200),
        (
            MARKETING,
            "/v1/reports/breakdown?site=shop&dimension=page",
            200,
        ),
        (MARKETING, settings, 403),
        (MARKETING, "/v1/events", 403),
        ("an-admin-key-from-long-agO", settings, 401),
        ("", settings, 401),
    ] {
        let reply = ask(&app, key, "GET", path, None).await;
        assert_eq!(reply.status, status, "{key} {path}");
    }
    assert_eq!(
        ask(&app, ADMIN, "PUT", settings, Some(&pages)).await.status,
        200
    );
    let hidden = ask(
        &app,
        MARKETING,
        "GET",
        "/analytics/overview?site=shop",
        None,
    )
    .await;
    assert_eq!(
        hidden.code(),
        "forbidden",
        "the site says what marketing sees"
    );
    let visible = app
        .get("/analytics/sessions?site=shop")
        .header("x-api-key", MARKETING);
    assert_eq!(visible.send().await.status, 200);
    let token = app.token(&json!({ "api_key": ADMIN })).await;
    let by_token = app.get(settings).header(token.0, &token.1).send().await;
    assert_eq!(by_token.status, 200);
}

#[tokio::test]
async fn without_configuration_there_is_no_such_key() {
    let app = TestApp::start_with(&[("ANALYTICS_API_KEY", "")]).await;
    for key in ["", " ", ADMIN] {
        let reply = ask(&app, key, "GET", "/analytics/settings?site=shop", None).await;
        assert_eq!(reply.status, 401);
    }
}
