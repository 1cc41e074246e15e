//! Tests of the journal through its public API.

#![allow(clippy::unwrap_used)]

mod basics;
