//! The ingest pipeline: a named, ordered list of pure stages.
//!
//! `RequestEvent` (has the client's address, cannot be serialised) goes in; what comes out is a
//! [`StoredEvent`], made by the last stage alone. That is how the compiler proves DESIGN law 1.
