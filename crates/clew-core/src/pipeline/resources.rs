//! The look-up data that stages read, loaded once per process.

use super::{CacheStats, CachedDevices, Device, DeviceParser, KnownReferrers, RegexDevices};
use crate::geo::{KnownNetworks, NetworksError, Zones};
use crate::wire::Client;
use std::sync::Arc;

/// Vendored data that cannot be read: a build with broken data, never an input's fault.
#[derive(Debug, thiserror::Error)]
pub enum ResourcesError {
    #[error("the browser rules cannot be read")]
    Yaml(#[from] yaml_serde::Error),
    #[error("the crawler list cannot be read")]
    Json(#[from] serde_json::Error),
    #[error("a browser rule does not compile")]
    Browser(#[from] ua_parser::Error),
    #[error("a rule does not compile")]
    Pattern(#[from] regex_filtered::ParseError),
    #[error("the rules cannot be indexed")]
    Index(#[from] regex_filtered::BuildError),
    #[error("line {0} of the referrer list is not `kind<TAB>brand<TAB>hosts`")]
    Referrers(usize),
    #[error(transparent)]
    Networks(#[from] NetworksError),
}

/// Browsers, crawlers, known referrers and networks, countries of time zones.
pub struct Resources {
    devices: Box<dyn DeviceParser>,
    pub(super) referrers: KnownReferrers,
    pub(super) networks: KnownNetworks,
    pub(super) zones: Zones,
}

impl Resources {
    /// The data that ships with this build; takes a fraction of a second, do it once.
    pub fn load() -> Result<Self, ResourcesError> {
        let devices = CachedDevices::new(
            RegexDevices::load()?,
            CachedDevices::<RegexDevices>::CAPACITY,
        );
        Self::with_devices(Box::new(devices))
    }

    /// The shipped data with another reader of user agents.
    pub fn with_devices(devices: Box<dyn DeviceParser>) -> Result<Self, ResourcesError> {
        Ok(Self {
            devices,
            referrers: KnownReferrers::load()?,
            networks: KnownNetworks::load()?,
            zones: Zones::load(),
        })
    }

    /// What a user agent is; cached.
    pub fn device(&self, user_agent: &str) -> Arc<Device> {
        self.devices.parse(user_agent)
    }

    /// What sent a request, by its user agent and its client hints.
    pub fn device_of(&self, client: &Client) -> Arc<Device> {
        let device = self.device(&client.user_agent);
        match &client.hints {
            Some(hints) => Arc::new(device.with_hints(&client.user_agent, hints)),
            None => device,
        }
    }

    /// How often a user agent was known already.
    pub fn device_stats(&self) -> CacheStats {
        self.devices.stats()
    }
}

impl std::fmt::Debug for Resources {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resources").finish_non_exhaustive()
    }
}
