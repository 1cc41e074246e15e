//! `[analytics]`: keys of dashboards that were set up for them before there was Clew.

use super::ConfigError;
use serde::{Deserialize, Deserializer};
use sha2::{Digest as _, Sha256};

/// A key that is guessed by trying takes at least this many characters.
const SHORTEST: usize = 24;

/// The `[analytics]` section.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Analytics {
    /// Role admin on all sites.
    pub api_key: HashedKey,
    /// Sees what each site's settings show to marketing.
    pub marketing_api_key: HashedKey,
}

/// A configured key, of which only the hash is kept. Nothing at all: there is no such key.
#[derive(Clone, Copy)]
pub struct HashedKey {
    hash: [u8; 32],
    characters: usize,
}

impl HashedKey {
    /// SHA-256 of the key, if there is one.
    pub fn hash(&self) -> Option<[u8; 32]> {
        (self.characters > 0).then_some(self.hash)
    }
}

impl<'de> Deserialize<'de> for HashedKey {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let key = String::deserialize(from)?;
        let key = key.trim();
        Ok(Self {
            hash: Sha256::digest(key.as_bytes()).into(),
            characters: key.chars().count(),
        })
    }
}

impl std::fmt::Debug for HashedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HashedKey(..)")
    }
}

impl Analytics {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        for (name, key) in [
            ("analytics.api_key (ANALYTICS_API_KEY)", &self.api_key),
            (
                "analytics.marketing_api_key (ANALYTICS_MARKETING_API_KEY)",
                &self.marketing_api_key,
            ),
        ] {
            if (1..SHORTEST).contains(&key.characters) {
                let problem = "is too short to be a secret: use at least 24 characters, for \
                               example from `openssl rand -hex 24`, or leave it empty";
                return Err(ConfigError::invalid(name, problem));
            }
        }
        let keys = (self.api_key.hash(), self.marketing_api_key.hash());
        if keys.0.is_some() && keys.0 == keys.1 {
            let problem = "must not be the same as analytics.api_key";
            return Err(ConfigError::invalid("analytics.marketing_api_key", problem));
        }
        Ok(())
    }
}
