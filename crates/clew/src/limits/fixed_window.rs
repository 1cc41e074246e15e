//! A fixed window: exactly so many requests in the minute that a key's first request begins.
//!
//! A key that is known costs a shared lock of one of many shards and one atomic exchange, so
//! threads that ask about different keys, or about the same one, do not stand in line. Each key
//! has a window of its own; there is no moment at which everybody's allowance comes back at once.

use super::Limiter;
use governor::clock::{Clock, Reference};
use parking_lot::RwLock;
use std::collections::HashMap;
use std::fmt::{self, Debug};
use std::hash::{BuildHasher, Hash, RandomState};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const WINDOW_MS: u64 = 60_000;
const SHARDS: usize = 64;
/// Of a cell: the lower bits count requests, the others hold when the window began, in
/// milliseconds since the limiter was made (35 years).
const COUNT_BITS: u32 = 24;
const MOST: u64 = (1 << COUNT_BITS) - 1;

type Shard<K> = RwLock<HashMap<K, AtomicU64>>;

/// Counts each key's requests of the minute.
pub struct FixedWindow<K, C: Clock> {
    limit: u64,
    clock: C,
    made: C::Instant,
    hasher: RandomState,
    shards: Box<[Shard<K>]>,
}

impl<K: Clone + Eq + Hash, C: Clock> FixedWindow<K, C> {
    /// Allowances above 16,777,215 are cut to that. `clock` says what time it is.
    pub fn new(per_minute: NonZeroU32, clock: C) -> Self {
        Self {
            limit: u64::from(per_minute.get()).min(MOST),
            made: clock.now(),
            clock,
            hasher: RandomState::new(),
            shards: (0..SHARDS).map(|_| RwLock::default()).collect(),
        }
    }

    fn elapsed_ms(&self) -> u64 {
        self.clock.now().duration_since(self.made).as_u64() / 1_000_000
    }

    fn shard(&self, key: &K) -> &Shard<K> {
        let hash = self.hasher.hash_one(key);
        &self.shards[(hash % SHARDS as u64) as usize]
    }

    /// Counts in the cell, or opens its next window. No more than the limit can ever succeed in
    /// one window: the exchange fails when anybody else was faster.
    fn count(&self, cell: &AtomicU64, now: u64) -> Result<(), Duration> {
        let mut seen = cell.load(Ordering::Relaxed);
        loop {
            let (began, counted) = (seen >> COUNT_BITS, seen & MOST);
            // Another thread may have opened the window a moment later than we read the clock.
            let age = now.saturating_sub(began);
            let next = if age >= WINDOW_MS {
                fresh(now)
            } else if counted < self.limit {
                seen + 1
            } else {
                return Err(Duration::from_millis(WINDOW_MS - age));
            };
            match cell.compare_exchange_weak(seen, next, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return Ok(()),
                Err(now_there) => seen = now_there,
            }
        }
    }
}

/// A window that begins with one request.
const fn fresh(now: u64) -> u64 {
    (now << COUNT_BITS) | 1
}

impl<K, C> Limiter<K> for FixedWindow<K, C>
where
    K: Clone + Eq + Hash + Send + Sync,
    C: Clock + Send + Sync,
{
    fn check(&self, key: &K) -> Result<(), Duration> {
        let now = self.elapsed_ms();
        let shard = self.shard(key);
        if let Some(cell) = shard.read().get(key) {
            return self.count(cell, now);
        }
        // Somebody may have been faster between the two locks; then their cell is used.
        let mut cells = shard.write();
        let cell = cells
            .entry(key.clone())
            .or_insert(AtomicU64::new(now << COUNT_BITS));
        self.count(cell, now)
    }

    fn sweep(&self) {
        let now = self.elapsed_ms();
        for shard in &self.shards {
            let mut cells = shard.write();
            cells.retain(|_, cell| {
                let began = *cell.get_mut() >> COUNT_BITS;
                now.saturating_sub(began) < WINDOW_MS
            });
            let needed = cells.len();
            cells.shrink_to(needed * 2);
        }
    }

    fn remembered(&self) -> usize {
        self.shards.iter().map(|shard| shard.read().len()).sum()
    }
}

impl<K, C: Clock> Debug for FixedWindow<K, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FixedWindow")
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use governor::clock::FakeRelativeClock;
    use std::sync::Barrier;
    use std::sync::atomic::AtomicU32;

    #[test]
    fn threads_that_race_get_exactly_the_limit_in_every_window() {
        const LIMIT: u32 = 1_000;
        let clock = FakeRelativeClock::default();
        let limiter = FixedWindow::new(NonZeroU32::new(LIMIT).unwrap(), clock.clone());
        for _ in 0..5 {
            let (passed, start) = (AtomicU32::new(0), Barrier::new(8));
            std::thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| {
                        start.wait();
                        for _ in 0..LIMIT {
                            if limiter.check(&"key").is_ok() {
                                passed.fetch_add(1, Ordering::Relaxed);
                            }
                        }
                    });
                }
            });
            assert_eq!(passed.into_inner(), LIMIT);
            clock.advance(Duration::from_secs(60));
        }
    }

    #[test]
    fn the_allowance_comes_back_as_one_when_the_minute_is_over() {
        let clock = FakeRelativeClock::default();
        let limiter = FixedWindow::new(NonZeroU32::new(2).unwrap(), clock.clone());
        clock.advance(Duration::from_secs(45));
        limiter.check(&1).unwrap();
        clock.advance(Duration::from_secs(20));
        limiter.check(&1).unwrap();
        assert_eq!(limiter.check(&1), Err(Duration::from_secs(40)));
        clock.advance(Duration::from_millis(39_999));
        assert_eq!(limiter.check(&1), Err(Duration::from_millis(1)));
        clock.advance(Duration::from_millis(1));
        limiter.check(&1).unwrap();
        limiter.check(&1).unwrap();
        assert_eq!(limiter.check(&1), Err(Duration::from_secs(60)));
    }
}
