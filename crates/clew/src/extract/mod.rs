//! What a handler learns from a request besides its path: who sends, from where, and which bytes.
//!
//! Owns the reading of untrusted headers and bodies. Invariant: nothing here believes a header
//! that any client can write, unless the socket's peer is a configured proxy.

pub mod address;
pub mod body;
pub mod client;
mod form;
pub mod given;
pub mod json;
pub mod origin;
pub mod paging;
pub mod place;
pub mod principal;
