//! Tracker scripts with one site's settings in front: `/c/{site}.js` and the scripts of the older
//! families.
//!
//! Owns what a site's script holds and its bytes, compressed when they are first asked for. What is
//! sent depends on the site's settings, this build and the configured public address alone, never
//! on a header of the request: a cache in between cannot be poisoned.
//!
//! A ready script is found twice. Each [`Site`](crate::sites::Site) keeps its own in
//! [`ReadyScripts`] and is replaced as a whole when anything about sites changes: no key is made
//! and nothing is serialised for a request. Behind them [`SiteScripts`] knows scripts by their
//! content, so that a change of one site makes nobody else's script anew.

mod client;
mod config;
mod modules;

pub use config::{Storage, TrackerConfig};

use crate::assets::{Encoded, TRACKER};
use bytes::Bytes;
use clew_core::model::SitePolicy;
use clew_store::relational::policies::SiteEntry;
use client::{ClientConfig, CollectorConfig};
use moka::sync::Cache;
use serde::Serialize;
use std::sync::OnceLock;

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
    /// Knows every setting of a profile and loads the parts that it needs.
    Full,
}

impl Variant {
    pub const ALL: &'static [Self] = &[Self::Cookieless, Self::Standard, Self::Loader, Self::Full];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Cookieless => "cookieless",
            Self::Standard => "standard",
            Self::Loader => "loader",
            Self::Full => "full",
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

/// The script of a family of clients: the full core with all that the family needs, in one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// A: `/pixel.js`.
    Pixel,
    /// B: `/script/{clientId}.js` and its older names.
    Client,
    /// C: `/pixel/{client_id}/tracking.js`.
    Collector,
    /// D: `/pulse.js`.
    Pulse,
    /// D and E: `/tracker.js`.
    Tracker,
}

impl Family {
    /// As metrics and files call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pixel => "pixel",
            Self::Client => "client",
            Self::Collector => "collector",
            Self::Pulse => "pulse",
            Self::Tracker => "tracker",
        }
    }

    /// File of the script within the tracker's folder.
    pub fn file(self) -> String {
        format!("families/{}.js", self.name())
    }
}

/// What a site's pages may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SiteScript {
    /// Clew's own tracker, in the smallest variant that can do what the site needs.
    Own,
    Family(Family),
}

impl SiteScript {
    const COUNT: usize = 6;

    const fn slot(self) -> usize {
        match self {
            Self::Own => 0,
            Self::Family(family) => 1 + family as usize,
        }
    }

    /// The settings of this site as a statement, and the file that they stand in front of.
    /// `collector` is the host of this server's public address.
    ///
    /// # Errors
    /// None in practice: settings are plain text and numbers.
    pub fn parts(
        self,
        site: &SiteEntry,
        collector: Option<&str>,
    ) -> serde_json::Result<(String, String)> {
        match self {
            Self::Own => {
                let variant = TrackerConfig::of(&site.policy, collector).variant();
                variant_parts(variant, &site.policy, collector)
            }
            Self::Family(family) => Ok((family.settings(site, collector)?, family.file())),
        }
    }
}

/// Privacy settings, and what a family wants to know besides.
#[derive(Serialize)]
struct FamilyConfig<T> {
    #[serde(flatten)]
    tracker: TrackerConfig,
    #[serde(flatten)]
    besides: T,
}

impl Family {
    fn settings(self, site: &SiteEntry, collector: Option<&str>) -> serde_json::Result<String> {
        let tracker = TrackerConfig::of(&site.policy, collector).for_family(site.policy.profile);
        match self {
            Self::Client => config::statement(&FamilyConfig {
                tracker,
                besides: ClientConfig::of(site),
            }),
            Self::Collector => config::statement(&FamilyConfig {
                tracker,
                besides: CollectorConfig::of(site),
            }),
            Self::Pixel | Self::Pulse | Self::Tracker => config::statement(&tracker),
        }
    }
}

