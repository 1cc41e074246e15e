//! Bringing an address database: downloaded or handed over, checked, and put in place in one step.
//!
//! Works beside a running server, which notices the new file by itself. Nothing is replaced by
//! something that does not open.

use crate::config::{Config, Geo};
use anyhow::{Context as _, bail};
use clew_connect::http::{DownloadError, Downloads};
use clew_core::geo::{Database, DatabaseInfo};
use flate2::write::MultiGzDecoder;
use std::fs::{self, File};
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};

/// DB-IP's free databases, made anew every month.
const DB_IP: &str = "https://download.db-ip.com/free/dbip-{database}-lite-{month}.mmdb.gz";
/// Larger than any database of places that is sold.
const LARGEST: u64 = 2 << 30;
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Where a database comes from.
#[derive(Clone, Debug)]
pub enum Source {
    /// As configured: one of places and one of networks.
    Usual {
        /// Countries only: a tenth of the size.
        country_only: bool,
    },
    Url(String),
    File(PathBuf),
}

/// What was put where.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Updated {
    pub path: PathBuf,
    #[serde(flatten)]
    pub info: DatabaseInfo,
}

pub async fn update(
    config: &Config,
    source: &Source,
    today: jiff::civil::Date,
) -> anyhow::Result<Vec<Updated>> {
    let folder = Geo::folder(&config.data_dir);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let part = Part::new(&folder);
    match source {
        Source::File(path) => {
            part.copy(path)?;
            Ok(vec![part.install(config)?])
        }
        Source::Url(url) => {
            part.download(url).await?;
            Ok(vec![part.install(config)?])
        }
        Source::Usual { country_only } => {
            let places = if *country_only { "country" } else { "city" };
            let mut updated = Vec::new();
            for database in [places, "asn"] {
                part.download_newest(&config.geo.update_url, database, today)
                    .await?;
                updated.push(part.install(config)?);
            }
            Ok(updated)
        }
    }
}

/// A file on its way; gone when it did not arrive.
struct Part(PathBuf);

impl Part {
    fn new(folder: &Path) -> Self {
        Self(folder.join(format!("incoming-{}.part", std::process::id())))
    }

    /// This month's database, or the last one's while this month has none yet.
    async fn download_newest(
        &self,
        template: &str,
        database: &str,
        today: jiff::civil::Date,
    ) -> anyhow::Result<()> {
        let template = if template.is_empty() { DB_IP } else { template };
        let url = |date: jiff::civil::Date| {
            template
                .replace("{database}", database)
                .replace("{month}", &date.strftime("%Y-%m").to_string())
        };
        let before = today.first_of_month().yesterday()?;
        match self.download(&url(today)).await {
            Err(error) if error.is_missing() && url(before) != url(today) => {
                Ok(self.download(&url(before)).await?)
            }
            done => Ok(done?),
        }
    }

    async fn download(&self, url: &str) -> Result<(), DownloadError> {
        let mut sink = Unpacking::new(File::create(&self.0)?);
        Downloads::new()?
            .fetch(url, LARGEST, |piece| sink.write_all(piece))
            .await?;
        sink.finish()?;
        Ok(())
    }

    fn copy(&self, from: &Path) -> anyhow::Result<()> {
        let opened = File::open(from).with_context(|| format!("cannot open {}", from.display()))?;
        let mut sink = Unpacking::new(File::create(&self.0)?);
        std::io::copy(&mut BufReader::new(opened).take(LARGEST), &mut sink)?;
        Ok(sink.finish()?)
    }

    /// Reads every record, then swaps the file in.
    fn install(&self, config: &Config) -> anyhow::Result<Updated> {
        let database = Database::read(fs::read(&self.0)?)
            .and_then(|database| database.verify().map(|()| database))
            .context("nothing is changed: what came is no usable database (.mmdb or .mmdb.gz)")?;
        let data_dir = &config.data_dir;
        let path = if database.is_of_networks() {
            config.geo.networks(data_dir)
        } else {
            config.geo.places(data_dir)
        };
        let info = database.info();
        if info.records == 0 {
            bail!("nothing is changed: the database is empty");
        }
        fs::rename(&self.0, &path).with_context(|| format!("cannot replace {}", path.display()))?;
        if let Some(folder) = path.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(Updated { path, info })
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // Installed, it is no longer there.
        if let Err(error) = fs::remove_file(&self.0)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(path = %self.0.display(), %error, "a partial download stays");
        }
    }
}

