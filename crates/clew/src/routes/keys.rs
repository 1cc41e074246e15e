//! `/v1/keys`: secret API keys of the account.

use crate::admin;
use crate::app::App;
use crate::clock;
use crate::error::{ApiError, ApiResult};
use crate::extract::given::PathText;
use crate::extract::json::JsonBody;
use crate::extract::principal::Caller;
use crate::routes::openapi::shapes;
use crate::secret_text::SecretText;
use axum::Json;
use axum::extract::State;
use clew_core::error::ErrorCode;
use clew_core::model::EpochMs;
use clew_core::model::id::RowId;
use clew_store::relational::keys::{self, Key, KeySites, NewKey};
use clew_store::relational::{AnalyticsPage, KeyRole, Role, Scope};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Debug, Serialize, ToSchema)]
pub struct KeyList {
    /// Newest first, revoked and expired ones included.
    pub keys: Vec<KeyView>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyView {
    pub key_id: String,
    pub name: String,
    /// `sk_` and eight digits, to recognise it by.
    pub prefix: String,
    #[schema(schema_with = shapes::key_role)]
    pub role: KeyRole,
    #[schema(schema_with = shapes::scopes)]
    pub scopes: BTreeSet<Scope>,
    /// null: all sites, also those made later.
    pub site_ids: Option<Vec<String>>,
    pub created_at: String,
    pub expires_at: Option<String>,
    pub revoked_at: Option<String>,
    pub last_used_at: Option<String>,
    /// The only pages that it sees; null: as far as its role goes.
    #[schema(schema_with = shapes::pages_or_null)]
    pub visible_pages: Option<BTreeSet<AnalyticsPage>>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyBody {
    /// What it is for.
    #[schema(schema_with = shapes::line)]
    name: String,
    /// `admin`, `marketing` or `viewer`.
    #[schema(schema_with = shapes::key_role)]
    role: KeyRole,
    /// `read`, `manage`, `ingest`; what the role allows when absent.
    #[schema(schema_with = shapes::some_scopes)]
    scopes: Option<BTreeSet<Scope>>,
    /// Site ids or slugs; all sites when absent.
    #[schema(min_items = 1)]
    site_ids: Option<Vec<String>>,
    /// RFC 3339; never when absent.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NewKeyView {
    pub key: KeyView,
    /// Shown here and never again.
    #[schema(value_type = String)]
    pub secret: SecretText,
}

/// List keys.
#[utoipa::path(
    get,
    path = "/v1/keys",
    tag = "Keys",
    responses(
        (status = 200, body = KeyList),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the account"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn list(State(app): State<Arc<App>>, caller: Caller) -> ApiResult<Json<KeyList>> {
    caller.require_role(Role::Admin)?;
    let keys = keys::list(app.db.read(), caller.account()).await?;
    Ok(Json(KeyList {
        keys: keys.into_iter().map(KeyView::from).collect(),
    }))
}

/// Make a key.
///
/// The secret is shown once; Clew keeps a hash of it.
#[utoipa::path(
    post,
    path = "/v1/keys",
    tag = "Keys",
    request_body = KeyBody,
    responses(
        (status = 201, body = NewKeyView),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the account"),
        (status = 404, description = "unknown_site"),
        (status = 422, description = "invalid_body; details.field names the member"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(body): JsonBody<KeyBody>,
) -> ApiResult<(StatusCode, Json<NewKeyView>)> {
    caller.require_role(Role::Admin)?;
    let sites = match &body.site_ids {
        None => KeySites::All,
        Some(ids) => {
            let sites = ids.iter().map(|id| Ok(caller.site(&app, id)?.id()));
            KeySites::Only(sites.collect::<ApiResult<_>>()?)
        }
    };
    let expires_at = body.expires_at.as_deref().map(expiry).transpose()?;
    let default = || keys::default_scopes(body.role);
    caller.may_grant(&body.scopes.clone().unwrap_or_else(default), expires_at)?;
    let new = NewKey {
        name: body.name,
        role: body.role,
        scopes: body.scopes,
        sites,
        expires_at,
        visible_pages: None,
    };
    let created = admin::keys::create(&app.db, caller.acting(), new).await?;
    let view = NewKeyView {
        key: created.key.into(),
        secret: created.secret.into(),
    };
    Ok((StatusCode::CREATED, Json(view)))
}

fn expiry(text: &str) -> ApiResult<EpochMs> {
    let wrong = |problem: &'static str| {
        ApiError::new(ErrorCode::InvalidBody)
            .with_message(problem)
            .with_details(serde_json::json!({ "field": "expiresAt" }))
    };
    let time = text.parse::<jiff::Timestamp>();
    let time = time.map_err(|_| wrong("expiresAt is no RFC 3339 time."))?;
    let end = EpochMs(time.as_millisecond());
    if end <= clock::now() {
        return Err(wrong("expiresAt lies in the past."));
    }
    Ok(end)
}

/// Revoke a key, for ever and at once.
#[utoipa::path(
    delete,
    path = "/v1/keys/{keyId}",
    tag = "Keys",
    params(("keyId" = String, Path, description = "As listed")),
    responses(
        (status = 204, description = "Revoked"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the account"),
        (status = 404, description = "not_found"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn revoke(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(id): PathText,
) -> ApiResult<StatusCode> {
    caller.require_role(Role::Admin)?;
    let id = Uuid::try_parse(&id).map_err(|_| ApiError::from(ErrorCode::NotFound))?;
    admin::keys::revoke(&app.db, caller.acting(), RowId::from(id)).await?;
    app.policies_changed().await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<Key> for KeyView {
    fn from(key: Key) -> Self {
        let time = |time: EpochMs| time.to_timestamp().to_string();
        Self {
            key_id: key.id.to_string(),
            name: key.name,
            prefix: key.prefix,
            role: key.role,
            scopes: key.scopes,
            site_ids: match key.sites {
                KeySites::All => None,
                KeySites::Only(sites) => Some(sites.iter().map(ToString::to_string).collect()),
            },
            created_at: time(key.created_at),
            expires_at: key.expires_at.map(time),
            revoked_at: key.revoked_at.map(time),
            last_used_at: key.last_used_at.map(time),
            visible_pages: key.visible_pages,
        }
    }
}
