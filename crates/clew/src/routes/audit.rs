//! `/v1/audit`: who changed what, and when.

use crate::app::App;
use crate::error::{ApiError, ApiResult};
use crate::extract::given::Parameters;
use crate::extract::principal::Caller;
use axum::Json;
use axum::extract::State;
use clew_core::model::id::RowId;
use clew_store::relational::audit::{self, Actor, Recorded};
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
    /// Place in the chain, from 1, without gaps for the whole installation.
    pub seq: u64,
    /// Of this entry and the one before it, 64 hexadecimal digits.
    pub hash: String,
    pub at: String,
    pub actor: AuditActor,
    /// `noun.verb`, e.g. `site.update`.
    pub action: String,
    pub subject_kind: String,
    pub subject_id: String,
    pub site_id: Option<String>,
    /// `{"changes":{"field":{"old":…,"new":…}}}`, or what the action says about itself.
    #[schema(value_type = Option<Object>)]
    pub detail: Option<serde_json::Value>,
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
        ("before" = Option<Uuid>, Query, description = "`nextCursor` of the page before"),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "1 to 200; 50 when absent"),
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
    let next_cursor = found
        .last()
        .filter(|_| more)
        .map(|last| last.id.to_string());
    let names = names(&app, account).await?;
    let entries = found.into_iter();
    Ok(Json(AuditPage {
        entries: entries.map(|entry| view(entry, &names)).collect(),
        next_cursor,
    }))
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditVerification {
    pub ok: bool,
    /// Entries that hold, from the first on; of the whole installation.
    pub entries: u64,
    /// Hash of the last entry.
    pub head: String,
    /// Number of the first entry that does not hold.
    pub broken_at: Option<u64>,
    /// `altered`, `missing`, `truncated`, `foreign`, `unsealed` or `rolled_back`.
    pub problem: Option<&'static str>,
}

/// Check the audit log.
///
/// Reads the whole chain of the installation and says where it does not hold.
#[utoipa::path(
    get,
    path = "/v1/audit/verification",
    tag = "Account",
    responses(
        (status = 200, body = AuditVerification),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the account"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn verify(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> ApiResult<Json<AuditVerification>> {
    caller.require_role(Role::Admin)?;
    let found = app.audit.verify().await.map_err(ApiError::internal)?;
    Ok(Json(AuditVerification {
        ok: found.broken.is_none(),
        entries: found.entries,
        head: hex::encode(found.head.hash),
        broken_at: found.broken.map(|broken| broken.seq),
        problem: found.broken.map(|broken| broken.kind.as_str()),
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

fn view(recorded: Recorded, names: &HashMap<RowId, String>) -> AuditEntry {
    let Recorded { id, link, entry } = recorded;
    let (kind, actor) = match entry.actor {
        Actor::User(id) => ("user", Some(id)),
        Actor::Key(id) => ("key", Some(id)),
        Actor::CommandLine => ("command_line", None),
        Actor::System => ("system", None),
    };
    AuditEntry {
        entry_id: id.to_string(),
        seq: link.seq,
        hash: hex::encode(link.hash),
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
        // Whatever is not JSON was written by an older version or by somebody else.
        detail: entry
            .detail
            .map(|text| serde_json::from_str(&text).unwrap_or(text.into())),
    }
}
