//! Power cuts: everything that was not synced to the device is gone.
//!
//! A second run with journal syncing switched off must lose events every time; a harness that
//! does not catch it would prove nothing.

use super::load;
use super::mount::{Mount, create_image};
use super::oracle::Verdict;
use crate::server::{Access, Installation};
use anyhow::{Context as _, Result, ensure};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use std::path::Path;
use std::time::Duration;

const IMAGE_MB: u64 = 768;
/// A fresh image after so many cuts, so that old data does not fill it.
const CUTS_PER_IMAGE: u32 = 25;
const CONTROLS: u32 = 5;

pub async fn run(bin: &Path, cuts: u32, seed: u64) -> Result<()> {
    let durable = rounds(bin, cuts, seed, false).await?;
    for (number, verdict) in durable.iter().enumerate() {
        verdict.ensure_kept(&format!("cut{number}"))?;
    }
    let acknowledged: usize = durable.iter().map(|verdict| verdict.acknowledged).sum();
    ensure!(
        acknowledged > 0,
        "nothing was acknowledged, so nothing was proven"
    );
    println!("power cuts: {cuts} cuts, {acknowledged} acknowledged, 0 lost, 0 twice");

    let controls = CONTROLS.min(cuts);
    let control = rounds(bin, controls, seed, true).await?;
    // Losing the end of the journal can also leave the event store ahead of it, waiting.
    let caught = control
        .iter()
        .filter(|verdict| verdict.lost > 0 || !verdict.caught_up)
        .count();
    ensure!(
        caught == control.len(),
        "control: only {caught} of {controls} cuts lost anything"
    );
    println!("control without fsync: caught {caught} of {controls}");
    Ok(())
}

async fn rounds(bin: &Path, cuts: u32, seed: u64, control: bool) -> Result<Vec<Verdict>> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut verdicts = Vec::new();
    while verdicts.len() < cuts as usize {
        let folder = tempfile::tempdir()?;
        let image = folder.path().join("disk0.img");
        create_image(&image, IMAGE_MB)?;
        let mut mount = Mount::new(image, folder.path().join("mnt0"))?;
        let mut access = None;
        // The control starts from a fresh image each time: its damage must not pile up.
        let here = if control {
            1
        } else {
            CUTS_PER_IMAGE.min(cuts - verdicts.len() as u32)
        };
        for _ in 0..here {
            let number = verdicts.len();
            let names = [
                format!("disk{}.img", number + 1),
                format!("mnt{}", number + 1),
            ];
            let after = names.map(|name| folder.path().join(name));
            let site;
            (mount, site, verdicts) = {
                let mut installation =
                    Installation::new(bin, mount.at.join("data"), folder.path().join("clew.key"));
                if control {
                    installation = installation.with_env("CLEW_JOURNAL_UNSAFE_NO_SYNC", "true");
                }
                let known = match access.take() {
                    Some(known) => known,
                    None => installation.provision().await?,
                };
                let (mount, verdict) =
                    one(installation, &known, mount, after, &mut rng, number).await?;
                verdicts.push(verdict);
                (mount, known, verdicts)
            };
            access = Some(site);
        }
    }
    Ok(verdicts)
}

async fn one(
    mut installation: Installation,
    access: &Access,
    mount: Mount,
    [image, at]: [std::path::PathBuf; 2],
    rng: &mut StdRng,
    number: usize,
) -> Result<(Mount, Verdict)> {
    let round = format!("cut{number}");
    let server = installation.start().await?;
    let moment = Duration::from_millis(rng.random_range(200..1_200));
    let load = load::run(&server.client(), access, &round, rng.random(), moment).await;
    server.kill().await?;
    let mount = mount.cut_power(image, at)?;
    let promises = load.stop().await;
    installation.data = mount.at.join("data");
    let server = installation.start().await?;
    let compared = promises.compare(&server.client(), access, &round).await;
    let verdict = compared
        .with_context(|| format!("{round}; the server said:\n{}", installation.log_tail()))?;
    server.kill().await?;
    Ok((mount, verdict))
}
