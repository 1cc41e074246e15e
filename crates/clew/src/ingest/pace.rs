//! How fast a projector goes.

use std::time::{Duration, Instant};

/// Shortest time between two transactions: many events share one while they arrive slowly.
const BREATH: Duration = Duration::from_millis(200);

/// A projection of at least so many rows is a sign of a backlog: no pause then.
const BUSY_ROWS: usize = 2_000;

/// Paces one projector.
#[derive(Debug)]
pub struct Pace {
    /// Upper bound; 0 = none.
    rows_per_second: u32,
    last: Instant,
}

impl Pace {
    pub fn new(rows_per_second: u32) -> Self {
        Self {
            rows_per_second,
            last: Instant::now(),
        }
    }

    /// Waits as long as fits after a transaction of `rows`.
    pub async fn after(&mut self, rows: usize) {
        let mut pause = Duration::ZERO;
        if rows < BUSY_ROWS {
            pause = BREATH.saturating_sub(self.last.elapsed());
        }
        if self.rows_per_second > 0 {
            pause = pause.max(Duration::from_secs_f64(
                rows as f64 / f64::from(self.rows_per_second),
            ));
        }
        tokio::time::sleep(pause).await;
        self.last = Instant::now();
    }
}
