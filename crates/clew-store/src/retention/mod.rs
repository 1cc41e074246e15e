//! Events whose time in the reports is over, as Parquet files in the blob store.
//!
//! Owns the objects below `retention/<site>`. Written for other programs: the columns are those of
//! the table `events`, one file a month of event time, run and part. Refuses to call a file written
//! before it has read it back and found the same rows in it.
//!
//! Invariants:
//! - A run's number stands in the name of each of its files. A run counts once the relational
//!   store has committed it ([`crate::relational::retention`]); files of a later number are left
//!   from a run that was cut short, and go before the next one writes ([`Files::sweep`]). So
//!   nothing is ever kept under two names.
//! - Files are replaced as a whole; whoever reads sees the old one or the new one.
//! - Files are changed by one at a time: runs and erasures hold [`Files::lock`].

mod file;
mod name;
mod run;
#[cfg(test)]
mod tests;

pub use file::FileError;
pub use name::FileName;
pub use run::{Archived, Run};

use crate::blobs::{BlobError, BlobKey, Blobs, InvalidKey};
use crate::events::{EventRow, EventStoreError};
use bytes::Bytes;
use clew_core::model::SiteId;
use file::Content;
use std::sync::Arc;
use tokio::sync::{Mutex, MutexGuard};

#[derive(Debug, thiserror::Error)]
pub enum RetentionError {
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error(transparent)]
    Key(#[from] InvalidKey),
    #[error(transparent)]
    Events(#[from] EventStoreError),
    #[error("archive file {key}")]
    File {
        key: BlobKey,
        #[source]
        source: FileError,
    },
    #[error("a worker thread failed")]
    Worker,
}

/// The archive files of all sites. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Files {
    blobs: Arc<dyn Blobs>,
    changing: Arc<Mutex<()>>,
}

impl Files {
    pub fn new(blobs: Arc<dyn Blobs>) -> Self {
        Self {
            blobs,
            changing: Arc::default(),
        }
    }

    /// Whoever writes, rewrites or removes files holds this meanwhile.
    pub async fn lock(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().await
    }

    /// The site's files, by name.
    pub async fn list(&self, site: SiteId) -> Result<Vec<FileName>, RetentionError> {
        let found = self.blobs.list(&FileName::folder(site)?).await?;
        let names = found.iter().filter_map(|blob| FileName::parse(&blob.key));
        Ok(names.collect())
    }

    /// Removes what a run left that was never committed: every file of a number above `committed`.
    pub async fn sweep(&self, site: SiteId, committed: u64) -> Result<usize, RetentionError> {
        let mut left = self.list(site).await?;
        left.retain(|name| name.run > committed);
        for name in &left {
            self.blobs.delete(&name.key()?).await?;
        }
        Ok(left.len())
    }

    /// Every row of a file; its rows and checksum are those that were written.
    pub async fn read(&self, name: &FileName) -> Result<Vec<EventRow>, RetentionError> {
        let key = name.key()?;
        let object = self.blobs.get(&key).await?;
        let read = tokio::task::spawn_blocking(move || file::decode(object)).await;
        match read.unwrap_or_else(damaged) {
            Ok(rows) => Ok(rows),
            Err(source) => Err(RetentionError::File { key, source }),
        }
    }

    /// Takes rows out of the site's files, for erasure: `keep` sees each once. Returns how many
    /// left. The caller holds [`Files::lock`].
    pub async fn rewrite(
        &self,
        site: SiteId,
        keep: impl Fn(&EventRow) -> bool + Send + Sync,
    ) -> Result<u64, RetentionError> {
        let mut removed = 0;
        for name in self.list(site).await? {
            let mut rows = self.read(&name).await?;
            let before = rows.len();
            rows.retain(&keep);
            if rows.len() == before {
                continue;
            }
            removed += (before - rows.len()) as u64;
            if rows.is_empty() {
                self.blobs.delete(&name.key()?).await?;
                continue;
            }
            let made = name.clone();
            let content = tokio::task::spawn_blocking(move || {
                let mut content = Content::new(&made)?;
                content.push(&rows)?;
                content.finish()
            });
            let content = content.await.map_err(|_| RetentionError::Worker)?;
            self.store(&name, content).await?;
        }
        Ok(removed)
    }

    /// Stores, reads back, compares.
    async fn store(
        &self,
        name: &FileName,
        content: Result<file::Finished, FileError>,
    ) -> Result<u64, RetentionError> {
        let key = name.key()?;
        let content = content.map_err(|source| RetentionError::File {
            key: key.clone(),
            source,
        })?;
        let (rows, checksum) = (content.rows, content.checksum);
        // What would not be readable never takes the place of what is.
        check(content.object.clone(), rows, checksum, &key).await?;
        self.blobs.put(&key, content.object).await?;
        let stored: Bytes = self.blobs.get(&key).await?;
        check(stored, rows, checksum, &key).await?;
        Ok(rows)
    }
}

/// Whether `object` holds these rows.
async fn check(
    object: Bytes,
    rows: u64,
    checksum: [u8; 32],
    key: &BlobKey,
) -> Result<(), RetentionError> {
    let checked = tokio::task::spawn_blocking(move || file::verify(object, rows, checksum)).await;
    let key = key.clone();
    checked
        .unwrap_or_else(damaged)
        .map_err(|source| RetentionError::File { key, source })
}

/// The reader of Parquet files panics where some of their bytes are wrong.
fn damaged<T>(_panic: tokio::task::JoinError) -> Result<T, FileError> {
    Err(FileError::Unfaithful)
}
