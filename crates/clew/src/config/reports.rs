//! `[reports]`: what the report engine may use.

use super::ConfigError;
use std::time::Duration;

/// The `[reports]` section.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reports {
    /// 0: a quarter of the machine's memory, at most 2 GB.
    pub memory_bytes: u64,
    timeout_seconds: u64,
}

impl Reports {
    pub const fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds)
    }

    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        if self.timeout_seconds == 0 {
            return Err(ConfigError::invalid(
                "reports.timeout_seconds",
                "must be greater than 0",
            ));
        }
        Ok(())
    }
}
