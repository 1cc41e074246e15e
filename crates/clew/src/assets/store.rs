//! The embedded folders.
//!
//! Debug builds read the folders from the checkout, release builds carry them inside.

use super::Encoded;
use bytes::Bytes;
use parking_lot::RwLock;
use rust_embed::{EmbeddedFile, RustEmbed};
use std::collections::HashMap;
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "../../tracker/dist"]
#[allow_missing = true]
struct TrackerFolder;

#[derive(RustEmbed)]
#[folder = "../../dashboard/dist"]
#[allow_missing = true]
struct DashboardFolder;

#[derive(RustEmbed)]
#[folder = "../../demo"]
#[allow_missing = true]
struct DemoFolder;

/// Precompiled tracker scripts.
pub static TRACKER: LazyLock<Files> = LazyLock::new(|| Files::new(TrackerFolder::get));
/// The dashboard's built files.
pub static DASHBOARD: LazyLock<Files> = LazyLock::new(|| Files::new(DashboardFolder::get));
/// The demo shop.
pub static DEMO: LazyLock<Files> = LazyLock::new(|| Files::new(DemoFolder::get));

/// A folder of embedded files; each is compressed when it is first asked for.
#[derive(Debug)]
pub struct Files {
    get: fn(&str) -> Option<EmbeddedFile>,
    encoded: RwLock<HashMap<String, Encoded>>,
}

impl Files {
    fn new(get: fn(&str) -> Option<EmbeddedFile>) -> Self {
        Self {
            get,
            encoded: RwLock::default(),
        }
    }

    /// The file at `path` (no leading slash), ready to be sent.
    pub fn get(&self, path: &str) -> Option<Encoded> {
        if let Some(found) = self.encoded.read().get(path) {
            return Some(found.clone());
        }
        let (bytes, content_type) = self.raw(path)?;
        let built = |suffix| {
            self.raw(&format!("{path}.{suffix}"))
                .map(|(bytes, _)| bytes)
        };
        let encoded = match (built("gz"), built("br")) {
            (Some(gzip), Some(brotli)) => {
                Encoded::precompressed(bytes, gzip, brotli, &content_type)
            }
            _ => Encoded::new(bytes, &content_type),
        };
        // Only names of embedded files get here, so the map is bounded.
        self.encoded
            .write()
            .insert(path.to_owned(), encoded.clone());
        Some(encoded)
    }

    /// The file's bytes and content type.
    pub fn raw(&self, path: &str) -> Option<(Bytes, String)> {
        let file = (self.get)(path)?;
        let mut content_type = file.metadata.mimetype().to_owned();
        if content_type.starts_with("text/") {
            content_type.push_str("; charset=utf-8");
        }
        Some((Bytes::from(file.data.into_owned()), content_type))
    }
}
