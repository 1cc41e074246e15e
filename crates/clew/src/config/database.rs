//! `[database]`: the relational store.

use super::ConfigError;

/// The `[database]` section.
#[derive(Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// Empty: SQLite in the data folder.
    pub url: String,
}

impl Database {
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        let schemes = ["sqlite:", "postgres://", "postgresql://"];
        if self.url.is_empty() || schemes.iter().any(|scheme| self.url.starts_with(scheme)) {
            return Ok(());
        }
        Err(ConfigError::invalid(
            "database.url",
            "expected sqlite://… or postgres://…",
        ))
    }
}

/// The address may hold a password, so it never reaches a log.
impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scheme = self.url.split(':').next().unwrap_or_default();
        f.debug_struct("Database")
            .field("scheme", &scheme)
            .finish_non_exhaustive()
    }
}
