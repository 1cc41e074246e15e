//! What happens to every request besides its own work, one file each.
//!
//! `edge` is the outermost layer and the only one around the ingest path: request id, caught
//! panics, errors written out. Everything heavier stands around the other routes only (see
//! `router`), because ingest answers tens of thousands of requests a second.

pub mod access_log;
pub mod cors;
pub mod cross_site;
pub mod edge;
pub mod request_id;
pub mod security_headers;
pub mod site_access;
pub mod timeout;
