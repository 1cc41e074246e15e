//! `[journal]`: segments and the queue in front of the disk.

use super::ConfigError;

/// The `[journal]` section.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Journal {
    pub node: u32,
    pub segment_bytes: u64,
    pub max_queue: usize,
    /// Hot segments beyond this many bytes mean that projectors are too far behind.
    pub backlog_bytes: u64,
    /// Acknowledges without syncing. Only for proving that crash tests notice it.
    pub unsafe_no_sync: bool,
}

impl Journal {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        if !(64 << 10..=4 << 30).contains(&self.segment_bytes) {
            return Err(ConfigError::invalid(
                "journal.segment_bytes",
                "must lie between 65536 (64 KiB) and 4294967296 (4 GiB)",
            ));
        }
        if self.max_queue == 0 {
            return Err(ConfigError::invalid(
                "journal.max_queue",
                "must be greater than 0",
            ));
        }
        Ok(())
    }
}
