//! At most two questions at once, each with a deadline.
//!
//! A question runs on a blocking thread in a transaction of its own, so that all its statements
//! see the same rows. It is interrupted when its time is up, and when nobody waits for the answer
//! any more.

use super::EventStoreError;
use super::sealing::Kept;
use duckdb::{Connection, InterruptHandle};
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Questions that run at the same time.
pub(super) const READERS: usize = 2;
/// Questions that may wait for their turn; more are refused at once.
const WAITING: usize = 32;
/// An interrupt reaches only a statement that is running, so it is repeated.
const INTERRUPT_EVERY: Duration = Duration::from_millis(20);

/// A connection, and what it keeps from one question to the next.
pub(super) struct Reader {
    connection: Connection,
    pub(super) kept: Mutex<Kept>,
}

impl Reader {
    fn new(connection: Connection) -> Self {
        Self {
            connection,
            kept: Mutex::default(),
        }
    }

    /// After a rollback the temporary tables are not what they were.
    fn forget(&self) {
        *self.kept.lock() = Kept::default();
    }
}

impl std::ops::Deref for Reader {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

pub(super) struct Readers {
    turn: Arc<Semaphore>,
    waiting: AtomicUsize,
    idle: Arc<Mutex<Vec<Reader>>>,
    timeout: Duration,
}

impl Readers {
    /// Without connections yet: see [`Readers::refill`].
    pub(super) fn new(timeout: Duration) -> Self {
        Self {
            turn: Arc::new(Semaphore::new(0)),
            waiting: AtomicUsize::new(0),
            idle: Arc::new(Mutex::new(Vec::with_capacity(READERS))),
            timeout,
        }
    }

    /// Hands out fresh connections and lets waiting questions run.
    pub(super) fn refill(&self, connections: Vec<Connection>) {
        let count = connections.len();
        *self.idle.lock() = connections.into_iter().map(Reader::new).collect();
        self.turn.add_permits(count);
    }

    /// Waits for running questions to end and closes their connections; later ones wait for
    /// [`Readers::refill`]. Blocks; for the writer thread, before it closes the file.
    pub(super) fn drain(&self) {
        // Fair: it queues behind the questions that came earlier and before those that come later.
        if let Ok(all) = futures::executor::block_on(self.turn.acquire_many(READERS as u32)) {
            all.forget();
        }
        self.idle.lock().clear();
    }

    /// No further question will be answered; those that run end first.
    pub(super) fn close(&self) {
        self.turn.close();
        self.idle.lock().clear();
    }

    /// Runs `question` when its turn comes.
    ///
    /// # Errors
    /// `Busy` when the queue is full or the turn does not come within the time limit, `Timeout`
    /// when the question itself takes longer, `Closed`, or the question's own error.
    pub(super) async fn ask<T, F>(&self, question: F) -> Result<T, EventStoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Reader) -> Result<T, EventStoreError> + Send + 'static,
    {
        let permit = self.queue().await?;
        let Some(connection) = self.idle.lock().pop() else {
            return Err(EventStoreError::Closed);
        };
        let watch = Watch::over(&connection);
        let done = Arc::clone(&watch.done);
        let idle = Arc::clone(&self.idle);
        let mut job = tokio::task::spawn_blocking(move || {
            let place = Place {
                connection: Some(connection),
                idle,
                permit: Some(permit),
                done,
                in_transaction: false,
            };
            place.answer(question)
        });
        let deadline = Instant::now() + self.timeout;
        let mut wait = self.timeout;
        loop {
            match tokio::time::timeout(wait, &mut job).await {
                Ok(Ok(Err(_))) if Instant::now() >= deadline => {
                    return Err(EventStoreError::Timeout(self.timeout));
                }
                Ok(Ok(answer)) => return answer,
                Ok(Err(_)) => return Err(EventStoreError::Worker),
                Err(_) => watch.interrupt(),
            }
            wait = INTERRUPT_EVERY;
        }
    }

    async fn queue(&self) -> Result<OwnedSemaphorePermit, EventStoreError> {
        let place = Waiting::join(&self.waiting)?;
        let turn = tokio::time::timeout(self.timeout, Arc::clone(&self.turn).acquire_owned()).await;
        drop(place);
        match turn {
            Err(_) => Err(EventStoreError::Busy),
            Ok(Err(_)) => Err(EventStoreError::Closed),
            Ok(Ok(permit)) => Ok(permit),
        }
    }
}

/// A place in the queue, left when dropped: a caller may give up at any moment.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn join(count: &'a AtomicUsize) -> Result<Self, EventStoreError> {
        let place = Self(count);
        if count.fetch_add(1, Ordering::Relaxed) >= WAITING {
            return Err(EventStoreError::Busy);
        }
        Ok(place)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Interrupts the question when its asker is gone.
struct Watch {
    handle: Arc<InterruptHandle>,
    done: Arc<AtomicBool>,
}

impl Watch {
    fn over(connection: &Connection) -> Self {
        Self {
            handle: connection.interrupt_handle(),
            done: Arc::new(AtomicBool::new(false)),
        }
    }

    fn interrupt(&self) {
        if !self.done.load(Ordering::Acquire) {
            self.handle.interrupt();
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.interrupt();
    }
}

/// A connection at work; goes back to the others however the work ends.
struct Place {
    connection: Option<Reader>,
    idle: Arc<Mutex<Vec<Reader>>>,
    permit: Option<OwnedSemaphorePermit>,
    done: Arc<AtomicBool>,
    /// Still open when the question panicked.
    in_transaction: bool,
}

impl Place {
    fn answer<T>(
        mut self,
        question: impl FnOnce(&Reader) -> Result<T, EventStoreError>,
    ) -> Result<T, EventStoreError> {
        let Some(connection) = &self.connection else {
            return Err(EventStoreError::Closed);
        };
        connection.execute_batch("BEGIN TRANSACTION READ ONLY")?;
        self.in_transaction = true;
        let answer = question(connection);
        // Nothing but temporary tables can have been written.
        if answer.is_ok() {
            connection.execute_batch("COMMIT")?;
        } else {
            connection.forget();
            connection.execute_batch("ROLLBACK")?;
        }
        self.in_transaction = false;
        answer
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Release);
        if let Some(connection) = self.connection.take() {
            if self.in_transaction {
                connection.forget();
                if let Err(error) = connection.execute_batch("ROLLBACK") {
                    tracing::warn!(%error, "a report's transaction could not be ended");
                }
            }
            let mut idle = self.idle.lock();
            let closed = self
                .permit
                .as_ref()
                .is_none_or(|permit| permit.semaphore().is_closed());
            if !closed {
                idle.push(connection);
            }
        }
        drop(self.permit.take());
    }
}
