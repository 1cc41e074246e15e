//! `clew demo`: a server with a year of sample data, to look around in.

use super::args::Shared;
use super::serve;
use crate::app::App;
use crate::sites::DEMO_SLUG;
use anyhow::{Context, bail};
use clew_store::relational::ImportState;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

const LOOK: Duration = Duration::from_millis(200);

pub(super) fn run(
    shared: &Shared,
    listen: Option<String>,
    events: u32,
) -> anyhow::Result<ExitCode> {
    let mut shared = shared.clone();
    // Kept until the server has stopped; goes with everything in it, the key beside the data too.
    let folder = match shared.data_dir {
        Some(_) => None,
        None => Some(tempfile::Builder::new().prefix("clew-demo-").tempdir()?),
    };
    if let Some(folder) = &folder {
        shared.data_dir = Some(folder.path().join("data"));
    }
    let served = serve::start(shared.load(listen)?, |app| {
        let app = app.clone();
        tokio::spawn(async move {
            if let Err(error) = fill(&app, events).await {
                eprintln!("clew: no sample data: {error:#}");
            }
        });
    });
    if let Some(folder) = folder {
        folder
            .close()
            .context("cannot remove the temporary folder")?;
    }
    served
}

/// Loads the year into the demo site and says how far it is.
async fn fill(app: &Arc<App>, events: u32) -> anyhow::Result<()> {
    let Some(site) = app.sites.find(DEMO_SLUG) else {
        bail!("this data folder has no site {DEMO_SLUG}; start without --data-dir");
    };
    let begun = Instant::now();
    app.load_sample_data(&site, events).await?;
    let mut line = ProgressLine::new();
    loop {
        let import = app.sample_data(site.id()).await?;
        let import = import.context("it was removed meanwhile")?;
        match import.state {
            ImportState::Loading => line.show(import.done, import.total)?,
            ImportState::Failed => bail!(import.message.unwrap_or_default()),
            ImportState::Removing => bail!("it is being removed"),
            ImportState::Ready => {
                line.end(import.total, begun.elapsed())?;
                return Ok(());
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// One line that rewrites itself on a terminal, and nothing but its end elsewhere.
struct ProgressLine {
    out: std::io::Stderr,
    rewrites: bool,
}

impl ProgressLine {
    fn new() -> Self {
        let out = std::io::stderr();
        Self {
            rewrites: out.is_terminal(),
            out,
        }
    }

    fn show(&mut self, done: u64, total: u64) -> std::io::Result<()> {
        if !self.rewrites {
            return Ok(());
        }
        let percent = done * 100 / total.max(1);
        write!(
            self.out,
            "\r  Sample data  {percent:>3} %  ({done} of {total} events)"
        )?;
        self.out.flush()
    }

    fn end(&mut self, total: u64, took: Duration) -> std::io::Result<()> {
        let begin = if self.rewrites { "\r" } else { "" };
        let seconds = took.as_secs_f64();
        writeln!(
            self.out,
            "{begin}  Sample data is ready: {total} events of the past year in {seconds:.1} s."
        )
    }
}
