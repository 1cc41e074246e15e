//! kill -9 at random moments under load.
//!
//! The page cache survives a killed process, so this proves recovery and deduplication; whether
//! anything was fsynced is for the power cuts to say.

use super::load;
use crate::server::Installation;
use anyhow::{Result, ensure};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use std::path::Path;
use std::time::Duration;

const RECOVERY: Duration = Duration::from_secs(5);

pub async fn run(bin: &Path, kills: u32, seed: u64) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let installation = Installation::new(
        bin,
        folder.path().join("data"),
        folder.path().join("clew.key"),
    );
    let access = installation.provision().await?;
    let mut rng = StdRng::seed_from_u64(seed);
    let (mut acknowledged, mut stored) = (0, 0);
    let mut slowest = Duration::ZERO;
    let mut server = installation.start().await?;
    for cycle in 0..kills {
        let round = format!("kill{cycle}");
        let moment = Duration::from_millis(rng.random_range(0..1_500));
        let load = load::run(&server.client(), &access, &round, rng.random(), moment).await;
        server.kill().await?;
        let promises = load.stop().await;
        server = installation.start().await?;
        slowest = slowest.max(server.started_in);
        ensure!(
            server.started_in <= RECOVERY,
            "recovery took {:?}",
            server.started_in
        );
        let verdict = promises.compare(&server.client(), &access, &round).await?;
        verdict.ensure_kept(&round)?;
        acknowledged += verdict.acknowledged;
        stored += verdict.stored;
        if (cycle + 1) % 100 == 0 {
            println!("  {} kills, {acknowledged} acknowledged, 0 lost", cycle + 1);
        }
    }
    ensure!(
        acknowledged > 0,
        "nothing was acknowledged, so nothing was proven"
    );
    let drained = server.terminate().await?;
    println!(
        "kill -9: {kills} kills, {acknowledged} acknowledged, {stored} stored, 0 lost, 0 twice; \
         slowest recovery {slowest:.2?}; final drain {drained:.2?}"
    );
    Ok(())
}
