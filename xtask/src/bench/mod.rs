//! The performance table: every figure from a real server, with the load on the same machine.
//!
//! Prints figures and their bars; decides nothing. Machines differ, so compare within one run.

mod batches;
mod drain;
mod footprint;
mod sizes;
mod visibility;
mod wrk;

use crate::server::{Access, Installation};
use anyhow::Result;
use std::path::Path;
use tempfile::TempDir;

pub async fn run(bin: &Path, seconds: u64) -> Result<()> {
    row("what", "measured", "bar");
    footprint::run(bin).await?;
    wrk::single_events(bin, seconds).await?;
    batches::run(bin, seconds).await?;
    visibility::run(bin, seconds).await?;
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
