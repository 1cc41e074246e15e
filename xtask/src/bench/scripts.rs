//! How often a second a client's script is found and sent, once it is ready.

use super::{fresh, row, wrk};
use anyhow::{Result, ensure};
use std::path::Path;

pub async fn run(bin: &Path, seconds: u64) -> Result<()> {
    let (folder, installation, access) = fresh(bin).await?;
    let server = installation.start().await?;
    let path = format!("/script/{}.js", access.site);
    let reply = server.client().get(&path, None).await?;
    ensure!(reply.status == 200, "GET {path}: {}", reply.status);
    let load = wrk::run(
        include_str!("script.lua"),
        folder.path(),
        &server.address,
        &access.site,
        64,
        seconds,
    )
    .await?;
    row(
        "a client's script from the cache",
        &format!("{:.0}/s p99 {:.0} ms", load.per_second, load.p99_ms),
        &format!(">= 20,000/s ({} failed)", load.failures),
    );
    server.terminate().await?;
    Ok(())
}
