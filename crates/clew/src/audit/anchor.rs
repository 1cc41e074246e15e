//! The last known end of the audit log, in a file beside the master key: `<key file>.audit`.

use clew_store::relational::audit::Link;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AnchorError {
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: io::Error },
    #[error("{path} is not what Clew wrote: without it a shortened audit log cannot be told")]
    Malformed { path: PathBuf },
}

#[derive(Clone, Debug)]
pub struct Anchor {
    path: PathBuf,
}

impl Anchor {
    pub fn beside(key_file: &Path) -> Self {
        let mut path = key_file.as_os_str().to_owned();
        path.push(".audit");
        Self { path: path.into() }
    }

    /// The noted end; `None` before there is one.
    pub fn read(&self) -> Result<Option<Link>, AnchorError> {
        let text = match std::fs::read_to_string(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|source| self.io(source))?,
        };
        match parse(&text) {
            Some(link) => Ok(Some(link)),
            None => Err(AnchorError::Malformed {
                path: self.path.clone(),
            }),
        }
    }

    /// Notes an end: the file holds the old one or the new one, never half of either.
    pub fn write(&self, link: &Link) -> Result<(), AnchorError> {
        self.replace(link).map_err(|source| self.io(source))
    }

    fn replace(&self, link: &Link) -> io::Result<()> {
        let mut fresh = self.path.as_os_str().to_owned();
        fresh.push(".new");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        let mut file = options.open(&fresh)?;
        writeln!(file, "{} {}", link.seq, hex::encode(link.hash))?;
        file.sync_all()?;
        std::fs::rename(&fresh, &self.path)?;
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
            _ => File::open(".")?.sync_all(),
        }
    }

    fn io(&self, source: io::Error) -> AnchorError {
        AnchorError::Io {
            path: self.path.clone(),
            source,
        }
    }
}

fn parse(text: &str) -> Option<Link> {
    let (seq, hash) = text.trim_end().split_once(' ')?;
    let mut link = Link {
        seq: seq.parse().ok()?,
        ..Link::default()
    };
    hex::decode_to_slice(hash, &mut link.hash).ok()?;
    Some(link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_comes_back_as_it_was_noted_and_anything_else_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let anchor = Anchor::beside(&dir.path().join("clew.key"));
        assert_eq!(anchor.read().unwrap(), None);
        for seq in [1, u64::MAX] {
            let link = Link {
                seq,
                hash: [seq as u8; 32],
            };
            anchor.write(&link).unwrap();
            assert_eq!(anchor.read().unwrap(), Some(link));
        }
        for text in ["", "1", "x 00", "1 00", "-1 00"] {
            std::fs::write(dir.path().join("clew.key.audit"), text).unwrap();
            let refused = anchor.read();
            assert!(
                matches!(refused, Err(AnchorError::Malformed { .. })),
                "{text}"
            );
        }
    }
}
