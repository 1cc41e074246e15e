//! A management node decides whose hosts are whose.

use crate::support::{BROWSER, TestApp};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

async fn collector_of(url: &str) -> TestApp {
    TestApp::start_with(&[("PIXEL_MANAGEMENT_URL", url)]).await
}

/// Status of a page view of `host` for `declared`.
async fn collect(app: &TestApp, declared: &str, origin: &str, host: &str) -> u16 {
    let body = json!({
        "eventType": "pageview", "sessionId": "s", "siteId": declared,
        "url": format!("https://{host}/"), "consent": true, "visitorId": "v-1",
    });
    let request = app.post_to("/collect", &body).header("origin", origin);
    request.header("user-agent", BROWSER).send().await.status
}

/// A management node that answers every question with this, after a while.
struct Told {
    url: String,
    asked: Arc<AtomicU32>,
}

async fn telling(status: &'static str, body: String, after: Duration) -> Told {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            let body = body.clone();
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                tokio::time::sleep(after).await;
                let head = format!(
                    "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                let _ = stream.write_all(head.as_bytes()).await;
                let _ = stream.write_all(body.as_bytes()).await;
            });
        }
    });
    Told { url, asked }
}

fn config(client: &str, level: &str) -> Value {
    json!({
        "client_id": client, "privacy_level": level,
        "ip_collection": {"enabled": true, "hash_required": false},
        "consent": {"required": false, "default_behavior": "opt_in"}, "features": {},
    })
}

#[tokio::test]
async fn another_server_says_whose_a_host_is_and_can_only_tighten() {
    let manager = TestApp::start().await;
    let collector = collector_of(&format!("http://{}", manager.address)).await;
    // The site is known to both under one id; its hosts and its strictness only to the manager.
    let shared = manager.site_of(&["tenant.example", "*.apps.example"]).await;
    same_site(&collector, &shared).await;
    manager
        .change_site(&shared, &json!({"settings": {"consentRequired": true}}))
        .await;
    for (declared, origin, status) in [
        ("tenant.example", "https://tenant.example", 200),
        ("tenant.example", "", 200),
        (shared.as_str(), "https://a.apps.example", 200),
        ("tenant.example", "https://a.apps.example", 200),
        (&shared, "", 200),
        // The collector's own list does not count.
        ("shop.example", "https://shop.example", 403),
        ("nobody.example", "https://nobody.example", 403),
        ("shop", "https://tenant.example", 403),
        ("tenant.example", "https://nobody.example", 403),
    ] {
        let host = origin.strip_prefix("https://").unwrap_or("tenant.example");
        let told = collect(&collector, declared, origin, host).await;
        assert_eq!(told, status, "{declared} {origin:?}");
    }
    // Consent is required there, so it is here.
    let silent = json!({"eventType": "click", "sessionId": "s", "siteId": "tenant.example"});
    let request = collector.post_to("/collect", &silent);
    let reply = request
        .header("origin", "https://tenant.example")
        .send()
        .await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let key = collector.key("viewer", &[], &[]).await;
    let events = collector.wait_for_events(&key, &shared, 4).await;
    assert!(
        events.iter().all(|event| event["eventType"] == "pageview"),
        "{events:?}"
    );
}

/// Makes a site with this id on a collector.
async fn same_site(app: &TestApp, id: &str) {
    use clew_store::relational::sites::{self, NewSite};
    let account = app.account().await;
    let new = NewSite {
        id: Some(uuid::Uuid::try_parse(id).unwrap().into()),
        ..NewSite::named("Tenant")
    };
    let now = clew::clock::now();
    let work = app
        .app
        .db
        .write_tx(move |tx| Box::pin(async move { sites::create(tx, account, new, now).await }));
    work.await.unwrap();
    app.app.policies_changed().await.unwrap();
}

#[tokio::test]
async fn a_node_that_is_dead_or_lies_lets_nobody_in() {
    let dead = collector_of("http://127.0.0.1:1").await;
    assert_eq!(
        collect(
            &dead,
            "shop.example",
            "https://shop.example",
            "shop.example"
        )
        .await,
        403
    );
    let key = dead.key("admin", &[], &[]).await;
    let metrics = dead.get("/metrics").key(&key).send().await.text();
    assert!(metrics.contains("clew_authority_lookups_total{outcome=\"unanswered\"}"));
    for (status, body) in [
        ("200 OK", "<html>".to_owned()),
        ("200 OK", config("not-a-uuid", "standard").to_string()),
        (
            "200 OK",
            config(&uuid::Uuid::new_v4().to_string(), "standard").to_string(),
        ),
        (
            "200 OK",
            config(&uuid::Uuid::new_v4().to_string(), "public").to_string(),
        ),
        ("200 OK", " ".repeat(1 << 20)),
        ("500 Internal Server Error", String::new()),
        ("302 Found", String::new()),
        ("404 Not Found", String::new()),
    ] {
        let told = telling(status, body.clone(), Duration::ZERO).await;
        let app = collector_of(&told.url).await;
        let status = collect(&app, "shop.example", "https://shop.example", "shop.example").await;
        assert_eq!(status, 403, "{body:.60}");
        // Other doors are not concerned.
        let body = json!({"site_id": app.site, "url": "https://shop.example/"});
        assert_eq!(app.post_to("/track", &body).send().await.status, 200);
        app.shut_down().await;
    }
}

#[tokio::test]
async fn a_slow_node_is_asked_once_and_waited_for_two_seconds() {
    let told = telling("200 OK", String::new(), Duration::from_secs(60)).await;
    let app = collector_of(&told.url).await;
    let begun = Instant::now();
    let ask = || collect(&app, "shop.example", "https://shop.example", "shop.example");
    let all = tokio::join!(ask(), ask(), ask(), ask());
    assert_eq!(all, (403, 403, 403, 403));
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(told.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_answer_is_remembered_and_a_lax_one_loosens_nothing() {
    let spec = |site: &str| config(site, "standard").to_string();
    // Two servers have to know each other's address and id: the first start makes the id.
    let first = TestApp::start().await;
    let site = first.site.clone();
    let told = telling("200 OK", spec(&site), Duration::ZERO).await;
    first.shut_down().await;
    let app = collector_of(&told.url).await;
    same_site(&app, &site).await;
    app.change_site(&site, &json!({"profile": "exempt"})).await;
    for _ in 0..5 {
        let status = collect(&app, "any.example", "https://any.example", "any.example").await;
        assert_eq!(status, 200);
    }
    assert_eq!(told.asked.load(Ordering::SeqCst), 1);
    let key = app.key("viewer", &[], &[]).await;
    let events = app.wait_for_events(&key, &site, 5).await;
    for event in events {
        assert_eq!(event["metadata"]["identity_method"], "daily_hash");
        assert_eq!(event["sessionId"], json!(null));
    }
}
