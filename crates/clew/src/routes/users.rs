//! `/v1/users`: who belongs to the account, and what they may do.
//!
//! Admins manage everybody but owners; only owners name, change or remove owners. Keys see the list
//! and change nobody.

use super::user_view::{LinkMade, NewUserView, UserList, UserView};
use crate::admin;
use crate::admin::users::MemberChange;
use crate::app::App;
use crate::error::{ApiError, ApiResult};
use crate::extract::given::PathText;
use crate::extract::json::JsonBody;
use crate::extract::principal::Caller;
use axum::Json;
use axum::extract::State;
use clew_core::error::ErrorCode;
use clew_core::model::SiteId;
use clew_core::model::id::RowId;
use clew_store::relational::users::{self, NewUser, UserChange};
use clew_store::relational::{Role, site_roles};
use http::StatusCode;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SiteRole {
    /// Site id or slug.
    site_id: String,
    /// `admin`, `marketing` or `viewer`.
    #[schema(value_type = String)]
    role: Role,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserBody {
    email: String,
    #[serde(default)]
    name: String,
    /// In the whole account; null or absent: on single sites only.
    #[schema(value_type = Option<String>)]
    role: Option<Role>,
    #[serde(default)]
    site_roles: Vec<SiteRole>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserPatch {
    name: Option<String>,
    /// null: no role in the whole account.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    role: Option<Option<Role>>,
    site_roles: Option<Vec<SiteRole>>,
    is_active: Option<bool>,
}

/// Tells an absent member from one that is null.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<Role>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// List users.
#[utoipa::path(
    get,
    path = "/v1/users",
    tag = "Users",
    responses(
        (status = 200, body = UserList),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the account"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn list(State(app): State<Arc<App>>, caller: Caller) -> ApiResult<Json<UserList>> {
    caller.require_role(Role::Admin)?;
    let mut views = Vec::new();
    for (user, role) in users::list(app.db.read(), caller.account()).await? {
        let roles = site_roles::of_user(app.db.read(), caller.account(), user.id).await?;
        views.push(UserView::new(user, role, roles));
    }
    Ok(Json(UserList { users: views }))
}

/// Invite a user.
///
/// The reply has a one-time link by which they choose a password; it is shown once.
#[utoipa::path(
    post,
    path = "/v1/users",
    tag = "Users",
    request_body = UserBody,
    responses(
        (status = 201, body = NewUserView),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the account, or no owner names an owner"),
        (status = 404, description = "unknown_site"),
        (status = 409, description = "conflict: the address is taken"),
        (status = 422, description = "invalid_body; details.field names the member"),
    ),
    security(("session" = []))
)]
pub async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(body): JsonBody<UserBody>,
) -> ApiResult<(StatusCode, Json<NewUserView>)> {
    caller.require_person(may_handle(body.role))?;
    let roles = site_roles_of(&app, &caller, &body.site_roles)?;
    let new = NewUser {
        email: body.email,
        name: body.name,
        password: None,
        role: body.role,
    };
    let made = admin::users::create(&app.db, caller.acting(), new, roles.clone()).await?;
    let (token, link) = made
        .link
        .ok_or_else(|| ApiError::internal("an invitation without a link"))?;
    let view = NewUserView {
        user: UserView::new(made.user, body.role, roles),
        link: LinkMade::new(&app, &token, &link),
    };
    Ok((StatusCode::CREATED, Json(view)))
}

/// Change a user.
///
/// Absent members stay as they are. Takes effect at once.
#[utoipa::path(
    put,
    path = "/v1/users/{userId}",
    tag = "Users",
    params(("userId" = String, Path, description = "As listed")),
    request_body = UserPatch,
    responses(
        (status = 200, body = UserView),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the account, or no owner changes an owner"),
        (status = 404, description = "not_found"),
        (status = 409, description = "last_owner"),
        (status = 422, description = "invalid_body; details.field names the member"),
    ),
    security(("session" = []))
)]
pub async fn update(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(id): PathText,
    JsonBody(body): JsonBody<UserPatch>,
) -> ApiResult<Json<UserView>> {
    let id = manageable(&app, &caller, &id).await?;
    if let Some(role) = body.role {
        caller.require_person(may_handle(role))?;
    }
    let site_roles = match &body.site_roles {
        Some(roles) => Some(site_roles_of(&app, &caller, roles)?),
        None => None,
    };
    let change = MemberChange {
        user: UserChange {
            name: body.name,
            role: body.role,
            is_active: body.is_active,
        },
        site_roles,
    };
    admin::users::update(&app.db, caller.acting(), id, change).await?;
    let (user, role) = users::member(app.db.read(), caller.account(), id).await?;
    let roles = site_roles::of_user(app.db.read(), caller.account(), id).await?;
    Ok(Json(UserView::new(user, role, roles)))
}

/// Remove a user.
#[utoipa::path(
    delete,
    path = "/v1/users/{userId}",
    tag = "Users",
    params(("userId" = String, Path, description = "As listed")),
    responses(
        (status = 204, description = "Removed and signed out"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the account, or no owner removes an owner"),
        (status = 404, description = "not_found"),
        (status = 409, description = "last_owner"),
    ),
    security(("session" = []))
)]
pub async fn delete(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(id): PathText,
) -> ApiResult<StatusCode> {
    let id = manageable(&app, &caller, &id).await?;
    admin::users::remove(&app.db, caller.acting(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make a fresh link for choosing a password.
///
/// The older link is void.
#[utoipa::path(
    post,
    path = "/v1/users/{userId}/link",
    tag = "Users",
    params(("userId" = String, Path, description = "As listed")),
    responses(
        (status = 201, body = LinkMade),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the account, or no owner handles an owner"),
        (status = 404, description = "not_found"),
    ),
    security(("session" = []))
)]
pub async fn link(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(id): PathText,
) -> ApiResult<(StatusCode, Json<LinkMade>)> {
    let id = manageable(&app, &caller, &id).await?;
    let (_, token, link) = admin::users::link(&app.db, caller.acting(), id).await?;
    let made = LinkMade::new(&app, &token, &link);
    Ok((StatusCode::CREATED, Json(made)))
}

/// The user of this id, if the caller may handle them.
async fn manageable(app: &App, caller: &Caller, id: &str) -> ApiResult<RowId> {
    caller.require_person(Role::Admin)?;
    let id = Uuid::try_parse(id).map_err(|_| ApiError::from(ErrorCode::NotFound))?;
    let id = RowId::from(id);
    let (_, role) = users::member(app.db.read(), caller.account(), id).await?;
    caller.require_person(may_handle(role))?;
    Ok(id)
}

/// Who may give this role, and handle those who have it.
const fn may_handle(role: Option<Role>) -> Role {
    match role {
        Some(Role::Owner) => Role::Owner,
        _ => Role::Admin,
    }
}

fn site_roles_of(
    app: &App,
    caller: &Caller,
    given: &[SiteRole],
) -> ApiResult<BTreeMap<SiteId, Role>> {
    let roles = given.iter();
    roles
        .map(|given| Ok((caller.site(app, &given.site_id)?.id(), given.role)))
        .collect()
}
