//! What a form builder asks for.

use super::forms::{ask, contact};
use crate::support::{Reply, Request, TestApp};
use serde_json::json;

fn request(app: &TestApp, query: &str) -> Request {
    app.get(&format!("/forms/config?{query}"))
}

async fn from(app: &TestApp, query: &str, origin: &str) -> Reply {
    request(app, query).header("origin", origin).send().await
}

const CONTACT: &str = "domain=shop.example&form=Contact";
const SHOP: &str = "https://www.shop.example";

#[tokio::test]
async fn a_page_of_the_domain_gets_the_forms_schema() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    let form = contact(&app, &key).await;
    let fields = format!("/v1/forms/{}/fields", form["formId"].as_str().unwrap());
    let field = json!({
        "fieldName": "email", "fieldSelector": "#e", "fieldType": "email", "label": "Mail",
        "isRequired": true, "validationRules": { "maxLength": 99 },
    });
    assert_eq!(
        ask(&app, &key, "POST", &fields, Some(&field)).await.status,
        201
    );
    let theme = json!({ "config": { "theme": { "colour": "teal" } } });
    ask(&app, &key, "PUT", "/v1/clients/shop", Some(&theme)).await;
    let reply = from(&app, CONTACT, SHOP).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    let expected = json!({
        "form_id": form["formId"], "name": "Contact", "site_key": app.site,
        "page_url": "/contact", "selector": "#contact", "theme": { "colour": "teal" },
        "fields": [{
            "name": "email", "type": "email", "label": "Mail", "required": true,
            "validation": { "maxLength": 99 }, "order": 0,
        }],
    });
    assert_eq!(reply.json(), expected);
    for name in [form["formId"].as_str().unwrap(), "contact"] {
        let query = format!("domain=https://shop.example/&form={name}");
        assert_eq!(from(&app, &query, SHOP).await.json(), expected, "{name}");
    }
    let referred = request(&app, CONTACT).header("referer", "https://shop.example/contact?x=1");
    assert_eq!(referred.send().await.status, 200);
}

#[tokio::test]
async fn whoever_holds_a_key_of_the_site_needs_no_page() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    contact(&app, &key).await;
    let client = ask(&app, &key, "GET", "/v1/clients/shop", None)
        .await
        .json();
    let write_key = client["apiKey"].as_str().unwrap();
    let with = |key: &str| request(&app, CONTACT).header("x-api-key", key);
    assert_eq!(with(write_key).send().await.status, 200);
    let ingest = app.key("admin", &["shop"], &["ingest"]).await;
    assert_eq!(with(&ingest).send().await.status, 200);
    let reads = app.key("admin", &["shop"], &["read"]).await;
    assert_eq!(with(&reads).send().await.status, 200);
    let manages = app.key("admin", &["shop"], &["manage"]).await;
    assert_eq!(with(&manages).send().await.code(), "forbidden");
    let foreign = with(write_key).header("origin", "https://evil.example");
    assert_eq!(foreign.send().await.code(), "foreign_origin");
    let other = app.key("admin", &["demo"], &[]).await;
    assert_eq!(with(&other).send().await.code(), "forbidden");
    let wrong = with("pk_00112233445566778899aabbccddeeff").send().await;
    assert_eq!((wrong.status, wrong.code().as_str()), (403, "forbidden"));
    let wrong = with("sk_nonsense").send().await;
    assert_eq!((wrong.status, wrong.code().as_str()), (401, "unauthorized"));
}

#[tokio::test]
async fn everybody_else_is_refused_and_a_missing_form_is_said_to_be_missing() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    let form = contact(&app, &key).await;
    for (query, origin, status, code) in [
        (CONTACT, "https://evil.example", 403, "foreign_origin"),
        (CONTACT, "", 403, "origin_required"),
        (CONTACT, "null", 403, "origin_required"),
        (
            "domain=evil.example&form=Contact",
            "https://evil.example",
            403,
            "foreign_origin",
        ),
        (
            "domain=evil.example&form=Contact",
            SHOP,
            403,
            "foreign_origin",
        ),
        ("domain=shop.example&form=none", SHOP, 404, "not_found"),
        ("domain=shop.example&form=", SHOP, 404, "not_found"),
        ("domain=shop.example", SHOP, 400, "invalid_parameter"),
        ("form=Contact", SHOP, 400, "invalid_parameter"),
    ] {
        let reply = from(&app, query, origin).await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (status, code),
            "{query} {origin}"
        );
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    }
    let own = format!("/v1/forms/{}", form["formId"].as_str().unwrap());
    ask(&app, &key, "PUT", &own, Some(&json!({ "isActive": false }))).await;
    assert_eq!(from(&app, CONTACT, SHOP).await.code(), "not_found");
    ask(
        &app,
        &key,
        "PUT",
        "/v1/clients/shop",
        Some(&json!({ "isActive": false })),
    )
    .await;
    assert_eq!(from(&app, CONTACT, SHOP).await.code(), "foreign_origin");
}

#[tokio::test]
async fn a_write_key_has_an_allowance_and_a_preflight_is_answered() {
    let app = TestApp::start_with(&[("CLEW_WRITE_KEY_RATE_LIMIT_PER_MINUTE", "2")]).await;
    let key = app.key("admin", &[], &[]).await;
    contact(&app, &key).await;
    let client = ask(&app, &key, "GET", "/v1/clients/shop", None)
        .await
        .json();
    let write_key = client["apiKey"].as_str().unwrap();
    for status in [200, 200, 429] {
        let reply = request(&app, CONTACT)
            .header("x-api-key", write_key)
            .send()
            .await;
        assert_eq!(reply.status, status);
        if status == 429 {
            assert_eq!(reply.header("ratelimit-limit"), Some("2"));
            assert!(reply.header("retry-after").is_some());
        }
    }
    let preflight = app.request("OPTIONS", "/forms/config").send().await;
    assert_eq!(preflight.status, 204);
    assert_eq!(preflight.header("access-control-allow-origin"), Some("*"));
}
