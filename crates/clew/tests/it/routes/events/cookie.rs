//! The visitor's cookie, as a browser meets it.

use crate::support::{Reply, Request, TestApp, id, pageview};
use clew::admin::NewSiteSpec;
use serde_json::{Value, json};

const COLLECTOR: &str = "stats.shop.example";

/// A site whose visitors get a cookie, under this profile.
async fn cookie_site(profile: &str) -> (TestApp, String) {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    let change = json!({ "profile": profile, "settings": { "visitorId": "cookie" } });
    let path = format!("/v1/sites/{}", app.site);
    let reply = app
        .request("PUT", &path)
        .key(&key)
        .json(&change)
        .send()
        .await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    (app, key)
}

fn send(app: &TestApp, consent: &Value, events: &[Value]) -> Request {
    let body = json!({ "site_id": app.site, "consent": consent, "events": events });
    app.post(body.to_string()).header("host", COLLECTOR)
}

fn given(reply: &Reply) -> Option<String> {
    let cookie = reply.header("set-cookie")?;
    Some(cookie.strip_prefix("_clew=")?.split(';').next()?.to_owned())
}

#[tokio::test]
async fn a_visitor_who_agreed_gets_one_once_and_is_recognised_by_it() {
    let (app, key) = cookie_site("gdpr").await;
    let granted = json!({ "analytics": true });
    let first = send(&app, &granted, &[pageview(&id(1))]).send().await;
    assert_eq!(first.status, 200, "{}", first.text());
    let visitor = given(&first).unwrap();
    let line = first.header("set-cookie").unwrap();
    for part in [
        "HttpOnly",
        "SameSite=Lax",
        "Secure",
        "Path=/",
        "Max-Age=34128000",
    ] {
        assert!(line.contains(part), "{line}");
    }
    assert!(!line.contains("Domain"), "{line}");
    for (name, value) in [
        ("access-control-allow-origin", "https://shop.example"),
        ("access-control-allow-credentials", "true"),
        ("vary", "Origin"),
    ] {
        assert_eq!(first.header(name), Some(value), "{name}");
    }
    let again = send(&app, &granted, &[pageview(&id(2))]).cookie(&format!("_clew={visitor}"));
    let again = again.send().await;
    assert_eq!((again.status, given(&again)), (200, None), "never renewed");
    for event in app.wait_for_events(&key, "shop", 2).await {
        assert_eq!(event["visitorId"], visitor.as_str());
        assert_eq!(event["metadata"]["identity_method"], "cookie", "{event}");
    }
}

#[tokio::test]
async fn a_refusal_takes_it_back_even_without_an_event() {
    let (app, _) = cookie_site("gdpr").await;
    let known = format!("_clew={}", id(9));
    for answer in [
        json!({"analytics": false}),
        json!({"analytics_storage": "denied"}),
        json!("withdrawn"),
    ] {
        let reply = send(&app, &answer, &[]).cookie(&known).send().await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert_eq!(given(&reply).as_deref(), Some(""));
        assert!(reply.header("set-cookie").unwrap().contains("Max-Age=0"));
    }
    let nobody = send(&app, &json!({"analytics": false}), &[]).send().await;
    assert_eq!(given(&nobody), None);
}

#[tokio::test]
async fn nobody_else_gets_one() {
    let (app, _) = cookie_site("gdpr").await;
    let granted = json!({ "analytics": true });
    let page = || [pageview(&uuid::Uuid::now_v7().to_string())];
    for (what, request) in [
        ("nobody was asked", send(&app, &json!({}), &page())),
        (
            "a collector of others",
            send(&app, &granted, &page()).header("host", "stats.other.example"),
        ),
        (
            "a page without TLS",
            send(&app, &granted, &page()).header("origin", "http://shop.example"),
        ),
        (
            "no page at all",
            send(&app, &granted, &page()).header("origin", ""),
        ),
    ] {
        let reply = request.send().await;
        assert_eq!((reply.status, given(&reply)), (200, None), "{what}");
    }
    let foreign = send(&app, &granted, &page())
        .header("host", "stats.other.example")
        .send()
        .await;
    assert_eq!(foreign.header("access-control-allow-origin"), Some("*"));
    assert_eq!(foreign.header("access-control-allow-credentials"), None);
    let evil = send(&app, &granted, &page()).header("origin", "https://evil.shop.example");
    let evil = evil.send().await;
    assert_eq!((evil.status, given(&evil)), (403, None));
    assert_eq!(evil.header("access-control-allow-credentials"), None);
}

#[tokio::test]
async fn a_public_suffix_is_no_common_ground() {
    let (app, key) = cookie_site("standard").await;
    let spec = NewSiteSpec {
        name: "Pages".into(),
        domains: vec!["a.github.io".into()],
        slug: Some("pages".into()),
        time_zone: None,
    };
    let site = app.create_site(spec).await;
    let change = json!({ "profile": "standard", "settings": { "visitorId": "cookie" } });
    let path = format!("/v1/sites/{site}");
    assert_eq!(
        app.request("PUT", &path)
            .key(&key)
            .json(&change)
            .send()
            .await
            .status,
        200
    );
    for (host, gets) in [
        ("stats.github.io", false),
        ("github.io", false),
        ("x.a.github.io", true),
    ] {
        let body = json!({ "site_id": site, "events": [{"type": "pageview", "url": "https://a.github.io/"}] });
        let reply = app
            .post(body.to_string())
            .header("origin", "https://a.github.io")
            .header("host", host);
        let reply = reply.send().await;
        assert_eq!(
            (reply.status, given(&reply).is_some()),
            (200, gets),
            "{host}"
        );
    }
}

#[tokio::test]
async fn profiles_that_recognise_nobody_set_none() {
    let (app, key) = cookie_site("gdpr").await;
    let path = format!("/v1/sites/{}", app.site);
    let exempt = json!({ "profile": "exempt" });
    let refused = app
        .request("PUT", &path)
        .key(&key)
        .json(&exempt)
        .send()
        .await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.json()["error"]["details"]["field"], "visitorId");
    let hipaa = json!({ "profile": "hipaa" });
    assert_eq!(
        app.request("PUT", &path)
            .key(&key)
            .json(&hipaa)
            .send()
            .await
            .status,
        200
    );
    let unknown = send(&app, &json!({}), &[pageview(&id(1))]).send().await;
    assert_eq!((unknown.status, given(&unknown)), (200, None));
}

#[tokio::test]
async fn a_preflight_lets_only_the_sites_own_pages_bring_it() {
    let (app, _) = cookie_site("gdpr").await;
    let ask = |origin: &str, host: &str| {
        app.request("OPTIONS", "/v1/events")
            .header("origin", origin)
            .header("host", host)
    };
    let own = ask("https://shop.example", COLLECTOR).send().await;
    assert_eq!(own.status, 204);
    assert_eq!(
        own.header("access-control-allow-origin"),
        Some("https://shop.example")
    );
    assert_eq!(own.header("access-control-allow-credentials"), Some("true"));
    for (origin, host) in [
        ("https://evil.example", COLLECTOR),
        ("https://shop.example", "stats.other.example"),
        ("null", COLLECTOR),
    ] {
        let other = ask(origin, host).send().await;
        assert_eq!(
            other.header("access-control-allow-origin"),
            Some("*"),
            "{origin} {host}"
        );
        assert_eq!(other.header("access-control-allow-credentials"), None);
    }
}
