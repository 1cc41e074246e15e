//! Large objects: archived journal segments, session replays.
//!
//! Owns the naming of objects and the promise that a stored one is durable. Refuses keys that are
//! not plain relative paths.
//!
//! Invariants: [`Blobs::put`] returns only when the object survives a power cut, and an object is
//! seen whole or not at all; the same goes for removal.

mod key;
mod local;

pub use key::{BlobKey, InvalidKey};
pub use local::LocalBlobs;

use bytes::Bytes;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobInfo {
    pub key: BlobKey,
    pub bytes: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    #[error("there is no blob {0}")]
    NotFound(BlobKey),
    #[error("blob store: {doing} {what}")]
    Store {
        doing: &'static str,
        what: String,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// A place for objects. Every implementation passes `conformance::blobs`.
#[async_trait::async_trait]
pub trait Blobs: Send + Sync + std::fmt::Debug {
    /// Stores or replaces an object, atomically and durably.
    async fn put(&self, key: &BlobKey, content: Bytes) -> Result<(), BlobError>;

    async fn get(&self, key: &BlobKey) -> Result<Bytes, BlobError>;

    /// Every object below `folder` (a key without its last part), sorted by key. Sizes are what is
    /// really stored, so that a torn object can be told from a whole one.
    async fn list(&self, folder: &BlobKey) -> Result<Vec<BlobInfo>, BlobError>;

    /// Removes an object durably; one that is not there is no error.
    async fn delete(&self, key: &BlobKey) -> Result<(), BlobError>;
}
