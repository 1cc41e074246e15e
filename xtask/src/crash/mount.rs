//! Small ext4 images mounted through loop devices, for cutting their power.

use anyhow::{Context as _, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A mounted image; unmounted when dropped.
#[derive(Debug)]
pub struct Mount {
    pub image: PathBuf,
    pub at: PathBuf,
}

/// Whether this process may mount images at all.
pub fn possible() -> bool {
    let Ok(folder) = tempfile::tempdir() else {
        return false;
    };
    let image = folder.path().join("probe.img");
    create_image(&image, 4)
        .and_then(|()| Mount::new(image, folder.path().join("mnt")))
        .is_ok()
}

pub fn create_image(path: &Path, megabytes: u64) -> Result<()> {
    std::fs::File::create(path)?.set_len(megabytes << 20)?;
    let quiet = ["-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0"];
    run(Command::new("mkfs.ext4").args(quiet).arg(path))
}

impl Mount {
    pub fn new(image: PathBuf, at: PathBuf) -> Result<Self> {
        std::fs::create_dir_all(&at)?;
        run(Command::new("mount")
            .args(["-o", "loop"])
            .arg(&image)
            .arg(&at))?;
        Ok(Self { image, at })
    }

    /// The image as the disk would be after a power cut: what the file system has written to its
    /// device, and nothing of what it still holds in memory.
    pub fn cut_power(self, copy: PathBuf, at: PathBuf) -> Result<Self> {
        run(Command::new("cp")
            .arg("--sparse=always")
            .arg(&self.image)
            .arg(&copy))?;
        let old = self.image.clone();
        drop(self);
        std::fs::remove_file(old)?;
        Self::new(copy, at)
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        if let Err(error) = run(Command::new("umount").arg("-l").arg(&self.at)) {
            eprintln!("cannot unmount {}: {error}", self.at.display());
        }
    }
}

fn run(command: &mut Command) -> Result<()> {
    let path = std::env::var("PATH").unwrap_or_default();
    let output = command
        .env("PATH", format!("{path}:/usr/sbin:/sbin"))
        .output()
        .with_context(|| format!("cannot run {command:?}"))?;
    ensure!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(())
}
