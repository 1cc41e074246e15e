//! Who is who: which visitors are one person.

mod link_token;
mod links;

pub use link_token::{LINK_LIFE, issue_link, open_link};
pub use links::{Link, Persons, Word};
