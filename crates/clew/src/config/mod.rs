//! Configuration: flags over `CLEW_*` variables over the user's file over the compiled-in file.
//!
//! `config.default.toml` documents every key and *is* the default. Owns parsing and validation.
//! Refuses unknown keys, so a misspelt one is an error that names it and never silently ignored.

mod analytics;
mod database;
mod environment;
mod geo;
mod journal;
mod ledger;
mod limits;
mod log;
mod projector;
mod reports;
mod server;
mod sign_in;

pub use analytics::{Analytics, HashedKey};
pub use database::Database;
pub use environment::VARIABLES;
pub use geo::{Geo, ProxyHeaders};
pub use journal::Journal;
pub use ledger::Ledger;
pub use limits::Limits;
pub use log::Log;
pub use projector::Projector;
pub use reports::Reports;
pub use server::{Server, TrustedProxies};
pub use sign_in::SignIn;

use config::{File, FileFormat};
use std::path::{Path, PathBuf};

/// The documented default file, as compiled in.
pub const DEFAULT_FILE: &str = include_str!("../../config.default.toml");

/// Everything that can be configured.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub data_dir: PathBuf,
    /// As configured; see [`Config::key_path`].
    key_file: PathBuf,
    pub server: Server,
    pub limits: Limits,
    pub sign_in: SignIn,
    pub analytics: Analytics,
    pub journal: Journal,
    pub projector: Projector,
    pub ledger: Ledger,
    pub reports: Reports,
    pub geo: Geo,
    pub database: Database,
    pub log: Log,
}

/// Values of command line flags; they win over every other source.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    pub config_file: Option<PathBuf>,
    pub data_dir: Option<PathBuf>,
    pub listen: Option<String>,
}

