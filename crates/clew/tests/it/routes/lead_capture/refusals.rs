//! Who may hand in a lead, and what is no lead.

use super::{CAPTURE, lead};
use crate::support::TestApp;
use serde_json::{Value, json};

#[tokio::test]
async fn an_integration_needs_a_key_and_a_page_its_domain() {
    let app = TestApp::start().await;
    let ingest = app.key("viewer", &["shop"], &["ingest"]).await;
    let wide = app.key("viewer", &[], &["ingest"]).await;
    let reader = app.key("viewer", &[], &[]).await;
    let mut named = lead("sub");
    named["site_key"] = json!("shop");
    let plain = lead("sub");
    for (origin, key, body, status, code) in [
        ("https://shop.example", "", &plain, 201, ""),
        ("", ingest.as_str(), &plain, 201, ""),
        ("https://backend.example", ingest.as_str(), &named, 201, ""),
        ("", wide.as_str(), &named, 201, ""),
        ("", wide.as_str(), &plain, 401, "unauthorized"),
        ("", reader.as_str(), &named, 403, "forbidden"),
        ("", "sk_wrong", &named, 401, "unauthorized"),
        ("", "", &plain, 401, "unauthorized"),
        ("https://evil.example", "", &plain, 403, "foreign_origin"),
        ("https://evil.example", "", &named, 403, "foreign_origin"),
    ] {
        let request = app.send(CAPTURE, body).header("origin", origin);
        let reply = request.header("x-api-key", key).send().await;
        assert_eq!(reply.status, status, "{origin} {body}: {}", reply.text());
        if status != 201 {
            assert_eq!(reply.code(), code, "{origin}");
        }
    }
}

#[tokio::test]
async fn a_lead_needs_somebody() {
    let app = TestApp::start().await;
    let status = |body: Value| {
        let request = app.send(CAPTURE, &body).send();
        async move {
            let reply = request.await;
            let field = reply.json()["error"]["details"]["field"].clone();
            (reply.status, field.as_str().unwrap_or_default().to_owned())
        }
    };
    for good in [
        json!({ "email": "jane@mail.example" }),
        json!({ "phone": "+49 (151) 234-567" }),
        json!({ "first_name": "Jane", "last_name": "Doe" }),
        json!({ "name": "Jane Doe" }),
        json!({ "fields": { "email": "jane@mail.example" } }),
        json!({ "email": "jane@mail.example", "url": "/contact" }),
    ] {
        assert_eq!(status(good.clone()).await.0, 201, "{good}");
    }
    for (bad, field) in [
        (json!({}), "email"),
        (json!({ "first_name": "Jane" }), "email"),
        (json!({ "name": "Jane" }), "email"),
        (json!({ "message": "hello" }), "email"),
        (json!({ "email": "jane" }), "email"),
        (json!({ "email": "<img src=x>@mail.example" }), "email"),
        (json!({ "email": ["jane@mail.example"] }), "email"),
        (
            json!({ "email": "jane@mail.example", "phone": "call me" }),
            "phone",
        ),
        (
            json!({ "email": "jane@mail.example", "fields": 7 }),
            "fields",
        ),
        (
            json!({ "email": "jane@mail.example", "site_key": {} }),
            "site_key",
        ),
    ] {
        assert_eq!(status(bad.clone()).await, (422, field.to_owned()), "{bad}");
    }
}

#[tokio::test]
async fn hostile_forms_are_bounded() {
    let app = TestApp::start().await;
    let fields: serde_json::Map<_, _> = (0..150)
        .map(|n| (format!("f{n}"), json!("x".repeat(2_000))))
        .collect();
    let body = json!({
        "email": "jane@mail.example",
        "message": format!("a\u{0}b\u{202e}{}", "y".repeat(20_000)),
        "first_name": "J".repeat(1_000),
        "fields": fields,
    });
    let reply = app.send(CAPTURE, &body).send().await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    let kept = app.submissions().await;
    let kept = kept[0]["fields"].as_object().unwrap();
    assert!(
        kept.len() <= 64 && kept.contains_key("email"),
        "{}",
        kept.len()
    );
    assert_eq!(kept["first_name"].as_str().unwrap().len(), 255);
    let all: usize = kept
        .values()
        .map(|value| value.as_str().unwrap().len())
        .sum();
    assert!(all <= 64 << 10, "{all}");
    let deep = format!(
        r#"{{"email":"jane@mail.example","fields":{{"a":{}1{}}}}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let reply = app.send(CAPTURE, &json!({})).body(deep).send().await;
    assert_eq!(reply.status, 201, "{}", reply.text());
}
