use crate::support::{Reply, TestApp};
use serde_json::json;

async fn ask(app: &TestApp, domain: &str) -> Reply {
    let path = format!("/api/v1/config/domain/{domain}");
    app.get(&path)
        .header("origin", "https://any.example")
        .send()
        .await
}

#[tokio::test]
async fn a_registered_domain_tells_its_rules_and_nothing_else() {
    let app = TestApp::start().await;
    let reply = ask(&app, "shop.example").await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    let expected = json!({
        "client_id": app.site, "privacy_level": "gdpr",
        "ip_collection": {"enabled": false, "hash_required": true},
        "consent": {"required": false, "default_behavior": "opt_in"},
        "features": {"exempt": false, "fingerprint": false, "honour_dnt": false,
                     "silent_when_denied": false},
    });
    assert_eq!(reply.json(), expected);
    for (change, member, value) in [
        (
            json!({"profile": "standard", "ip": "full"}),
            "/privacy_level",
            json!("standard"),
        ),
        (
            json!({}),
            "/ip_collection",
            json!({"enabled": true, "hash_required": false}),
        ),
        (
            json!({"ip": "hmac"}),
            "/ip_collection",
            json!({"enabled": true, "hash_required": true}),
        ),
        (
            json!({"settings": {"consentRequired": true}}),
            "/consent",
            json!({"required": true, "default_behavior": "opt_out"}),
        ),
        (
            json!({"ip": "none", "profile": "exempt"}),
            "/privacy_level",
            json!("gdpr"),
        ),
        (json!({}), "/features/exempt", json!(true)),
        (
            json!({"profile": "hipaa"}),
            "/privacy_level",
            json!("hipaa"),
        ),
    ] {
        app.change_site("shop", &change).await;
        let said = ask(&app, "shop.example").await.json();
        assert_eq!(said.pointer(member), Some(&value), "{said}");
    }
}

#[tokio::test]
async fn hosts_are_matched_as_everywhere() {
    let app = TestApp::start().await;
    let books = app.site_of(&["bücher.example", "*.apps.example"]).await;
    let deep = app
        .site_of(&["*.deep.apps.example", "a.apps.example"])
        .await;
    for (domain, site) in [
        ("SHOP.example", Some(&app.site)),
        ("www.shop.example", Some(&app.site)),
        ("shop.example:8443", Some(&app.site)),
        ("shop.example.", Some(&app.site)),
        ("b%C3%BCcher.example", Some(&books)),
        ("xn--bcher-kva.example", Some(&books)),
        ("b.apps.example", Some(&books)),
        ("a.apps.example", Some(&deep)),
        ("x.deep.apps.example", Some(&deep)),
        ("apps.example", None),
        ("%2A.apps.example", None),
        ("nobody.example", None),
        ("a%20b", None),
        ("%FF", None),
        (&"x".repeat(3000), None),
    ] {
        let reply = ask(&app, domain).await;
        match site {
            Some(site) => assert_eq!(&reply.json()["client_id"], site, "{domain}"),
            None => assert_eq!((reply.status, reply.code().as_str()), (404, "not_found")),
        }
    }
    app.change_site(&books, &json!({"isActive": false})).await;
    assert_eq!(ask(&app, "b.apps.example").await.status, 404);
}

#[tokio::test]
async fn it_is_open_and_limited_by_network() {
    let app = TestApp::start_with(&[("CLEW_RATE_LIMIT_PER_MINUTE", "2")]).await;
    for status in [200, 404, 429] {
        let domain = if status == 404 {
            "nobody.example"
        } else {
            "shop.example"
        };
        let reply = ask(&app, domain).await;
        assert_eq!(reply.status, status);
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
        assert_eq!(reply.header("retry-after").is_some(), status == 429);
    }
}
