//! The pure heart of Clew: what an event is, what the edge may keep of it, what a session is
//! and what a report means.
//!
//! Owns the vocabulary (`model`), the wire formats (`wire`), the ingest pipeline (`pipeline`),
//! public knowledge about addresses (`geo`), sessions (`session`), who is who (`identity`), what
//! brought them (`attribution`), scores (`scoring`), what a site does with personal data
//! (`processing`), report plans (`report`), generated sample data (`sample`) and the table of public
//! errors (`error`).
//! Refuses IO, clocks, randomness and async: time, salts and look-up data are passed in, so the
//! same input gives the same output everywhere and for ever.

pub mod attribution;
pub mod error;
pub mod geo;
pub mod identity;
pub mod model;
pub mod pipeline;
pub mod processing;
pub mod redact;
pub mod report;
pub mod sample;
pub mod scoring;
pub mod session;
pub mod wire;
