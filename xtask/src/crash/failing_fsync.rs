//! A disk whose fdatasync fails with EIO: no reply may claim success for what was not synced.

use super::oracle::Promises;
use crate::server::Installation;
use anyhow::{Context as _, Result, ensure};
use hyper::body::Bytes;
use serde_json::json;
use std::path::Path;
use std::time::Duration;
use tokio::process::Command;
use uuid::Uuid;

const ATTACH: Duration = Duration::from_secs(1);

pub async fn run(bin: &Path) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let installation = Installation::new(
        bin,
        folder.path().join("data"),
        folder.path().join("clew.key"),
    );
    let access = installation.provision().await?;
    let server = installation.start().await?;
    // Attached to the running server, so that only collecting meets the bad disk. Every third
    // fdatasync of any thread fails: the journal must close the segment each time and never trust
    // a later success on the same descriptor.
    let mut tracer = Command::new("strace")
        .args([
            "-f",
            "-qq",
            "-e",
            "trace=fdatasync",
            "-e",
            "inject=fdatasync:error=EIO:when=10+3",
        ])
        .arg("-o")
        .arg(folder.path().join("strace.log"))
        .args(["-p", &server.pid().to_string()])
        .kill_on_drop(true)
        .spawn()
        .context("strace is not installed")?;
    tokio::time::sleep(ATTACH).await;
    let client = server.client();
    let mut promises = Promises::default();
    let (mut acknowledged, mut refused) = (0u32, 0u32);
    for _ in 0..200 {
        let id = Uuid::now_v7().to_string();
        promises.sent.insert(id.clone());
        let body: Bytes = json!({ "site_id": access.site, "events": [
            { "id": id, "type": "custom", "name": "eio", "url": "https://crash.example/" }] })
        .to_string()
        .into();
        let reply = client.post("/v1/events", body).await?;
        match reply.status {
            200 => {
                promises.acknowledged.insert(id);
                acknowledged += 1;
            }
            503 => refused += 1,
            other => anyhow::bail!("a failed fsync answered {other}"),
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    ensure!(
        refused > 0,
        "no fsync failed: the injection did not reach the journal"
    );
    server.kill().await?;
    tracer.wait().await?;

    let server = installation.start().await?;
    let verdict = promises.compare(&server.client(), &access, "eio").await?;
    verdict.ensure_kept("eio")?;
    println!(
        "failing fsync: {acknowledged} acknowledged and stored, {refused} refused with 503, 0 false successes"
    );
    server.kill().await
}
