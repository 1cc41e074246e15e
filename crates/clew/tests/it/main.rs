//! The server from outside: real stores in a throw-away folder, real HTTP on a random port.

mod cli;
mod drain;
mod routes;
mod support;
