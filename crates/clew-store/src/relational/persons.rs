//! Every table that holds a person, for erasure: who is in it, and out with them.
//!
//! Owns the list. Whatever else learns to hold a person gets a line in [`survey`], one in
//! [`erase`], and its name in [`TABLES`].

use super::error::Result;
use super::tx::Tx;
use super::{person_links, touches};
use clew_core::model::{ErasedPersons, PersonHash, SiteId};
use sea_orm::ConnectionTrait;
use std::collections::BTreeSet;

/// What the database itself has to clean up after rows were deleted.
pub(super) const TABLES: &[&str] = &["person_link", "touches"];

/// What is held of some persons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    pub rows: u64,
    /// Under which other ids they are known here.
    pub also: BTreeSet<PersonHash>,
}

/// Counts what came before `before`, an LSN.
pub async fn survey(
    c: &impl ConnectionTrait,
    site: SiteId,
    persons: &ErasedPersons,
    before: u64,
) -> Result<Held> {
    let mut held = Held::default();
    person_links::survey(c, site, persons, before, &mut held).await?;
    touches::survey(c, site, persons, before, &mut held).await?;
    Ok(held)
}

/// Deletes what came before `before`, an LSN; returns the number of rows.
pub async fn erase(tx: &Tx, site: SiteId, persons: &ErasedPersons, before: u64) -> Result<u64> {
    let links = person_links::erase(tx, site, persons, before).await?;
    Ok(links + touches::erase(tx, site, persons, before).await?)
}