/// The settings in front of the variant that somebody asked for by name.
///
/// # Errors
/// See [`SiteScript::parts`].
pub fn variant_parts(
    variant: Variant,
    site: &SitePolicy,
    collector: Option<&str>,
) -> serde_json::Result<(String, String)> {
    let config = TrackerConfig::of(site, collector).for_variant(variant, site.profile);
    Ok((config::statement(&config)?, variant.file()))
}

/// The scripts of one site that were asked for since its settings last changed.
#[derive(Debug, Default)]
pub struct ReadyScripts([OnceLock<Encoded>; SiteScript::COUNT]);

impl ReadyScripts {
    pub fn get(&self, script: SiteScript) -> Option<Encoded> {
        self.0[script.slot()].get().cloned()
    }

    /// Keeps the script; the first one stays.
    pub fn keep(&self, script: SiteScript, ready: Encoded) -> Encoded {
        self.0[script.slot()].get_or_init(|| ready).clone()
    }
}

/// Scripts that were asked for. The key is the whole content, so a change of settings needs no
/// notice; what nobody asks for any more makes room.
#[derive(Debug)]
pub struct SiteScripts {
    made: Cache<(String, String), Encoded>,
}

impl Default for SiteScripts {
    fn default() -> Self {
        let weigh = |_: &(String, String), script: &Encoded| {
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
    /// Settings and file as one script. Takes a moment when it is not known yet: call it where
    /// waiting is allowed. `None` in a build without the tracker.
    pub fn assembled(&self, key: (String, String)) -> Option<Encoded> {
        self.assembled_from(key, |file| TRACKER.raw(file).map(|(core, _)| core))
    }

    fn assembled_from<C: AsRef<[u8]>>(
        &self,
        key: (String, String),
        core: impl FnOnce(&str) -> Option<C>,
    ) -> Option<Encoded> {
        if let Some(known) = self.made.get(&key) {
            return Some(known);
        }
        let core = core(&key.1)?;
        let script = [key.0.as_bytes(), core.as_ref()].concat();
        let script = Encoded::new(Bytes::from(script), CONTENT_TYPE);
        self.made.insert(key, script.clone());
        Some(script)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(settings: &str, file: &str) -> (String, String) {
        (settings.to_owned(), file.to_owned())
    }

    #[test]
    fn a_script_is_remembered_by_its_content() {
        let scripts = SiteScripts::default();
        let core = |file: &str| (file == "standard.js").then_some("core");
        let made = scripts.assembled_from(parts("a;", "standard.js"), core);
        assert!(made.is_some());
        let again = |_: &str| -> Option<&str> { panic!("it is known already") };
        let again = scripts.assembled_from(parts("a;", "standard.js"), again);
        assert!(again.is_some());
        for (settings, file, known) in [
            ("a;", "standard.js", true),
            ("b;", "standard.js", false),
            ("a;", "loader.js", false),
        ] {
            let key = parts(settings, file);
            assert_eq!(scripts.made.contains_key(&key), known, "{key:?}");
        }
        let none = scripts.assembled_from(parts("a;", "no-such.js"), core);
        assert!(none.is_none());
        assert!(scripts.assembled(parts("a;", "no-such.js")).is_none());
    }

    #[test]
    fn every_script_of_a_site_has_a_place_of_its_own() {
        let ready = ReadyScripts::default();
        let families = [
            Family::Pixel,
            Family::Client,
            Family::Collector,
            Family::Pulse,
            Family::Tracker,
        ];
        let all = families.map(SiteScript::Family);
        let all: Vec<_> = [SiteScript::Own].into_iter().chain(all).collect();
        assert_eq!(all.len(), SiteScript::COUNT);
        for script in all {
            assert!(ready.get(script).is_none(), "{script:?}");
            ready.keep(script, Encoded::new(Bytes::from("1;"), CONTENT_TYPE));
            assert!(ready.get(script).is_some());
        }
    }
}
