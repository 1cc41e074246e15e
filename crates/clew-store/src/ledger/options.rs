//! What a ledger may use, and how it fails.

use super::run::RunError;
use std::io;
use std::time::Duration;

/// Slot of the in-memory table: a key and a control byte.
const SLOT_BYTES: usize = 17;
/// Read buffers of the widest merge, write buffers, fences under construction.
const MERGE_BYTES: usize = 8 << 20;

#[derive(Clone, Debug)]
pub struct LedgerOptions {
    /// Resident memory for everything the ledger holds, bytes.
    pub memory_bytes: usize,
    /// The in-memory table is written to disk from this many keys on.
    pub flush_keys: usize,
    /// Above this many keys that could not be written yet, `admit` answers `Backlog`.
    pub max_keys: usize,
    /// A table that holds keys is written after this long, however few they are, milliseconds.
    pub flush_after_ms: i64,
    /// How long after its receipt a key is known at least, milliseconds.
    pub window_ms: i64,
    /// Expired runs are dropped only after the clock said so for this long without interruption:
    /// a clock that jumps ahead and comes back must not make the ledger forget.
    pub expiry_grace: Duration,
}

impl Default for LedgerOptions {
    fn default() -> Self {
        Self {
            memory_bytes: 64 << 20,
            flush_keys: 300_000,
            max_keys: 450_000,
            flush_after_ms: 15 * 60_000,
            window_ms: (7 * 24 + 2) * 3_600_000,
            expiry_grace: Duration::from_hours(1),
        }
    }
}

impl LedgerOptions {
    /// Bytes left for fences and filters after the tables and buffers.
    pub(super) fn filter_bytes(&self) -> u64 {
        let slots = (self.max_keys * 8 / 7 + 1).next_power_of_two();
        let fixed = 2 * slots * SLOT_BYTES + self.flush_keys * 16 + MERGE_BYTES;
        self.memory_bytes.saturating_sub(fixed) as u64
    }
}

#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// Keys arrive faster than they can be written, or the disk refuses them. Retry later.
    #[error("the ledger cannot take more keys until it has written those it holds")]
    Backlog,
    /// The answer for this key stands in a damaged file. The next start rebuilds the ledger.
    #[error("ledger run {run} cannot answer")]
    Run {
        run: u64,
        #[source]
        source: RunError,
    },
    #[error("ledger: {doing}")]
    Io {
        doing: &'static str,
        #[source]
        source: io::Error,
    },
    /// The writer could not write a table for too long while records were replayed.
    #[error("ledger cannot be written: {0}")]
    Stuck(String),
}

/// State for metrics and health.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerStats {
    pub runs: usize,
    pub keys_on_disk: u64,
    /// Fences and resident filter chunks, bytes.
    pub filter_bytes: u64,
    pub flushed_lsn: u64,
    /// Why the last write failed; None when it worked.
    pub write_error: Option<String>,
    /// A run failed its checksum: some keys are refused until a restart rebuilds the ledger.
    pub damaged: bool,
}
