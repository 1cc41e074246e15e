//! The one place where this crate reads the wall clock.

use clew_core::model::EpochMs;
use std::time::{SystemTime, UNIX_EPOCH};

/// Now, in milliseconds since the epoch; 0 for a clock before 1970.
pub fn now() -> EpochMs {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    EpochMs(since.map_or(0, |since| since.as_millis() as i64))
}
