//! `[sign_in]`: how long people stay signed in to the dashboard.

use super::ConfigError;
use clew_core::model::EpochMs;

/// The `[sign_in]` section.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    idle_hours: u32,
    hipaa_idle_minutes: u32,
    longest_days: u32,
}

impl SignIn {
    /// A session that is not used for this long ends, in milliseconds.
    pub const fn idle_ms(&self) -> i64 {
        self.idle_hours as i64 * EpochMs::HOUR
    }

    /// The same in accounts with a site of the hipaa profile, if that is shorter.
    pub const fn hipaa_idle_ms(&self) -> i64 {
        self.hipaa_idle_minutes as i64 * EpochMs::MINUTE
    }

    /// A session ends after this time however much it is used, in milliseconds.
    pub const fn longest_ms(&self) -> i64 {
        self.longest_days as i64 * EpochMs::DAY
    }

    pub(super) fn validate(self) -> Result<(), ConfigError> {
        for (key, value) in [
            ("sign_in.idle_hours", self.idle_hours),
            ("sign_in.longest_days", self.longest_days),
        ] {
            if !(1..=8784).contains(&value) {
                return Err(ConfigError::invalid(key, "expected 1 to 8784"));
            }
        }
        if !(2..=1440).contains(&self.hipaa_idle_minutes) {
            let key = "sign_in.hipaa_idle_minutes";
            return Err(ConfigError::invalid(key, "expected 2 to 1440"));
        }
        Ok(())
    }
}
