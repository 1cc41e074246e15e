//! The event store: every counted event as one row, ready to be reported on.
//!
//! A projection of journal and archive: it may be deleted at any time and is rebuilt to the same
//! answers.

pub mod schema;
