use super::{PATH, counted, generated, load, remove, report, reports, totals, wait, wait_for};
use crate::support::{TestApp, id, pageview};
use clew_store::relational::site_activity;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const EVENTS: u32 = 10_000;

#[tokio::test]
async fn reports_count_what_was_generated() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    load(&app, &key, EVENTS).await;
    wait_for(&app, &key, "ready").await;

    let mut people = generated(&app).await;
    let counted = counted(&people);
    people.retain(|sample| !sample.sender.place.country.is_empty());
    let views = |sample: &&clew_core::sample::SampleEvent| sample.event.event_type == "pageview";
    let totals = totals(&app, &key).await;
    assert_eq!(totals["pageviews"], people.iter().filter(views).count());
    assert_eq!(totals["events"], counted);

    let mut countries: BTreeMap<&str, u64> = BTreeMap::new();
    for sample in people.iter().filter(views) {
        *countries.entry(&sample.sender.place.country).or_default() += 1;
    }
    let query = "breakdown?dimension=country&metrics=pageviews&limit=100";
    let rows = report(&app, &key, query).await["rows"].clone();
    let reported: BTreeMap<&str, u64> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row["value"].as_str().unwrap(),
                row["pageviews"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(reported, countries);

    let overview = report(&app, &key, "overview?metrics=visitors").await;
    let meta = &overview["meta"];
    let bots = EVENTS as usize - people.len();
    assert_eq!(meta["exclusions"]["bots"], bots);
    assert_eq!(
        meta["exclusions"]["quarantined"], 0,
        "a year ago is not too late"
    );
    for method in ["storage", "daily_hash", "user_id"] {
        assert!(
            meta["identity"][method].as_u64() > Some(0),
            "{method}: {meta}"
        );
    }
}

#[tokio::test]
async fn loading_twice_counts_once() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    let (first, again) = tokio::join!(load(&app, &key, EVENTS), load(&app, &key, EVENTS));
    assert_eq!(first["importId"], again["importId"]);
    wait_for(&app, &key, "ready").await;
    let before = reports(&app, &key).await;
    let third = load(&app, &key, EVENTS).await;
    assert_eq!(
        (&third["state"], &third["importId"]),
        (&json!("ready"), &first["importId"])
    );
    assert_eq!(reports(&app, &key).await, before);
}

#[tokio::test]
async fn a_load_that_breaks_off_is_taken_up_again_and_counts_once() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    load(&app, &key, 60_000).await;
    wait(&app, &key, |status| status["done"].as_u64() > Some(0)).await;
    let app = app.restart().await;
    let again = super::status(&app, &key).await;
    assert_eq!(again["state"], "loading", "it broke off in the middle");
    let ready = wait_for(&app, &key, "ready").await;
    assert_eq!(ready["done"], 60_000);
    let counted = counted(&generated(&app).await);
    assert_eq!(totals(&app, &key).await["events"], counted);
}

#[tokio::test]
async fn a_rebuilt_store_gives_the_same_reports() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    app.post(app.batch(&[pageview(&id(1))])).send().await;
    load(&app, &key, EVENTS).await;
    wait_for(&app, &key, "ready").await;
    let loaded = reports(&app, &key).await;
    app.app.rebuild().await.unwrap();
    assert_eq!(reports(&app, &key).await, loaded);
    remove(&app, &key).await;
    wait_for(&app, &key, "none").await;
    let removed = reports(&app, &key).await;
    assert_ne!(removed, loaded);
    app.app.rebuild().await.unwrap();
    assert_eq!(reports(&app, &key).await, removed);
}

#[tokio::test]
async fn live_events_show_while_a_load_goes_on() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    app.wait_for_reports(&key).await;
    load(&app, &key, 400_000).await;
    wait(&app, &key, |status| status["done"].as_u64() > Some(0)).await;
    app.post(app.batch(&[pageview(&id(1))])).send().await;
    let path = "/v1/events?site=shop&limit=1";
    let begun = std::time::Instant::now();
    loop {
        let newest = app.get(path).key(&key).send().await.json();
        if newest["events"][0]["eventId"] == id(1) {
            break;
        }
        assert!(begun.elapsed().as_secs() < 10, "not visible: {newest}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(super::status(&app, &key).await["state"], "loading");
}

#[tokio::test]
async fn sample_data_is_no_sign_of_life() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    load(&app, &key, EVENTS).await;
    wait_for(&app, &key, "ready").await;
    let site = app.app.sites.find("shop").unwrap().id();
    let seen = async || site_activity::get(app.app.db.read(), site).await.unwrap();
    app.post(app.batch(&[pageview(&id(1))])).send().await;
    let begun = std::time::Instant::now();
    // The live event lies behind the sample in the journal: once it is noted, the sample was seen.
    let noted = loop {
        if let Some(noted) = seen().await {
            break noted;
        }
        assert!(
            begun.elapsed().as_secs() < 20,
            "the live event is not noted"
        );
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    assert_eq!(noted.first_event_at, noted.last_event_at);
}

#[tokio::test]
async fn what_cannot_be_loaded_is_refused_with_the_reason() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    for (body, refused) in [
        (r#"{"events":9999}"#, (422, "invalid_body")),
        (r#"{"events":2000001}"#, (422, "invalid_body")),
        (r#"{"event":1}"#, (422, "invalid_body")),
        ("no", (400, "malformed_json")),
    ] {
        let reply = app.request("POST", PATH).key(&key).body(body).send().await;
        assert_eq!((reply.status, reply.code().as_str()), refused, "{body}");
    }
    let none: Value = super::status(&app, &key).await;
    assert_eq!(none["state"], "none");
}
