//! What makes the audit log evident against whoever can write to the database.
//!
//! The chain itself lives in the store. This owns the two things outside of it: the key that the
//! end of the log is sealed with, derived from the master key, and a note of the last end that was
//! seen, in a file beside the key ([`Anchor`]). With the key alone, somebody could put back an
//! older copy of the whole log; the note says that it was longer once.

mod anchor;
mod trail;

pub use anchor::{Anchor, AnchorError};
pub use trail::{AuditError, AuditTrail};
