//! Whether the journal takes records, for `/health` and for refusing at once.
//!
//! Owns the current state. Refuses to guess: only the commit thread, which sees the disk, sets it.

use crate::error::AppendError;
use parking_lot::Mutex;
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::SystemTime,
};

/// State of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    Healthy,
    /// Reading works; appends fail at once until the disk takes a new segment.
    ReadOnly {
        since: SystemTime,
        reason: String,
    },
}

#[derive(Debug, Default)]
pub(crate) struct Health {
    /// Spares every append the lock while all is well.
    down: AtomicBool,
    state: Mutex<Option<(SystemTime, AppendError)>>,
}

impl Health {
    /// The error to answer with right now, if any.
    pub(crate) fn refusal(&self) -> Option<AppendError> {
        if !self.down.load(Ordering::Acquire) {
            return None;
        }
        self.state.lock().as_ref().map(|(_, error)| error.clone())
    }

    pub(crate) fn fail(&self, error: AppendError) {
        let mut state = self.state.lock();
        let since = state
            .as_ref()
            .map_or_else(SystemTime::now, |(since, _)| *since);
        *state = Some((since, error));
        self.down.store(true, Ordering::Release);
    }

    pub(crate) fn heal(&self) {
        self.down.store(false, Ordering::Release);
        *self.state.lock() = None;
    }

    pub(crate) fn status(&self) -> Status {
        match &*self.state.lock() {
            None => Status::Healthy,
            Some((since, error)) => Status::ReadOnly {
                since: *since,
                reason: error.to_string(),
            },
        }
    }
}
