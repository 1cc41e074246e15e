//! Whoever a credential stands for: one key, or one person's session.

use crate::sign_in::Standing;
use clew_core::model::id::RowId;
use clew_store::relational::keys::Principal;
use std::sync::Arc;

/// Whoever was recognised.
#[derive(Clone, Debug)]
pub(super) enum Holder {
    Key(Arc<Principal>),
    Person(Arc<Standing>),
}

impl Holder {
    pub(super) fn id(&self) -> RowId {
        match self {
            Self::Key(key) => key.key,
            Self::Person(person) => person.by,
        }
    }
}
