//! From a kind's name to its code.

use super::job::{Context, Job, JobError};
use anyhow::Context as _;
use clew_store::relational::jobs::backoff::Backoff;
use futures::future::BoxFuture;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

type Run<S> = fn(&str, Context<S>) -> BoxFuture<'static, Result<(), JobError>>;

/// What the runner knows about a kind.
pub(super) struct Handler<S> {
    pub(super) run: Run<S>,
    pub(super) backoff: Backoff,
    pub(super) time_limit: Duration,
}

impl<S> Clone for Handler<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Handler<S> {}

/// The kinds that a runner takes on. Jobs of other kinds stay in the queue.
pub struct Registry<S> {
    handlers: BTreeMap<&'static str, Handler<S>>,
}

impl<S: Send + Sync + 'static> Registry<S> {
    pub fn new() -> Self {
        Self {
            handlers: BTreeMap::new(),
        }
    }

    /// Adds a kind; two with one name are a programming error that the tests of the list find.
    #[must_use]
    pub fn job<J: Job<S>>(mut self) -> Self {
        let handler = Handler {
            run: parse_and_run::<S, J>,
            backoff: J::BACKOFF,
            time_limit: J::TIME_LIMIT,
        };
        let earlier = self.handlers.insert(J::KIND, handler);
        debug_assert!(earlier.is_none(), "two jobs are called {}", J::KIND);
        self
    }

    pub fn kinds(&self) -> Vec<&'static str> {
        self.handlers.keys().copied().collect()
    }

    pub(super) fn handler(&self, kind: &str) -> Option<Handler<S>> {
        self.handlers.get(kind).copied()
    }
}

impl<S: Send + Sync + 'static> Default for Registry<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for Registry<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.handlers.keys()).finish()
    }
}

fn parse_and_run<S: Send + Sync + 'static, J: Job<S>>(
    payload: &str,
    context: Context<S>,
) -> BoxFuture<'static, Result<(), JobError>> {
    let job = serde_json::from_str::<J>(payload).with_context(|| format!("payload of {}", J::KIND));
    Box::pin(async move {
        match job {
            Ok(job) => job.run(context).await,
            Err(error) => Err(JobError::GiveUp(error)),
        }
    })
}
