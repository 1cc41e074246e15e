//! Where Clew keeps things: the event store, its reports, the deduplication ledger, the archive,
//! blobs and the relational side.
//!
//! Owns every byte on disk besides the journal. Refuses to know about HTTP and about outside
//! services. Every query here is scoped by site; every store that can hold a person registers
//! with erasure.

pub mod archive;
pub mod blobs;
pub mod erasure;
pub mod events;
pub mod ledger;
pub mod relational;
pub mod reports;
pub mod retention;

#[cfg(test)]
mod conformance;