/// Writes bytes as they are, or unpacked when they begin like gzip; no more than is sane.
enum Unpacking {
    Undecided(File),
    Plain(File),
    Gzip(Box<MultiGzDecoder<Limited>>),
}

struct Limited(File, u64);

impl Unpacking {
    const fn new(file: File) -> Self {
        Self::Undecided(file)
    }

    fn finish(self) -> std::io::Result<()> {
        match self {
            Self::Undecided(file) | Self::Plain(file) => file.sync_all(),
            Self::Gzip(decoder) => decoder.finish()?.0.sync_all(),
        }
    }

    fn decide(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        if let Self::Undecided(file) = self {
            let file = file.try_clone()?;
            *self = if bytes.starts_with(&GZIP) {
                Self::Gzip(Box::new(MultiGzDecoder::new(Limited(file, LARGEST))))
            } else {
                Self::Plain(file)
            };
        }
        Ok(())
    }
}

impl Write for Unpacking {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.decide(bytes)?;
        match self {
            Self::Undecided(file) | Self::Plain(file) => file.write(bytes),
            Self::Gzip(decoder) => decoder.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.1 = self
            .1
            .checked_sub(bytes.len() as u64)
            .ok_or_else(|| std::io::Error::other("the unpacked file is too large"))?;
        self.0.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Overrides;
    use axum::Router;
    use axum::routing::get;
    use flate2::Compression;
    use flate2::write::GzEncoder;

    const PLACES: &[u8] = include_bytes!("../../../../fixtures/geo/places.mmdb");
    const NETWORKS: &[u8] = include_bytes!("../../../../fixtures/geo/networks.mmdb");
    const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 21);

    fn zipped(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn config(dir: &Path, url: &str) -> Config {
        let overrides = Overrides {
            data_dir: Some(dir.join("data")),
            ..Overrides::default()
        };
        let variable = |name: &str| (name == "CLEW_GEO_UPDATE_URL").then(|| url.to_owned());
        Config::from_sources(&overrides, variable).unwrap()
    }

    fn files(config: &Config) -> Vec<String> {
        let entries = fs::read_dir(Geo::folder(&config.data_dir)).unwrap();
        let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
        let mut names: Vec<_> = entries
            .map(|entry| name(entry).into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[tokio::test]
    async fn the_newest_databases_are_downloaded_checked_and_put_in_place() {
        let routes = Router::new()
            .route("/city-2026-11.mmdb.gz", get(|| async { zipped(PLACES) }))
            // This month has no networks yet.
            .route("/asn-2026-10.mmdb.gz", get(|| async { NETWORKS.to_vec() }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        let dir = tempfile::tempdir().unwrap();
        let url = format!("http://{address}/{{database}}-{{month}}.mmdb.gz");
        let config = config(dir.path(), &url);
        let usual = Source::Usual {
            country_only: false,
        };
        let updated = update(&config, &usual, TODAY).await.unwrap();
        let names: Vec<_> = updated.iter().map(|u| u.info.name.as_str()).collect();
        assert_eq!(names, ["DBIP-City-Lite", "DBIP-ASN-Lite"]);
        assert_eq!(files(&config), ["networks.mmdb", "places.mmdb"]);
        assert_eq!(fs::read(&updated[0].path).unwrap(), PLACES);
        let lost = Source::Url(format!("http://{address}/lost"));
        let error = update(&config, &lost, TODAY).await.unwrap_err();
        assert!(error.to_string().contains("answered 404"), "{error}");
        assert_eq!(files(&config), ["networks.mmdb", "places.mmdb"]);
    }

    #[tokio::test]
    async fn a_file_that_is_no_database_replaces_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let config = config(dir.path(), "");
        let file = dir.path().join("handed-over");
        let source = Source::File(file.clone());
        fs::write(&file, zipped(PLACES)).unwrap();
        let updated = update(&config, &source, TODAY).await.unwrap();
        let mut cut = PLACES.to_vec();
        cut.truncate(PLACES.len() - 20);
        for wrong in [
            b"<html>".to_vec(),
            zipped(b"<html>"),
            cut,
            zipped(PLACES)[..50].to_vec(),
        ] {
            fs::write(&file, wrong).unwrap();
            update(&config, &source, TODAY).await.unwrap_err();
            assert_eq!(fs::read(&updated[0].path).unwrap(), PLACES);
            assert_eq!(files(&config), ["places.mmdb"]);
        }
    }
}
