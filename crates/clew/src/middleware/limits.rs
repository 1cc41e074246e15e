//! Requests per minute: per client network, per key and per site.
//!
//! Token buckets as large as one minute's allowance. A limit of 0 costs nothing at all. Memory is
//! bounded by sweeping buckets that are full again.

use crate::config;
use crate::error::ApiError;
use crate::extract::address;
use clew_core::error::ErrorCode;
use clew_core::model::SiteId;
use clew_core::model::id::RowId;
use governor::clock::{Clock, DefaultClock};
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use metrics::counter;
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;

type Buckets<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock>;

/// The three limits of one process.
#[derive(Debug)]
pub struct RateLimits {
    prefix: Limit<IpAddr>,
    key: Limit<RowId>,
    site: Limit<SiteId>,
}

/// A caller that has used up its allowance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exceeded {
    /// Which limit: `prefix`, `key` or `site`.
    pub scope: &'static str,
    pub per_minute: u32,
    /// Seconds until the next request may pass, at least 1.
    pub wait_seconds: u32,
}

impl RateLimits {
    pub fn new(config: &config::Limits) -> Self {
        Self {
            prefix: Limit::new("prefix", config.rate_limit_per_minute),
            key: Limit::new("key", config.key_rate_limit_per_minute),
            site: Limit::new("site", config.site_rate_limit_per_minute),
        }
    }

    /// Counts a request of this client's network.
    pub fn check_client(&self, client: IpAddr) -> Result<(), Exceeded> {
        match &self.prefix.buckets {
            None => Ok(()),
            Some(_) => self.prefix.check(&address::prefix(client)),
        }
    }

    pub fn check_key(&self, key: RowId) -> Result<(), Exceeded> {
        self.key.check(&key)
    }

    pub fn check_site(&self, site: SiteId) -> Result<(), Exceeded> {
        self.site.check(&site)
    }

    /// Forgets every bucket that is full again; call it about once a minute.
    pub fn sweep(&self) {
        self.prefix.sweep();
        self.key.sweep();
        self.site.sweep();
    }
}

#[derive(Debug)]
struct Limit<K: Clone + Hash + Eq> {
    scope: &'static str,
    per_minute: u32,
    buckets: Option<Buckets<K>>,
}

impl<K: Clone + Hash + Eq> Limit<K> {
    fn new(scope: &'static str, per_minute: u32) -> Self {
        let quota = NonZeroU32::new(per_minute).map(Quota::per_minute);
        Self {
            scope,
            per_minute,
            buckets: quota.map(RateLimiter::dashmap),
        }
    }

    fn check(&self, key: &K) -> Result<(), Exceeded> {
        let Some(buckets) = &self.buckets else {
            return Ok(());
        };
        let Err(denied) = buckets.check_key(key) else {
            return Ok(());
        };
        counter!("clew_rate_limited_total", "scope" => self.scope).increment(1);
        let wait = denied.wait_time_from(buckets.clock().now());
        let seconds = u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(60);
        Err(Exceeded {
            scope: self.scope,
            per_minute: self.per_minute,
            wait_seconds: seconds.max(1),
        })
    }

    fn sweep(&self) {
        if let Some(buckets) = &self.buckets {
            buckets.retain_recent();
            buckets.shrink_to_fit();
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
            key_rate_limit_per_minute: 0,
            site_rate_limit_per_minute: site,
        })
    }

    #[test]
    fn a_network_shares_its_allowance_and_others_are_untouched() {
        let limits = limits(3, 0);
        for host in 1..=3 {
            limits
                .check_client(IpAddr::from([192, 0, 2, host]))
                .unwrap();
        }
        let exceeded = limits
            .check_client(IpAddr::from([192, 0, 2, 4]))
            .unwrap_err();
        assert_eq!((exceeded.scope, exceeded.per_minute), ("prefix", 3));
        assert!((1..=20).contains(&exceeded.wait_seconds), "{exceeded:?}");
        limits.check_client(IpAddr::from([192, 0, 3, 4])).unwrap();
        let response = ApiError::from(exceeded).render(None);
        assert_eq!(response.status(), 429);
        assert!(response.headers().contains_key("retry-after"));
        assert_eq!(response.headers()["ratelimit-remaining"], "0");
    }

    #[test]
    fn zero_switches_a_limit_off() {
        let limits = limits(0, 1);
        for _ in 0..1000 {
            limits.check_client(IpAddr::from([192, 0, 2, 1])).unwrap();
            limits.check_key(RowId::from_u128(1)).unwrap();
        }
        limits.check_site(SiteId::from_u128(1)).unwrap();
        limits.check_site(SiteId::from_u128(1)).unwrap_err();
        limits.check_site(SiteId::from_u128(2)).unwrap();
    }
}
