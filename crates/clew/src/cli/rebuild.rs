//! `clew rebuild`: the report store again, from journal and archive.

use super::args::Shared;
use super::{output, small_runtime};
use crate::admin::lock::{DataLock, LockError};
use crate::admin::{Command, Reply, local_socket};
use crate::app::App;
use anyhow::{Context, bail};

pub(super) fn run(shared: &Shared) -> anyhow::Result<()> {
    let config = shared.load(None)?;
    let reply = small_runtime()?.block_on(async {
        let sent = local_socket::send(&config.data_dir, &Command::Rebuild).await;
        if let Some(outcome) = sent.context("cannot talk to the running server")? {
            return Ok(outcome?);
        }
        match DataLock::take(&config.data_dir) {
            Ok(lock) => {
                let app = App::open(config, lock).await?;
                let rebuilt = app.rebuild().await;
                app.close().await;
                Ok(Reply::Rebuilt(rebuilt?))
            }
            Err(LockError::Held(_)) => bail!(
                "the server on {} is starting or stopping; try again in a moment",
                config.data_dir.display()
            ),
            Err(error) => Err(error.into()),
        }
    })?;
    output::reply(&reply, shared.json)?;
    Ok(())
}
