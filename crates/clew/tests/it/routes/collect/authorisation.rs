//! Whose events are whose: every door that names a site, and every way in which a page, a site and
//! a write key can agree or not.

use crate::support::{BROWSER, Reply, Request, TestApp, id, pageview};
use serde_json::{Value, json};

/// What a page sends at each door, for a site named like this.
fn doors(site: &str, n: u128) -> [(&'static str, Value); 4] {
    let url = "https://shop.example/";
    [
        (
            "/v1/events",
            json!({"site_id": site, "events": [pageview(&id(n))]}),
        ),
        ("/v1/pixel", json!({"pixel_id": site, "page_url": url})),
        (
            "/collect",
            json!({"siteId": site, "sessionId": "s", "eventType": "pageview", "url": url}),
        ),
        ("/track", json!({"site_id": site, "url": url})),
    ]
}

fn code(reply: &Reply) -> String {
    match reply.status {
        200 => String::new(),
        _ => reply.code(),
    }
}

async fn write_key(app: &TestApp, site: &str) -> String {
    let site = app.change_site(site, &json!({})).await;
    site["writeKey"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_page_decides_at_every_door() {
    let app = TestApp::start().await;
    let listed = json!({"domains": ["shop.example", "*.apps.example", "bücher.example",
        "127.0.0.1", "[::1]", "*.deep.apps.example"]});
    app.change_site("shop", &listed).await;
    for (origin, referer, allowed) in [
        ("https://shop.example", "", true),
        ("https://SHOP.Example", "", true),
        ("https://shop.example.", "", true),
        ("https://www.shop.example:8443", "", true),
        ("https://a.apps.example", "", true),
        ("https://x.deep.apps.example", "", true),
        ("https://apps.example", "", false),
        ("https://bücher.example", "", true),
        ("https://xn--bcher-kva.example", "", true),
        ("http://127.0.0.1:3000", "", true),
        ("http://127.0.0.2", "", false),
        ("http://[::1]:3000", "", true),
        ("http://[::2]", "", false),
        ("http://localhost", "", false),
        ("http://localhost:8080", "", false),
        ("null", "https://shop.example/page", true),
        ("null", "https://evil.example/page", false),
        ("null", "", true),
        ("", "https://shop.example/page", true),
        ("", "", true),
        ("https://evil.example", "https://shop.example/", false),
        ("https://shop.example", "https://evil.example/", true),
        ("https://shop.example https://evil.example", "", false),
        ("https://shop.example, https://shop.example", "", false),
        ("garbage", "https://shop.example/", false),
        ("file:///home/x.html", "", false),
        ("https://shop.example.evil.example", "", false),
        ("https://evilshop.example", "", false),
    ] {
        for (path, body) in doors(&app.site, 1) {
            let request = app.post_to(path, &body).header("origin", origin);
            let reply = request.header("referer", referer).send().await;
            let expected = if allowed { "" } else { "foreign_origin" };
            let case = format!("{path} {origin:?} {referer:?}: {}", reply.text());
            assert_eq!(code(&reply), expected, "{case}");
        }
    }
}

#[tokio::test]
async fn localhost_writes_only_where_it_is_listed() {
    let app = TestApp::start().await;
    let local = app.site_of(&["localhost"]).await;
    for (site, expected) in [(local.as_str(), ""), ("shop", "foreign_origin")] {
        for (path, body) in doors(site, 1) {
            let request = app.post_to(path, &body);
            let reply = request.header("origin", "http://localhost:5173").send();
            assert_eq!(code(&reply.await), expected, "{path}");
        }
    }
}

#[tokio::test]
async fn two_headers_of_one_kind_vouch_for_nobody() {
    let app = TestApp::start().await;
    for (path, body) in doors(&app.site, 1) {
        let request = app.post_to(path, &body);
        let reply = request
            .header("Origin", "https://shop.example")
            .send()
            .await;
        assert_eq!(code(&reply), "foreign_origin", "{path}");
    }
}

#[tokio::test]
async fn a_site_that_is_paused_deleted_or_missing_takes_nothing() {
    let app = TestApp::start().await;
    let paused = app.site_of(&["paused.example"]).await;
    app.change_site(&paused, &json!({"isActive": false})).await;
    let deleted = app.site_of(&["deleted.example"]).await;
    let key = app.key("admin", &[], &[]).await;
    let path = format!("/v1/sites/{deleted}");
    assert_eq!(
        app.request("DELETE", &path).key(&key).send().await.status,
        204
    );
    let missing = uuid::Uuid::new_v4().to_string();
    for site in [&paused, &deleted, &missing] {
        for (path, body) in doors(site, 1) {
            let reply = app.post_to(path, &body).header("origin", "").send().await;
            let expected = if path == "/collect" {
                "foreign_origin"
            } else {
                "unknown_site"
            };
            assert_eq!(code(&reply), expected, "{path} {}", reply.text());
        }
    }
}

#[tokio::test]
async fn a_write_key_opens_its_own_site_to_its_own_pages() {
    let app = TestApp::start().await;
    let other = app.site_of(&["other.example"]).await;
    let (own, foreign) = (write_key(&app, "shop").await, write_key(&app, &other).await);
    for (key, origin, expected) in [
        (own.as_str(), "https://shop.example", ""),
        (&own, "", ""),
        (&own, "https://evil.example", "foreign_origin"),
        (&own, "https://other.example", "foreign_origin"),
        (&foreign, "https://shop.example", "forbidden"),
        (&foreign, "", "forbidden"),
        (
            "pk_00112233445566778899aabbccddeeff",
            "https://shop.example",
            "unauthorized",
        ),
    ] {
        for (path, body) in doors(&app.site, 1) {
            let request = app.post_to(path, &body).header("origin", origin);
            let reply = request.header("x-api-key", key).send().await;
            assert_eq!(code(&reply), expected, "{path} {key} {origin:?}");
        }
    }
    // Where the site's id stands, the key may stand too.
    for (path, body) in doors(&own, 2) {
        let reply = app.post_to(path, &body).send().await;
        assert_eq!(code(&reply), "", "{path}: {}", reply.text());
    }
}

async fn collect(app: &TestApp, site: &str, origin: &str) -> String {
    let body = json!({"siteId": site, "sessionId": "s", "eventType": "pageview"});
    let request = app.post_to("/collect", &body).header("origin", origin);
    code(&request.send().await)
}

#[tokio::test]
async fn a_declared_host_must_be_the_pages_own_sites() {
    let app = TestApp::start().await;
    let specific = app
        .site_of(&["a.apps.example", "*.deep.apps.example"])
        .await;
    let wide = app.site_of(&["*.apps.example"]).await;
    let foreign = "foreign_origin";
    for (declared, origin, expected) in [
        ("shop.example", "", ""),
        ("WWW.Shop.Example:8080", "", ""),
        ("https://shop.example/page", "", ""),
        ("shop.example", "https://www.shop.example", ""),
        ("other.example", "", foreign),
        ("not a host", "", foreign),
        ("*.apps.example", "https://shop.example", foreign),
        // A page that is somebody's is who it is, whatever it calls itself.
        ("unheard-of.example", "https://shop.example", ""),
        ("shop.example", "https://evil.example", foreign),
        ("shop.example", "https://a.apps.example", foreign),
        ("a.apps.example", "https://b.apps.example", foreign),
        ("b.apps.example", "https://c.apps.example", ""),
        // The longest wildcard and the exact entry win.
        (&specific, "https://a.apps.example", ""),
        (&specific, "https://x.deep.apps.example", ""),
        (&wide, "https://a.apps.example", foreign),
        (&wide, "https://x.deep.apps.example", foreign),
        (&wide, "https://b.apps.example", ""),
        ("null", "", foreign),
    ] {
        let told = collect(&app, declared, origin).await;
        assert_eq!(told, expected, "{declared} {origin:?}");
    }
}

#[tokio::test]
async fn who_was_turned_away_is_counted_and_shown_with_its_host() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    app.wait_for_reports(&key).await;
    assert_eq!(
        collect(&app, "shop.example", "https://thief.example").await,
        "foreign_origin"
    );
    assert_eq!(
        collect(&app, "nobody.example", "https://thief.example").await,
        "foreign_origin"
    );
    let reply = app
        .get("/v1/sites/shop/health")
        .key(&key)
        .send()
        .await
        .json();
    let refused = reply["refused"].as_array().unwrap();
    let line = refused.iter().find(|line| line["host"] == "thief.example");
    let line = line.unwrap_or_else(|| panic!("{reply}"));
    assert_eq!(
        (&line["code"], &line["count"]),
        (&json!("foreign_origin"), &json!(1))
    );
    let metrics = app.get("/metrics").key(&key).send().await.text();
    assert!(metrics.contains("clew_refused_total{reason=\"foreign_origin\"}"));
    // Allowed from now on.
    app.change_site(
        "shop",
        &json!({"domains": ["shop.example", "thief.example"]}),
    )
    .await;
    assert_eq!(
        collect(&app, "shop.example", "https://thief.example").await,
        ""
    );
}

#[tokio::test]
async fn every_door_answers_preflights_and_exposes_what_pages_may_read() {
    let app = TestApp::start_with(&[("CLEW_RATE_LIMIT_PER_MINUTE", "4")]).await;
    for path in [
        "/v1/pixel",
        "/collect",
        "/track",
        "/api/v1/config/domain/shop.example",
    ] {
        let preflight = Request::new(app.address, "OPTIONS", path)
            .header("origin", "https://shop.example")
            .header("access-control-request-method", "POST");
        let reply = preflight.send().await;
        assert_eq!(reply.status, 204, "{path}");
        for (name, part) in [
            ("access-control-allow-origin", "*"),
            ("access-control-allow-methods", "POST"),
            ("access-control-allow-headers", "Content-Type"),
            ("access-control-expose-headers", "Retry-After"),
        ] {
            let value = reply.header(name).unwrap_or_default();
            assert!(value.contains(part), "{path} {name}: {value}");
        }
        assert_eq!(reply.header("access-control-allow-credentials"), None);
    }
    for n in 0..2 {
        for (path, body) in doors(&app.site, n) {
            let reply = app
                .post_to(path, &body)
                .header("user-agent", BROWSER)
                .send()
                .await;
            assert_eq!(
                reply.header("access-control-allow-origin"),
                Some("*"),
                "{path}"
            );
            if n == 1 {
                assert_eq!(reply.status, 429, "{path}");
                assert!(reply.header("retry-after").is_some());
                let exposed = reply.header("access-control-expose-headers");
                assert!(exposed.unwrap().contains("Retry-After"));
            }
        }
    }
}
