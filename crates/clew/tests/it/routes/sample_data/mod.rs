//! The generated year from outside, held against the generator itself.

mod delete;
mod get;
mod post;

use crate::support::TestApp;
use clew_core::model::EpochMs;
use clew_core::sample::{Sample, SampleEvent, SampleSpec};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const PATH: &str = "/v1/sites/shop/sample-data";

/// Loading takes a few seconds where other tests run beside it.
const PATIENCE: Duration = Duration::from_secs(60);

async fn load(app: &TestApp, key: &str, events: u32) -> Value {
    let body = json!({ "events": events }).to_string();
    let reply = app.request("POST", PATH).key(key).body(body).send().await;
    assert_eq!(reply.status, 202, "{}", reply.text());
    reply.json()
}

async fn remove(app: &TestApp, key: &str) -> Value {
    let reply = app.request("DELETE", PATH).key(key).send().await;
    assert_eq!(reply.status, 202, "{}", reply.text());
    reply.json()
}

async fn status(app: &TestApp, key: &str) -> Value {
    let reply = app.get(PATH).key(key).send().await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

/// Waits until `reached` holds of the status, which is returned.
async fn wait(app: &TestApp, key: &str, reached: impl Fn(&Value) -> bool) -> Value {
    let begun = Instant::now();
    loop {
        let status = status(app, key).await;
        if reached(&status) {
            return status;
        }
        assert!(begun.elapsed() < PATIENCE, "still {status}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn wait_for(app: &TestApp, key: &str, state: &str) -> Value {
    wait(app, key, |status| status["state"] == state).await
}

/// What the server generated, generated again.
async fn generated(app: &TestApp) -> Vec<SampleEvent> {
    let site = app.app.sites.find("shop").unwrap().id();
    let import = app.app.sample_data(site).await.unwrap().unwrap();
    let spec: Value = serde_json::from_str(&import.spec).unwrap();
    let spec = SampleSpec {
        seed: spec["seed"].as_u64().unwrap(),
        until: EpochMs(spec["until_ms"].as_i64().unwrap()),
        events: spec["events"].as_u64().unwrap() as u32,
        zone: jiff::tz::TimeZone::get(spec["time_zone"].as_str().unwrap()).unwrap(),
        host: spec["host"].as_str().unwrap().to_owned(),
    };
    Sample::new(spec).collect()
}

/// How many of them the metric `events` counts: no bots, no reports on engagement.
fn counted(events: &[SampleEvent]) -> usize {
    let counts = |sample: &&SampleEvent| {
        !sample.sender.place.country.is_empty() && sample.event.event_type != "engagement"
    };
    events.iter().filter(counts).count()
}

async fn report(app: &TestApp, key: &str, query: &str) -> Value {
    // Whole days, so that the same question asked later has the same answer.
    let today = clew::clock::now().0.div_euclid(EpochMs::DAY) * EpochMs::DAY;
    let (from, to) = (today - 368 * EpochMs::DAY, today + EpochMs::DAY);
    let path = format!("/v1/reports/{query}&site=shop&period=custom&from={from}&to={to}");
    let reply = app.get(&path).key(key).send().await;
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    reply.json()
}

async fn totals(app: &TestApp, key: &str) -> Value {
    let metrics = "overview?metrics=visitors,visits,pageviews,events,bounce_rate";
    report(app, key, metrics).await["totals"].clone()
}

/// Enough to notice any row that is missing, or there twice.
async fn reports(app: &TestApp, key: &str) -> [Value; 4] {
    [
        totals(app, key).await,
        report(app, key, "timeseries?interval=month").await["points"].clone(),
        report(app, key, "breakdown?dimension=source&limit=100").await["rows"].clone(),
        report(app, key, "breakdown?dimension=country&limit=100").await["rows"].clone(),
    ]
}
