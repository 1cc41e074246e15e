//! Secrets at rest: the master key and what it seals.
//!
//! The master key lies in a file of its own outside the data folder, so that a copy of the data
//! is not a copy of its secrets. Every purpose gets a key of its own derived from it; what one
//! purpose sealed another cannot open. Refuses a key file that others may read.

mod master_key;
mod salts;
mod submissions;

pub use master_key::{KeyFileError, MasterKey, Origin, Unsealable};
pub use salts::{DestroyedSalts, LIFE as SALT_LIFE, SaltError, Salts};
pub use submissions::SubmissionVault;
