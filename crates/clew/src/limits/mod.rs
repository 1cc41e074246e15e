//! Requests per minute: per client network, per write key, per secret key and per site.
//!
//! Owns the allowances of one process and what a caller hears that has used one up. A limit of 0
//! costs nothing at all. How requests are counted is a [`Limiter`]'s own affair: networks and write
//! keys are promised a number per minute and get a [`FixedWindow`]; secret keys and sites get
//! [`Gcra`], which spreads what it lets through. Both pass the same tests (`conformance`).

#[cfg(test)]
mod conformance;
mod fixed_window;
mod gcra;

pub use fixed_window::FixedWindow;
pub use gcra::Gcra;

use crate::config;
use crate::error::ApiError;
use crate::extract::address;
use clew_core::error::ErrorCode;
use clew_core::model::SiteId;
use clew_core::model::id::RowId;
use governor::clock::DefaultClock;
use metrics::counter;
use std::fmt::Debug;
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

/// Decides, request by request, whether a key still has some of its allowance.
///
/// Callers come from many threads at once and are never kept waiting. Memory grows with the keys
/// that were seen and is given back by [`Limiter::sweep`].
pub trait Limiter<K>: Debug + Send + Sync {
    /// Counts a request of `key`; `Err` is how long to wait until one may pass. A refused request
    /// uses nothing up.
    fn check(&self, key: &K) -> Result<(), Duration>;

    /// Forgets every key that has its whole allowance again; call it about once a minute.
    fn sweep(&self);

    /// Keys that are remembered.
    fn remembered(&self) -> usize;
}

/// The limits of one process.
#[derive(Debug)]
pub struct RateLimits {
    prefix: Limit<IpAddr>,
    write_key: Limit<SiteId>,
    key: Limit<RowId>,
    site: Limit<SiteId>,
}

/// A caller that has used up its allowance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exceeded {
    /// Which limit: `prefix`, `write_key`, `key` or `site`.
    pub scope: &'static str,
    pub per_minute: u32,
    /// Seconds until the next request may pass, at least 1.
    pub wait_seconds: u32,
}

impl RateLimits {
    pub fn new(config: &config::Limits) -> Self {
        Self {
            prefix: Limit::in_windows("prefix", config.rate_limit_per_minute),
            write_key: Limit::in_windows("write_key", config.write_key_rate_limit_per_minute),
            key: Limit::spread("key", config.key_rate_limit_per_minute),
            site: Limit::spread("site", config.site_rate_limit_per_minute),
        }
    }

    /// Counts a request of this client's network: /24 of IPv4, /48 of IPv6.
    pub fn check_client(&self, client: IpAddr) -> Result<(), Exceeded> {
        self.prefix.check(|| address::prefix(client))
    }

    /// Counts a request that presents this site's write key.
    pub fn check_write_key(&self, site: SiteId) -> Result<(), Exceeded> {
        self.write_key.check(|| site)
    }

    /// Counts a request of this secret key, or of a person's session.
    pub fn check_key(&self, key: RowId) -> Result<(), Exceeded> {
        self.key.check(|| key)
    }

    pub fn check_site(&self, site: SiteId) -> Result<(), Exceeded> {
        self.site.check(|| site)
    }

    /// Forgets whoever has not been here lately; call it about once a minute.
    pub fn sweep(&self) {
        self.prefix.sweep();
        self.write_key.sweep();
        self.key.sweep();
        self.site.sweep();
    }
}

/// One of the limits; without a limiter it is switched off.
#[derive(Debug)]
struct Limit<K> {
    scope: &'static str,
    per_minute: u32,
    limiter: Option<Box<dyn Limiter<K>>>,
}

impl<K: Clone + Debug + Eq + Hash + Send + Sync + 'static> Limit<K> {
    fn in_windows(scope: &'static str, per_minute: u32) -> Self {
        Self::of(scope, per_minute, |allowed| {
            Box::new(FixedWindow::new(allowed, DefaultClock::default()))
        })
    }

    fn spread(scope: &'static str, per_minute: u32) -> Self {
        Self::of(scope, per_minute, |allowed| {
            Box::new(Gcra::new(allowed, DefaultClock::default()))
        })
    }

    fn of(
        scope: &'static str,
        per_minute: u32,
        limiter: impl FnOnce(NonZeroU32) -> Box<dyn Limiter<K>>,
    ) -> Self {
        Self {
            scope,
            per_minute,
            limiter: NonZeroU32::new(per_minute).map(limiter),
        }
    }

    fn check(&self, key: impl FnOnce() -> K) -> Result<(), Exceeded> {
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        let Err(wait) = limiter.check(&key()) else {
            return Ok(());
        };
        counter!("clew_rate_limited_total", "scope" => self.scope).increment(1);
        let seconds = u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(60);
        Err(Exceeded {
            scope: self.scope,
            per_minute: self.per_minute,
            wait_seconds: seconds.max(1),
        })
    }

    fn sweep(&self) {
        if let Some(limiter) = &self.limiter {
            limiter.sweep();
        }
    }
}

impl From<Exceeded> for ApiError {
    fn from(exceeded: Exceeded) -> Self {
        Self::new(ErrorCode::RateLimited)
            .retry_after(exceeded.wait_seconds)
            .rate_limit(exceeded.per_minute)
            .with_details(serde_json::json!({ "limit": exceeded.scope }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(prefix: u32, site: u32) -> RateLimits {
        RateLimits::new(&config::Limits {
            rate_limit_per_minute: prefix,
            write_key_rate_limit_per_minute: site,
            key_rate_limit_per_minute: 0,
            site_rate_limit_per_minute: site,
        })
    }

    #[test]
    fn a_network_shares_its_allowance_and_others_are_untouched() {
        let limits = limits(3, 0);
        for host in 1..=3 {
            let client = IpAddr::from([192, 0, 2, host]);
            limits.check_client(client).unwrap();
        }
        let client = IpAddr::from([192, 0, 2, 4]);
        let exceeded = limits.check_client(client).unwrap_err();
        assert_eq!((exceeded.scope, exceeded.per_minute), ("prefix", 3));
        assert!((1..=60).contains(&exceeded.wait_seconds), "{exceeded:?}");
        limits.check_client(IpAddr::from([192, 0, 3, 4])).unwrap();
        let response = ApiError::from(exceeded).render(None);
        assert_eq!(response.status(), 429);
        assert!(response.headers().contains_key("retry-after"));
        assert_eq!(response.headers()["ratelimit-limit"], "3");
        assert_eq!(response.headers()["ratelimit-remaining"], "0");
        assert!(response.headers().contains_key("ratelimit-reset"));
    }

    #[test]
    fn zero_switches_a_limit_off() {
        let limits = limits(0, 1);
        for _ in 0..1000 {
            limits.check_client(IpAddr::from([192, 0, 2, 1])).unwrap();
            limits.check_key(RowId::from_u128(1)).unwrap();
        }
    }

    #[test]
    fn each_site_and_each_write_key_has_an_allowance_of_its_own() {
        let limits = limits(0, 1);
        let (one, two) = (SiteId::from_u128(1), SiteId::from_u128(2));
        limits.check_site(one).unwrap();
        limits.check_write_key(one).unwrap();
        assert_eq!(limits.check_site(one).unwrap_err().scope, "site");
        assert_eq!(limits.check_write_key(one).unwrap_err().scope, "write_key");
        limits.check_site(two).unwrap();
        limits.check_write_key(two).unwrap();
    }
}
