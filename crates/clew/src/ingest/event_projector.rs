//! Journal → event store: the consumer that makes events visible in reports.
//!
//! Owns its pace: small transactions while little comes in, so that an event shows within a
//! second; large ones while it catches up. Rows and cursor move together in the store, so it may be
//! killed anywhere. Refuses to skip: a gap in the journal is an alarm, a record that cannot be
//! decoded is an alarm and passed, and neither stops collection.

use super::live::{Live, LiveEvent};
use super::tail::Chunk;
use super::{Known, Pace, Tail, TailError};
use crate::secrets::MasterKey;
use clew_core::model::{ErasedPersons, Erasure, RecordKind, SiteId};
use clew_journal::Record;
use clew_store::events::{Erased, EventStore, EventStoreError, Projection, RecordError};
use metrics::{counter, gauge};
use prost::Message as _;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often a projector that waits looks whether its store was replaced.
const LOOK: Duration = Duration::from_secs(1);

/// Pause after a failed transaction.
const RETRY: Duration = Duration::from_secs(1);

/// Moves durable records into one event store.
pub struct EventProjector {
    tail: Tail,
    store: Arc<dyn EventStore>,
    pace: Pace,
    live: Arc<Live>,
    known: Known,
}

/// What comes next: rows for the store, and copies for those who watch.
struct Next {
    projection: Projection,
    watched: Vec<LiveEvent>,
}

impl std::fmt::Debug for EventProjector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EventProjector")
            .field("tail", &self.tail)
            .finish_non_exhaustive()
    }
}

impl EventProjector {
    /// `known`: to recognise what is not written again.
    pub fn new(
        tail: Tail,
        store: Arc<dyn EventStore>,
        pace: Pace,
        live: Arc<Live>,
        known: Known,
    ) -> Self {
        Self {
            tail,
            store,
            pace,
            live,
            known,
        }
    }

    /// Projects until `stop`; whatever was not projected then is projected after the next start.
    pub async fn run(mut self, stop: CancellationToken) {
        let work = async {
            loop {
                let error = match self.follow().await {
                    Ok(never) => match never {},
                    Err(error) => error,
                };
                if matches!(error, ProjectError::Store(EventStoreError::Gap { .. })) {
                    // The store was replaced under us, by a rebuild or because it was damaged.
                    tracing::info!(%error, "event projector: continuing from the store's cursor");
                } else {
                    tracing::error!(%error, "event projector: trying again");
                    counter!("clew_projector_failures_total", "projector" => "events").increment(1);
                    tokio::time::sleep(RETRY).await;
                }
            }
        };
        stop.run_until_cancelled(work).await;
    }

    async fn follow(&mut self) -> Result<Infallible, ProjectError> {
        let mut cursor = self.store.cursor().await?;
        let mut next = self.read(cursor).await?;
        loop {
            if next.projection.is_empty() {
                self.wait_beyond(cursor).await?;
                next = self.read(cursor).await?;
            }
            let rows = next.projection.rows();
            (cursor, next) = self.step(next).await?;
            gauge!("clew_projected_lsn", "projector" => "events").set(cursor as f64);
            self.pace.after(rows).await;
            if next.projection.is_empty() {
                next = self.read(cursor).await?;
            }
        }
    }

    /// Waits for records to project. A store that is set aside meanwhile is empty and wants them
    /// all again; on a quiet site no append would ever tell, so it is asked now and then.
    async fn wait_beyond(&mut self, cursor: u64) -> Result<(), ProjectError> {
        loop {
            if let Ok(beyond) = tokio::time::timeout(LOOK, self.tail.wait_beyond(cursor)).await {
                return Ok(beyond?);
            }
            let now = self.store.cursor().await?;
            if now < cursor {
                let after = cursor;
                return Err(EventStoreError::Gap { after, cursor: now }.into());
            }
        }
    }

    /// Appends one projection while the next is being read.
    async fn step(&mut self, now: Next) -> Result<(u64, Next), ProjectError> {
        let after = now.projection.cursor;
        let store = Arc::clone(&self.store);
        let (appended, next) = tokio::join!(store.append(now.projection), self.read(after));
        let appended = appended?;
        self.live.show(now.watched);
        Ok((appended.cursor, next?))
    }

    async fn read(&mut self, after: u64) -> Result<Next, ProjectError> {
        let chunk = self.tail.read(after).await?;
        let (live, known) = (Arc::clone(&self.live), self.known.clone());
        let next = tokio::task::spawn_blocking(move || Next {
            projection: project(after, &chunk, &known),
            watched: live.wanted(&chunk),
        });
        next.await.map_err(|_| ProjectError::Worker)
    }
}

pub(super) fn project(after: u64, chunk: &Chunk, known: &Known) -> Projection {
    let mut projection = Projection::continuing(after);
    projection.left = known.marks.current();
    for record in &chunk.records {
        if let Err(error) = push(&mut projection, record, &known.keys) {
            tracing::error!(%error, "a journal record cannot be projected and is passed over");
            counter!("clew_projector_unreadable_total").increment(1);
        }
    }
    projection.pass(chunk.through);
    projection
}

fn push(projection: &mut Projection, record: &Record, keys: &MasterKey) -> Result<(), RecordError> {
    let (lsn, header) = (record.lsn.0, &record.header);
    if RecordKind::from_u8(header.kind) == Some(RecordKind::Erase) {
        let site = SiteId::from_bytes(header.site);
        let erasure = Erasure::decode(record.payload.as_ref()).map_err(|source| RecordError {
            lsn,
            kind: header.kind,
            schema: header.schema,
            source,
        })?;
        let persons = ErasedPersons::new(keys.site_key(site), erasure.persons);
        projection.erase(Erased { lsn, site, persons });
        return Ok(());
    }
    projection.push(
        lsn,
        header.kind,
        header.schema,
        header.received_ms,
        header.site,
        &record.payload,
    )
}

#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    #[error(transparent)]
    Store(#[from] EventStoreError),
    #[error(transparent)]
    Tail(#[from] TailError),
    #[error("a worker thread failed")]
    Worker,
}
