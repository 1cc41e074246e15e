//! What can go wrong in the relational store, as its callers need to tell it apart.

use sea_orm::{DbErr, SqlErr};

/// Every failure of the relational store. `NotFound`, `Conflict`, `Invalid` and `LastOwner` are the
/// caller's fault and safe to show; everything else is ours.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    #[error("there is no such {what}")]
    NotFound { what: &'static str },
    #[error("this {what} is taken already")]
    Conflict { what: &'static str },
    #[error("this {what} is not valid: {reason}")]
    Invalid { what: &'static str, reason: String },
    #[error("an account needs at least one active owner")]
    LastOwner,
    /// The job was claimed by someone else after our lease ran out; our result must not count.
    #[error("the lease on this job was lost")]
    LeaseLost,
    /// A projector's cursor is not where it believed: another one is at work.
    #[error("cursor `{name}` stands at {found}, not at {expected}")]
    CursorMoved {
        name: String,
        expected: u64,
        found: u64,
    },
    #[error("stored {what} cannot be read: {reason}")]
    Corrupt { what: &'static str, reason: String },
    #[error("the password could not be hashed: {0}")]
    Password(String),
    #[error("the transaction took longer than {0} ms and was rolled back")]
    TimedOut(u64),
    #[error("the work in this transaction panicked and was rolled back")]
    Panicked,
    #[error("somebody has been reading for too long")]
    Busy,
    #[error("the database is closed")]
    Closed,
    #[error("the database failed: {0}")]
    Database(#[from] DbErr),
}

pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Turns the violation of a unique index into a typed conflict; the call site knows which of its
/// values is the only one that can clash.
pub(super) fn conflict(what: &'static str) -> impl FnOnce(DbErr) -> StoreError {
    move |error| match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => StoreError::Conflict { what },
        _ => StoreError::Database(error),
    }
}

pub(super) fn missing(what: &'static str) -> impl FnOnce() -> StoreError {
    move || StoreError::NotFound { what }
}

pub(super) fn invalid(what: &'static str, reason: &(impl ToString + ?Sized)) -> StoreError {
    StoreError::Invalid {
        what,
        reason: reason.to_string(),
    }
}

pub(super) fn corrupt(what: &'static str, reason: &(impl ToString + ?Sized)) -> StoreError {
    StoreError::Corrupt {
        what,
        reason: reason.to_string(),
    }
}
