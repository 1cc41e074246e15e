//! The one place where this crate reads its clocks.

use clew_core::model::EpochMs;
use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A reading of both clocks.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// What people say the time is; it can be set.
    pub wall: EpochMs,
    /// Since this process first asked; it only goes on.
    pub steady: Duration,
}

/// Both clocks, now.
pub fn moment() -> Moment {
    static BEGUN: OnceLock<Instant> = OnceLock::new();
    Moment {
        wall: now(),
        steady: BEGUN.get_or_init(Instant::now).elapsed(),
    }
}

/// Now, in milliseconds since the epoch; 0 for a clock before 1970.
pub fn now() -> EpochMs {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    EpochMs(since.map_or(0, |since| since.as_millis() as i64))
}
