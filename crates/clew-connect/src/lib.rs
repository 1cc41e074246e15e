//! Everything that leaves for outside hosts. Nothing here is called by the store.

pub mod authority;
pub mod http;
