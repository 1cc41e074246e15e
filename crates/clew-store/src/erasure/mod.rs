//! Erasure: every store that can hold a person, and how it lets go of one.
//!
//! Owns the [`Registry`]: a store that learns to hold a person implements [`Erasable`] in a file
//! here (or where it lives) and gets one line where the registry is made. Refuses to know whom an
//! erasure is about: persons come as keyed hashes ([`ErasedPersons`]), so every store tests the ids
//! that it has against them.
//!
//! What an implementation promises:
//! * [`Erasable::survey`] looks at everything that the store has, and changes nothing.
//! * After [`Erasable::erase`] returned, no byte of what was meant is in any file of the store,
//!   and [`Erasable::survey`] counts nothing. Both may be repeated and broken off anywhere.
//! * Whatever came at or behind [`Target::before`] is left alone: it is new.
//!
//! What needs no entry: the **ledger** keeps hashes of event ids for a week, so that an erased event
//! that a client sends again is still a duplicate; **salts** are random; **logs** name no visitor;
//! the live view keeps nothing. See docs/erasure.md.

mod archive;
mod events;
mod journal;
mod judge;
mod relational;
mod retained;
#[cfg(test)]
mod tests;

pub use archive::ArchivedJournal;
pub use events::EventRows;
pub use journal::HotJournal;
pub use relational::RelationalRows;
pub use retained::RetainedFiles;

use crate::archive::ArchiveError;
use crate::events::EventStoreError;
use crate::relational::StoreError;
use clew_core::model::{ErasedPersons, ErasureId, PersonHash, SiteId};
use clew_journal::{ReadError, SegmentError};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// Who is to be forgotten, of which site, and up to where.
#[derive(Clone, Debug)]
pub struct Target {
    pub erasure: ErasureId,
    pub site: SiteId,
    pub persons: ErasedPersons,
    /// LSN of the erasure's record: what stands before it in the journal goes.
    pub before: u64,
}

/// Several at once, because rewriting costs the same for one and for many.
pub type Targets = Arc<[Target]>;

/// What a store holds of one target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Events, rows or files, whatever the store counts.
    pub items: u64,
    /// Other ids under which the same persons are known here.
    pub also: BTreeSet<PersonHash>,
}

/// A store that can hold a person.
#[async_trait::async_trait]
pub trait Erasable: Send + Sync {
    /// Name on certificates, for ever.
    fn name(&self) -> &'static str;

    /// What it holds of each target, in their order.
    async fn survey(&self, targets: &Targets) -> Result<Vec<Found>, ErasureError>;

    /// Takes all of it away, bytes included.
    async fn erase(&self, targets: &Targets) -> Result<(), ErasureError>;
}

#[derive(Debug, thiserror::Error)]
pub enum ErasureError {
    #[error("the journal cannot be rewritten")]
    Segment(#[from] SegmentError),
    #[error("the journal cannot be read")]
    Read(#[from] ReadError),
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error(transparent)]
    Events(#[from] EventStoreError),
    #[error(transparent)]
    Relational(#[from] StoreError),
    #[error("a worker thread failed")]
    Worker,
    /// Of a store that lives elsewhere.
    #[error(transparent)]
    Other(Box<dyn std::error::Error + Send + Sync>),
}

/// The stores, in the order in which they are erased from: the truth first, so that nothing can
/// be projected from it again.
#[derive(Clone, Default)]
pub struct Registry {
    stores: Vec<Arc<dyn Erasable>>,
}

impl Registry {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a store; two of one name are a programming error.
    #[must_use]
    pub fn store(mut self, store: impl Erasable + 'static) -> Self {
        debug_assert!(
            self.stores.iter().all(|known| known.name() != store.name()),
            "two stores are called {}",
            store.name()
        );
        self.stores.push(Arc::new(store));
        self
    }

    pub fn stores(&self) -> impl Iterator<Item = &Arc<dyn Erasable>> {
        self.stores.iter()
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.stores.iter().map(|store| store.name());
        f.debug_list().entries(names).finish()
    }
}
