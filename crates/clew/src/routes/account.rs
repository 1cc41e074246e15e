//! `/v1/account`: the account that the caller belongs to.

use crate::admin;
use crate::app::App;
use crate::error::ApiResult;
use crate::extract::json::JsonBody;
use crate::extract::principal::Caller;
use axum::Json;
use axum::extract::State;
use clew_store::relational::accounts::Account;
use clew_store::relational::{Role, accounts};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountView {
    pub account_id: String,
    pub name: String,
    pub created_at: String,
}

impl From<Account> for AccountView {
    fn from(account: Account) -> Self {
        Self {
            account_id: account.id.to_string(),
            name: account.name,
            created_at: account.created_at.to_timestamp().to_string(),
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountChange {
    /// 1 to 255 characters.
    name: String,
}

/// Show the account.
#[utoipa::path(
    get,
    path = "/v1/account",
    tag = "Account",
    responses(
        (status = 200, body = AccountView),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the account"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn get(State(app): State<Arc<App>>, caller: Caller) -> ApiResult<Json<AccountView>> {
    caller.require_role(Role::Admin)?;
    let account = accounts::get(app.db.read(), caller.account()).await?;
    Ok(Json(account.into()))
}

/// Rename the account.
#[utoipa::path(
    put,
    path = "/v1/account",
    tag = "Account",
    request_body = AccountChange,
    responses(
        (status = 200, body = AccountView),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an owner"),
        (status = 422, description = "invalid_body; details.field names the member"),
    ),
    security(("session" = []))
)]
pub async fn put(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(change): JsonBody<AccountChange>,
) -> ApiResult<Json<AccountView>> {
    caller.require_role(Role::Owner)?;
    let renamed = admin::users::rename_account(&app.db, caller.acting(), change.name);
    Ok(Json(renamed.await?.into()))
}
