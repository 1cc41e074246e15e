//! The newest keys, in memory.
//!
//! Owns a hash set of keys with the range of record numbers and receipt times it covers. Keys of
//! the open group are staged: they are in the set already (so a duplicate inside the group is
//! seen) and are taken out again when the group fails.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hasher, RandomState};

/// Keys are uniform already; the seeds keep clients from choosing which of them collide.
#[derive(Clone, Copy, Debug)]
struct Seeds(u64, u64);

#[derive(Debug)]
struct Fold {
    seeds: Seeds,
    out: u64,
}

impl Hasher for Fold {
    fn finish(&self) -> u64 {
        self.out
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u128(u128::from(self.out) << 8 | u128::from(*byte));
        }
    }

    fn write_u128(&mut self, key: u128) {
        let low = u128::from((key >> 16) as u64 ^ self.seeds.0);
        let high = u128::from((key >> 64) as u64 ^ self.seeds.1);
        let product = low * high;
        self.out = product as u64 ^ (product >> 64) as u64;
    }
}

impl BuildHasher for Seeds {
    type Hasher = Fold;

    fn build_hasher(&self) -> Fold {
        Fold {
            seeds: *self,
            out: 0,
        }
    }
}

/// Which records a set of keys came from; both ends inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Span {
    pub first_lsn: u64,
    pub last_lsn: u64,
    /// Receipt times, epoch milliseconds.
    pub oldest_ms: i64,
    pub newest_ms: i64,
}

impl Span {
    pub(super) fn union(self, other: Self) -> Self {
        Self {
            first_lsn: self.first_lsn.min(other.first_lsn),
            last_lsn: self.last_lsn.max(other.last_lsn),
            oldest_ms: self.oldest_ms.min(other.oldest_ms),
            newest_ms: self.newest_ms.max(other.newest_ms),
        }
    }
}

#[derive(Debug)]
pub(super) struct KeyTable {
    keys: HashSet<u128, Seeds>,
    staged: Vec<u128>,
    span: Span,
}

impl KeyTable {
    /// Empty table for records after `after_lsn`, with room for `capacity` keys.
    pub(super) fn new(after_lsn: u64, capacity: usize) -> Self {
        let random = RandomState::new();
        let seeds = Seeds(random.hash_one(1u8), random.hash_one(2u8));
        Self {
            keys: HashSet::with_capacity_and_hasher(capacity, seeds),
            staged: Vec::new(),
            span: Span {
                first_lsn: after_lsn + 1,
                last_lsn: after_lsn,
                oldest_ms: i64::MAX,
                newest_ms: i64::MIN,
            },
        }
    }

    pub(super) fn contains(&self, key: u128) -> bool {
        self.keys.contains(&key)
    }

    /// False when the key was there already.
    pub(super) fn stage(&mut self, key: u128, received_ms: i64) -> bool {
        let fresh = self.insert(key, received_ms);
        if fresh {
            self.staged.push(key);
        }
        fresh
    }

    pub(super) fn insert(&mut self, key: u128, received_ms: i64) -> bool {
        self.span.oldest_ms = self.span.oldest_ms.min(received_ms);
        self.span.newest_ms = self.span.newest_ms.max(received_ms);
        self.keys.insert(key)
    }

    pub(super) fn staged(&self) -> usize {
        self.staged.len()
    }

    /// Takes out the keys staged after the first `keep`.
    pub(super) fn unstage(&mut self, keep: usize) {
        for key in self.staged.drain(keep.min(self.staged.len())..) {
            self.keys.remove(&key);
        }
    }

    /// The staged keys belong to durable records up to `last_lsn`.
    pub(super) fn commit(&mut self, last_lsn: u64) {
        self.staged.clear();
        self.span.last_lsn = self.span.last_lsn.max(last_lsn);
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(super) fn span(&self) -> Span {
        self.span
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u128> {
        self.keys.iter().copied()
    }
}
