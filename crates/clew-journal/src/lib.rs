//! Clew's journal: an append-only log of opaque records, one writer, many readers.
//!
//! Owns durability and order. Refuses to know what a payload means, and to acknowledge a record
//! before an fdatasync covers it.
//!
//! # Files
//!
//! A journal is a folder of one node: segments `<first LSN, 20 digits>.seg` ([`segment`] has their
//! layout, [`record`] that of a record), `journal.lock`, and `quarantine/` for damaged bytes.
//! `*.tmp` files are unfinished and removed at open.
//!
//! # Invariants
//!
//! 1. An append that returned `Ok` survives kill -9 and power loss, as far as the disk keeps what
//!    it said it had synced.
//! 2. A record that was never acknowledged may survive a crash; then it is real. Once a newer one
//!    was acknowledged behind a failed write, the failed write can never come back.
//! 3. No LSN is ever seen with two contents. LSNs rise by one, in commit order.
//! 4. An error on a descriptor is the last thing done with it; a failed sync is never tried again.
//! 5. A start never fails because of what a file contains. Only an unacknowledged tail is dropped;
//!    other damage is put aside and reported, and everything readable behind it is read.
//! 6. Readers see durable records only.
//!
//! # Where the time goes
//!
//! One sync costs some 4 ms on a plain cloud disk, and preallocating or pre-zeroing the segment
//! does not change that there (the device's flush is what takes the time), so segments simply
//! grow. All entries that wait share one write and one sync.

mod catalog;
mod commit;
mod error;
mod gate;
mod health;
mod journal;
mod options;
mod quarantine;
mod queue;
mod reader;
pub mod record;
mod recover;
mod rewrite;
mod scan;
pub mod segment;
pub mod storage;
mod survey;
mod upkeep;
mod writer;

pub use error::{AppendError, OpenError, ReadError, SegmentError};
pub use gate::{Gate, Open};
pub use health::Status;
pub use journal::Journal;
pub use options::{Options, SyncPolicy};
pub use queue::Appended;
pub use reader::Reader;
pub use record::{Header, Lsn, Record};
pub use recover::{Damage, Recovered, RecoveryReport};
pub use rewrite::{Rewrite, Rewritten};
pub use segment::{SegmentId, SegmentInfo};
