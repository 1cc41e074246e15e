//! Everything that leaves for outside hosts. Nothing here is called by the store.

pub mod http;
