//! From the edge to the stores: everything an event passes after it was decoded.
//!
//! `accept` runs the pipeline and hands the result to the journal, `import` does so for what was
//! not sent here and now; `commit_gate` deduplicates on the journal's commit thread; two projectors
//! carry durable records into DuckDB and the relational store, each with a cursor of its own; the
//! archiver moves sealed segments into the blob store; `live` shows what was projected to those
//! who watch; `rebuild` makes the event store anew from archive and journal, without what `marks`
//! says has left for good.
//!
//! Invariant: nothing here is acknowledged before the journal's fdatasync, and nothing downstream
//! of the journal can make an acknowledgement fail.

mod accept;
mod archiver;
mod backlog;
mod commit_gate;
mod encoded_batch;
mod event_projector;
mod import;
mod known;
mod live;
mod marks;
mod meter;
mod pace;
mod rebuild;
mod relational_projector;
mod tail;

pub use accept::{Arrival, Intake};
pub use archiver::Archiver;
pub use backlog::Backlog;
pub use commit_gate::{CommitGate, Duplicates};
pub use encoded_batch::EncodedBatch;
pub use event_projector::{EventProjector, ProjectError};
pub use import::{ImportBatch, ImportedEvent, Importing};
pub use known::Known;
pub use live::{Live, LiveEvent, Seat};
pub use marks::Marks;
pub use meter::Meter;
pub use pace::Pace;
pub use rebuild::{Progress, Rebuilt, rebuild};
pub use relational_projector::RelationalProjector;
pub use tail::{Tail, TailError};
