//! Who is who: which visitors are one person.

mod link_token;
mod links;

pub use link_token::{LINK_LIFE, issue_link, open_link};
pub use links::{Link, Persons, Word};

use crate::model::{EpochMs, SiteId, UserKey, VisitorId};
use uuid::Uuid;

/// The key of whom a site calls by this id, as in events of pages on which they signed in.
pub fn of_user(site: SiteId, user_id: &str) -> UserKey {
    UserKey::hashed(&[&site.to_bytes(), user_id.trim().as_bytes()])
}

/// The visitor whom a client calls by this id: a UUID as it is, anything else hashed, as at the
/// edge.
pub fn of_client(site: SiteId, id: &str) -> VisitorId {
    match Uuid::try_parse(id.trim()) {
        Ok(uuid) => uuid.into(),
        Err(_) => VisitorId::hashed(&[b"client", &site.to_bytes(), id.trim().as_bytes()]),
    }
}

/// The key of a person whom nobody has a name for, made by merging two visitors at `at`. No two
/// merges make the same person.
pub fn of_merge(site: SiteId, visitors: [VisitorId; 2], at: EpochMs) -> UserKey {
    let [one, other] = visitors.map(VisitorId::to_bytes);
    UserKey::hashed(&[
        b"merge",
        &site.to_bytes(),
        &one,
        &other,
        &at.0.to_be_bytes(),
    ])
}
