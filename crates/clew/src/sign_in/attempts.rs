//! Brakes on guessing passwords.
//!
//! Counts failures of the last quarter of an hour per address and network, per network, and per
//! address from everywhere. An attempt is counted before its password is looked at, so that many
//! at once gain nothing, and taken back when it succeeds.

use clew_core::model::EpochMs;
use moka::sync::Cache;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Networks and addresses remembered at once; the least used are forgotten first.
const CAPACITY: u64 = 100_000;

/// Somebody at one network who tries one address.
const PER_PAIR: u32 = 10;
/// One network that tries many addresses: an office shares it too.
const PER_NETWORK: u32 = 50;
/// Many networks that try one address.
const PER_ADDRESS: u32 = 100;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Pair(Subject, IpAddr),
    Network(IpAddr),
    Address(Subject),
}

/// Who is tried: a hash, so that what strangers send takes no room.
type Subject = [u8; 16];

impl Key {
    const fn limit(&self) -> u32 {
        match self {
            Self::Pair(..) => PER_PAIR,
            Self::Network(_) => PER_NETWORK,
            Self::Address(_) => PER_ADDRESS,
        }
    }
}

/// Failures of one key and when they began.
#[derive(Debug)]
struct Window {
    began: EpochMs,
    failures: AtomicU32,
}

/// All recent failures of this process.
#[derive(Debug)]
pub struct Attempts {
    windows: Cache<Key, Arc<Window>>,
}

/// An attempt under way; it stays counted as a failure unless [`Attempt::succeeded`].
#[derive(Debug)]
pub struct Attempt {
    windows: [Arc<Window>; 3],
}

/// Too many failures; the number of seconds to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany(pub u32);

impl Default for Attempts {
    fn default() -> Self {
        let windows = Cache::builder()
            .max_capacity(CAPACITY)
            .time_to_live(WINDOW)
            .build();
        Self { windows }
    }
}

impl Attempts {
    /// `network` is the client's /24 or /48. A network that is locked out adds nothing to what is
    /// remembered, so it cannot push anything out either.
    pub fn begin(&self, email: &str, network: IpAddr, now: EpochMs) -> Result<Attempt, TooMany> {
        let whole = self.open_window(Key::Network(network), now)?;
        let email = email.trim().to_lowercase();
        let mut subject = Subject::default();
        let digest = blake3::hash(email.as_bytes());
        subject.copy_from_slice(&digest.as_bytes()[..16]);
        let pair = self.open_window(Key::Pair(subject, network), now)?;
        let address = self.open_window(Key::Address(subject), now)?;
        let windows = [whole, pair, address];
        for window in &windows {
            window.failures.fetch_add(1, Ordering::Relaxed);
        }
        Ok(Attempt { windows })
    }

    fn open_window(&self, key: Key, now: EpochMs) -> Result<Arc<Window>, TooMany> {
        let limit = key.limit();
        let window = self.window(key, now);
        if window.failures.load(Ordering::Relaxed) < limit {
            return Ok(window);
        }
        Err(TooMany(window.seconds_left(now)))
    }

    fn window(&self, key: Key, now: EpochMs) -> Arc<Window> {
        self.windows.get_with(key, || {
            Arc::new(Window {
                began: now,
                failures: AtomicU32::new(0),
            })
        })
    }
}

impl Window {
    fn seconds_left(&self, now: EpochMs) -> u32 {
        let passed = now.since(self.began) / 1000;
        let whole = i64::try_from(WINDOW.as_secs()).unwrap_or(i64::MAX);
        u32::try_from((whole - passed).clamp(1, whole)).unwrap_or(1)
    }
}

impl Attempt {
    /// The password was right: this was no guess.
    pub fn succeeded(self) {
        for window in self.windows {
            window.failures.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: EpochMs = EpochMs(1_700_000_000_000);

    fn network(n: u8) -> IpAddr {
        IpAddr::from([192, 0, n, 0])
    }

    #[test]
    fn guessing_one_address_ends_after_ten_failures_and_others_may_go_on() {
        let attempts = Attempts::default();
        for _ in 0..PER_PAIR {
            attempts.begin("Ada@x.y", network(1), NOW).unwrap();
        }
        let refused = attempts.begin(" ada@X.Y", network(1), NOW.plus(60_000));
        assert_eq!(refused.unwrap_err(), TooMany(14 * 60));
        attempts.begin("bob@x.y", network(1), NOW).unwrap();
        attempts.begin("ada@x.y", network(2), NOW).unwrap();
    }

    #[test]
    fn a_network_and_an_address_have_limits_of_their_own() {
        let attempts = Attempts::default();
        for n in 0..PER_NETWORK {
            attempts
                .begin(&format!("{n}@x.y"), network(1), NOW)
                .unwrap();
        }
        assert!(attempts.begin("new@x.y", network(1), NOW).is_err());
        let attempts = Attempts::default();
        for n in 0..PER_ADDRESS {
            let from = network(u8::try_from(n).unwrap());
            attempts.begin("ada@x.y", from, NOW).unwrap();
        }
        assert!(attempts.begin("ada@x.y", network(200), NOW).is_err());
    }

    #[test]
    fn a_network_that_is_locked_out_adds_nothing_to_what_is_remembered() {
        let attempts = Attempts::default();
        for n in 0..PER_NETWORK * 10 {
            let tried = attempts.begin(&format!("{n}@x.y"), network(1), NOW);
            assert_eq!(tried.is_ok(), n < PER_NETWORK);
        }
        attempts.windows.run_pending_tasks();
        let most = u64::from(PER_NETWORK) * 2 + 1;
        assert!(attempts.windows.entry_count() <= most);
    }

    #[test]
    fn signing_in_does_not_use_up_the_allowance() {
        let attempts = Attempts::default();
        for _ in 0..PER_ADDRESS * 2 {
            attempts
                .begin("ada@x.y", network(1), NOW)
                .unwrap()
                .succeeded();
        }
    }

    #[test]
    fn an_attempt_counts_before_it_is_decided() {
        let attempts = Attempts::default();
        let under_way: Vec<_> = (0..PER_PAIR)
            .map(|_| attempts.begin("ada@x.y", network(1), NOW).unwrap())
            .collect();
        assert!(attempts.begin("ada@x.y", network(1), NOW).is_err());
        drop(under_way);
        assert!(attempts.begin("ada@x.y", network(1), NOW).is_err());
    }
}
