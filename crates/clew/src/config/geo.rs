//! `[geo]`: databases of places and networks, and proxies that know where clients are.

use super::ConfigError;
use std::path::{Path, PathBuf};

/// The `[geo]` section.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Geo {
    places: PathBuf,
    networks: PathBuf,
    pub proxy_headers: ProxyHeaders,
    pub update_url: String,
}

/// Whose visitor headers the trusted proxies set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProxyHeaders {
    #[default]
    #[serde(rename = "")]
    None,
    Cloudflare,
    Cloudfront,
    Vercel,
}

impl Geo {
    /// Where databases lie that `clew geo update` brings.
    pub fn folder(data_dir: &Path) -> PathBuf {
        data_dir.join("geo")
    }

    /// File of the places: as configured, else in the folder.
    pub fn places(&self, data_dir: &Path) -> PathBuf {
        or(&self.places, || Self::folder(data_dir).join("places.mmdb"))
    }

    /// File of the networks.
    pub fn networks(&self, data_dir: &Path) -> PathBuf {
        or(&self.networks, || {
            Self::folder(data_dir).join("networks.mmdb")
        })
    }

    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        let is_http = ["https://", "http://"]
            .iter()
            .any(|scheme| self.update_url.starts_with(scheme));
        if !self.update_url.is_empty() && !is_http {
            let problem = "expected an http or https address";
            return Err(ConfigError::invalid("geo.update_url", problem));
        }
        Ok(())
    }
}

fn or(configured: &Path, default: impl FnOnce() -> PathBuf) -> PathBuf {
    if configured.as_os_str().is_empty() {
        default()
    } else {
        configured.to_owned()
    }
}
