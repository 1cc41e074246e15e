//! Start and idle memory with empty data.

use super::{fresh, row};
use anyhow::{Context as _, Result, ensure};
use hyper::body::Bytes;
use serde_json::json;
use std::path::Path;
use std::time::Duration;

const SETTLE: Duration = Duration::from_mins(1);

pub async fn run(bin: &Path) -> Result<()> {
    let (_folder, installation, access) = fresh(bin).await?;
    let server = installation.start().await?;
    row(
        "start to first request",
        &format!("{} ms", server.started_in.as_millis()),
        "<= 1,000 ms",
    );
    // One event makes sure that the user agent parser is loaded.
    let body: Bytes = json!({ "site_id": access.site,
        "events": [{ "type": "pageview", "url": "https://crash.example/" }] })
    .to_string()
    .into();
    let reply = server.client().post("/v1/events", body).await?;
    ensure!(
        reply.status == 200,
        "the first event was refused: {:?}",
        reply.body
    );
    tokio::time::sleep(SETTLE).await;
    let resident = resident_kb(server.pid())?;
    row(
        "idle memory after 60 s",
        &format!("{:.0} MB", resident as f64 / 1024.0),
        "<= 100 MB RSS",
    );
    server.terminate().await?;
    Ok(())
}

fn resident_kb(pid: u32) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.context("no VmRSS")?.parse()?)
}
