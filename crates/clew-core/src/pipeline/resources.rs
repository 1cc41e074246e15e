//! The look-up data that stages read, loaded once per process.

use super::{CachedDevices, Device, DeviceParser, KnownReferrers, RegexDevices};
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
}

/// Browsers, crawlers and known referrers.
pub struct Resources {
    devices: Box<dyn DeviceParser>,
    pub(super) referrers: KnownReferrers,
}

impl Resources {
    /// The data that ships with this build; takes a fraction of a second, do it once.
    pub fn load() -> Result<Self, ResourcesError> {
        let devices = CachedDevices::new(
            RegexDevices::load()?,
            CachedDevices::<RegexDevices>::CAPACITY,
        );
        Ok(Self::new(Box::new(devices), KnownReferrers::load()?))
    }

    pub fn new(devices: Box<dyn DeviceParser>, referrers: KnownReferrers) -> Self {
        Self { devices, referrers }
    }

    /// What a user agent is; cached.
    pub fn device(&self, user_agent: &str) -> Arc<Device> {
        self.devices.parse(user_agent)
    }
}

impl std::fmt::Debug for Resources {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resources").finish_non_exhaustive()
    }
}
