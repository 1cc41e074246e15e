//! The relational store: accounts, users, sites, keys, jobs and what is projected from the journal.
//!
//! One SeaORM code base for SQLite and PostgreSQL, one set of migrations. It owns the connections,
//! the schema and every statement; it refuses to write outside [`Db::write_tx`] (readers are
//! read-only to the database itself) and to know anything about HTTP.
//!
//! * **Writing**: `db.write_tx(|tx| Box::pin(async move { … }))`. On SQLite one task runs many
//!   waiting closures as savepoints of one transaction and answers them after the common commit;
//!   on PostgreSQL each is a transaction of its own at READ COMMITTED.
//! * **Repositories** are modules of functions, one per aggregate. Those that write take a [`Tx`],
//!   those that read take any connection (`db.read()` or a `Tx`). Whatever belongs to a tenant
//!   takes its account or site and finds nothing of another one.
//! * **Times** are i64 epoch milliseconds and come in as `now`; **ids** are 128 bit and minted
//!   here. No zoned types, no database clocks, no database sequences.
//! * **Changes** of sites and keys raise [`Db::policy_revision`], so caches know when to reload.

mod db;
mod entity;
mod error;
mod migration;
mod postgres;
mod revisions;
mod secret;
mod signals;
mod sqlite;
#[cfg(test)]
mod sqlite_tests;
mod tx;
mod words;
mod writer;

pub mod accounts;
pub mod audit;
pub mod cursors;
pub mod domains;
pub mod erasures;
pub mod exports;
pub mod form_fields;
pub mod forms;
pub mod host;
pub mod imports;
pub mod jobs;
pub mod keys;
pub mod login_links;
pub mod password;
pub mod person_links;
pub mod persons;
pub mod policies;
pub mod retention;
pub mod settings;
pub mod site_activity;
pub mod site_roles;
pub mod sites;
pub mod touches;
pub mod user_sessions;
pub mod users;

pub use db::Db;
#[cfg(test)]
pub(crate) use db::schema_of_version;
pub use error::{Result, StoreError};
pub use sea_orm::ConnectionTrait;
pub use secret::Token;
pub use tx::Tx;
pub use words::{
    AnalyticsPage, ErasureReason, ErasureState, ExportState, ImportKind, ImportState, JobState,
    KeyRole, LinkKind, Role, Scope, StepState, SubjectKind,
};
