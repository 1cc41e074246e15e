//! What the edge finds out about an event besides what it says, over the whole way.

use crate::support::{Person, Reply, TestApp, id, pageview};
use serde_json::{Value, json};

const PLACES: &[u8] = include_bytes!("../../../../../../fixtures/geo/places.mmdb");
const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

fn zoned(n: u128, zone: &str) -> Value {
    let mut event = pageview(&id(n));
    event["tz"] = json!(zone);
    event
}

async fn settings(app: &TestApp, owner: &Person, settings: Value) {
    let path = format!("/v1/sites/{}", app.site);
    let request = app.request("PUT", &path).cookie(&owner.cookie);
    let request = request.json(&json!({ "settings": settings }));
    let reply = request.send().await;
    assert_eq!(reply.status, 200, "{}", reply.text());
}

#[tokio::test]
async fn place_device_and_signals_are_found_and_explained() {
    let app = TestApp::start_with(&[
        ("CLEW_TRUSTED_PROXIES", "127.0.0.1"),
        ("CLEW_GEO_PROXY_HEADERS", "cloudflare"),
    ])
    .await;
    let places = app.app.config.geo.places(&app.app.config.data_dir);
    std::fs::create_dir_all(places.parent().unwrap()).unwrap();
    std::fs::write(&places, PLACES).unwrap();
    let key = app.key("viewer", &[], &[]).await;
    let send = |event: Value, ip: &str| {
        app.post(app.batch(&[event]))
            .header("x-forwarded-for", ip)
            .header("accept-language", "de")
    };
    // The time zone has to do until the file is noticed.
    let reply = send(zoned(1, "Europe/Berlin"), "203.0.113.9").send().await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    while !app.app.geo_status().source.eq("database") {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        assert!(app.app.refresh_geo().await);
    }
    send(zoned(2, "Asia/Tokyo"), "203.0.113.9").send().await;
    let hinted = send(zoned(3, "Europe/Rome"), "198.51.100.7")
        .header("user-agent", CHROME)
        .header("cf-ipcountry", "IT")
        .header("cf-ipcity", "Milano")
        .header(
            "sec-ch-ua",
            r#""Microsoft Edge";v="142", "Chromium";v="142""#,
        )
        .header("sec-ch-ua-platform", r#""Windows""#)
        .header("sec-ch-ua-platform-version", r#""15.0.0""#);
    hinted.send().await;
    send(zoned(4, "America/New_York"), "52.95.110.1")
        .send()
        .await;
    let mut events = app.wait_for_events(&key, "shop", 4).await;
    events.sort_by_key(|event| event["eventId"].to_string());
    let of = |n: usize, name: &str| events[n - 1]["metadata"][name].clone();
    assert_eq!(
        (of(1, "country"), of(1, "place_source")),
        (json!("DE"), json!("time_zone"))
    );
    assert_eq!(
        (of(2, "country"), of(2, "city")),
        (json!("AT"), json!("Vienna"))
    );
    assert_eq!(of(2, "place_source"), "database");
    assert_eq!(of(2, "signals"), json!(["time_zone_mismatch"]));
    assert_eq!(of(2, "suspicion"), 15);
    assert_eq!(
        (of(3, "country"), of(3, "city")),
        (json!("IT"), json!("Milano"))
    );
    assert_eq!(of(3, "place_source"), "proxy");
    assert_eq!(
        (of(3, "browser"), of(3, "suspicion")),
        (json!("Edge"), Value::Null)
    );
    assert_eq!(
        (of(4, "network"), of(4, "suspicion")),
        (json!("Amazon AWS"), json!(30))
    );
    assert_eq!(of(4, "suspicion_reasons")[0]["code"], "datacenter");
}

async fn with_lists(variables: &[(&'static str, &str)]) -> TestApp {
    let proxy = ("CLEW_TRUSTED_PROXIES", "127.0.0.1");
    let app = TestApp::start_with(&[&[proxy], variables].concat()).await;
    let owner = app.owner().await;
    let lists = json!({
        "blockedIps": ["192.0.2.0/24"],
        "testingIps": ["198.51.100.7/32"],
        "whitelistedIps": ["203.0.113.0/24"],
    });
    settings(&app, &owner, lists).await;
    app
}

async fn sent_from(app: &TestApp, n: u128, ip: &str) -> Reply {
    let request = app.post(app.batch(&[pageview(&id(n))]));
    request.header("x-forwarded-for", ip).send().await
}

#[tokio::test]
async fn listed_addresses_are_set_apart_and_named_in_reports() {
    let app = with_lists(&[]).await;
    for (n, ip, reason) in [
        (1, "192.0.2.9", Some("blocked_ip")),
        (2, "198.51.100.7", Some("testing_ip")),
        (3, "203.0.113.9", None),
    ] {
        let reply = sent_from(&app, n, ip).await;
        assert_eq!(reply.status, 200, "{ip} {}", reply.text());
        let not_counted = &reply.json()["not_counted"];
        assert_eq!(not_counted[0]["reason"].as_str(), reason, "{ip}");
    }
    let key = app.key("viewer", &[], &[]).await;
    app.wait_for_events(&key, "shop", 3).await;
    let path = "/v1/reports/overview?site=shop&period=day";
    let report = app.get(path).key(&key).send().await.json();
    assert_eq!(report["totals"]["pageviews"], 1);
    assert_eq!(report["meta"]["exclusions"]["blocked_ip"], 1);
    assert_eq!(report["meta"]["exclusions"]["testing_ip"], 1);
}

#[tokio::test]
async fn a_whitelisted_address_is_free_of_limits() {
    let app = with_lists(&[("CLEW_RATE_LIMIT_PER_MINUTE", "1")]).await;
    for (n, ip, status) in [
        (1, "203.0.113.9", 200),
        (2, "203.0.113.9", 200),
        (3, "203.0.113.10", 200),
        (4, "192.0.2.10", 200),
        (5, "192.0.2.11", 429),
    ] {
        assert_eq!(sent_from(&app, n, ip).await.status, status, "{ip}");
    }
}

#[tokio::test]
async fn programs_are_reported_apart_and_the_caches_hits_are_counted() {
    let app = TestApp::start().await;
    let mut steered = pageview(&id(2));
    steered["webdriver"] = json!(true);
    for (event, agent) in [
        (
            pageview(&id(1)),
            "Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        ),
        (steered, CHROME),
        (pageview(&id(3)), "curl/8.5.0"),
        (pageview(&id(4)), CHROME),
    ] {
        let reply = app.post(app.batch(&[event])).header("user-agent", agent);
        assert_eq!(reply.send().await.status, 200);
    }
    let key = app.key("viewer", &[], &[]).await;
    app.wait_for_events(&key, "shop", 4).await;
    let report = app.get("/v1/reports/bots?site=shop&period=day").key(&key);
    let report = report.send().await.json();
    let rows: Vec<_> = report["rows"].as_array().unwrap().iter().collect();
    let mut names: Vec<_> = rows
        .iter()
        .map(|row| (row["value"].as_str(), row["kind"].as_str()))
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            (Some("GPTBot"), Some("ai")),
            (Some("WebDriver"), Some("automation"))
        ]
    );
    let channels = app.get("/v1/channels").key(&key).send().await.json();
    assert_eq!(channels["channels"][0]["name"], "AI Assistants");
    let stats = app.app.intake.device_stats();
    assert_eq!((stats.hits, stats.misses), (1, 3));
}
