//! Commands that need more than the relational store: they run where all stores are open.

use super::command::{Command, EraseSpec, Failure, Reply};
use super::execute::{execute, operator};
use crate::app::{App, Reach, Subject};
use crate::sites::Site;
use clew_core::model::contact;
use clew_store::relational::ErasureReason;
use clew_store::relational::erasures::Erasure;
use std::sync::Arc;
use uuid::Uuid;

type Outcome = Result<Reply, Failure>;

/// Runs any command.
pub async fn in_server(app: &App, command: Command) -> Outcome {
    let failed = |error: anyhow::Error| Failure::new(format!("{error:#}"));
    match command {
        Command::Rebuild => app.rebuild().await.map(Reply::Rebuilt).map_err(failed),
        Command::AuditVerify => match app.audit.verify().await {
            Ok(found) => Ok(Reply::Audit(found.into())),
            Err(error) => Err(Failure::new(error.to_string())),
        },
        Command::PrivacyVerify { canaries } => {
            let found = app.exposures(canaries).await;
            found.map(Reply::Exposures).map_err(failed)
        }
        Command::Erase(spec) => erase(app, spec).await,
        Command::ErasureStatus { site, id } => {
            let id = parsed(&id)?;
            let found = app.erasure(site_of(app, &site)?.id(), id.into()).await?;
            let missing = || Failure::new("there is no such erasure");
            found.map(reply).ok_or_else(missing)
        }
        command => execute(&app.db, &app.config.server.public_url(), command).await,
    }
}

async fn erase(app: &App, spec: EraseSpec) -> Outcome {
    let site = site_of(app, &spec.site)?;
    let subject = match (spec.visitor, spec.user, spec.email) {
        (Some(visitor), None, None) => Subject::Visitor(parsed(&visitor)?.into()),
        (None, Some(user), None) if !user.trim().is_empty() => Subject::User(user),
        (None, None, Some(email)) => {
            let address = contact::email(&email);
            address.ok_or_else(|| Failure::new("this is no e-mail address"))?;
            Subject::Email(email)
        }
        _ => return Err(Failure::new("name one of --visitor, --user and --email")),
    };
    let by = operator(&app.db).await?;
    let reason = Some(ErasureReason::Request);
    let reach = Reach::DeletedSitesToo;
    let asked = app.request_erasure(&site, &subject, reach, reason, by);
    Ok(reply(asked.await?))
}

fn site_of(app: &App, site: &str) -> Result<Arc<Site>, Failure> {
    let missing = || Failure::new("there is no such site; see `clew site list`");
    app.sites.find(site).ok_or_else(missing)
}

fn parsed(id: &str) -> Result<Uuid, Failure> {
    Uuid::parse_str(id.trim()).map_err(|_| Failure::new("this is not an id"))
}

fn reply(erasure: Erasure) -> Reply {
    Reply::Erasure {
        id: erasure.id.to_string(),
        status: erasure.state.as_str().to_owned(),
        certificate: erasure.certificate,
    }
}
