//! Whether the projectors are too far behind to take more.

use std::sync::atomic::{AtomicBool, Ordering};

/// Set by the archiver, which knows the hot journal's size; asked by every request.
#[derive(Debug, Default)]
pub struct Backlog {
    over_limit: AtomicBool,
}

impl Backlog {
    pub fn is_over_limit(&self) -> bool {
        self.over_limit.load(Ordering::Relaxed)
    }

    /// Logs only when the answer changes.
    pub fn set(&self, hot_bytes: u64, limit: u64) {
        let over = hot_bytes > limit;
        if self.over_limit.swap(over, Ordering::Relaxed) != over {
            if over {
                tracing::error!(
                    hot_bytes,
                    limit,
                    "journal backlog over its limit: refusing events"
                );
            } else {
                tracing::info!(
                    hot_bytes,
                    limit,
                    "journal backlog below its limit: taking events"
                );
            }
        }
    }
}
