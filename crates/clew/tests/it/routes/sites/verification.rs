use crate::support::{BROWSER, Person, TestApp, id, pageview};
use serde_json::{Value, json};

async fn ask(app: &TestApp, by: &Person) -> Value {
    let path = "/v1/sites/shop/verification";
    app.get(path).cookie(&by.cookie).send().await.json()
}

fn codes(verification: &Value) -> Vec<&str> {
    let findings = verification["findings"].as_array().unwrap().iter();
    findings.map(|f| f["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn it_turns_green_with_the_first_live_event() {
    let app = TestApp::start().await;
    let ada = app.owner().await;
    let waiting = ask(&app, &ada).await;
    assert_eq!(waiting["state"], "waiting");
    assert_eq!(codes(&waiting), ["script_not_loaded"]);
    app.get("/c.js")
        .header("referer", "https://shop.example/")
        .send()
        .await;
    let loaded = ask(&app, &ada).await;
    assert_eq!(codes(&loaded), ["script_without_events"]);
    assert_eq!(loaded["scriptLoads"]["lastHost"], "shop.example");

    let key = app.key("admin", &[], &[]).await;
    app.post(app.batch(&[pageview(&id(1))])).send().await;
    app.wait_for_events(&key, "shop", 1).await;
    let begun = std::time::Instant::now();
    let green = loop {
        let green = ask(&app, &ada).await;
        if green["state"] == "receiving" || begun.elapsed().as_secs() > 10 {
            break green;
        }
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    };
    assert_eq!(
        (&green["state"], &green["findings"]),
        (&json!("receiving"), &json!([]))
    );
    assert_eq!(green["lastEvent"]["eventId"], id(1));
}

#[tokio::test]
async fn it_says_what_is_in_the_way() {
    let app = TestApp::start().await;
    let ada = app.owner().await;
    let send = async |origin: &str, agent: &str, event: Value| {
        let request = app.post(app.batch(&[event]));
        request
            .header("origin", origin)
            .header("user-agent", agent)
            .send()
            .await
    };
    send("https://staging.example", BROWSER, pageview(&id(1))).await;
    send("https://staging.example", BROWSER, pageview(&id(2))).await;
    send("https://shop.example", "Googlebot/2.1", pageview(&id(3))).await;
    let mut late = pageview(&id(4));
    late["t"] = json!(1_600_000_000_000_i64);
    send("https://shop.example", BROWSER, late).await;
    let seen = ask(&app, &ada).await;
    let mut found = codes(&seen);
    found.sort_unstable();
    assert_eq!(found, ["bot", "foreign_origin", "quarantined"]);
    let findings = seen["findings"].as_array().unwrap();
    let foreign = findings
        .iter()
        .find(|f| f["code"] == "foreign_origin")
        .unwrap();
    assert_eq!(
        (&foreign["host"], &foreign["count"]),
        (&json!("staging.example"), &json!(2))
    );
    let late = findings
        .iter()
        .find(|f| f["code"] == "quarantined")
        .unwrap();
    assert_eq!(late["detail"], "late");

    let account = app.account().await;
    let other = app.site_in(account, "Other").await;
    let other = app.app.sites.get(other).unwrap().write_key().to_owned();
    let request = app.post(app.batch(&[pageview(&id(5))]));
    let refused = request.header("x-api-key", &other).send().await;
    assert_eq!(refused.status, 403);
    assert!(codes(&ask(&app, &ada).await).contains(&"wrong_key"));

    let key = app.key("admin", &[], &[]).await;
    app.wait_for_reports(&key).await;
    let health = app.get("/v1/sites/shop/health?period=day");
    let health = health.cookie(&ada.cookie).send().await.json();
    let refused = health["refused"].as_array().unwrap();
    assert!(
        refused
            .iter()
            .any(|r| r["code"] == "foreign_origin" && r["count"] == 2)
    );
}
