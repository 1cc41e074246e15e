//! `/analytics/marketing-keys`: secret keys that read some pages and nothing else.
//!
//! Each is one of `/v1/keys` too, with the role marketing and the scope read.

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
use clew_store::relational::settings::MarketingSettings;
use clew_store::relational::{AnalyticsPage, KeyRole, Role, Scope};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Debug, Serialize, ToSchema)]
pub struct MarketingKeyList {
    /// Newest first, revoked and expired ones included.
    pub keys: Vec<MarketingKey>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MarketingKey {
    pub key_id: String,
    pub name: String,
    /// `sk_` and eight digits, to recognise it by.
    pub prefix: String,
    /// `overview`, `timeseries`, `sessions`, `leads`, `replay`, `reports`.
    #[schema(schema_with = shapes::pages)]
    pub visible_pages: BTreeSet<AnalyticsPage>,
    /// null: all sites, also those made later.
    pub site_ids: Option<Vec<String>>,
    pub created_at: String,
    pub expires_at: Option<String>,
    pub revoked_at: Option<String>,
    pub last_used_at: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NewMarketingKey {
    #[serde(flatten)]
    pub about: MarketingKey,
    /// The secret: shown here and never again.
    #[schema(value_type = String)]
    pub key: SecretText,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarketingKeyBody {
    /// Whom or what it is for.
    #[schema(schema_with = shapes::line)]
    name: String,
    /// The site's `marketing_visible_pages` when absent; for several sites those of a new site.
    #[schema(schema_with = shapes::some_pages)]
    visible_pages: Option<BTreeSet<AnalyticsPage>>,
    /// Ids or slugs; all sites when absent.
    #[schema(min_items = 1)]
    site_ids: Option<Vec<String>>,
    /// RFC 3339; lives until it is revoked when absent.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

/// List marketing keys.
#[utoipa::path(
    get,
    path = "/analytics/marketing-keys",
    tag = "Analytics",
    responses(
        (status = 200, body = MarketingKeyList),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the account"),
        (status = 429, description = "rate_limited, with Retry-After"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> ApiResult<Json<MarketingKeyList>> {
    caller.require_role(Role::Admin)?;
    let keys = keys::list(app.db.read(), caller.account()).await?;
    Ok(Json(MarketingKeyList {
        keys: keys.into_iter().filter_map(MarketingKey::of).collect(),
    }))
}

/// Make a marketing key.
///
/// The secret is shown once; Clew keeps a hash of it.
#[utoipa::path(
    post,
    path = "/analytics/marketing-keys",
    tag = "Analytics",
    request_body = MarketingKeyBody,
    responses(
        (status = 201, body = NewMarketingKey),
        (status = 400, description = "malformed_json"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the account"),
        (status = 404, description = "unknown_site"),
        (status = 413, description = "body_too_large"),
        (status = 415, description = "unsupported_media_type"),
        (status = 422, description = "invalid_body; details.field names the member"),
        (status = 429, description = "rate_limited, with Retry-After"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(body): JsonBody<MarketingKeyBody>,
) -> ApiResult<(StatusCode, Json<NewMarketingKey>)> {
    caller.require_role(Role::Admin)?;
    let mut sites = Vec::new();
    for id in body.site_ids.iter().flatten() {
        sites.push(caller.site(&app, id)?);
    }
    let pages = body
        .visible_pages
        .unwrap_or_else(|| match sites.as_slice() {
            [site] => site.settings().marketing.visible_pages.clone(),
            _ => MarketingSettings::default().visible_pages,
        });
    let expires_at = body.expires_at.as_deref().map(expiry).transpose()?;
    let scopes = BTreeSet::from([Scope::Read]);
    caller.may_grant(&scopes, expires_at)?;
    let new = NewKey {
        name: body.name,
        role: KeyRole::Marketing,
        scopes: Some(scopes),
        sites: match body.site_ids {
            None => KeySites::All,
            Some(_) => KeySites::Only(sites.iter().map(|site| site.id()).collect()),
        },
        expires_at,
        visible_pages: Some(pages),
    };
    let created = admin::keys::create(&app.db, caller.acting(), new).await;
    let created = created.map_err(in_snake_case)?;
    let about = MarketingKey::of(created.key);
    let view = NewMarketingKey {
        about: about.ok_or_else(|| ApiError::internal("a marketing key without pages"))?,
        key: created.secret.into(),
    };
    Ok((StatusCode::CREATED, Json(view)))
}

/// Revoke a marketing key, for ever and at once.
#[utoipa::path(
    delete,
    path = "/analytics/marketing-keys/{keyId}",
    tag = "Analytics",
    params(("keyId" = String, Path, description = "As listed")),
    responses(
        (status = 204, description = "Revoked"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the account"),
        (status = 404, description = "not_found"),
        (status = 429, description = "rate_limited, with Retry-After"),
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
    let key = keys::get(app.db.read(), caller.account(), RowId::from(id)).await?;
    if key.visible_pages.is_none() {
        return Err(ErrorCode::NotFound.into());
    }
    admin::keys::revoke(&app.db, caller.acting(), key.id).await?;
    app.policies_changed().await?;
    Ok(StatusCode::NO_CONTENT)
}

fn expiry(text: &str) -> ApiResult<EpochMs> {
    let wrong = |problem: &'static str| {
        ApiError::new(ErrorCode::InvalidBody)
            .with_message(problem)
            .with_details(serde_json::json!({ "field": "expires_at" }))
    };
    let time = text.parse::<jiff::Timestamp>();
    let time = time.map_err(|_| wrong("expires_at is no RFC 3339 time."))?;
    let end = EpochMs(time.as_millisecond());
    if end <= clock::now() {
        return Err(wrong("expires_at lies in the past."));
    }
    Ok(end)
}

/// The store's members have the names of `/v1/keys`.
fn in_snake_case(error: clew_store::relational::StoreError) -> ApiError {
    let field = match &error {
        clew_store::relational::StoreError::Invalid {
            what: "visiblePages",
            ..
        } => "visible_pages",
        clew_store::relational::StoreError::Invalid { what: "sites", .. } => "site_ids",
        _ => return error.into(),
    };
    ApiError::from(error).with_details(serde_json::json!({ "field": field }))
}

impl MarketingKey {
    /// `None` for keys that are not limited to pages.
    fn of(key: Key) -> Option<Self> {
        let time = |time: EpochMs| time.to_timestamp().to_string();
        Some(Self {
            visible_pages: key.visible_pages?,
            key_id: key.id.to_string(),
            name: key.name,
            prefix: key.prefix,
            site_ids: match key.sites {
                KeySites::All => None,
                KeySites::Only(sites) => Some(sites.iter().map(ToString::to_string).collect()),
            },
            created_at: time(key.created_at),
            expires_at: key.expires_at.map(time),
            revoked_at: key.revoked_at.map(time),
            last_used_at: key.last_used_at.map(time),
        })
    }
}
