//! The tracker's lazy parts of this build: where they are and what they must hash to.

use crate::assets::TRACKER;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Address and integrity of a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Module {
    url: String,
    integrity: String,
}

/// Parts by name; empty in a build without the tracker.
pub type Modules = BTreeMap<String, Module>;

#[derive(Deserialize)]
struct Manifest {
    chunks: Vec<Chunk>,
}

#[derive(Deserialize)]
struct Chunk {
    name: String,
    file: String,
    integrity: String,
}

/// Those of this build.
pub static MODULES: LazyLock<Modules> = LazyLock::new(|| {
    let manifest = TRACKER.raw("manifest.json");
    let manifest = manifest.map(|(bytes, _)| serde_json::from_slice::<Manifest>(&bytes));
    let chunks = match manifest {
        Some(Ok(manifest)) => manifest.chunks,
        Some(Err(error)) => {
            tracing::error!(%error, "the tracker's manifest cannot be read");
            Vec::new()
        }
        None => Vec::new(),
    };
    let module = |chunk: Chunk| {
        let url = format!("/{}", chunk.file);
        let integrity = chunk.integrity;
        (chunk.name, Module { url, integrity })
    };
    chunks.into_iter().map(module).collect()
});
