//! Background work: the kinds of jobs, their schedules, and the runner.
//!
//! A job is a serialisable struct with a [`Job`] implementation in a file of its own, and one line
//! in [`registry`]; work that comes back has one more line in [`SCHEDULES`]. Enqueuing happens in
//! the transaction of the cause (`relational::jobs::enqueue` with what [`new_job`] returns).
//!
//! Jobs run at least once: a killed process leaves its lease to expire and another attempt to
//! start, so effects outside the database need an idempotency key ([`Context::id`]), and effects
//! inside it belong into one transaction with [`Context::complete_in`].
//!
//! Nothing here knows HTTP routes; `S` is whatever services the handlers need.

use crate::app::App;

mod execute;
mod expire_exports;
mod export_subject;
mod job;
mod prune_jobs;
mod registry;
mod retention;
mod runner;
mod schedule;
#[cfg(test)]
mod tests;

pub use expire_exports::ExpireExports;
pub use export_subject::ExportSubject;
pub use job::{Context, Job, JobError, new_job};
pub use prune_jobs::PruneJobs;
pub use registry::Registry;
pub use retention::Retain;
pub use runner::{Options, Runner};
pub use schedule::SCHEDULES;

/// Every kind of job that this program can run.
pub fn registry() -> Registry<App> {
    Registry::new()
        .job::<PruneJobs>()
        .job::<Retain>()
        .job::<ExportSubject>()
        .job::<ExpireExports>()
}
