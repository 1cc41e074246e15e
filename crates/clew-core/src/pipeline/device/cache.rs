//! A bounded cache of user agents: two generations, the older one is forgotten whole.

use super::{Device, DeviceParser};
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

const SHARDS: usize = 16;
/// Longer user agents are read and not remembered.
const KEY_MAX: usize = 512;

#[derive(Default)]
struct Generations {
    young: HashMap<Box<str>, Arc<Device>>,
    old: HashMap<Box<str>, Arc<Device>>,
}

/// A [`DeviceParser`] that remembers. Holds at most twice the given number of user agents; one
/// that is asked for keeps its place, a flood of new ones pushes out the unused.
pub struct CachedDevices<P> {
    inner: P,
    per_shard: usize,
    hasher: RandomState,
    shards: [Mutex<Generations>; SHARDS],
    hits: AtomicU64,
    misses: AtomicU64,
}

/// How often a user agent was known already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheStats {
    pub hits: u64,
    pub misses: u64,
}

impl CacheStats {
    /// Share of look-ups that were remembered; 0 before the first.
    pub fn ratio(self) -> f64 {
        let all = self.hits + self.misses;
        if all == 0 {
            return 0.0;
        }
        self.hits as f64 / all as f64
    }
}

impl<P> CachedDevices<P> {
    /// Entries of a generation: some 2 MB when full.
    pub const CAPACITY: usize = 4096;

    pub fn new(inner: P, capacity: usize) -> Self {
        Self {
            inner,
            per_shard: (capacity / SHARDS).max(1),
            hasher: RandomState::new(),
            shards: std::array::from_fn(|_| Mutex::default()),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    fn shard(&self, user_agent: &str) -> std::sync::MutexGuard<'_, Generations> {
        let shard = self.hasher.hash_one(user_agent) as usize % SHARDS;
        // The maps are valid after every statement below: a panic elsewhere does not spoil them.
        self.shards[shard]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generations {
    fn get(&mut self, user_agent: &str, limit: usize) -> Option<Arc<Device>> {
        if let Some(device) = self.young.get(user_agent) {
            return Some(Arc::clone(device));
        }
        let device = Arc::clone(self.old.get(user_agent)?);
        self.insert(user_agent, &device, limit);
        Some(device)
    }

    fn insert(&mut self, user_agent: &str, device: &Arc<Device>, limit: usize) {
        if self.young.len() >= limit {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(user_agent.into(), Arc::clone(device));
    }
}

impl<P: DeviceParser> DeviceParser for CachedDevices<P> {
    fn parse(&self, user_agent: &str) -> Arc<Device> {
        if user_agent.len() > KEY_MAX {
            self.misses.fetch_add(1, Ordering::Relaxed);
            return self.inner.parse(user_agent);
        }
        if let Some(device) = self.shard(user_agent).get(user_agent, self.per_shard) {
            self.hits.fetch_add(1, Ordering::Relaxed);
            return device;
        }
        self.misses.fetch_add(1, Ordering::Relaxed);
        let device = self.inner.parse(user_agent);
        self.shard(user_agent)
            .insert(user_agent, &device, self.per_shard);
        device
    }

    fn stats(&self) -> CacheStats {
        CacheStats {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
        }
    }
}

impl<P> std::fmt::Debug for CachedDevices<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CachedDevices").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    #[derive(Default)]
    struct Counting(AtomicUsize);

    impl DeviceParser for Counting {
        fn parse(&self, user_agent: &str) -> Arc<Device> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Arc::new(Device {
                browser: user_agent.to_owned(),
                ..Device::default()
            })
        }
    }

    #[test]
    fn a_user_agent_is_read_once() {
        let cache = CachedDevices::new(Counting::default(), 64);
        for _ in 0..10 {
            assert_eq!(cache.parse("a").browser, "a");
        }
        assert_eq!(cache.inner.0.load(Ordering::Relaxed), 1);
        assert_eq!(cache.stats(), CacheStats { hits: 9, misses: 1 });
        assert!((cache.stats().ratio() - 0.9).abs() < 1e-9);
    }

    #[test]
    fn a_flood_of_new_ones_stays_within_bounds() {
        let cache = CachedDevices::new(Counting::default(), 64);
        for n in 0..10_000 {
            cache.parse(&n.to_string());
        }
        let held: usize = cache
            .shards
            .iter()
            .map(|shard| shard.lock().unwrap())
            .map(|shard| shard.young.len() + shard.old.len())
            .sum();
        assert!(held <= 2 * 64, "{held}");
        cache.parse(&"x".repeat(KEY_MAX + 1));
        cache.parse(&"x".repeat(KEY_MAX + 1));
        assert_eq!(cache.inner.0.load(Ordering::Relaxed), 10_002);
    }
}
