//! `clew audit verify`: is the audit log what it was? Status 1 when it is not.

use super::args::Shared;
use super::{output, small_runtime};
use crate::admin::command::AuditView;
use crate::admin::lock::DataLock;
use crate::admin::{Command, Reply, local_socket};
use crate::audit::AuditTrail;
use crate::config::Config;
use crate::secrets::MasterKey;
use anyhow::{Context, bail};
use clew_store::relational::Db;
use std::process::ExitCode;

pub(super) fn verify(shared: &Shared) -> anyhow::Result<ExitCode> {
    let config = shared.load(None)?;
    let found = small_runtime()?.block_on(async {
        let sent = local_socket::send(&config.data_dir, &Command::AuditVerify).await;
        if let Some(outcome) = sent.context("cannot talk to the running server")? {
            match outcome? {
                Reply::Audit(found) => Ok(found),
                _ => bail!("the running server is of another version; restart it"),
            }
        } else {
            let _lock = DataLock::take(&config.data_dir)?;
            inspect(&config).await
        }
    })?;
    let code = if found.ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    };
    output::reply(&Reply::Audit(found), shared.json)?;
    Ok(code)
}

/// Without a server; the caller holds the lock.
pub(super) async fn inspect(config: &Config) -> anyhow::Result<AuditView> {
    let key_file = config.key_path();
    let key = MasterKey::load(&key_file)?;
    let db = Db::open(&config.database_url()).await?;
    let trail = AuditTrail::inspect(&db, &key, &key_file)?;
    let found = trail.verify().await?;
    db.close().await?;
    Ok(found.into())
}
