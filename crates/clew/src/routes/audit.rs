//! `/v1/audit`: who changed what, and when.

use crate::app::App;
use crate::error::{ApiError, ApiResult};
use crate::extract::given::Parameters;
use crate::extract::principal::Caller;
use axum::Json;
use axum::extract::State;
use clew_core::model::id::RowId;
use clew_store::relational::audit::{self, Actor, Entry};
use clew_store::relational::{Role, keys, users};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

const DEFAULT_LIMIT: u64 = 50;
const LARGEST_LIMIT: u64 = 200;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageWanted {
    before: Option<String>,
    limit: Option<u64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditPage {
    /// Newest first.
    pub entries: Vec<AuditEntry>,
    /// Pass it back as `before`; null on the last page.
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    pub entry_id: String,
    pub at: String,
    pub actor: AuditActor,
    /// `noun.verb`, e.g. `site.update`.
    pub action: String,
    pub subject_kind: String,
    pub subject_id: String,
    pub site_id: Option<String>,
    pub detail: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AuditActor {
    /// `user`, `key`, `command_line` or `system`.
    pub kind: &'static str,
    pub id: Option<String>,
    /// As far as they still exist.
    pub name: Option<String>,
}

/// Read the audit log.
#[utoipa::path(
    get,
    path = "/v1/audit",
    tag = "Account",
    params(
        ("before" = Option<String>, Query, description = "`nextCursor` of the page before"),
        ("limit" = Option<u64>, Query, description = "1 to 200; 50 when absent"),
    ),
    responses(
        (status = 200, body = AuditPage),
        (status = 400, description = "invalid_parameter"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the account"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Parameters(wanted): Parameters<PageWanted>,
) -> ApiResult<Json<AuditPage>> {
    caller.require_role(Role::Admin)?;
    let before = wanted.before.as_deref().map(Uuid::try_parse).transpose();
    let before = before.map_err(|error| ApiError::parameter("before", error))?;
    let limit = wanted.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=LARGEST_LIMIT).contains(&limit) {
        return Err(ApiError::parameter(
            "limit",
            "expected a number from 1 to 200",
        ));
    }
    let (db, account) = (app.db.read(), caller.account());
    let before = before.map(RowId::from);
    let mut found = audit::list(db, account, before, limit + 1).await?;
    let more = found.len() as u64 > limit;
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next_cursor = found.last().filter(|_| more).map(|(id, _)| id.to_string());
    let names = names(&app, account).await?;
    let entries = found.into_iter();
    Ok(Json(AuditPage {
        entries: entries.map(|(id, entry)| view(id, entry, &names)).collect(),
        next_cursor,
    }))
}

/// Names of users and keys by their id.
async fn names(app: &App, account: RowId) -> ApiResult<HashMap<RowId, String>> {
    let users = users::list(app.db.read(), account).await?;
    let keys = keys::list(app.db.read(), account).await?;
    let users = users.into_iter().map(|(user, _)| (user.id, user.name));
    Ok(users
        .chain(keys.into_iter().map(|key| (key.id, key.name)))
        .collect())
}

fn view(id: RowId, entry: Entry, names: &HashMap<RowId, String>) -> AuditEntry {
    let (kind, actor) = match entry.actor {
        Actor::User(id) => ("user", Some(id)),
        Actor::Key(id) => ("key", Some(id)),
        Actor::CommandLine => ("command_line", None),
        Actor::System => ("system", None),
    };
    AuditEntry {
        entry_id: id.to_string(),
        at: entry.at.to_timestamp().to_string(),
        actor: AuditActor {
            kind,
            id: actor.map(|id| id.to_string()),
            name: actor.and_then(|id| names.get(&id).cloned()),
        },
        action: entry.action,
        subject_kind: entry.subject_kind,
        subject_id: entry.subject_id,
        site_id: entry.site.map(|site| site.to_string()),
        detail: entry.detail,
    }
}
