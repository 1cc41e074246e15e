//! `/c/{site}.js`: the tracker with one site's settings in front of it.
//!
//! Owns which variant a site needs and the script's bytes, compressed when they are first asked
//! for. What is sent depends on the site's settings, this build and the configured public address
//! alone, never on a header of the request: a cache in between cannot be poisoned.

mod config;

pub use config::{Storage, TrackerConfig};

use crate::assets::{Encoded, TRACKER};
use bytes::Bytes;
use moka::sync::Cache;

/// Compressed scripts that are remembered, in bytes of all their forms.
const REMEMBERED_BYTES: u64 = 32 << 20;
const CONTENT_TYPE: &str = "text/javascript; charset=utf-8";

/// A build of the tracker's core.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Variant {
    /// Cannot store anything in a browser.
    Cookieless,
    Standard,
    /// Can load further parts.
    Loader,
}

impl Variant {
    pub const ALL: &'static [Self] = &[Self::Cookieless, Self::Standard, Self::Loader];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Cookieless => "cookieless",
            Self::Standard => "standard",
            Self::Loader => "loader",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|variant| variant.name() == name)
    }

    /// File of the core within the tracker's folder.
    pub fn file(self) -> String {
        format!("{}.js", self.name())
    }
}

/// Scripts that were asked for. The key is the whole content, so a change of settings needs no
/// notice; what nobody asks for any more makes room.
#[derive(Debug)]
pub struct SiteScripts {
    made: Cache<(Variant, String), Encoded>,
}

impl Default for SiteScripts {
    fn default() -> Self {
        let weigh = |_: &(Variant, String), script: &Encoded| {
            u32::try_from(script.bytes()).unwrap_or(u32::MAX)
        };
        Self {
            made: Cache::builder()
                .max_capacity(REMEMBERED_BYTES)
                .weigher(weigh)
                .build(),
        }
    }
}

impl SiteScripts {
    /// The script, when it is ready.
    pub fn ready(&self, config: &str, variant: Variant) -> Option<Encoded> {
        self.made.get(&(variant, config.to_owned()))
    }

    /// Makes the script; takes milliseconds. `None` in a build without the tracker.
    pub fn make(&self, config: String, variant: Variant) -> Option<Encoded> {
        let (core, _) = TRACKER.raw(&variant.file())?;
        let script = [config.as_bytes(), &core].concat();
        let script = Encoded::new(Bytes::from(script), CONTENT_TYPE);
        self.made.insert((variant, config), script.clone());
        Some(script)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_remembered_by_its_content() {
        let scripts = SiteScripts::default();
        if scripts.make("a;".to_owned(), Variant::Standard).is_none() {
            return;
        }
        assert!(scripts.ready("a;", Variant::Standard).is_some());
        assert!(scripts.ready("b;", Variant::Standard).is_none());
        assert!(scripts.ready("a;", Variant::Loader).is_none());
    }
}
