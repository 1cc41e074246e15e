//! Keys that read some pages and nothing else.

use super::ask;
use crate::support::{TestApp, id};
use serde_json::{Value, json};

const PATH: &str = "/analytics/marketing-keys";

async fn make(app: &TestApp, admin: &str, body: &Value) -> Value {
    let made = ask(app, admin, "POST", PATH, Some(body)).await;
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()
}

#[tokio::test]
async fn a_marketing_key_is_shown_once_listed_and_revoked() {
    let app = TestApp::start().await;
    let admin = app.key("admin", &[], &[]).await;
    app.wait_for_reports(&admin).await;
    let body = json!({ "name": "Agency", "visible_pages": ["timeseries"], "site_ids": ["shop"] });
    let mut made = make(&app, &admin, &body).await;
    let secret = made["key"].as_str().unwrap().to_owned();
    made.as_object_mut().unwrap().remove("key");
    assert!(secret.starts_with(made["prefix"].as_str().unwrap()));
    let list = ask(&app, &admin, "GET", PATH, None).await;
    assert_eq!(list.json(), json!({ "keys": [made] }));
    assert!(!list.text().contains(&secret));
    assert_eq!(
        (&made["name"], &made["visible_pages"], &made["site_ids"]),
        (&json!("Agency"), &json!(["timeseries"]), &json!([app.site]))
    );
    for (path, status) in [
        ("/analytics/timeseries", 200),
        ("/analytics/overview", 403),
        ("/analytics/sessions", 403),
        ("/analytics/settings", 403),
        (PATH, 403),
        ("/v1/reports/timeseries?site=shop", 200),
        ("/v1/reports/overview?site=shop", 403),
        ("/v1/reports/breakdown?site=shop&dimension=page", 403),
        ("/v1/events", 403),
        ("/v1/sites", 403),
        ("/analytics/timeseries?site=demo", 403),
    ] {
        let reply = ask(&app, &secret, "GET", path, None).await;
        assert_eq!(reply.status, status, "{path}: {}", reply.text());
    }
    let all = ask(&app, &admin, "GET", "/v1/keys", None).await.json();
    assert_eq!(all["keys"][0]["visiblePages"], json!(["timeseries"]));
    let own = format!("{PATH}/{}", made["key_id"].as_str().unwrap());
    let gone = ask(&app, &admin, "DELETE", &own, None).await;
    assert_eq!((gone.status, gone.body.len()), (204, 0));
    let after = ask(&app, &secret, "GET", "/analytics/timeseries", None).await;
    assert_eq!(after.code(), "unauthorized");
}

#[tokio::test]
async fn pages_that_nobody_names_are_those_of_the_site() {
    let app = TestApp::start().await;
    let admin = app.key("admin", &[], &[]).await;
    let settings = json!({ "marketing_visible_pages": ["leads"] });
    let put = ask(
        &app,
        &admin,
        "PUT",
        "/analytics/settings?site=shop",
        Some(&settings),
    );
    assert_eq!(put.await.status, 200);
    let of_shop = json!({ "name": "a", "site_ids": ["shop"] });
    let made = make(&app, &admin, &of_shop).await;
    assert_eq!(made["visible_pages"], json!(["leads"]));
    let made = make(&app, &admin, &json!({ "name": "b" })).await;
    let usual = json!([
        "overview",
        "timeseries",
        "sessions",
        "leads",
        "replay",
        "reports"
    ]);
    assert_eq!(
        (&made["visible_pages"], &made["site_ids"]),
        (&usual, &Value::Null)
    );
}

#[tokio::test]
async fn a_key_of_the_role_marketing_follows_the_site_once_it_limits_marketing() {
    let app = TestApp::start().await;
    let admin = app.key("admin", &[], &[]).await;
    let key = app.key("marketing", &["shop"], &[]).await;
    app.wait_for_reports(&admin).await;
    let breakdown = "/v1/reports/breakdown?site=shop&dimension=page";
    let asked = [
        ("/analytics/overview?site=shop", 200, 403),
        ("/analytics/sessions?site=shop", 200, 200),
        (breakdown, 200, 403),
        ("/v1/events?site=shop", 200, 403),
        ("/v1/sites/shop", 200, 403),
        ("/v1/clients/shop", 200, 403),
    ];
    for (path, before, _) in asked {
        let reply = ask(&app, &key, "GET", path, None).await;
        assert_eq!(reply.status, before, "{path}: {}", reply.text());
    }
    let settings = json!({ "marketing_visible_pages": ["sessions"] });
    let path = "/analytics/settings?site=shop";
    let put = ask(&app, &admin, "PUT", path, Some(&settings)).await;
    assert_eq!(put.status, 200);
    for (path, _, after) in asked {
        let reply = ask(&app, &key, "GET", path, None).await;
        assert_eq!(reply.status, after, "{path}: {}", reply.text());
        let reply = ask(&app, &admin, "GET", path, None).await;
        assert_eq!(reply.status, 200, "{path} for an admin");
    }
    for (path, list) in [("/v1/sites", "sites"), ("/v1/clients", "clients")] {
        let reply = ask(&app, &key, "GET", path, None).await.json();
        assert_eq!(reply[list], json!([]), "{path}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_marketing_key_is_named() {
    let app = TestApp::start().await;
    let admin = app.key("admin", &[], &[]).await;
    for (body, field) in [
        (json!({ "name": "" }), "name"),
        (json!({ "name": "a", "visible_pages": [] }), "visible_pages"),
        (
            json!({ "name": "a", "visible_pages": ["x"] }),
            "visible_pages[0]",
        ),
        (json!({ "name": "a", "site_ids": [] }), "site_ids"),
        (json!({ "name": "a", "expires_at": "soon" }), "expires_at"),
        (
            json!({ "name": "a", "expires_at": "2001-01-01T00:00:00Z" }),
            "expires_at",
        ),
        (json!({ "name": "a", "role": "admin" }), "role"),
    ] {
        let reply = ask(&app, &admin, "POST", PATH, Some(&body)).await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (422, "invalid_body"),
            "{body}"
        );
        assert_eq!(reply.json()["error"]["details"]["field"], field, "{body}");
    }
    let foreign = json!({ "name": "a", "site_ids": ["none"] });
    let foreign = ask(&app, &admin, "POST", PATH, Some(&foreign)).await;
    assert_eq!(foreign.code(), "unknown_site");
    let plain = ask(&app, &admin, "GET", "/v1/keys", None).await.json();
    let plain = format!("{PATH}/{}", plain["keys"][0]["keyId"].as_str().unwrap());
    for path in [plain, format!("{PATH}/{}", id(9)), format!("{PATH}/x")] {
        let reply = ask(&app, &admin, "DELETE", &path, None).await;
        assert_eq!((reply.status, reply.code().as_str()), (404, "not_found"));
    }
}
