//! The server from outside: real stores in a throw-away folder, real HTTP on a random port.

// The exemption for tests knows unit tests only.
#![allow(clippy::unwrap_used)]

mod cli;
mod drain;
mod routes;
mod support;
