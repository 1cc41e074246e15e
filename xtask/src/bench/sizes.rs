//! Bytes that a visitor downloads.

use super::row;
use anyhow::{Context as _, Result};
use serde_json::Value;

pub fn run() -> Result<()> {
    let manifest = std::fs::read_to_string("tracker/dist/manifest.json")
        .context("build the tracker first: make assets")?;
    let manifest: Value = serde_json::from_str(&manifest)?;
    for (variant, bar) in [
        ("cookieless", "<= 1,900 B"),
        ("standard", "<= 2,048 B"),
        ("loader", "<= 2,300 B"),
    ] {
        let gzip =
            find(&manifest, variant).with_context(|| format!("no {variant} in {manifest}"))?;
        row(
            &format!("tracker {variant}, gzip"),
            &format!("{gzip} B"),
            bar,
        );
    }
    Ok(())
}

fn find(manifest: &Value, variant: &str) -> Option<u64> {
    let cores = manifest["cores"].as_array()?;
    cores.iter().find(|entry| entry["name"] == variant)?["gzip"].as_u64()
}
