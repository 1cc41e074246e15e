//! Batches of fifty with the projector throttled, then how fast the backlog drains.

use super::{drain, fresh, row, wrk};
use anyhow::Result;
use std::path::Path;

pub async fn run(bin: &Path, seconds: u64) -> Result<()> {
    let (folder, mut installation, access) = fresh(bin).await?;
    installation = installation.with_env("CLEW_PROJECTOR_ROWS_PER_SECOND", "1000");
    let server = installation.start().await?;
    let script = include_str!("batch.lua");
    let load = wrk::run(
        script,
        folder.path(),
        &server.address,
        &access.site,
        64,
        seconds,
    )
    .await?;
    row(
        "batches of 50, projector throttled",
        &format!("{:.0} events/s", load.per_second * 50.0),
        &format!(
            ">= 150,000 events/s ({} failed, p99 {:.0} ms)",
            load.failures, load.p99_ms
        ),
    );
    server.terminate().await?;
    installation.env.clear();
    drain::run(&installation, &access, load.requests * 50, 50).await
}
