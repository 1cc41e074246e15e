//! Loading: the generated year, batch by batch, into the journal.
//!
//! A thread of low priority generates and runs the pipeline, a batch ahead of the journal. Done
//! counts events that are on disk; what was written after it was last noted is known to the
//! ledger when it comes again.

use super::super::App;
use super::transit;
use crate::clock;
use crate::ingest::{ImportBatch, ImportedEvent, Importing};
use crate::sites::Site;
use clew_core::error::ErrorCode;
use clew_core::model::{EpochMs, SitePolicy};
use clew_core::sample::{self, Sample, SampleEvent, SampleSpec};
use clew_store::relational::imports::{self, Import};
use clew_store::relational::{ImportState, StoreError};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

/// Events of one journal record.
const BATCH: usize = 500;

/// Own batches that reports may be behind before loading waits: some ten thousand events, which
/// they take in well under a second.
const AHEAD: usize = 24;

/// How often progress is noted.
const NOTE: Duration = Duration::from_millis(500);

/// Which year, as it is stored: everything that generating it again takes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct SampleYear {
    version: u32,
    seed: u64,
    until_ms: i64,
    events: u32,
    time_zone: String,
    host: String,
}

impl SampleYear {
    /// The year up to `now`; `None` when the site has no host whose pages could be shown. The same
    /// host has the same year everywhere.
    pub(super) fn of(site: &SitePolicy, now: EpochMs, events: u32) -> Option<Self> {
        let host = sample::page_host(&site.domains)?;
        let mut seed = [0; 8];
        seed.copy_from_slice(&blake3::hash(host.as_bytes()).as_bytes()[..8]);
        Some(Self {
            version: sample::VERSION,
            seed: u64::from_le_bytes(seed),
            until_ms: now.0,
            events,
            time_zone: site.time_zone.iana_name().unwrap_or("UTC").to_owned(),
            host,
        })
    }

    pub(super) fn to_json(&self) -> String {
        serde_json::json!(self).to_string()
    }

    fn read(json: &str) -> Result<SampleSpec, LoadError> {
        let unreadable = LoadError::Hopeless("What was to be loaded cannot be read.");
        let Ok(year) = serde_json::from_str::<Self>(json) else {
            return Err(unreadable);
        };
        if year.version != sample::VERSION {
            return Err(LoadError::Hopeless(
                "Another version of Clew began to load it; remove it and load it again.",
            ));
        }
        let Ok(zone) = TimeZone::get(&year.time_zone) else {
            return Err(unreadable);
        };
        Ok(SampleSpec {
            seed: year.seed,
            until: EpochMs(year.until_ms),
            events: year.events,
            zone,
            host: year.host,
        })
    }
}

