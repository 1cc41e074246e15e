//! `/v1/clients/{clientId}/forms` and `/v1/forms/{formId}`: which forms of a client are watched.

use super::form_view::{FormList, FormView};
use crate::admin;
use crate::app::App;
use crate::error::{ApiError, ApiResult};
use crate::extract::given::PathText;
use crate::extract::json::JsonBody;
use crate::extract::paging::Paging;
use crate::extract::principal::Caller;
use crate::routes::openapi::shapes;
use axum::Json;
use axum::extract::State;
use clew_core::error::ErrorCode;
use clew_core::model::id::RowId;
use clew_store::relational::Role;
use clew_store::relational::forms::{self, Form, FormChange, NewForm, Object};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FormBody {
    #[schema(schema_with = shapes::line)]
    form_name: String,
    /// Address or path of the pages that the form stands on.
    #[schema(schema_with = shapes::line)]
    page_url: String,
    /// CSS.
    #[schema(schema_with = shapes::selector)]
    form_selector: String,
    /// CSS, tried in order where `formSelector` finds nothing; up to 20 of up to 500 characters.
    #[schema(schema_with = shapes::selectors)]
    alternative_selectors: Option<Vec<String>>,
    is_active: Option<bool>,
    /// Yours; at most 16 KiB as JSON.
    #[schema(value_type = Option<Object>)]
    metadata: Option<Object>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FormPatch {
    #[schema(schema_with = shapes::line_or_null)]
    form_name: Option<String>,
    #[schema(schema_with = shapes::line_or_null)]
    page_url: Option<String>,
    #[schema(schema_with = shapes::selector_or_null)]
    form_selector: Option<String>,
    /// The whole list.
    #[schema(schema_with = shapes::selectors)]
    alternative_selectors: Option<Vec<String>>,
    is_active: Option<bool>,
    /// The whole object.
    #[schema(value_type = Option<Object>)]
    metadata: Option<Object>,
}

/// List a client's forms.
///
/// Oldest first.
#[utoipa::path(
    get,
    path = "/v1/clients/{clientId}/forms",
    tag = "Clients",
    params(
        ("clientId" = String, Path, description = "Id or slug"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 1000, description = "100 when absent"),
        ("offset" = Option<u64>, Query, description = "Forms to leave out"),
    ),
    responses(
        (status = 200, body = FormList),
        (status = 400, description = "invalid_parameter"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site"),
        (status = 429, description = "rate_limited, with Retry-After"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(client): PathText,
    Paging(page): Paging,
) -> ApiResult<Json<FormList>> {
    let site = caller.site(&app, &client)?.id();
    let listed = forms::list(app.db.read(), site, page).await?;
    Ok(Json(FormList {
        forms: listed.rows.into_iter().map(FormView::from).collect(),
        total: listed.total,
    }))
}

/// Add a form to a client.
#[utoipa::path(
    post,
    path = "/v1/clients/{clientId}/forms",
    tag = "Clients",
    params(("clientId" = String, Path, description = "Id or slug")),
    request_body = FormBody,
    responses(
        (status = 201, body = FormView),
        (status = 400, description = "malformed_json"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the client"),
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
    PathText(client): PathText,
    JsonBody(body): JsonBody<FormBody>,
) -> ApiResult<(StatusCode, Json<FormView>)> {
    let site = caller.site_as(&app, &client, Role::Admin)?.id();
    let new = NewForm {
        name: body.form_name,
        page_url: body.page_url,
        selector: body.form_selector,
        alternative_selectors: body.alternative_selectors.unwrap_or_default(),
        is_active: body.is_active.unwrap_or(true),
        metadata: body.metadata.unwrap_or_default(),
    };
    let form = admin::forms::create(&app.db, caller.acting(), site, new).await?;
    app.policies_changed().await?;
    Ok((StatusCode::CREATED, Json(form.into())))
}

/// Show a form.
#[utoipa::path(
    get,
    path = "/v1/forms/{formId}",
    tag = "Clients",
    params(("formId" = String, Path, description = "As listed")),
    responses(
        (status = 200, body = FormView),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "not_found"),
        (status = 429, description = "rate_limited, with Retry-After"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(id): PathText,
) -> ApiResult<Json<FormView>> {
    let form = form_as(&app, &caller, &id, Role::Viewer).await?;
    Ok(Json(form.into()))
}

/// Change a form.
///
/// Absent members stay as they are.
#[utoipa::path(
    put,
    path = "/v1/forms/{formId}",
    tag = "Clients",
    params(("formId" = String, Path, description = "As listed")),
    request_body = FormPatch,
    responses(
        (status = 200, body = FormView),
        (status = 400, description = "malformed_json"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the client"),
        (status = 404, description = "not_found"),
        (status = 413, description = "body_too_large"),
        (status = 415, description = "unsupported_media_type"),
        (status = 422, description = "invalid_body; details.field names the member"),
        (status = 429, description = "rate_limited, with Retry-After"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn update(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(id): PathText,
    JsonBody(body): JsonBody<FormPatch>,
) -> ApiResult<Json<FormView>> {
    let form = form_as(&app, &caller, &id, Role::Admin).await?;
    let change = FormChange {
        name: body.form_name,
        page_url: body.page_url,
        selector: body.form_selector,
        alternative_selectors: body.alternative_selectors,
        is_active: body.is_active,
        metadata: body.metadata,
    };
    let acting = caller.acting();
    let form = admin::forms::update(&app.db, acting, form.site, form.id, change).await?;
    app.policies_changed().await?;
    Ok(Json(form.into()))
}

/// Delete a form.
///
/// With its fields. Its events stay and show no `formId` any more.
#[utoipa::path(
    delete,
    path = "/v1/forms/{formId}",
    tag = "Clients",
    params(("formId" = String, Path, description = "As listed")),
    responses(
        (status = 204, description = "Deleted"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "Not an admin of the client"),
        (status = 404, description = "not_found"),
        (status = 429, description = "rate_limited, with Retry-After"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn delete(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(id): PathText,
) -> ApiResult<StatusCode> {
    let form = form_as(&app, &caller, &id, Role::Admin).await?;
    admin::forms::delete(&app.db, caller.acting(), form.site, form.id).await?;
    app.policies_changed().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The form, if the caller has at least this role on its site. One of another account, or of a site
/// on which a person has no role, looks like one that does not exist.
async fn form_as(app: &App, caller: &Caller, id: &str, least: Role) -> ApiResult<Form> {
    caller.require_scope_of(least)?;
    let id = form_id(id)?;
    let form = forms::find(app.db.read(), caller.account(), id).await?;
    may(app, caller, &form, least)?;
    Ok(form)
}

pub(super) fn form_id(text: &str) -> ApiResult<RowId> {
    let id = Uuid::try_parse(text).map_err(|_| ApiError::from(ErrorCode::NotFound))?;
    Ok(RowId::from(id))
}

/// Whether the caller has at least this role where the form belongs.
pub(super) fn may(app: &App, caller: &Caller, form: &Form, least: Role) -> ApiResult<()> {
    let site = caller.site_as(app, &form.site.to_string(), least);
    match site {
        Ok(_) => Ok(()),
        Err(error) if error.code() == ErrorCode::UnknownSite => {
            let message = "There is no such form.";
            Err(ApiError::new(ErrorCode::NotFound).with_message(message))
        }
        Err(error) => Err(error),
    }
}
