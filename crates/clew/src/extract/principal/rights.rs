//! What a caller may do: scopes of keys, roles of people and keys.
//!
//! Asked anew with every request; nothing here looks at a site beyond its id.

use super::caller::Caller;
use super::holder::Holder;
use crate::error::ApiError;
use clew_core::error::ErrorCode;
use clew_core::model::id::RowId;
use clew_core::model::{EpochMs, SiteId};
use clew_store::relational::keys::{KeySites, VisiblePages};
use clew_store::relational::{Role, Scope};
use std::collections::BTreeSet;

impl Caller {
    /// For what makes people: a person with at least this role in the account. A key must not make
    /// itself somebody.
    pub fn require_person(&self, least: Role) -> Result<(), ApiError> {
        match &self.holder {
            Holder::Person(_) => self.require_role(least),
            Holder::Key(_) => {
                let message = "Sign in for this: keys do not manage people.";
                Err(ApiError::new(ErrorCode::Forbidden).with_message(message))
            }
        }
    }

    /// A key gives away no more than it has: neither a scope nor a longer life.
    pub fn may_grant(
        &self,
        scopes: &BTreeSet<Scope>,
        expires_at: Option<EpochMs>,
    ) -> Result<(), ApiError> {
        let Holder::Key(own) = &self.holder else {
            return Ok(());
        };
        let lives_on = own
            .expires_at
            .is_some_and(|end| expires_at.is_none_or(|wanted| wanted > end));
        if lives_on || !scopes.is_subset(&own.scopes) {
            let message = "A key can only make keys with its own scopes that end no later.";
            return Err(ApiError::new(ErrorCode::Forbidden).with_message(message));
        }
        Ok(())
    }

    /// What a key must have been made for; a person's role decides alone. A key that sees some pages
    /// only has nothing else here: see [`Caller::page_of`]. Whether a site makes it such a key is
    /// asked with the site: see [`Caller::sees_whole`].
    pub fn require(&self, scope: Scope) -> Result<(), ApiError> {
        self.require_scope(scope)?;
        match &self.holder {
            Holder::Key(key) => match key.visible_pages {
                VisiblePages::All | VisiblePages::AllUnlessTheSiteLimits => Ok(()),
                VisiblePages::Only(_) | VisiblePages::AsTheSiteSays => Err(page_refused()),
            },
            Holder::Person(_) => Ok(()),
        }
    }

    /// What a key needs to hold this role anywhere.
    pub fn require_scope_of(&self, role: Role) -> Result<(), ApiError> {
        self.require(scope_of(role))
    }

    pub(super) fn require_scope(&self, scope: Scope) -> Result<(), ApiError> {
        match &self.holder {
            Holder::Key(key) if !key.has(scope) => {
                let message = format!("This key lacks the scope {}.", scope.as_str());
                Err(ApiError::new(ErrorCode::Forbidden).with_message(message))
            }
            _ => Ok(()),
        }
    }

    /// The role that holds for the whole account.
    pub fn role(&self) -> Option<Role> {
        match &self.holder {
            Holder::Key(key) => (key.sites == KeySites::All).then(|| key.role.into()),
            Holder::Person(person) => person.role,
        }
    }

    /// For what concerns the whole account: at least this role in it.
    pub fn require_role(&self, least: Role) -> Result<(), ApiError> {
        self.require(scope_of(least))?;
        match self.role() {
            Some(role) if role.includes(least) => Ok(()),
            _ => Err(ErrorCode::Forbidden.into()),
        }
    }

    /// For what concerns the whole installation.
    pub fn require_admin(&self) -> Result<(), ApiError> {
        self.require_role(Role::Admin)
    }

    /// The role on one site of the own account.
    pub fn role_on(&self, account: RowId, site: SiteId) -> Option<Role> {
        match &self.holder {
            Holder::Key(key) => key.covers(account, site).then(|| key.role.into()),
            Holder::Person(person) if person.account == account => person.role_on(site),
            Holder::Person(_) => None,
        }
    }
}

pub(super) fn page_refused() -> ApiError {
    let message = "This key sees some pages only, and this is none of them.";
    ApiError::new(ErrorCode::Forbidden).with_message(message)
}

/// Viewing and marketing read; administration manages.
pub(super) const fn scope_of(role: Role) -> Scope {
    match role {
        Role::Owner | Role::Admin => Scope::Manage,
        Role::Marketing | Role::Viewer => Scope::Read,
    }
}
