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
        let gzip = find(&manifest["cores"], variant)
            .with_context(|| format!("no {variant} in {manifest}"))?;
        row(
            &format!("tracker {variant}, gzip"),
            &format!("{gzip} B"),
            bar,
        );
    }
    for family in ["pixel", "client", "collector", "pulse", "tracker"] {
        let families = &manifest["families"];
        let gzip = find(families, family).with_context(|| format!("no {family} in {manifest}"))?;
        row(
            &format!("script of {family}, gzip"),
            &format!("{gzip} B"),
            "<= 10,000 B",
        );
    }
    Ok(())
}

fn find(scripts: &Value, name: &str) -> Option<u64> {
    let scripts = scripts.as_array()?;
    scripts.iter().find(|entry| entry["name"] == name)?["gzip"].as_u64()
}