/// Why a load stopped before its end.
#[derive(Debug)]
pub(super) enum LoadError {
    /// For now.
    Refused(ErrorCode),
    Store(StoreError),
    /// For good, and why.
    Hopeless(&'static str),
}

impl From<StoreError> for LoadError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Loads what is missing and sets the state to ready once reports show it. Ends early, and well,
/// when `again` says that the state has changed.
pub(super) async fn run(
    app: &Arc<App>,
    import: &Import,
    again: &AtomicBool,
) -> Result<(), LoadError> {
    let spec = SampleYear::read(&import.spec)?;
    let mut batches = generate(app, import, spec)?;
    let mut done = import.done;
    let mut noted = Instant::now();
    let mut lead = VecDeque::with_capacity(AHEAD);
    let stopped = loop {
        match next(app, &mut batches, &mut lead, again).await {
            Ok(Some(count)) => done += count,
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
        if noted.elapsed() >= NOTE {
            note(app, import, done, None).await?;
            noted = Instant::now();
        }
    };
    let waits = match &stopped {
        Some(LoadError::Refused(code)) => Some(format!("Waiting: {}", code.message())),
        _ => None,
    };
    note(app, import, done, waits).await?;
    if let Some(error) = stopped {
        return Err(error);
    }
    if again.load(Ordering::SeqCst) {
        return Ok(());
    }
    if done < import.total {
        return Err(LoadError::Hopeless("Generating the events failed."));
    }
    if app.is_all_visible(again).await {
        transit(&app.db, import, ImportState::Ready, None).await?;
    }
    Ok(())
}

/// Journals one batch and says how many events it had; `None` at the end, or when `again` is set.
async fn next(
    app: &App,
    batches: &mut mpsc::Receiver<Batch>,
    lead: &mut VecDeque<u64>,
    again: &AtomicBool,
) -> Result<Option<u64>, LoadError> {
    // What others send in between does not count: it would keep a busy server waiting for ever.
    while lead.len() >= AHEAD && !again.load(Ordering::SeqCst) {
        let shown = app.event_cursor().await;
        lead.retain(|lsn| *lsn > shown);
        if lead.len() >= AHEAD {
            tokio::time::sleep(super::LOOK).await;
        }
    }
    if again.load(Ordering::SeqCst) {
        return Ok(None);
    }
    let Some(batch) = batches.recv().await else {
        return Ok(None);
    };
    let (count, batch) = batch.map_err(LoadError::Hopeless)?;
    app.intake.import(batch).await.map_err(LoadError::Refused)?;
    lead.push_back(app.journal.durable().borrow().0);
    Ok(Some(count))
}

async fn note(
    app: &App,
    import: &Import,
    done: u64,
    message: Option<String>,
) -> Result<(), StoreError> {
    let (site, id) = (import.site, import.id);
    app.db
        .write_tx(move |tx| {
            Box::pin(
                async move { imports::progress(tx, site, id, done, message, clock::now()).await },
            )
        })
        .await
}

/// How many events, and what the pipeline made of them; or why there will be no more.
type Batch = Result<(u64, ImportBatch), &'static str>;

/// Batches from the first event that is not done yet. The thread ends with the receiver.
fn generate(
    app: &Arc<App>,
    import: &Import,
    spec: SampleSpec,
) -> Result<mpsc::Receiver<Batch>, LoadError> {
    let (sender, batches) = mpsc::channel(2);
    let (finished, end) = oneshot::channel::<()>();
    // A server that stops waits for the thread: it holds the app, and the app its data folder.
    app.tasks.spawn(async move { drop(end.await) });
    let (app, import) = (app.clone(), import.clone());
    let thread = std::thread::Builder::new().name("clew-sample".to_owned());
    let started = thread.spawn(move || {
        yield_to_collection();
        let events = Sample::new(spec).skip(import.done as usize);
        send_batches(&app, &import, events, &sender);
        drop(app);
        drop(finished);
    });
    match started {
        Ok(_) => Ok(batches),
        Err(error) => {
            tracing::error!(%error, "sample data: no thread");
            Err(LoadError::Refused(ErrorCode::Overloaded))
        }
    }
}

fn send_batches(
    app: &App,
    import: &Import,
    mut events: impl Iterator<Item = SampleEvent>,
    sender: &mpsc::Sender<Batch>,
) {
    loop {
        let mut batch: Vec<_> = events.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            return;
        }
        // Asked anew for every batch: the site's privacy may have been changed meanwhile.
        let prepared = match app.sites.get(import.site) {
            Some(site) => prepare(app, &site, import, &mut batch)
                .map(|prepared| (batch.len() as u64, prepared))
                .map_err(|_| "The server's log says why."),
            None => Err("The site was deleted."),
        };
        let is_last = prepared.is_err();
        if sender.blocking_send(prepared).is_err() || is_last {
            return;
        }
    }
}

fn prepare(
    app: &App,
    site: &Site,
    import: &Import,
    batch: &mut [SampleEvent],
) -> Result<ImportBatch, ErrorCode> {
    let importing = Importing {
        site: site.policy(),
        site_key: site.key(),
        import: import.id,
        format: "sample",
        received: clock::now(),
        minted: Uuid::now_v7().into(),
    };
    let events = batch.iter_mut().map(|sample| ImportedEvent {
        event: std::mem::take(&mut sample.event),
        client: &sample.sender.client,
        place: &sample.sender.place,
        salt: &sample.sender.salt,
    });
    app.intake.prepare_import(&importing, events)
}

/// Replies to live events come first, wherever the machine is busy.
fn yield_to_collection() {
    // Linux: a thread has a priority of its own, and "this process" means the calling thread.
    if let Err(error) = rustix::process::setpriority_process(None, 10) {
        tracing::debug!(%error, "sample data is generated at the priority of everything else");
    }
}
