//! Administration: one set of functions behind the command line and the dashboard.
//!
//! `sites`, `forms`, `users` and `keys` change things in somebody's name ([`Acting`]) and leave an entry in
//! the audit log. The routes call them directly. The command line runs a [`Command`] in the
//! server's process through [`local_socket`] when a server holds the data folder's [`lock`], and in
//! its own process when none does; both end in [`execute`], so they cannot differ.

pub mod command;
pub mod erasures;
pub mod exports;
pub mod forms;
pub mod keys;
pub mod local_socket;
pub mod lock;
pub mod retention;
pub mod sites;
pub mod users;
pub mod visitors;

mod acting;
mod changes;
mod execute;
mod in_server;
mod setup;

pub use acting::Acting;
pub use command::{Command, EraseSpec, Failure, NewKeySpec, NewSiteSpec, NewUserSpec, Reply};
pub use execute::{execute, link_to};
pub use in_server::in_server;
pub use setup::{FirstStart, first_start};
