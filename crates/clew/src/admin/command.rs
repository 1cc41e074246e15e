//! What can be asked for and what is answered, as they travel over the local socket.

use crate::exposure::Exposures;
use crate::ingest::Rebuilt;
use clew_store::relational::StoreError;
use clew_store::relational::audit::Verification;
use serde::{Deserialize, Serialize};

/// One administrative request.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "command", content = "with", rename_all = "snake_case")]
pub enum Command {
    SiteCreate(NewSiteSpec),
    SiteList,
    KeyCreate(NewKeySpec),
    UserCreate(NewUserSpec),
    /// A one-time link for choosing another password.
    UserReset {
        email: String,
    },
    /// Make the report store again.
    Rebuild,
    /// Is the audit log what it was?
    AuditVerify,
    /// Erase a person: a visitor of a site, or a user of its own.
    Erase(EraseSpec),
    /// How far is an erasure?
    ErasureStatus {
        site: String,
        id: String,
    },
    /// Look for what must not be stored.
    PrivacyVerify {
        canaries: Vec<String>,
    },
    /// Is anybody there?
    Ping,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewSiteSpec {
    pub name: String,
    pub domains: Vec<String>,
    pub slug: Option<String>,
    /// IANA name; UTC when absent.
    pub time_zone: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewKeySpec {
    /// `admin`, `marketing` or `viewer`.
    pub role: String,
    /// Site ids or slugs; empty: all sites.
    pub sites: Vec<String>,
    /// `read`, `manage`, `ingest`; empty: what the role allows.
    pub scopes: Vec<String>,
    pub name: Option<String>,
}

#[derive(Clone, Serialize, Deserialize)]
pub struct NewUserSpec {
    pub email: String,
    /// `owner`, `admin`, `marketing` or `viewer`.
    pub role: String,
    pub name: Option<String>,
    /// None: the user gets a link for choosing one.
    pub password: Option<String>,
}

impl std::fmt::Debug for NewUserSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewUserSpec")
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub struct EraseSpec {
    /// Id or slug.
    pub site: String,
    pub visitor: Option<String>,
    pub user: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
}

impl std::fmt::Debug for EraseSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EraseSpec")
            .field("site", &self.site)
            .finish_non_exhaustive()
    }
}

/// A site as the command line shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteView {
    pub id: String,
    pub slug: Option<String>,
    pub name: String,
    pub domains: Vec<String>,
    pub write_key: String,
    pub time_zone: String,
}

/// What a reading of the audit log found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditView {
    pub ok: bool,
    /// Entries that hold, from the first on.
    pub entries: u64,
    /// Hash of the last one.
    pub head: String,
    /// Number of the first entry that does not hold.
    pub broken_at: Option<u64>,
    /// `altered`, `missing`, `truncated`, `foreign`, `unsealed` or `rolled_back`.
    pub problem: Option<String>,
}

impl From<Verification> for AuditView {
    fn from(found: Verification) -> Self {
        Self {
            ok: found.broken.is_none(),
            entries: found.entries,
            head: hex::encode(found.head.hash),
            broken_at: found.broken.map(|broken| broken.seq),
            problem: found.broken.map(|broken| broken.kind.as_str().to_owned()),
        }
    }
}

/// The answer to a [`Command`].
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
pub enum Reply {
    Site(SiteView),
    Sites {
        sites: Vec<SiteView>,
    },
    Key {
        /// Shown here and never again.
        key: String,
        prefix: String,
        role: String,
        scopes: Vec<String>,
    },
    User {
        id: String,
        email: String,
        role: String,
        /// For choosing a password, when the user has none.
        link: Option<String>,
    },
    Link {
        email: String,
        link: String,
    },
    Rebuilt(Rebuilt),
    Erasure {
        id: String,
        /// `queued`, `running`, `done` or `failed`.
        status: String,
        certificate: Option<String>,
    },
    Exposures(Exposures),
    Audit(AuditView),
    Pong {
        version: String,
        pid: u32,
    },
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A key must not reach a log through a debug print.
        f.write_str("Reply(…)")
    }
}

/// Why a command failed; the text says what to do.
#[derive(Clone, Debug, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    pub message: String,
}

impl Failure {
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let hint = match &error {
            StoreError::Conflict { what: "slug" } => "; choose another --slug",
            StoreError::Conflict { what: "domain" } => {
                "; a domain belongs to one site, see `clew site list`"
            }
            StoreError::NotFound { what: "site" } => "; see `clew site list`",
            StoreError::Database(_) => "; `clew doctor` checks the database",
            _ => "",
        };
        Self::new(format!("{error}{hint}"))
    }
}
