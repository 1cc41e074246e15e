//! Who is who: which visitors are one person.

mod links;

pub use links::{Link, Persons, Word};
