//! Administration: one set of functions behind the command line and, later, the dashboard.
//!
//! The command line runs a [`Command`] in the server's process through [`local_socket`] when a
//! server holds the data folder's [`lock`], and in its own process when none does. Both end in
//! [`execute`], so they cannot differ.

pub mod command;
pub mod local_socket;
pub mod lock;

mod audit;
mod keys;
mod setup;
mod sites;
mod users;

pub use command::{Command, Failure, NewKeySpec, NewSiteSpec, NewUserSpec, Reply};
pub use setup::{FirstStart, first_start};

use clew_store::relational::Db;

/// Runs a command that needs the relational store only.
pub async fn execute(db: &Db, command: Command) -> Result<Reply, Failure> {
    match command {
        Command::SiteCreate(spec) => sites::create(db, spec).await,
        Command::SiteList => sites::list(db).await,
        Command::KeyCreate(spec) => keys::create(db, spec).await,
        Command::UserCreate(spec) => users::create(db, spec).await,
        Command::Rebuild => Err(Failure::new("reports are rebuilt by the server only")),
        Command::Ping => Ok(Reply::Pong {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            pid: std::process::id(),
        }),
    }
}
