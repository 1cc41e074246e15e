//! Administrative commands: in the running server, or here when none runs.

use super::args::Shared;
use super::{output, small_runtime};
use crate::admin::lock::{DataLock, LockError};
use crate::admin::{Command, Failure, Reply, execute, local_socket};
use crate::audit::AuditTrail;
use crate::config::Config;
use anyhow::{Context, bail};
use clew_store::relational::Db;
use std::time::Duration;

/// A server that is starting or stopping holds the lock without answering for a moment.
const ATTEMPTS: u32 = 50;
const PAUSE: Duration = Duration::from_millis(100);

pub(super) fn run(shared: &Shared, command: Command) -> anyhow::Result<()> {
    let config = shared.load(None)?;
    let outcome = small_runtime()?.block_on(dispatch(&config, command))?;
    output::reply(&outcome?, shared.json)?;
    Ok(())
}

async fn dispatch(config: &Config, command: Command) -> anyhow::Result<Result<Reply, Failure>> {
    for _ in 0..ATTEMPTS {
        let sent = local_socket::send(&config.data_dir, &command).await;
        if let Some(outcome) = sent.context("cannot talk to the running server")? {
            return Ok(outcome);
        }
        match DataLock::take(&config.data_dir) {
            Ok(lock) => {
                let db = Db::open(&config.database_url()).await;
                let db = db.context("cannot open the database; `clew doctor` says more")?;
                let key = crate::app::master_key(config)?;
                let trail = AuditTrail::open(&db, &key, &config.key_path()).await?;
                let outcome = execute(&db, &config.server.public_url(), command).await;
                trail.note().await?;
                db.close().await?;
                drop(lock);
                return Ok(outcome);
            }
            Err(LockError::Held(_)) => tokio::time::sleep(PAUSE).await,
            Err(error) => return Err(error.into()),
        }
    }
    bail!(
        "the server on {} does not answer; is it still starting? Its log says more",
        config.data_dir.display()
    )
}
