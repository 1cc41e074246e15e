use super::{built, start};
use crate::support::TestApp;
use clew::admin::NewSiteSpec;
use serde_json::{Value, json};

/// What stands before the core, read as a browser would.
fn config(script: &str) -> Value {
    let json = script.strip_prefix("window.ClewConfig=Object.assign(window.ClewConfig||{},");
    let (json, _) = json.unwrap().split_once(");\n").unwrap();
    serde_json::from_str(json).unwrap()
}

#[tokio::test]
async fn a_sites_script_carries_its_settings_and_is_not_sent_twice() {
    let app = start().await;
    let reply = app.get("/c/shop.js").send().await;
    assert_eq!(reply.status, 200);
    let script = reply.text();
    assert_eq!(config(&script)["siteId"], app.site.as_str());
    let core = built("standard.js");
    assert!(script.as_bytes().ends_with(&core));
    for (name, value) in [
        ("content-type", "text/javascript; charset=utf-8"),
        ("x-content-type-options", "nosniff"),
        (
            "cache-control",
            "public, max-age=300, stale-while-revalidate=60",
        ),
        ("vary", "Accept-Encoding"),
        ("access-control-allow-origin", "*"),
    ] {
        assert_eq!(reply.header(name), Some(value), "{name}");
    }
    for coding in ["br", "gzip"] {
        let ask = || app.get("/c/shop.js").header("accept-encoding", coding);
        let reply = ask().send().await;
        assert_eq!(reply.header("content-encoding"), Some(coding));
        let again = ask().header("if-none-match", reply.header("etag").unwrap());
        let again = again.send().await;
        assert_eq!((again.status, again.body.len()), (304, 0));
    }
}

#[tokio::test]
async fn a_change_of_settings_changes_the_script_at_once() {
    let app = start().await;
    let before = app.get("/c/shop.js").send().await;
    let key = app.key("admin", &[], &[]).await;
    let path = format!("/v1/sites/{}", app.site);
    for (change, variant, expected) in [
        (json!({"profile": "exempt"}), "cookieless.js", json!("none")),
        (
            json!({"profile": "gdpr", "settings": {"fingerprint": true}}),
            "full.js",
            json!("local"),
        ),
    ] {
        let changed = app
            .request("PUT", &path)
            .key(&key)
            .json(&change)
            .send()
            .await;
        assert_eq!(changed.status, 200, "{}", changed.text());
        let after = app.get("/c/shop.js").send().await;
        assert_ne!(after.header("etag"), before.header("etag"));
        assert_eq!(config(&after.text())["storage"], expected);
        let core = built(variant);
        assert!(after.body.ends_with(&core), "{variant}");
        let named = app.get("/c/shop.js?v=standard").send().await;
        assert!(named.body.ends_with(&built("standard.js")));
    }
    let paused = app
        .request("PUT", &path)
        .key(&key)
        .json(&json!({"isActive": false}));
    assert_eq!(paused.send().await.status, 200);
    let gone = app.get("/c/shop.js").send().await;
    assert_eq!(
        (gone.status, gone.header("cache-control")),
        (404, Some("no-store"))
    );
}

#[tokio::test]
async fn no_request_puts_anything_into_the_script() {
    let app = start().await;
    let spec = NewSiteSpec {
        name: "</script><script>alert(1)//\u{2028}".into(),
        domains: vec!["bücher.example".into(), "*.other.example".into()],
        slug: Some("hostile".into()),
        time_zone: None,
    };
    app.create_site(spec).await;
    let plain = app.get("/c/hostile.js").send().await;
    assert_eq!(
        config(&plain.text())["domains"],
        json!(["*.other.example", "xn--bcher-kva.example"])
    );
    assert!(!plain.text().contains("alert(1)"));
    let spoofed = app
        .get("/c/hostile.js?x=%3Cscript%3E")
        .header("host", "evil.example")
        .header("x-forwarded-host", "evil.example")
        .header("x-forwarded-proto", "javascript")
        .header("origin", "https://evil.example")
        .header("referer", "https://evil.example/");
    let spoofed = spoofed.send().await;
    assert_eq!(spoofed.body, plain.body);
    assert_eq!(spoofed.header("etag"), plain.header("etag"));
    for path in [
        "/c/nobody.js",
        "/c/hostile",
        "/c/.js",
        "/c/hostile.css",
        "/c/..%2fc.js",
    ] {
        assert_eq!(app.get(path).send().await.status, 404, "{path}");
    }
    assert_eq!(app.get("/c/hostile.js?v=evil").send().await.status, 400);
}

#[tokio::test]
async fn the_server_says_that_it_honours_the_browsers_signal() {
    let app = TestApp::start().await;
    let reply = app.get("/.well-known/gpc.json").send().await;
    assert_eq!(
        reply.json(),
        json!({"gpc": true, "lastUpdate": "2026-11-21"})
    );
}

#[tokio::test]
async fn the_script_is_served_with_its_headers() {
    let app = start().await;
    let reply = app
        .get("/c.js")
        .header("accept-encoding", "br")
        .send()
        .await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(reply.header("content-encoding"), Some("br"));
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    let tag = reply.header("etag").unwrap();
    let again = app.get("/c.js").header("accept-encoding", "br");
    let again = again.header("if-none-match", tag).send().await;
    assert_eq!((again.status, again.body.len()), (304, 0));
}

#[tokio::test]
async fn no_path_leads_out_of_the_folder() {
    let app = TestApp::start().await;
    for path in [
        "/m/../../Cargo.toml",
        "/m/..%2f..%2fCargo.toml",
        "/m/x.js",
        "/demo/../Cargo.toml",
        "/demo/%2e%2e/Cargo.toml",
        "/app/..%2f..%2fCargo.toml",
    ] {
        let reply = app.get(path).send().await;
        assert!(!reply.text().contains("[workspace]"), "{path}");
        assert_eq!(reply.status, 404, "{path}");
    }
    assert_eq!(app.get("/c.js?v=../x").send().await.status, 400);
}
