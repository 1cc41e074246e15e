//! One suite per storage trait, run against every backend: what a backend must do to be one.

mod blobs;
pub(crate) mod events;
mod postgres;
mod relational;
