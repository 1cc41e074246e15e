//! Files that travel inside the binary: tracker, dashboard, demo shop.
//!
//! Owns their compression, entity tags and cache headers. A build without the web parts still
//! serves the API: the folders are then empty and their addresses answer 404 with a hint.

mod encoded;
mod negotiate;
mod store;

pub use encoded::{Caching, Encoded};
pub use store::{DASHBOARD, DEMO, Files, TRACKER};
