//! The line in front of the commit thread.
//!
//! Owns waiting entries and their bounds. Refuses an entry over the bounds at once instead of
//! making anybody wait. Invariant: an entry that was taken in is answered exactly once, or its
//! answer channel is dropped, which the caller sees as closed.

use crate::{error::AppendError, gate::Gate, record::Lsn};
use parking_lot::{Condvar, Mutex};
use std::{sync::mpsc, time::Duration};
use tokio::sync::oneshot;

/// What a caller gets for a durable entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended<V> {
    /// LSN of the record; `None` when the gate had nothing to write.
    pub lsn: Option<Lsn>,
    pub verdict: V,
}

pub(crate) type Answer<V> = Result<Appended<V>, AppendError>;

pub(crate) struct Waiting<G: Gate> {
    pub(crate) entry: G::Entry,
    pub(crate) reply: oneshot::Sender<Answer<G::Verdict>>,
}

/// A request to seal the active segment.
pub(crate) type Seal = mpsc::Sender<Result<(), AppendError>>;

/// What the commit thread found.
pub(crate) struct Taken {
    pub(crate) seals: Vec<Seal>,
    pub(crate) closed: bool,
}

pub(crate) struct Queue<G: Gate> {
    line: Mutex<Line<G>>,
    arrived: Condvar,
    max_entries: usize,
    max_bytes: usize,
}

struct Line<G: Gate> {
    entries: Vec<Waiting<G>>,
    seals: Vec<Seal>,
    bytes: usize,
    closed: bool,
    /// The commit thread sleeps; without it nobody pays for a wake-up.
    idle: bool,
}

impl<G: Gate> Queue<G> {
    pub(crate) fn new(max_entries: usize, max_bytes: usize) -> Self {
        let line = Line {
            entries: Vec::new(),
            seals: Vec::new(),
            bytes: 0,
            closed: false,
            idle: false,
        };
        Self {
            line: Mutex::new(line),
            arrived: Condvar::new(),
            max_entries,
            max_bytes,
        }
    }

    pub(crate) fn push(
        &self,
        entry: G::Entry,
    ) -> Result<oneshot::Receiver<Answer<G::Verdict>>, AppendError> {
        let weight = G::weight(&entry);
        let (reply, answer) = oneshot::channel();
        let mut line = self.line.lock();
        if line.closed {
            return Err(AppendError::Closed);
        }
        // A single entry over the byte limit still goes through when nothing else waits.
        let crowded = line.bytes + weight > self.max_bytes && !line.entries.is_empty();
        if crowded || line.entries.len() >= self.max_entries {
            return Err(AppendError::Backlog);
        }
        line.bytes += weight;
        line.entries.push(Waiting { entry, reply });
        self.wake(line);
        Ok(answer)
    }

    pub(crate) fn push_seal(&self, seal: Seal) -> Result<(), AppendError> {
        let mut line = self.line.lock();
        if line.closed {
            return Err(AppendError::Closed);
        }
        line.seals.push(seal);
        self.wake(line);
        Ok(())
    }

    /// Lets nobody in any more; what waits is still taken.
    pub(crate) fn close(&self) {
        let mut line = self.line.lock();
        line.closed = true;
        self.wake(line);
    }

    /// Drops everything that waits, for when nobody is left to take it.
    pub(crate) fn abandon(&self) {
        let mut line = self.line.lock();
        line.closed = true;
        line.entries.clear();
        line.seals.clear();
    }

    fn wake(&self, mut line: parking_lot::MutexGuard<'_, Line<G>>) {
        if std::mem::take(&mut line.idle) {
            drop(line);
            self.arrived.notify_one();
        }
    }

    /// Moves everything that waits into `batch` (empty at the call).
    ///
    /// Sleeps until there is something, the queue is closed, or `patience` is over.
    pub(crate) fn take(&self, batch: &mut Vec<Waiting<G>>, patience: Option<Duration>) -> Taken {
        let mut line = self.line.lock();
        while line.entries.is_empty() && line.seals.is_empty() && !line.closed {
            line.idle = true;
            match patience {
                None => self.arrived.wait(&mut line),
                Some(patience) => {
                    if self.arrived.wait_for(&mut line, patience).timed_out() {
                        break;
                    }
                }
            }
        }
        line.idle = false;
        line.bytes = 0;
        std::mem::swap(&mut line.entries, batch);
        Taken {
            seals: std::mem::take(&mut line.seals),
            closed: line.closed,
        }
    }
}