/// A configuration that cannot be used; the text names the key or the file.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("configuration: {0}")]
    Source(#[from] config::ConfigError),
    #[error("configuration: {key}: {problem}")]
    Invalid { key: &'static str, problem: String },
}

impl ConfigError {
    fn invalid(key: &'static str, problem: impl Into<String>) -> Self {
        Self::Invalid {
            key,
            problem: problem.into(),
        }
    }
}

impl Config {
    /// Reads all sources of the running process.
    pub fn load(overrides: &Overrides) -> Result<Self, ConfigError> {
        Self::from_sources(overrides, |name| std::env::var(name).ok())
    }

    /// As [`Config::load`], with the environment given as a look-up.
    pub fn from_sources(
        overrides: &Overrides,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let mut builder =
            config::Config::builder().add_source(File::from_str(DEFAULT_FILE, FileFormat::Toml));
        if let Some(path) = &overrides.config_file {
            builder = builder.add_source(File::from(path.as_path()).format(FileFormat::Toml));
        }
        builder = environment::apply(builder, environment)?;
        builder = builder.set_override_option("server.listen", overrides.listen.clone())?;
        let data_dir = overrides.data_dir.as_deref().map(Path::to_string_lossy);
        builder = builder.set_override_option("data_dir", data_dir.map(String::from))?;
        let config: Self = builder.build()?.try_deserialize()?;
        config.validate()?;
        Ok(config)
    }

    /// Where the master key lies: as configured, else beside the data folder.
    pub fn key_path(&self) -> PathBuf {
        if !self.key_file.as_os_str().is_empty() {
            return self.key_file.clone();
        }
        let folder = self.data_dir.components().as_path();
        let mut name = folder
            .file_name()
            .map_or_else(|| "clew".into(), std::ffi::OsStr::to_os_string);
        name.push(".key");
        folder.with_file_name(name)
    }

    /// Relational database; SQLite inside the data folder unless configured.
    pub fn database_url(&self) -> String {
        if self.database.url.is_empty() {
            let file = self.data_dir.join("clew.sqlite");
            return format!("sqlite://{}", file.display());
        }
        self.database.url.clone()
    }

    fn validate(&self) -> Result<(), ConfigError> {
        if self.data_dir.as_os_str().is_empty() {
            return Err(ConfigError::invalid("data_dir", "must not be empty"));
        }
        if self.key_path().starts_with(&self.data_dir) {
            let hint = "must lie outside data_dir: a copy of the data must not contain its key";
            return Err(ConfigError::invalid("key_file", hint));
        }
        self.server.validate()?;
        self.sign_in.validate()?;
        self.analytics.validate()?;
        self.journal.validate()?;
        self.reports.validate()?;
        self.geo.validate()?;
        self.ledger.validate()?;
        self.database.validate()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(
        overrides: &Overrides,
        variables: &[(&'static str, &'static str)],
    ) -> Result<Config, ConfigError> {
        let variables = variables.to_vec();
        Config::from_sources(overrides, move |name| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_compiled_in_file_is_a_complete_configuration() {
        let config = load(&Overrides::default(), &[]).unwrap();
        assert_eq!(config.server.listen.port(), 8080);
        assert_eq!(config.limits.rate_limit_per_minute, 600);
        assert_eq!(config.server.body_limit_bytes, 1 << 20);
        assert_eq!(config.server.inflated_limit_bytes, 8 << 20);
        assert_eq!(config.key_path(), Path::new("./data.key"));
    }

    #[test]
    fn flags_win_over_variables_over_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("clew.toml");
        std::fs::write(
            &file,
            "data_dir = \"/file\"\n[limits]\nrate_limit_per_minute = 1\nkey_rate_limit_per_minute = 2\n",
        )
        .unwrap();
        let overrides = Overrides {
            config_file: Some(file),
            data_dir: Some("/flag".into()),
            listen: None,
        };
        let variables = [
            ("CLEW_DATA_DIR", "/variable"),
            ("CLEW_RATE_LIMIT_PER_MINUTE", "0"),
            ("CLEW_TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
        ];
        let config = load(&overrides, &variables).unwrap();
        assert_eq!(config.data_dir, Path::new("/flag"));
        assert_eq!(config.limits.rate_limit_per_minute, 0);
        assert_eq!(config.limits.key_rate_limit_per_minute, 2);
        assert!(
            config
                .server
                .trusted_proxies
                .contains("10.1.2.3".parse().unwrap())
        );
        assert!(
            config
                .server
                .trusted_proxies
                .contains("::1".parse().unwrap())
        );
    }

    #[test]
    fn a_bad_value_is_refused_by_the_name_of_its_key() {
        let cases = [
            ("CLEW_LISTEN", "nowhere", "server.listen"),
            (
                "CLEW_RATE_LIMIT_PER_MINUTE",
                "many",
                "limits.rate_limit_per_minute",
            ),
            (
                "CLEW_TRUSTED_PROXIES",
                "10.0.0.0/99",
                "server.trusted_proxies",
            ),
            ("CLEW_KEY_FILE", "./data/key", "key_file"),
            ("CLEW_DATABASE_URL", "mysql://x", "database.url"),
            ("CLEW_JOURNAL_SEGMENT_BYTES", "12", "journal.segment_bytes"),
            ("CLEW_GEO_PROXY_HEADERS", "akamai", "geo.proxy_headers"),
            ("CLEW_GEO_UPDATE_URL", "ftp://x", "geo.update_url"),
            ("ANALYTICS_API_KEY", "hunter2", "ANALYTICS_API_KEY"),
            (
                "ANALYTICS_MARKETING_API_KEY",
                "twenty-three-characters",
                "ANALYTICS_MARKETING_API_KEY",
            ),
        ];
        for (variable, value, key) in cases {
            let error = load(&Overrides::default(), &[(variable, value)]).unwrap_err();
            let text = error.to_string();
            assert!(text.contains(key), "{variable}: {error}");
            assert!(!text.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("clew.toml");
        std::fs::write(&file, "[server]\nlisten_on = \"x\"\n").unwrap();
        let overrides = Overrides {
            config_file: Some(file),
            ..Overrides::default()
        };
        let error = load(&overrides, &[]).unwrap_err().to_string();
        assert!(error.contains("listen_on"), "{error}");
    }

    #[test]
    fn every_variable_is_documented_in_the_default_file() {
        for variable in VARIABLES {
            assert!(DEFAULT_FILE.contains(variable.name), "{}", variable.name);
        }
    }
}
