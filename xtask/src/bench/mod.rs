//! The performance table: every figure from a real server, with the load on the same machine.
//!
//! Prints figures and their bars; decides nothing. Machines differ, so compare within one run.

mod batches;
mod drain;
mod footprint;
mod scripts;
mod sizes;
mod visibility;
mod wrk;

use crate::server::{Access, Installation};
use anyhow::Result;
use std::path::Path;
use tempfile::TempDir;

/// A part of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    All,
    Scripts,
}

pub async fn run(bin: &Path, seconds: u64, part: Part) -> Result<()> {
    row("what", "measured", "bar");
    if part == Part::Scripts {
        return scripts::run(bin, seconds).await;
    }
    footprint::run(bin).await?;
    wrk::single_events(bin, seconds).await?;
    batches::run(bin, seconds).await?;
    visibility::run(bin, seconds).await?;
    scripts::run(bin, seconds).await?;
    sizes::run()
}

/// One line of the table.
fn row(what: &str, measured: &str, bar: &str) {
    println!("{what:<44} {measured:>26}   {bar}");
}

/// An installation in a folder of its own that lives as long as the measurement.
async fn fresh(bin: &Path) -> Result<(TempDir, Installation, Access)> {
    let folder = tempfile::tempdir()?;
    let installation = Installation::new(
        bin,
        folder.path().join("data"),
        folder.path().join("clew.key"),
    );
    let access = installation.provision().await?;
    Ok((folder, installation, access))
}
