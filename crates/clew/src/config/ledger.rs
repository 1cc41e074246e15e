//! `[ledger]`: how long and with how much memory duplicates are recognised.

use super::ConfigError;

/// The `[ledger]` section.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    pub dedupe_days: u32,
    pub memory_bytes: usize,
}

impl Ledger {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        if !(7..=90).contains(&self.dedupe_days) {
            return Err(ConfigError::invalid(
                "ledger.dedupe_days",
                "must lie between 7 and 90: an event may arrive seven days late, and be sent twice",
            ));
        }
        Ok(())
    }
}
