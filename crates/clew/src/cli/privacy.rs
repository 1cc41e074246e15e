//! `clew privacy`: erase a person, and look for what must not be stored.

use super::args::{PrivacyTask, Shared};
use super::{output, small_runtime};
use crate::admin::lock::{DataLock, LockError};
use crate::admin::{Command, EraseSpec, Failure, Reply, in_server, local_socket};
use crate::app::App;
use crate::config::Config;
use anyhow::{Context, bail};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// How often an erasure is asked how far it is.
const LOOK: Duration = Duration::from_millis(200);

pub(super) fn run(shared: &Shared, task: PrivacyTask) -> anyhow::Result<ExitCode> {
    let config = shared.load(None)?;
    let reply = small_runtime()?.block_on(async {
        let stores = Stores::open(config).await?;
        let reply = work(&stores, task).await;
        stores.close().await;
        reply
    })?;
    output::reply(&reply, shared.json)?;
    Ok(match reply {
        Reply::Exposures(found) if !found.ok => ExitCode::FAILURE,
        _ => ExitCode::SUCCESS,
    })
}

async fn work(stores: &Stores, task: PrivacyTask) -> anyhow::Result<Reply> {
    let (site, [visitor, user, email], wait) = match task {
        PrivacyTask::Verify { canaries } => {
            return Ok(stores.ask(Command::PrivacyVerify { canaries }).await??);
        }
        PrivacyTask::Erase {
            site,
            visitor,
            user,
            email,
            wait,
        } => (site, [visitor, user, email], wait),
    };
    let spec = EraseSpec {
        site: site.clone(),
        visitor,
        user,
        email,
    };
    let mut reply = stores.ask(Command::Erase(spec)).await??;
    // Without a server nobody else would do it.
    let wait = wait || matches!(stores, Stores::Here(_));
    loop {
        let Reply::Erasure { id, status, .. } = &reply else {
            bail!("the running server is of another version; restart it");
        };
        if !wait || status == "done" {
            return Ok(reply);
        }
        tokio::time::sleep(LOOK).await;
        let (site, id) = (site.clone(), id.clone());
        reply = stores.ask(Command::ErasureStatus { site, id }).await??;
    }
}

/// Where the stores are open.
enum Stores {
    Running(Box<Config>),
    Here(Arc<App>),
}

impl Stores {
    async fn open(config: Config) -> anyhow::Result<Self> {
        let sent = local_socket::send(&config.data_dir, &Command::Ping).await;
        if sent.context("cannot talk to the running server")?.is_some() {
            return Ok(Self::Running(Box::new(config)));
        }
        match DataLock::take(&config.data_dir) {
            Ok(lock) => Ok(Self::Here(App::open(config, lock).await?)),
            Err(LockError::Held(_)) => bail!(
                "the server on {} is starting or stopping; try again in a moment",
                config.data_dir.display()
            ),
            Err(error) => Err(error.into()),
        }
    }

    async fn ask(&self, command: Command) -> anyhow::Result<Result<Reply, Failure>> {
        match self {
            Self::Here(app) => Ok(in_server(app, command).await),
            Self::Running(config) => {
                let sent = local_socket::send(&config.data_dir, &command).await?;
                sent.context("the server has stopped")
            }
        }
    }

    async fn close(&self) {
        if let Self::Here(app) = self {
            app.close().await;
        }
    }
}
