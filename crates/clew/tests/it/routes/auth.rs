//! Who may read what: every management route, every kind of key.

use crate::support::TestApp;
use clew::admin::NewSiteSpec;

const READS: &[&str] = &["/v1/events?site=", "/v1/reports/overview?site="];

#[tokio::test]
async fn without_a_valid_key_nothing_is_said() {
    let app = TestApp::start().await;
    for path in READS {
        let path = format!("{path}shop");
        let forged = format!("sk_{}", "0".repeat(64));
        for key in ["", "sk_short", &forged, "pk_0011"] {
            let request = app.get(&path);
            let request = if key.is_empty() {
                request
            } else {
                request.key(key)
            };
            let reply = request.send().await;
            assert_eq!(
                (reply.status, reply.code().as_str()),
                (401, "unauthorized"),
                "{path} {key}"
            );
            assert!(reply.header("www-authenticate").is_some());
        }
    }
    assert_eq!(app.get("/metrics").send().await.status, 401);
}

#[tokio::test]
async fn a_key_reads_its_own_sites_only() {
    let app = TestApp::start().await;
    let other = NewSiteSpec {
        name: "Other".into(),
        domains: vec!["other.example".into()],
        slug: Some("other".into()),
        time_zone: None,
    };
    app.create_site(other).await;
    let limited = app.key("admin", &["shop"], &[]).await;
    let ingest_only = app.key("viewer", &[], &["ingest"]).await;
    for path in READS {
        for (key, site, status, code) in [
            (&limited, "shop", 200, ""),
            (&limited, "other", 403, "forbidden"),
            (&limited, "nowhere", 404, "unknown_site"),
            (&ingest_only, "shop", 403, "forbidden"),
        ] {
            let reply = app.get(&format!("{path}{site}")).key(key).send().await;
            let expected = if reply.status == 503 { 503 } else { status };
            assert_eq!(reply.status, expected, "{path}{site}: {}", reply.text());
            if status != 200 {
                assert_eq!(reply.code(), code, "{path}{site}");
            }
            assert_eq!(reply.header("access-control-allow-origin"), None);
        }
    }
}

#[tokio::test]
async fn metrics_are_for_admins_of_the_whole_installation() {
    let app = TestApp::start().await;
    for (role, sites, status) in [
        ("admin", &[][..], 200),
        ("admin", &["shop"], 403),
        ("marketing", &[], 403),
        ("viewer", &[], 403),
    ] {
        let key = app.key(role, sites, &[]).await;
        let reply = app.get("/metrics").key(&key).send().await;
        assert_eq!(reply.status, status, "{role} {sites:?}");
    }
}

#[tokio::test]
async fn a_key_may_come_in_either_header_and_never_in_the_address() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    let reply = app.get("/metrics").header("x-api-key", &key).send().await;
    assert_eq!(reply.status, 200);
    let reply = app
        .get(&format!("/metrics?key={key}&api_key={key}"))
        .send()
        .await;
    assert_eq!(reply.status, 401);
}
