//! How long after its 2xx an event shows in a report, alone and under load.

use super::{fresh, row};
use crate::client::Client;
use crate::server::Access;
use anyhow::{Context as _, Result, ensure};
use hyper::body::Bytes;
use serde_json::json;
use std::path::Path;
use std::time::{Duration, Instant};
use uuid::Uuid;

const PROBES: usize = 20;
/// Background load: this many batches of 100 events a second.
const BATCHES_PER_SECOND: u32 = 100;

pub async fn run(bin: &Path, seconds: u64) -> Result<()> {
    let (_folder, installation, access) = fresh(bin).await?;
    let server = installation.start().await?;
    let client = server.client();
    let idle = probe(&client, &access, "idle").await?;
    row("event visible in reports, idle", &worst(&idle), "<= 2 s");

    let (loader, load_access) = (client.clone(), access.clone());
    let load = tokio::spawn(async move { background(&loader, &load_access).await });
    tokio::time::sleep(Duration::from_secs(seconds.min(5))).await;
    let busy = probe(&client, &access, "busy").await?;
    row(
        "event visible in reports, 10,000 events/s",
        &worst(&busy),
        "<= 2 s",
    );
    load.abort();
    server.terminate().await?;
    Ok(())
}

/// Posts single events one after another and waits until each is counted.
async fn probe(client: &Client, access: &Access, name: &str) -> Result<Vec<Duration>> {
    let filters = format!("%5B%5B%22is%22%2C%22event%22%2C%5B%22{name}%22%5D%5D%5D");
    let path = format!(
        "/v1/reports/overview?site={}&period=day&metrics=events&filters={filters}",
        access.site
    );
    let mut delays = Vec::new();
    for number in 1..=PROBES as u64 {
        ensure!(
            post(client, access, name, 1).await? == 200,
            "a probe was refused"
        );
        let begun = Instant::now();
        loop {
            let reply = client.get(&path, Some(&access.key)).await?;
            ensure!(
                reply.status == 200 || reply.status == 503,
                "{path}: {:?}",
                reply.body
            );
            if reply.status == 200
                && reply.json()?["totals"]["events"]
                    .as_u64()
                    .context("no events")?
                    >= number
            {
                break;
            }
            ensure!(
                begun.elapsed() < Duration::from_secs(30),
                "the event never showed"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        delays.push(begun.elapsed());
    }
    Ok(delays)
}

async fn background(client: &Client, access: &Access) {
    let mut tick = tokio::time::interval(Duration::from_secs(1) / BATCHES_PER_SECOND);
    loop {
        tick.tick().await;
        let (client, access) = (client.clone(), access.clone());
        tokio::spawn(async move { post(&client, &access, "load", 100).await });
    }
}

async fn post(client: &Client, access: &Access, name: &str, count: usize) -> Result<u16> {
    let events: Vec<_> = (0..count)
        .map(|_| {
            json!({ "id": Uuid::now_v7(), "type": "custom", "name": name,
                    "url": "https://crash.example/" })
        })
        .collect();
    let body: Bytes = json!({ "site_id": access.site, "events": events })
        .to_string()
        .into();
    Ok(client.post("/v1/events", body).await?.status)
}

fn worst(delays: &[Duration]) -> String {
    let slowest = delays.iter().max().copied().unwrap_or_default();
    format!("slowest {:.2} s of {}", slowest.as_secs_f64(), delays.len())
}
