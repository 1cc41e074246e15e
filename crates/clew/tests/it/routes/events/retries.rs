//! A retry counts once, whatever happens in between.

use crate::support::{TestApp, id, pageview};
use serde_json::{Value, json};

async fn totals(app: &TestApp, key: &str) -> Value {
    let path = "/v1/reports/overview?site=shop&period=day";
    let reply = app.get(path).key(key).send().await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["totals"].clone()
}

#[tokio::test]
async fn three_posts_and_a_restart_count_once_and_name_the_duplicates() {
    let app = TestApp::start().await;
    let batch = app.batch(&[pageview(&id(1)), pageview(&id(2)), pageview("not-a-uuid")]);
    let first = app.post(batch.clone()).send().await.json();
    assert_eq!(first["accepted"], 3, "{first}");
    let second = app.post(batch.clone()).send().await.json();
    let app = app.restart().await;
    let third = app.post(batch).send().await.json();
    for again in [second, third] {
        assert_eq!(again["accepted"], 0, "{again}");
        assert_eq!(again["duplicates"], 3, "{again}");
        assert_eq!(again["duplicate_items"], json!([0, 1, 2]), "{again}");
    }
    let key = app.key("viewer", &[], &[]).await;
    let events = app.wait_for_events(&key, "shop", 3).await;
    assert_eq!(events.len(), 3);
    assert_eq!(totals(&app, &key).await["pageviews"], 3);
}

#[tokio::test]
async fn a_repeated_id_inside_one_batch_counts_once() {
    let app = TestApp::start().await;
    let batch = app.batch(&[pageview(&id(1)), pageview(&id(1))]);
    let receipt = app.post(batch).send().await.json();
    assert_eq!(
        (&receipt["accepted"], &receipt["duplicates"]),
        (&json!(1), &json!(1))
    );
}

#[tokio::test]
async fn the_same_id_at_two_sites_is_two_events() {
    let app = TestApp::start().await;
    let spec = clew::admin::NewSiteSpec {
        name: "Other".into(),
        domains: vec!["other.example".into()],
        slug: None,
        time_zone: None,
    };
    let other = app.create_site(spec).await;
    let batch = app.batch(&[pageview(&id(1))]);
    assert_eq!(app.post(batch.clone()).send().await.json()["accepted"], 1);
    let request = app.post(
        batch
            .replace(&app.site, &other)
            .replace("shop.example", "other.example"),
    );
    let reply = request
        .header("origin", "https://other.example")
        .send()
        .await;
    assert_eq!(reply.json()["accepted"], 1, "{}", reply.text());
}
