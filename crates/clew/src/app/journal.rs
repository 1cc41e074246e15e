//! Ledger and journal at start: recover, replay what the ledger's files do not hold, take events.

use crate::clock;
use crate::config::Config;
use crate::ingest::{CommitGate, RelationalProjector};
use anyhow::Context as _;
use clew_core::model::{EpochMs, SiteId};
use clew_journal::{Journal, Lsn, Options, Record, Recovered, SyncPolicy};
use clew_store::archive::{Archive, History, HistoryError};
use clew_store::blobs::{Blobs, LocalBlobs};
use clew_store::ledger::{self, Ledger, LedgerMonitor, LedgerOptions, LedgerRecord};
use clew_store::relational::{Db, cursors};
use std::sync::Arc;
use std::time::Instant;
use tokio::runtime::Handle;

pub(super) struct Opened {
    pub archive: Archive,
    pub blobs: Arc<dyn Blobs>,
    pub journal: Journal<CommitGate>,
    pub ledger: LedgerMonitor,
}

pub(super) async fn open(config: &Config, db: &Db) -> anyhow::Result<Opened> {
    let projected = cursors::get(db.read(), RelationalProjector::CURSOR).await?;
    let blobs =
        LocalBlobs::open(&config.data_dir.join("blobs")).context("cannot open the blob store")?;
    blobs
        .remove_unfinished()
        .context("cannot clean the blob store")?;
    let blobs: Arc<dyn Blobs> = Arc::new(blobs);
    let archive = Archive::new(Arc::clone(&blobs), config.journal.node);
    let archived = archive.list().await.context("cannot list the archive")?;
    let archived = archived.last().map_or(0, |segment| segment.last_lsn);
    let config = config.clone();
    let not_before = projected.max(archived);
    tokio::task::spawn_blocking(move || recover(&config, archive, blobs, not_before)).await?
}

fn recover(
    config: &Config,
    archive: Archive,
    blobs: Arc<dyn Blobs>,
    not_before: u64,
) -> anyhow::Result<Opened> {
    let begun = Instant::now();
    let (mut ledger, resume_after) =
        Ledger::open(&config.data_dir.join("ledger"), ledger_options(config))
            .context("cannot open the ledger")?;
    let options = journal_options(config, resume_after.max(not_before));
    let recovered = Recovered::open(options).context("cannot open the journal")?;
    let report = recovered.report().clone();
    if report.alarm() {
        tracing::error!(
            ?report,
            "the journal is damaged; everything readable was kept"
        );
    }
    let oldest =
        clock::now().plus(-i64::from(config.ledger.dedupe_days) * EpochMs::DAY - EpochMs::DAY);
    let history = History::new(
        archive.clone(),
        Handle::current(),
        Lsn(resume_after),
        |after| recovered.reader(after),
    );
    let caught_up = ledger::catch_up(&mut ledger, records(history), oldest.0)
        .context("cannot bring the ledger up to date")?;
    let monitor = ledger.monitor();
    let (journal, _) = recovered
        .start(CommitGate::new(ledger))
        .context("cannot start the journal")?;
    tracing::info!(
        last = report.last.0,
        torn_bytes = report.torn_bytes,
        replayed = caught_up.records,
        seconds = begun.elapsed().as_secs_f64(),
        "journal ready"
    );
    Ok(Opened {
        archive,
        blobs,
        journal,
        ledger: monitor,
    })
}

/// What is lost was reported by the recovery; only a disk that does not answer stops the start.
fn records(
    history: impl Iterator<Item = Result<Record, HistoryError>>,
) -> impl Iterator<Item = Result<LedgerRecord<bytes::Bytes>, HistoryError>> {
    history.filter_map(|read| match read {
        Ok(record) => Some(Ok(ledger_record(record))),
        Err(error) if error.is_temporary() => Some(Err(error)),
        Err(error) => {
            tracing::error!(%error, "the ledger cannot know what stood here");
            None
        }
    })
}

fn ledger_record(record: Record) -> LedgerRecord<bytes::Bytes> {
    LedgerRecord {
        lsn: record.lsn.0,
        kind: record.header.kind,
        received_ms: record.header.received_ms,
        site: SiteId::from_bytes(record.header.site),
        payload: record.payload,
    }
}

fn journal_options(config: &Config, not_before: u64) -> Options {
    if config.journal.unsafe_no_sync {
        tracing::error!("journal.unsafe_no_sync is on: a power cut will lose acknowledged events");
    }
    Options {
        node: config.journal.node,
        segment_bytes: config.journal.segment_bytes,
        max_queue: config.journal.max_queue,
        sync: if config.journal.unsafe_no_sync {
            SyncPolicy::Never
        } else {
            SyncPolicy::Durable
        },
        not_before: Lsn(not_before),
        ..Options::new(config.data_dir.join("journal"))
    }
}

fn ledger_options(config: &Config) -> LedgerOptions {
    LedgerOptions {
        memory_bytes: config.ledger.memory_bytes,
        window_ms: i64::from(config.ledger.dedupe_days) * EpochMs::DAY + 2 * EpochMs::HOUR,
        ..LedgerOptions::default()
    }
}
