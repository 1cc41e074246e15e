//! The generic cell rate algorithm: a bucket as large as one minute's allowance that fills evenly.

use super::Limiter;
use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use std::fmt::{self, Debug};
use std::hash::Hash;
use std::num::NonZeroU32;
use std::time::Duration;

type Buckets<K, C> = RateLimiter<K, DashMapStateStore<K>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// Whoever has used its minute up gets one request in sixty seconds divided by the allowance.
pub struct Gcra<K: Clone + Eq + Hash, C: Clock> {
    buckets: Buckets<K, C>,
}

impl<K: Clone + Eq + Hash, C: Clock> Gcra<K, C> {
    /// `clock` says what time it is; tests bring their own.
    pub fn new(per_minute: NonZeroU32, clock: C) -> Self {
        let quota = Quota::per_minute(per_minute);
        Self {
            buckets: RateLimiter::new(quota, DashMapStateStore::default(), clock),
        }
    }
}

impl<K, C> Limiter<K> for Gcra<K, C>
where
    K: Clone + Eq + Hash + Send + Sync,
    C: Clock + Send + Sync,
{
    fn check(&self, key: &K) -> Result<(), Duration> {
        self.buckets
            .check_key(key)
            .map_err(|denied| denied.wait_time_from(self.buckets.clock().now()))
    }

    fn sweep(&self) {
        self.buckets.retain_recent();
        self.buckets.shrink_to_fit();
    }

    fn remembered(&self) -> usize {
        self.buckets.len()
    }
}

impl<K: Clone + Eq + Hash, C: Clock> Debug for Gcra<K, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gcra").finish_non_exhaustive()
    }
}
