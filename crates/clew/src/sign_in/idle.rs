//! How long a session may lie unused: shorter in accounts that have a site of the hipaa profile.

use crate::config;
use arc_swap::ArcSwap;
use clew_core::model::id::RowId;
use std::collections::HashSet;
use std::sync::Arc;

/// Accounts with at least one hipaa site; the sites keep it up to date.
#[derive(Clone, Debug, Default)]
pub struct HipaaAccounts(Arc<ArcSwap<HashSet<RowId>>>);

impl HipaaAccounts {
    pub fn replace(&self, accounts: HashSet<RowId>) {
        self.0.store(Arc::new(accounts));
    }

    fn contains(&self, account: RowId) -> bool {
        self.0.load().contains(&account)
    }
}

/// The limits of one installation.
#[derive(Debug)]
pub(super) struct IdleLimits {
    longest_ms: i64,
    hipaa_ms: i64,
    hipaa: HipaaAccounts,
}

impl IdleLimits {
    pub(super) fn new(config: &config::SignIn, hipaa: HipaaAccounts) -> Self {
        Self {
            longest_ms: config.idle_ms(),
            hipaa_ms: config.hipaa_idle_ms(),
            hipaa,
        }
    }

    /// What no session outlives unused.
    pub(super) const fn longest_ms(&self) -> i64 {
        self.longest_ms
    }

    pub(super) fn of(&self, account: RowId) -> i64 {
        if self.hipaa.contains(account) {
            self.longest_ms.min(self.hipaa_ms)
        } else {
            self.longest_ms
        }
    }
}
