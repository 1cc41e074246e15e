//! Blobs in a local folder.

use super::{BlobError, BlobInfo, BlobKey, Blobs};
use bytes::Bytes;
use futures::TryStreamExt as _;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{Error, ObjectStore as _, ObjectStoreExt as _};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Objects as files below one folder; each put syncs the file and the folders it is named in.
#[derive(Debug)]
pub struct LocalBlobs {
    root: PathBuf,
    store: LocalFileSystem,
}

impl LocalBlobs {
    /// Opens `root`, creating it if absent. Blocks.
    pub fn open(root: &Path) -> Result<Self, BlobError> {
        let open = || -> Result<_, Box<dyn std::error::Error + Send + Sync>> {
            fs::create_dir_all(root)?;
            let root = root.canonicalize()?;
            if let Some(parent) = root.parent() {
                fs::File::open(parent)?.sync_all()?;
            }
            let store = LocalFileSystem::new_with_prefix(&root)?.with_fsync(true);
            Ok(Self { root, store })
        };
        open().map_err(|source| failed("open", &root.display(), source))
    }

    /// Removes what puts left behind that a crash cut short, and says how many there were. Blocks,
    /// and walks the whole folder; only before the first put.
    pub fn remove_unfinished(&self) -> Result<usize, BlobError> {
        remove_staged(&self.root).map_err(|source| failed("clean", &self.root.display(), source))
    }

    fn sync_parent(&self, key: &BlobKey) -> io::Result<()> {
        match self.root.join(key.as_str()).parent() {
            Some(parent) => fs::File::open(parent)?.sync_all(),
            None => Ok(()),
        }
    }
}

/// The store stages each put under the object's name, `#` and a number.
fn remove_staged(dir: &Path) -> io::Result<usize> {
    let mut removed = 0;
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            removed += remove_staged(&entry.path())?;
        } else if entry.file_name().to_string_lossy().contains('#') {
            fs::remove_file(entry.path())?;
            removed += 1;
        }
    }
    if removed > 0 {
        fs::File::open(dir)?.sync_all()?;
    }
    Ok(removed)
}

fn path_of(key: &BlobKey) -> ObjectPath {
    ObjectPath::from(key.as_str())
}

fn failed(
    doing: &'static str,
    what: &dyn std::fmt::Display,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> BlobError {
    BlobError::Store {
        doing,
        what: what.to_string(),
        source: source.into(),
    }
}

#[async_trait::async_trait]
impl Blobs for LocalBlobs {
    async fn put(&self, key: &BlobKey, content: Bytes) -> Result<(), BlobError> {
        let put = self.store.put(&path_of(key), content.into()).await;
        put.map(drop).map_err(|e| failed("put", key, e))
    }

    async fn get(&self, key: &BlobKey) -> Result<Bytes, BlobError> {
        let read = async { self.store.get(&path_of(key)).await?.bytes().await };
        read.await.map_err(|error| match error {
            Error::NotFound { .. } => BlobError::NotFound(key.clone()),
            error => failed("get", key, error),
        })
    }

    async fn list(&self, folder: &BlobKey) -> Result<Vec<BlobInfo>, BlobError> {
        let found = self.store.list(Some(&path_of(folder)));
        let found: Vec<_> = found
            .try_collect()
            .await
            .map_err(|e| failed("list", folder, e))?;
        let mut infos: Vec<BlobInfo> = found
            .into_iter()
            .filter_map(|meta| {
                // Not one of ours: nobody could ask for it.
                let key = BlobKey::new(meta.location.as_ref()).ok()?;
                Some(BlobInfo {
                    key,
                    bytes: meta.size,
                })
            })
            .collect();
        infos.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(infos)
    }

    async fn delete(&self, key: &BlobKey) -> Result<(), BlobError> {
        match self.store.delete(&path_of(key)).await {
            Ok(()) => self.sync_parent(key).map_err(|e| failed("delete", key, e)),
            Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed("delete", key, error)),
        }
    }
}
