//! A prefilled journal, projected as fast as the event store takes it.

use super::row;
use crate::server::{Access, Installation};
use anyhow::{Context as _, Result, ensure};
use std::time::{Duration, Instant};

const GIVE_UP: Duration = Duration::from_mins(5);

pub async fn run(installation: &Installation, access: &Access, expected: u64) -> Result<()> {
    let server = installation.start().await?;
    let client = server.client();
    let begun = Instant::now();
    let path = format!(
        "/v1/reports/overview?site={}&period=day&metrics=pageviews",
        access.site
    );
    let (mut first, mut shown) = (None, 0);
    while begun.elapsed() < GIVE_UP {
        let reply = client.get(&path, Some(&access.key)).await?;
        if reply.status == 200 {
            shown = reply.json()?["totals"]["pageviews"]
                .as_u64()
                .context("no pageviews")?;
            first.get_or_insert((Instant::now(), shown));
            if shown >= expected {
                break;
            }
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    let (since, already) = first.context("reports never opened")?;
    let rows = shown.saturating_sub(already);
    ensure!(rows > 0, "nothing was left to drain");
    row(
        "draining the journal",
        &format!("{:.0} rows/s", rows as f64 / since.elapsed().as_secs_f64()),
        &format!(">= 100,000 rows/s ({rows} rows in {:.1?})", since.elapsed()),
    );
    ensure!(
        shown == expected,
        "{expected} events were accepted, {shown} are shown"
    );
    server.terminate().await?;
    Ok(())
}
