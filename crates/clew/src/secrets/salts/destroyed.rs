//! `destroyed.log`: that salts were destroyed, when, and how many; nothing of the salts themselves.
//!
//! Append-only JSON lines, each hashed together with the one before it under a key derived from
//! the master key, so that lines cannot be changed or taken out without it. A torn last line (the
//! machine died while writing) is cut off: what it reported is found and reported again.

use clew_core::model::EpochMs;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

const FILE: &str = "destroyed.log";

/// What happened to a day's salts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Fate {
    Destroyed,
    /// The clock stood on a day whose salts were gone already: it got fresh ones.
    Renewed,
}

#[derive(Debug, Serialize, Deserialize)]
struct Line {
    seq: u64,
    fate: Fate,
    /// Start of the day, epoch milliseconds.
    day: i64,
    sites: u64,
    at: i64,
    prev: String,
    hash: String,
}

/// What the log says, in short.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DestroyedSalts {
    /// Days whose salts were destroyed.
    pub days: u64,
    pub last_at: Option<EpochMs>,
    /// Whether every line stands as it was written.
    pub chain_ok: bool,
}

/// The log, open for appending.
#[derive(Debug)]
pub(super) struct DestructionLog {
    file: File,
    key: [u8; 32],
    seq: u64,
    hash: [u8; 32],
    fates: HashMap<EpochMs, Fate>,
    summary: DestroyedSalts,
}

impl DestructionLog {
    pub(super) fn open(folder: &Path, key: [u8; 32]) -> io::Result<Self> {
        let path = folder.join(FILE);
        let is_new = !path.exists();
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.mode(0o600).open(path)?;
        if is_new {
            File::open(folder)?.sync_all()?;
        }
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        let whole = text
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        file.set_len(whole as u64)?;
        file.seek(SeekFrom::End(0))?;
        let mut log = Self {
            file,
            key,
            seq: 0,
            hash: [0; 32],
            fates: HashMap::new(),
            summary: DestroyedSalts {
                chain_ok: true,
                ..DestroyedSalts::default()
            },
        };
        for line in text[..whole].split(|byte| *byte == b'\n') {
            if !line.is_empty() {
                log.take(line);
            }
        }
        Ok(log)
    }

    pub(super) const fn summary(&self) -> DestroyedSalts {
        self.summary
    }

    /// What happened to this day's salts last.
    pub(super) fn fate(&self, day: EpochMs) -> Option<Fate> {
        self.fates.get(&day).copied()
    }

    /// Durable when this returns.
    pub(super) fn append(
        &mut self,
        fate: Fate,
        day: EpochMs,
        sites: u64,
        at: EpochMs,
    ) -> io::Result<()> {
        let mut line = Line {
            seq: self.seq + 1,
            fate,
            day: day.0,
            sites,
            at: at.0,
            prev: hex::encode(self.hash),
            hash: String::new(),
        };
        let hash = self.hash_of(&line);
        line.hash = hex::encode(hash);
        let mut text = serde_json::to_vec(&line)?;
        text.push(b'\n');
        let end = self.file.stream_position()?;
        let written = self
            .file
            .write_all(&text)
            .and_then(|()| self.file.sync_all());
        if let Err(error) = written {
            // Half a line must not become the beginning of the next.
            self.file.set_len(end)?;
            self.file.seek(SeekFrom::Start(end))?;
            return Err(error);
        }
        self.hash = hash;
        self.note(&line);
        Ok(())
    }

    /// A line of the file. One that does not fit is an alarm; what follows is read all the same.
    fn take(&mut self, text: &[u8]) {
        let Ok(line) = serde_json::from_slice::<Line>(text) else {
            self.summary.chain_ok = false;
            return;
        };
        let hash = self.hash_of(&line);
        let fits = line.seq == self.seq + 1
            && line.prev == hex::encode(self.hash)
            && line.hash == hex::encode(hash);
        self.summary.chain_ok &= fits;
        self.hash = hash;
        self.note(&line);
    }

    fn note(&mut self, line: &Line) {
        self.seq = line.seq;
        self.fates.insert(EpochMs(line.day), line.fate);
        if line.fate == Fate::Destroyed {
            self.summary.days += 1;
            self.summary.last_at = Some(EpochMs(line.at));
        }
    }

    fn hash_of(&self, line: &Line) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(&self.hash).update(&line.seq.to_be_bytes());
        hasher.update(&[u8::from(line.fate == Fate::Destroyed)]);
        hasher.update(&line.day.to_be_bytes());
        hasher.update(&line.sites.to_be_bytes());
        hasher.update(&line.at.to_be_bytes());
        *hasher.finalize().as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [4; 32];

    fn write(folder: &Path, days: i64) {
        let mut log = DestructionLog::open(folder, KEY).unwrap();
        for day in 1..=days {
            let fate = Fate::Destroyed;
            log.append(fate, EpochMs(day), 2, EpochMs(day + 100))
                .unwrap();
        }
    }

    fn chain_ok(folder: &Path) -> bool {
        DestructionLog::open(folder, KEY)
            .unwrap()
            .summary()
            .chain_ok
    }

    #[test]
    fn the_log_goes_on_over_restarts() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), 2);
        write(dir.path(), 1);
        let log = DestructionLog::open(dir.path(), KEY).unwrap();
        let expected = DestroyedSalts {
            days: 3,
            last_at: Some(EpochMs(101)),
            chain_ok: true,
        };
        assert_eq!(log.summary(), expected);
        assert_eq!(log.fate(EpochMs(2)), Some(Fate::Destroyed));
        assert_eq!(log.fate(EpochMs(3)), None);
    }

    #[test]
    fn a_changed_or_missing_line_is_noticed_and_a_torn_one_is_cut_off() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), 3);
        let path = dir.path().join(FILE);
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<_> = text.lines().collect();
        for changed in [
            text.replace("\"sites\":2,\"at\":102", "\"sites\":1,\"at\":102"),
            text.replace("\"day\":3", "\"day\":4"),
            format!("{}\n{}\n", lines[0], lines[2]),
            format!("{}\n{}\n{}\n", lines[1], lines[0], lines[2]),
            format!("{text}nonsense\n"),
        ] {
            assert_ne!(changed, text);
            std::fs::write(&path, changed).unwrap();
            assert!(!chain_ok(dir.path()));
        }
        std::fs::write(&path, format!("{text}{{\"seq\":4,")).unwrap();
        write(dir.path(), 1);
        assert!(chain_ok(dir.path()));
        let other = DestructionLog::open(dir.path(), [5; 32]).unwrap();
        assert!(!other.summary().chain_ok, "another key");
    }
}
