//! A full disk: collection says so at once, reports go on, and it heals when space returns.

use super::mount::{Mount, create_image};
use crate::client::Client;
use crate::server::{Access, Installation};
use anyhow::{Result, ensure};
use hyper::body::Bytes;
use serde_json::json;
use std::path::Path;
use std::time::{Duration, Instant};
use uuid::Uuid;

const IMAGE_MB: u64 = 400;
const HEALS_WITHIN: Duration = Duration::from_secs(30);

pub async fn run(bin: &Path) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let image = folder.path().join("disk.img");
    create_image(&image, IMAGE_MB)?;
    let mount = Mount::new(image, folder.path().join("mnt"))?;
    let installation =
        Installation::new(bin, mount.at.join("data"), folder.path().join("clew.key"));
    let access = installation.provision().await?;
    let server = installation.start().await?;
    let client = server.client();
    ensure!(
        post(&client, &access).await?.0 == 200,
        "the empty disk must take events"
    );

    let ballast = mount.at.join("ballast");
    fill(&ballast)?;
    let (mut refused, mut slowest) = (None, Duration::ZERO);
    for _ in 0..20_000 {
        let (status, took) = post(&client, &access).await?;
        slowest = slowest.max(took);
        ensure!(
            status == 200 || status == 503,
            "a full disk answered {status}"
        );
        if status == 503 {
            refused = Some(took);
            break;
        }
    }
    let refused = refused.ok_or_else(|| anyhow::anyhow!("the full disk was never noticed"))?;
    ensure!(
        slowest <= Duration::from_secs(1),
        "a reply took {slowest:?}"
    );
    let path = format!("/v1/reports/overview?site={}&period=day", access.site);
    let report = client.get(&path, Some(&access.key)).await?;
    ensure!(
        report.status == 200,
        "reports stopped on a full disk: {}",
        report.status
    );

    std::fs::remove_file(&ballast)?;
    let freed = Instant::now();
    while post(&client, &access).await?.0 != 200 {
        ensure!(
            freed.elapsed() < HEALS_WITHIN,
            "did not heal within {HEALS_WITHIN:?}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    println!(
        "full disk: refused with 503 in {refused:.1?}, reports answered, healed {:.1?} after space returned",
        freed.elapsed()
    );
    server.kill().await
}

async fn post(client: &Client, access: &Access) -> Result<(u16, Duration)> {
    let events: Vec<_> = (0..100)
        .map(|_| {
            json!({ "id": Uuid::now_v7(), "type": "pageview", "title": "x".repeat(400),
                    "url": "https://crash.example/full" })
        })
        .collect();
    let body: Bytes = json!({ "site_id": access.site, "events": events })
        .to_string()
        .into();
    let begun = Instant::now();
    let reply = client.post("/v1/events", body).await?;
    Ok((reply.status, begun.elapsed()))
}

/// Writes until the file system has nothing left.
fn fill(path: &Path) -> Result<()> {
    use std::io::Write as _;
    let mut file = std::fs::File::create(path)?;
    for size in [1 << 20, 4096, 512] {
        let block = vec![0x5a; size];
        while file.write_all(&block).is_ok() {}
    }
    file.sync_all().or_else(|error| match error.kind() {
        std::io::ErrorKind::StorageFull => Ok(()),
        _ => Err(error),
    })?;
    Ok(())
}
