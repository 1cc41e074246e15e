//! A prefilled journal, projected as fast as the event store takes it.

use super::row;
use crate::server::{Access, Installation};
use anyhow::{Context as _, Result, ensure};
use std::time::{Duration, Instant};

const GIVE_UP: Duration = Duration::from_mins(5);

/// `expected` events wait in records of `per_record`.
pub async fn run(
    installation: &Installation,
    access: &Access,
    expected: u64,
    per_record: u64,
) -> Result<()> {
    let server = installation.start().await?;
    let client = server.client();
    let begun = Instant::now();
    let (mut first, mut lag) = (None, u64::MAX);
    while lag > 0 {
        ensure!(begun.elapsed() < GIVE_UP, "the journal does not drain");
        tokio::time::sleep(Duration::from_millis(200)).await;
        let metrics = client.get("/metrics", Some(&access.key)).await?;
        let Some(now) = lag_of(&String::from_utf8_lossy(&metrics.body)) else {
            continue;
        };
        lag = now;
        first.get_or_insert((Instant::now(), lag));
    }
    let (since, waiting) = first.context("the lag was never shown")?;
    ensure!(waiting > 0, "nothing was left to drain");
    let (rows, took) = (waiting * per_record, since.elapsed());
    row(
        "draining the journal",
        &format!("{:.0} rows/s", rows as f64 / took.as_secs_f64()),
        &format!(">= 100,000 rows/s ({rows} rows in {took:.1?})"),
    );
    let path = format!(
        "/v1/reports/overview?site={}&period=day&metrics=pageviews",
        access.site
    );
    let report = client.get(&path, Some(&access.key)).await?;
    let shown = report.json()?["totals"]["pageviews"]
        .as_u64()
        .context("no pageviews")?;
    // wrk does not count the replies that were under way when it stopped.
    ensure!(
        shown >= expected,
        "{expected} events were accepted, {shown} are shown"
    );
    server.terminate().await?;
    Ok(())
}

/// Records that the event projector has not reached yet.
fn lag_of(metrics: &str) -> Option<u64> {
    let line = metrics
        .lines()
        .find(|line| line.starts_with("clew_journal_lag_records") && line.contains("\"events\""))?;
    let value: f64 = line.rsplit(' ').next()?.parse().ok()?;
    Some(value as u64)
}
