//! The journal as its owner sees it.
//!
//! Owns the commit thread's life. Refuses to block a caller's async thread: appending puts the
//! entry into a bounded queue and waits for the answer.

use crate::{
    catalog::Catalog,
    commit::Committer,
    error::{AppendError, OpenError},
    gate::Gate,
    health::{Health, Status},
    options::Options,
    queue::{Appended, Queue},
    reader::Reader,
    record::Lsn,
    recover::{Recovered, RecoveryReport, recover},
    segment::SegmentInfo,
    storage::{LockGuard, OsStorage, Storage},
    writer::{Active, State, Writer},
};
use parking_lot::Mutex;
use std::{
    sync::Arc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};
use tokio::sync::watch;

/// An append-only log with one writer. Clones are handles to the same journal; when the last one
/// goes, the journal closes.
pub struct Journal<G: Gate> {
    pub(crate) shared: Arc<Shared<G>>,
}

pub(crate) struct Shared<G: Gate> {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) options: Options,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) queue: Arc<Queue<G>>,
    health: Arc<Health>,
    /// One rewrite, removal or verification at a time.
    pub(crate) upkeep: Mutex<()>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl<G: Gate> Clone for Journal<G> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<G: Gate> std::fmt::Debug for Journal<G> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journal")
            .field("options", &self.shared.options)
            .finish_non_exhaustive()
    }
}

impl Recovered {
    /// Repairs the journal in `options.dir` (made if absent) and lets it be read.
    pub fn open(options: Options) -> Result<Self, OpenError> {
        Self::open_on(Arc::new(OsStorage), options)
    }

    /// [`Self::open`] on another disk.
    pub fn open_on(storage: Arc<dyn Storage>, options: Options) -> Result<Self, OpenError> {
        recover(storage, options)
    }

    /// Starts taking records. A disk that takes no new segment right now makes a journal that is
    /// read-only until it does.
    pub fn start<G: Gate>(self, gate: G) -> Result<(Journal<G>, RecoveryReport), OpenError> {
        let Self {
            storage,
            options,
            lock,
            catalog,
            report,
            next_lsn,
            tail,
        } = self;
        let health = Arc::new(Health::default());
        let down = State::Down {
            retry_at: Instant::now(),
            pause: Duration::ZERO,
        };
        let state = match tail.map(|segment| (storage.open(&segment.path), segment)) {
            None => down,
            Some((Ok(file), segment)) => State::Active(Active { file, segment }),
            Some((Err(error), segment)) => {
                tracing::warn!(segment = %segment.id(), %error, "tail takes no more records");
                down
            }
        };
        let mut writer = Writer {
            storage: Arc::clone(&storage),
            options: options.clone(),
            catalog: Arc::clone(&catalog),
            health: Arc::clone(&health),
            next_lsn,
            state,
        };
        // Its failure shows in the status and heals by itself.
        drop(writer.ready());
        let queue = Arc::new(Queue::new(options.max_queue, options.max_queue_bytes));
        let committer = Committer::new(gate, writer, Arc::clone(&queue));
        let thread = spawn(committer, lock).map_err(|source| OpenError::Io {
            path: options.dir.clone(),
            source,
        })?;
        let shared = Shared {
            storage,
            options,
            catalog,
            queue,
            health,
            upkeep: Mutex::new(()),
            thread: Mutex::new(Some(thread)),
        };
        Ok((
            Journal {
                shared: Arc::new(shared),
            },
            report,
        ))
    }
}

fn spawn<G: Gate>(
    committer: Committer<G>,
    lock: Box<dyn LockGuard>,
) -> std::io::Result<JoinHandle<()>> {
    thread::Builder::new()
        .name("journal".into())
        .spawn(move || {
            committer.run();
            drop(lock);
        })
}

impl<G: Gate> Journal<G> {
    /// Recovers and starts in one go, for gates that need no replay.
    pub fn open(options: Options, gate: G) -> Result<(Self, RecoveryReport), OpenError> {
        Recovered::open(options)?.start(gate)
    }

    /// [`Self::open`] on another disk.
    pub fn open_on(
        storage: Arc<dyn Storage>,
        options: Options,
        gate: G,
    ) -> Result<(Self, RecoveryReport), OpenError> {
        Recovered::open_on(storage, options)?.start(gate)
    }

    /// Resolves once the entry's whole commit group is durable.
    ///
    /// An error means "unknown or not stored": the same entry may be sent again. Dropping the
    /// future gives up the answer, not the entry.
    pub async fn append(&self, entry: G::Entry) -> Result<Appended<G::Verdict>, AppendError> {
        if let Some(refusal) = self.shared.health.refusal() {
            return Err(refusal);
        }
        let answer = self.shared.queue.push(entry)?;
        answer.await.unwrap_or(Err(AppendError::Closed))
    }

    /// Follows the last durable LSN.
    pub fn durable(&self) -> watch::Receiver<Lsn> {
        self.shared.catalog.durable()
    }

    /// Reads durable records behind `after`; see [`Reader`].
    pub fn reader(&self, after: Lsn) -> Reader {
        Reader::new(
            Arc::clone(&self.shared.storage),
            Arc::clone(&self.shared.catalog),
            after,
        )
    }

    /// All segments in LSN order; the last one may still take records.
    pub fn segments(&self) -> Vec<SegmentInfo> {
        self.shared.catalog.infos()
    }

    pub fn status(&self) -> Status {
        self.shared.health.status()
    }

    /// Commits what waits, then ends the commit thread. Blocks; later appends are refused.
    pub fn close(self) {
        self.shared.close();
    }
}

impl<G: Gate> Shared<G> {
    fn close(&self) {
        self.queue.close();
        let thread = self.thread.lock().take();
        // The last handle may be dropped inside the gate, on the thread itself.
        let joinable = thread.filter(|thread| thread.thread().id() != thread::current().id());
        if joinable.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the journal's commit thread panicked");
        }
    }
}

impl<G: Gate> Drop for Shared<G> {
    fn drop(&mut self) {
        self.close();
    }
}
