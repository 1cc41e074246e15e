//! The address databases of this installation: read from disk, and read again when replaced.
//!
//! Owns the files; what they mean is said in `clew_core::geo`. A file that is missing or cannot be
//! read takes nothing down: the one before stays, or the browser's time zone has to do.

mod update;

pub use update::{Source, update};

use crate::config::Config;
use arc_swap::{ArcSwap, Guard};
use clew_core::geo::{Atlas, Database, DatabaseInfo};
use parking_lot::Mutex;
use serde::Serialize;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

/// What `[geo]` of the configuration has on disk.
#[derive(Debug)]
pub struct GeoData {
    atlas: ArcSwap<Atlas>,
    files: Mutex<[File; 2]>,
}

/// Where places come from right now.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GeoStatus {
    pub databases: Vec<GeoDatabase>,
    /// `database`, or `time_zone` when there is none of places.
    pub source: &'static str,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GeoDatabase {
    pub name: String,
    /// Epoch milliseconds.
    pub built_at: i64,
    pub records: u32,
    /// What its licence wants shown.
    pub attribution: Option<&'static str>,
}

impl From<DatabaseInfo> for GeoDatabase {
    fn from(info: DatabaseInfo) -> Self {
        Self {
            name: info.name,
            built_at: info.built_ms,
            records: info.records,
            attribution: info.attribution,
        }
    }
}

/// A file and what was read of it.
#[derive(Debug)]
struct File {
    path: PathBuf,
    stamp: Option<Stamp>,
    database: Option<Arc<Database>>,
}

/// Changes whenever a file is replaced or written to.
type Stamp = (Option<SystemTime>, u64, u64);

impl GeoData {
    /// Reads what is there; blocking.
    pub fn open(config: &Config) -> Self {
        let file = |path| File {
            path,
            stamp: None,
            database: None,
        };
        let folder = &config.data_dir;
        let places = file(config.geo.places(folder));
        let networks = file(config.geo.networks(folder));
        let data = Self {
            atlas: ArcSwap::default(),
            files: Mutex::new([places, networks]),
        };
        data.refresh();
        data
    }

    /// What to ask; holds while a request lasts, whatever is replaced meanwhile.
    pub fn atlas(&self) -> Guard<Arc<Atlas>> {
        self.atlas.load()
    }

    /// Reads files that have changed; blocking. Says whether there were any.
    pub fn refresh(&self) -> bool {
        let mut files = self.files.lock();
        let mut changed = false;
        for file in files.iter_mut() {
            changed |= file.refresh();
        }
        if changed {
            let [places, networks] = &*files;
            let atlas = Atlas::new(places.database.clone(), networks.database.clone());
            self.atlas.store(Arc::new(atlas));
        }
        changed
    }

    pub fn status(&self) -> GeoStatus {
        let atlas = self.atlas();
        GeoStatus {
            databases: atlas.databases().map(GeoDatabase::from).collect(),
            source: if atlas.has_places() {
                "database"
            } else {
                "time_zone"
            },
        }
    }
}

impl File {
    fn refresh(&mut self) -> bool {
        let stamp = stamp(&self.path);
        if stamp == self.stamp {
            return false;
        }
        self.stamp = stamp;
        let path = self.path.display();
        if stamp.is_none() {
            tracing::info!(%path, "the address database is gone");
            self.database = None;
            return true;
        }
        match read(&self.path) {
            Ok(database) => {
                let name = database.info().name;
                tracing::info!(%path, name, "reading addresses by this database");
                self.database = Some(Arc::new(database));
                true
            }
            Err(error) => {
                tracing::error!(%path, %error, "an address database cannot be read");
                false
            }
        }
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok(), metadata.len(), metadata.ino()))
}

fn read(path: &Path) -> anyhow::Result<Database> {
    Ok(Database::read(std::fs::read(path)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Overrides;

    /// A country file of four networks, made by the format's own description in `clew_core::geo`.
    const DATABASE: &[u8] = include_bytes!("../../../../fixtures/geo/places.mmdb");

    fn config(dir: &Path) -> Config {
        let overrides = Overrides {
            data_dir: Some(dir.join("data")),
            ..Overrides::default()
        };
        Config::from_sources(&overrides, |_| None).unwrap()
    }

    #[test]
    fn files_are_noticed_replaced_and_gone() {
        let dir = tempfile::tempdir().unwrap();
        let config = config(dir.path());
        let data = GeoData::open(&config);
        assert_eq!(data.status().source, "time_zone");
        let path = config.geo.places(&config.data_dir);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, DATABASE).unwrap();
        assert!(data.refresh() && !data.refresh());
        assert_eq!(data.status().source, "database");
        let held = data.atlas();
        std::fs::write(&path, b"damaged").unwrap();
        assert!(!data.refresh());
        assert_eq!(data.status().source, "database");
        std::fs::remove_file(&path).unwrap();
        assert!(data.refresh());
        assert_eq!(data.status().source, "time_zone");
        assert!(held.has_places());
    }
}
