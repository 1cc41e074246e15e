//! `clew.lock`: whoever holds it owns the data folder.
//!
//! The journal, the ledger and DuckDB allow one process only. The kernel drops the lock when its
//! holder dies, so a crash leaves nothing to clean up.

use rustix::fs::{FlockOperation, flock};
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

const FILE: &str = "clew.lock";

/// The lock, held until dropped.
#[derive(Debug)]
pub struct DataLock {
    _file: File,
}

#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error("another Clew process uses {0}; stop it first, or choose another --data-dir")]
    Held(PathBuf),
    #[error("data folder {path}: {source}")]
    Io { path: PathBuf, source: io::Error },
}

impl DataLock {
    /// Takes the lock; makes the folder (mode 0700) when it is missing.
    pub fn take(data_dir: &Path) -> Result<Self, LockError> {
        let io_error = |source| LockError::Io {
            path: data_dir.to_owned(),
            source,
        };
        let mut builder = DirBuilder::new();
        builder.recursive(true).mode(0o700);
        builder.create(data_dir).map_err(io_error)?;
        let mut options = OpenOptions::new();
        options.create(true).write(true).truncate(false).mode(0o600);
        let mut file = options.open(data_dir.join(FILE)).map_err(io_error)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => {
                return Err(LockError::Held(data_dir.to_owned()));
            }
            Err(errno) => return Err(io_error(errno.into())),
        }
        // For humans who wonder who it is; nothing reads it.
        let pid = format!("{}\n", std::process::id());
        let written = file
            .set_len(0)
            .and_then(|()| file.write_all(pid.as_bytes()));
        if let Err(error) = written {
            tracing::debug!(%error, "cannot note the process id in the lock file");
        }
        Ok(Self { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holder_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        let held = DataLock::take(&data).unwrap();
        assert!(matches!(DataLock::take(&data), Err(LockError::Held(_))));
        drop(held);
        DataLock::take(&data).unwrap();
    }
}
