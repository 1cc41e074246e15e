//! Everything that is stored about somebody, for them and for nobody else.

use crate::support::{TestApp, id, now_ms};
use clew::admin::NewSiteSpec;
use clew_core::model::EpochMs;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(40);
const PATH: &str = "/v1/sites/shop/exports";
const PHONE: u128 = 0xA1;
const LAPTOP: u128 = 0xA2;
const STRANGER: u128 = 0xA3;

/// Anna's anonymous visit on the phone, hers with her name on phone and laptop, a stranger's.
async fn world() -> (TestApp, String) {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    let now = now_ms();
    let event = |n: u128, visitor: u128, user: Option<&str>, time: i64| {
        let mut event = json!({
            "id": id(n), "type": "pageview", "t": time, "visitor_id": id(visitor),
            "url": format!("https://shop.example/{n}"), "title": "=cmd|' /C calc'!A0",
            "consent": { "analytics": true },
        });
        if let Some(user) = user {
            event["user_id"] = user.into();
        }
        event
    };
    let events = [
        event(1, PHONE, None, now - 5 * EpochMs::DAY),
        event(2, PHONE, Some("anna"), now - 1_000),
        event(3, LAPTOP, Some("anna"), now),
        event(4, LAPTOP, None, now),
        event(5, STRANGER, Some("ben"), now),
        event(6, STRANGER, None, now),
    ];
    let sent = app.post(app.batch(&events)).send().await;
    assert_eq!(sent.json()["accepted"], 6, "{}", sent.text());
    app.wait_for_reports(&key).await;
    app.wait_for_events(&key, "shop", 6).await;
    wait_for_links(&app).await;
    (app, key)
}

