//! Crashes on purpose: what was acknowledged must be there, once, and nothing else.

mod disk_full;
mod failing_fsync;
mod kills;
mod load;
mod mount;
mod oracle;
mod power_cuts;
mod rebuilds;

use anyhow::Result;
use std::path::Path;

/// How many of each fault to cause.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub kills: u32,
    pub power_cuts: u32,
    pub seed: u64,
}

/// Runs every fault and fails at the first broken promise.
pub async fn run(bin: &Path, plan: &Plan) -> Result<()> {
    println!("seed {}", plan.seed);
    if plan.kills > 0 {
        kills::run(bin, plan.kills, plan.seed).await?;
    }
    if mount::possible() {
        if plan.power_cuts > 0 {
            power_cuts::run(bin, plan.power_cuts, plan.seed).await?;
        }
        disk_full::run(bin).await?;
    } else {
        anyhow::ensure!(
            plan.power_cuts == 0,
            "cutting the power needs root, loop devices and mkfs.ext4; --power-cuts 0 leaves it out"
        );
        println!("power cuts, full disk: left out, mounting images needs root and loop devices");
    }
    failing_fsync::run(bin).await?;
    rebuilds::run(bin, plan.seed).await
}
