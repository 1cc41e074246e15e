//! Days leave at the site's midnight, and what has left does not come back.

use crate::support::{TestApp, id, now_ms};
use clew_core::model::retention::boundary;
use clew_core::model::{EpochMs, SiteId, Watermark};
use clew_store::relational::retention::{self, Commit};
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(40);
const DAYS: u32 = 2;

/// A zone that is in another day than UTC for most of it.
const ZONE: &str = "Pacific/Kiritimati";

async fn status(app: &TestApp, key: &str, site: &str) -> Value {
    let path = format!("/v1/sites/{site}/retention");
    let reply = app.get(&path).key(key).send().await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

/// Lets leave what is due, and waits until `removed` rows have left in all.
async fn run(app: &TestApp, key: &str, site: &str, removed: u64) -> Value {
    let before = status(app, key, site).await["lastRunAt"].clone();
    let path = format!("/v1/sites/{site}/retention/run");
    let reply = app.request("POST", &path).key(key).send().await;
    assert_eq!(reply.status, 202, "{}", reply.text());
    let begun = Instant::now();
    loop {
        let now = status(app, key, site).await;
        if now["lastRunAt"] != before && now["removed"] == removed {
            return now;
        }
        assert!(begun.elapsed() < PATIENCE, "{removed} expected: {now}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn settings(app: &TestApp, key: &str, settings: &Value) {
    let body = json!({ "timeZone": ZONE, "settings": settings });
    let request = app.request("PUT", "/v1/sites/shop").key(key);
    let reply = request.json(&body).send().await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    // The edge hears of it at once, the app's own list a moment later.
    app.app.policies_changed().await.unwrap();
}

fn first_kept() -> i64 {
    let zone = TimeZone::get(ZONE).unwrap();
    boundary(&zone, EpochMs(now_ms()), DAYS).0
}

fn view(n: u128, time: i64) -> Value {
    json!({
        "id": id(n), "type": "pageview", "t": time,
        "url": format!("https://shop.example/{n}"),
        "consent": {"analytics": true}, "visitor_id": id(1_000 + n),
    })
}

/// Events around the boundary: two before it, two after it. No two of them are of one visit: one
/// that the boundary cuts would begin anew.
async fn send(app: &TestApp) {
    let boundary = first_kept();
    let times = [
        boundary - EpochMs::DAY,
        boundary - 1,
        boundary,
        boundary + EpochMs::HOUR,
    ];
    let events: Vec<_> = (1u128..).zip(times).map(|(n, t)| view(n, t)).collect();
    let reply = app.post(app.batch(&events)).send().await;
    assert_eq!(reply.json()["accepted"], 4, "{}", reply.text());
}

fn paths(events: &[Value]) -> BTreeSet<String> {
    let url = |event: &Value| event["url"].as_str().unwrap().to_owned();
    events.iter().map(url).collect()
}

fn kept() -> BTreeSet<String> {
    [3, 4].map(|n| format!("https://shop.example/{n}")).into()
}

async fn start(settings_of_site: &Value) -> (TestApp, String) {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    settings(&app, &key, settings_of_site).await;
    app.wait_for_reports(&key).await;
    (app, key)
}

fn archive(app: &TestApp) -> Vec<PathBuf> {
    let site = app.app.sites.find("shop").unwrap().id();
    let folder = app
        .app
        .config
        .data_dir
        .join("blobs/retention")
        .join(site.to_string());
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// What the dashboard shows of the days that stay.
async fn reports(app: &TestApp, key: &str) -> Vec<Value> {
    let (from, to) = (
        first_kept(),
        now_ms().div_euclid(EpochMs::DAY) * EpochMs::DAY + 2 * EpochMs::DAY,
    );
    let range = format!("site=shop&period=custom&from={from}&to={to}");
    let mut answers = Vec::new();
    for query in [
        "overview?metrics=visitors,visits,pageviews,events,bounce_rate",
        "timeseries?interval=hour",
        "breakdown?dimension=page",
    ] {
        let reply = app
            .get(&format!("/v1/reports/{query}&{range}"))
            .key(key)
            .send()
            .await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        let answer = reply.json();
        answers.push(json!([answer["totals"], answer["points"], answer["rows"]]));
    }
    answers
}

#[tokio::test]
async fn exactly_the_days_before_the_boundary_leave_and_never_come_back() {
    let (app, key) = start(&json!({ "eventRetentionDays": DAYS })).await;
    send(&app).await;
    let mut elsewhere = view(9, first_kept() - 1);
    elsewhere["url"] = "http://localhost/demo/9".into();
    let demo = json!({ "site_id": "demo", "events": [elsewhere] });
    let sent = app
        .post(demo.to_string())
        .header("origin", "http://localhost");
    assert_eq!(sent.send().await.json()["accepted"], 1);
    app.wait_for_events(&key, "shop", 4).await;
    app.wait_for_events(&key, "demo", 1).await;
    let before = reports(&app, &key).await;

    let done = run(&app, &key, "shop", 2).await;
    assert_eq!(
        (&done["action"], &done["eventDays"]),
        (&json!("archive"), &json!(DAYS))
    );
    assert_eq!(
        (&done["archivedRows"], done["archivedFiles"].as_u64()),
        (&json!(2), Some(archive(&app).len() as u64))
    );
    let mark = EpochMs(first_kept()).to_timestamp().to_string();
    assert_eq!(done["watermark"], mark);
    assert!(done["nextRunAt"].as_str().unwrap() > done["lastRunAt"].as_str().unwrap());
    assert!(!archive(&app).is_empty());
    assert_eq!(paths(&app.wait_for_events(&key, "shop", 2).await), kept());
    assert_eq!(app.wait_for_events(&key, "demo", 1).await.len(), 1);
    assert_eq!(reports(&app, &key).await, before);

    // Nothing more is due: nothing more is written.
    let files = archive(&app);
    assert_eq!(
        run(&app, &key, "shop", 2).await["archivedFiles"],
        done["archivedFiles"]
    );
    assert_eq!(archive(&app), files);

    // Neither a rebuild nor a lost store brings anything back.
    let rebuilt = app.app.rebuild().await.unwrap();
    assert_eq!(rebuilt.rows, 3);
    assert_eq!(paths(&app.wait_for_events(&key, "shop", 2).await), kept());
    assert_eq!(reports(&app, &key).await, before);
    let store = app.app.config.data_dir.join("events");
    let app = app
        .restart_after(|| std::fs::remove_dir_all(store).unwrap())
        .await;
    app.wait_for_reports(&key).await;
    app.wait_for_events(&key, "demo", 1).await;
    assert_eq!(paths(&app.wait_for_events(&key, "shop", 2).await), kept());
    assert_eq!(run(&app, &key, "shop", 2).await["archivedRows"], 2);
    let audit = app.get("/v1/audit").key(&key).send().await.json();
    let actions: Vec<_> = audit["entries"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|entry| entry["action"].as_str())
        .filter(|action| action.starts_with("retention."))
        .collect();
    assert_eq!(
        actions,
        [
            "retention.run",
            "retention.run",
            "retention.commit",
            "retention.run"
        ]
    );
}

#[tokio::test]
async fn what_comes_late_leaves_with_the_next_run() {
    let (app, key) = start(&json!({ "eventRetentionDays": DAYS })).await;
    send(&app).await;
    app.wait_for_events(&key, "shop", 4).await;
    run(&app, &key, "shop", 2).await;
    let late = view(5, first_kept() - EpochMs::HOUR);
    let sent = app.post(app.batch(&[late])).send().await;
    assert_eq!(sent.json()["accepted"], 1);
    assert_eq!(app.wait_for_events(&key, "shop", 3).await.len(), 3);
    let done = run(&app, &key, "shop", 3).await;
    assert_eq!(done["archivedRows"], 3, "archived like any other");
    assert_eq!(paths(&app.wait_for_events(&key, "shop", 2).await), kept());
}

#[tokio::test]
async fn a_site_that_says_delete_leaves_no_file() {
    let delete = json!({ "eventRetentionDays": DAYS, "retentionAction": "delete" });
    let (app, key) = start(&delete).await;
    send(&app).await;
    app.wait_for_events(&key, "shop", 4).await;
    let done = run(&app, &key, "shop", 2).await;
    assert_eq!(
        (&done["archivedFiles"], &done["action"]),
        (&json!(0), &json!("delete"))
    );
    assert!(archive(&app).is_empty());
    app.app.rebuild().await.unwrap();
    assert_eq!(paths(&app.wait_for_events(&key, "shop", 2).await), kept());
}

#[tokio::test]
async fn keeping_longer_brings_nothing_back_and_takes_nothing_more() {
    let (app, key) = start(&json!({ "eventRetentionDays": DAYS })).await;
    send(&app).await;
    app.wait_for_events(&key, "shop", 4).await;
    let done = run(&app, &key, "shop", 2).await;
    settings(&app, &key, &json!({ "eventRetentionDays": 30 })).await;
    let again = run(&app, &key, "shop", 2).await;
    assert_eq!(again["watermark"], done["watermark"]);
    assert_eq!(paths(&app.wait_for_events(&key, "shop", 2).await), kept());
}

#[tokio::test]
async fn a_run_that_was_killed_after_its_commit_is_finished_by_the_next() {
    let (app, key) = start(&json!({ "eventRetentionDays": DAYS })).await;
    send(&app).await;
    app.wait_for_events(&key, "shop", 4).await;
    let site: SiteId = app.app.sites.find("shop").unwrap().id();
    let commit = Commit {
        number: 1,
        mark: Watermark {
            before: EpochMs(first_kept()),
            through: u64::try_from(i64::MAX).unwrap().min(1),
        },
        archived_rows: 2,
        archived_files: 1,
    };
    let committed = app.app.db.write_tx(move |tx| {
        Box::pin(async move { retention::commit(tx, site, commit, EpochMs(now_ms())).await })
    });
    committed.await.unwrap();
    let app = app.restart().await;
    app.wait_for_reports(&key).await;
    assert_eq!(
        app.wait_for_events(&key, "shop", 4).await.len(),
        4,
        "not deleted yet"
    );
    let done = run(&app, &key, "shop", 2).await;
    assert_eq!(done["archivedRows"], 2, "they count as archived, once");
    assert!(archive(&app).is_empty());
    assert_eq!(paths(&app.wait_for_events(&key, "shop", 2).await), kept());
}

#[tokio::test]
async fn sample_data_stays_for_as_long_as_if_it_had_happened_today() {
    let (app, key) = start(&json!({})).await;
    let load = app.request("POST", "/v1/sites/shop/sample-data").key(&key);
    assert_eq!(load.body(r#"{"events":10000}"#).send().await.status, 202);
    let begun = Instant::now();
    loop {
        let loaded = app
            .get("/v1/sites/shop/sample-data")
            .key(&key)
            .send()
            .await
            .json();
        if loaded["state"] == "ready" {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "{loaded}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let done = run(&app, &key, "shop", 0).await;
    assert_eq!(
        (&done["eventDays"], &done["archivedFiles"]),
        (&json!(180), &json!(0))
    );
    let site = app.app.sites.find("shop").unwrap();
    let later = EpochMs(now_ms()).plus(182 * EpochMs::DAY);
    app.app.retain(&site.as_ref().into(), later).await.unwrap();
    let done = status(&app, &key, "shop").await;
    assert!(done["removed"].as_u64() > Some(9_000), "{done}");
    // A year by months.
    assert!(archive(&app).len() >= 12, "{done}");
}
