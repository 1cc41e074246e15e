//! The Clew server: HTTP in, durable events, reports out.
//!
//! `router` is the site map; `routes` hold one file per noun; `ingest` takes events from the edge
//! to the disk; `app` wires everything; `cli` is the command line. `main` only starts `cli`, so
//! the integration tests can run the same server in-process.

pub mod access_tokens;
pub mod admin;
pub mod app;
pub mod assets;
pub mod audit;
pub mod cli;
pub mod clock;
pub mod config;
pub mod error;
pub mod exports;
pub mod exposure;
pub mod extract;
pub mod geo;
pub mod ingest;
pub mod jobs;
pub mod keyring;
pub mod limits;
pub mod middleware;
pub mod router;
pub mod routes;
pub mod secret_text;
pub mod secrets;
pub mod serve;
pub mod server;
pub mod sightings;
pub mod sign_in;
pub mod site_script;
pub mod sites;
pub mod spreadsheet;
pub mod telemetry;
pub mod visitor_cookie;