/// Links are projected beside the events.
async fn wait_for_links(app: &TestApp) {
    let site = app.app.sites.find("shop").unwrap().id();
    let ben = clew_core::model::UserKey::hashed(&[&site.to_bytes(), b"ben"]);
    let begun = Instant::now();
    loop {
        let db = app.app.db.read();
        let linked = clew_store::relational::person_links::visitors_ever(db, site, ben).await;
        if !linked.unwrap().is_empty() {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "no links");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn export(app: &TestApp, key: &str, subject: Value) -> Value {
    let body = json!({ "subject": subject });
    let asked = app.request("POST", PATH).key(key).json(&body).send().await;
    assert_eq!(asked.status, 202, "{}", asked.text());
    let path = format!("{PATH}/{}", asked.json()["exportId"].as_str().unwrap());
    let begun = Instant::now();
    loop {
        let reply = app.get(&path).key(key).send().await;
        let state = reply.json();
        if state["status"] == "ready" {
            return state;
        }
        assert!(begun.elapsed() < PATIENCE, "{state}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn file(export: &Value, format: &str) -> String {
    let id = export["exportId"].as_str().unwrap();
    format!("{PATH}/{id}/file?format={format}")
}

fn urls(document: &Value) -> BTreeSet<u32> {
    let events = document["events"].as_array().unwrap().iter();
    let number = |event: &Value| {
        let url = event["url"].as_str().unwrap();
        url.rsplit('/').next().unwrap().parse().unwrap()
    };
    events.map(number).collect()
}

#[tokio::test]
async fn an_export_holds_everything_of_a_person_and_nothing_of_others() {
    let (app, key) = world().await;
    // The oldest day leaves into the archive, and is still hers.
    let site = app.app.sites.find("shop").unwrap();
    let keep = json!({ "settings": { "eventRetentionDays": 2 } });
    let put = app.request("PUT", "/v1/sites/shop").key(&key).json(&keep);
    assert_eq!(put.send().await.status, 200);
    app.app.policies_changed().await.unwrap();
    let site = app.app.sites.get(site.id()).unwrap();
    app.app
        .retain(&site.as_ref().into(), EpochMs(now_ms()))
        .await
        .unwrap();
    assert_eq!(app.wait_for_events(&key, "shop", 5).await.len(), 5);

    for (subject, expected) in [
        (json!({ "userId": "anna" }), [1, 2, 3, 4].into()),
        (json!({ "visitorId": id(PHONE) }), [1, 2, 3, 4].into()),
        (json!({ "userId": "ben" }), BTreeSet::from([5, 6])),
        (json!({ "userId": "nobody" }), BTreeSet::new()),
    ] {
        let done = export(&app, &key, subject.clone()).await;
        assert_eq!(done["progress"]["events"], expected.len(), "{done}");
        let json = app.get(&file(&done, "json")).key(&key).send().await;
        assert_eq!(json.status, 200);
        assert_eq!(json.header("content-type"), Some("application/json"));
        assert_eq!(json.header("cache-control"), Some("no-store"));
        let name = format!(
            "attachment; filename=\"clew-export-{}.json\"",
            done["exportId"].as_str().unwrap()
        );
        assert_eq!(json.header("content-disposition"), Some(name.as_str()));
        assert_eq!(
            json.body.len() as u64,
            done["files"]["jsonBytes"].as_u64().unwrap()
        );
        let document = json.json();
        assert_eq!(urls(&document), expected, "{subject}");
        let archived = |event: &&Value| event["archived"] == true;
        let from_files: Vec<_> = document["events"]
            .as_array()
            .unwrap()
            .iter()
            .filter(archived)
            .collect();
        assert_eq!(from_files.len(), usize::from(expected.contains(&1)));

        let csv = app.get(&file(&done, "csv")).key(&key).send().await;
        assert_eq!(
            csv.body.len() as u64,
            done["files"]["csvBytes"].as_u64().unwrap()
        );
        let text = csv.text();
        assert_eq!(text.matches("\"'=cmd").count(), expected.len());
        assert!(!text.contains("\"=cmd"));
        let links = document["personLinks"].as_array().unwrap().len();
        let touches = document["touches"].as_array().unwrap().len();
        assert_eq!(text.lines().count(), 1 + expected.len() + links + touches);
        assert_eq!(touches > 0, !expected.is_empty());
        assert_eq!(links > 0, !expected.is_empty());
    }
}

#[tokio::test]
async fn files_lie_sealed_and_end_after_a_day() {
    let (app, key) = world().await;
    let done = export(&app, &key, json!({ "userId": "anna" })).await;
    let folder = app.app.config.data_dir.join("exports");
    let files = || {
        std::fs::read_dir(&folder)
            .unwrap()
            .map(|f| f.unwrap().path())
            .collect::<Vec<_>>()
    };
    assert_eq!(files().len(), 2);
    for path in files() {
        let stored = std::fs::read(path).unwrap();
        assert!(!stored.windows(12).any(|window| window == b"shop.example"));
    }
    let life = |name: &str| -> jiff::Timestamp { done[name].as_str().unwrap().parse().unwrap() };
    let lives = life("expiresAt").duration_since(life("requestedAt"));
    assert_eq!(lives.as_hours(), 24);

    // Its time is over: as an erasure ends it, or the clock.
    let site = app.app.sites.find("shop").unwrap().id();
    let over = app.app.db.write_tx(move |tx| {
        Box::pin(async move {
            clew_store::relational::exports::withdraw(tx, site, EpochMs(now_ms())).await
        })
    });
    assert_eq!(over.await.unwrap(), 1);
    let gone = app.get(&file(&done, "json")).key(&key).send().await;
    assert_eq!((gone.status, gone.code().as_str()), (409, "conflict"));
    assert_eq!(files().len(), 2);
    let app = app.restart().await;
    let begun = Instant::now();
    while !files().is_empty() {
        assert!(begun.elapsed() < PATIENCE, "files are left");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let list = app.get(PATH).key(&key).send().await.json();
    assert_eq!(list["exports"][0]["status"], "expired");
    assert_eq!(list["exports"][0]["files"], Value::Null);
}

#[tokio::test]
async fn exports_of_other_sites_and_half_a_subject_are_refused() {
    let (app, key) = world().await;
    let spec = NewSiteSpec {
        name: "Other".into(),
        domains: vec!["other.example".into()],
        slug: Some("other".into()),
        time_zone: None,
    };
    app.create_site(spec).await;
    let done = export(&app, &key, json!({ "userId": "anna" })).await;
    for path in [
        file(&done, "json").replace("/shop/", "/other/"),
        format!(
            "/v1/sites/other/exports/{}",
            done["exportId"].as_str().unwrap()
        ),
        format!("{PATH}/nothing"),
        format!("{PATH}/{}/file", id(77)),
    ] {
        let reply = app.get(&path).key(&key).send().await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (404, "not_found"),
            "{path}"
        );
    }
    let others = app.get("/v1/sites/other/exports").key(&key).send().await;
    assert_eq!(others.json()["exports"], json!([]));
    for subject in [
        json!({}),
        json!({ "visitorId": "x" }),
        json!({ "userId": " " }),
        json!({ "userId": "a", "visitorId": id(1) }),
        json!({ "email": "a" }),
    ] {
        let body = json!({ "subject": subject });
        let reply = app.request("POST", PATH).key(&key).json(&body).send().await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (422, "invalid_body"),
            "{subject}"
        );
    }
    let reply = app.get(&file(&done, "xml")).key(&key).send().await;
    assert_eq!(
        (reply.status, reply.code().as_str()),
        (400, "invalid_parameter")
    );
}

#[tokio::test]
async fn asking_and_every_download_are_in_the_audit_log_without_the_person() {
    let (app, key) = world().await;
    let done = export(&app, &key, json!({ "userId": "anna" })).await;
    for format in ["json", "csv"] {
        assert_eq!(
            app.get(&file(&done, format)).key(&key).send().await.status,
            200
        );
    }
    let reply = app.get("/v1/audit").key(&key).send().await;
    assert!(!reply.text().contains("anna"));
    let log = reply.json();
    let entries = log["entries"].as_array().unwrap().iter();
    let mine = entries.filter(|entry| entry["subjectId"] == done["exportId"]);
    let actions: Vec<_> = mine
        .map(|entry| entry["action"].as_str().unwrap())
        .collect();
    assert_eq!(
        actions,
        ["export.download", "export.download", "export.create"]
    );
}
