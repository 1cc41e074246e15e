//! wrk as load generator: one process, two threads, real sockets.

use super::{fresh, row};
use anyhow::{Context as _, Result, ensure};
use std::path::Path;
use tokio::process::Command;

/// What wrk measured.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    pub requests: u64,
    pub per_second: f64,
    pub p99_ms: f64,
    /// Replies other than 2xx, and broken connections.
    pub failures: u64,
}

pub async fn single_events(bin: &Path, seconds: u64) -> Result<()> {
    let (folder, installation, access) = fresh(bin).await?;
    let server = installation.start().await?;
    let load = run(
        include_str!("single.lua"),
        folder.path(),
        &server.address,
        &access.site,
        512,
        seconds,
    )
    .await?;
    row(
        "single-event POST, fsynced, 512 connections",
        &format!("{:.0}/s p99 {:.0} ms", load.per_second, load.p99_ms),
        &format!(">= 40,000/s, p99 <= 50 ms ({} failed)", load.failures),
    );
    server.terminate().await?;
    Ok(())
}

/// Runs a Lua script that receives the site id as its argument.
pub async fn run(
    script: &str,
    folder: &Path,
    address: &str,
    site: &str,
    connections: u32,
    seconds: u64,
) -> Result<Load> {
    let path = folder.join("load.lua");
    // wrk prints nothing that is easy to read; this prints one line of numbers at the end.
    let report = r#"
function done(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %f %d\n", summary.requests, summary.duration,
    latency:percentile(99) / 1000, e.status + e.connect + e.read + e.write + e.timeout))
end
"#;
    std::fs::write(&path, format!("{script}{report}"))?;
    let output = Command::new("wrk")
        .args([
            "-t2",
            &format!("-c{connections}"),
            &format!("-d{seconds}s"),
            "--timeout",
            "10s",
            "-s",
        ])
        .arg(&path)
        .args([&format!("http://{address}"), "--", site])
        .output()
        .await
        .context("wrk is not installed")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find_map(|line| line.strip_prefix("RESULT "));
    let numbers: Vec<f64> = line
        .with_context(|| {
            format!(
                "wrk failed: {text}{}",
                String::from_utf8_lossy(&output.stderr)
            )
        })?
        .split(' ')
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    ensure!(numbers.len() == 4, "wrk printed {numbers:?}");
    Ok(Load {
        requests: numbers[0] as u64,
        per_second: numbers[0] / (numbers[1] / 1e6),
        p99_ms: numbers[2],
        failures: numbers[3] as u64,
    })
}
