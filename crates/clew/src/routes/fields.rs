//! `/v1/forms/{formId}/fields` and `/v1/fields/{fieldId}`: which fields of a form are watched.

use super::form_view::{FieldList, FieldView};
use super::forms::{form_id, may};
use crate::admin;
use crate::app::App;
use crate::error::{ApiError, ApiResult};
use crate::extract::given::PathText;
use crate::extract::json::{JsonBody, whole};
use crate::extract::paging::Paging;
use crate::extract::principal::Caller;
use crate::routes::openapi::shapes;
use axum::Json;
use axum::extract::State;
use clew_core::error::ErrorCode;
use clew_core::model::SiteId;
use clew_core::model::id::RowId;
use clew_store::relational::Role;
use clew_store::relational::form_fields::{self, FieldChange, FormField, NewField};
use clew_store::relational::forms::{self, Object};
use http::StatusCode;
use serde::{Deserialize, Deserializer};
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FieldBody {
    /// CSS, within the form.
    #[schema(schema_with = shapes::selector)]
    field_selector: String,
    #[schema(schema_with = shapes::line)]
    field_name: String,
    /// As in HTML: `text`, `email`, `tel` …
    #[schema(schema_with = shapes::line)]
    field_type: String,
    #[schema(schema_with = shapes::label)]
    label: Option<String>,
    is_required: Option<bool>,
    /// At most 16 KiB as JSON.
    #[schema(value_type = Option<Object>)]
    validation_rules: Option<Object>,
    /// Behind the last one when absent.
    #[serde(default, deserialize_with = "whole")]
    order: Option<i32>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FieldPatch {
    #[schema(schema_with = shapes::selector_or_null)]
    field_selector: Option<String>,
    #[schema(schema_with = shapes::line_or_null)]
    field_name: Option<String>,
    #[schema(schema_with = shapes::line_or_null)]
    field_type: Option<String>,
    /// null removes it.
    #[serde(default, deserialize_with = "given")]
    #[schema(schema_with = shapes::label)]
    label: Option<Option<String>>,
    is_required: Option<bool>,
    /// The whole object.
    #[schema(value_type = Option<Object>)]
    validation_rules: Option<Object>,
    #[serde(default, deserialize_with = "whole")]
    order: Option<i32>,
}

/// Tells an absent member from one that is null.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// List a form's fields.
///
/// By `order`.
#[utoipa::path(
    get,
    path = "/v1/forms/{formId}/fields",
    tag = "Clients",
    params(
        ("formId" = String, Path, description = "As listed"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 1000, description = "100 when absent"),
        ("offset" = Option<u64>, Query, description = "Fields to leave out"),
    ),
    responses(
        (status = 200, body = FieldList),
        (status = 400, description = "invalid_parameter"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "not_found"),
        (status = 429, description = "rate_limited, with Retry-After"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(form): PathText,
    Paging(page): Paging,
) -> ApiResult<Json<FieldList>> {
    let (_, form) = of_form(&app, &caller, &form, Role::Viewer).await?;
    let listed = form_fields::list(app.db.read(), form, page).await?;
    Ok(Json(FieldList {
        fields: listed.rows.into_iter().map(FieldView::from).collect(),
        total: listed.total,
    }))
}

/// Add a field to a form.
#[utoipa::path(
    post,
    path = "/v1/forms/{formId}/fields",
    tag = "Clients",
    params(("formId" = String, Path, description = "As listed")),
    request_body = FieldBody,
    responses(
        (status = 201, body = FieldView),
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
pub async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(form): PathText,
    JsonBody(body): JsonBody<FieldBody>,
) -> ApiResult<(StatusCode, Json<FieldView>)> {
    let form = of_form(&app, &caller, &form, Role::Admin).await?;
    let new = NewField {
        selector: body.field_selector,
        name: body.field_name,
        kind: body.field_type,
        label: body.label,
        is_required: body.is_required.unwrap_or(false),
        validation_rules: body.validation_rules.unwrap_or_default(),
        order: body.order,
    };
    let field = admin::forms::create_field(&app.db, caller.acting(), form, new).await?;
    app.policies_changed().await?;
    Ok((StatusCode::CREATED, Json(field.into())))
}

/// Change a field.
///
/// Absent members stay as they are.
#[utoipa::path(
    put,
    path = "/v1/fields/{fieldId}",
    tag = "Clients",
    params(("fieldId" = String, Path, description = "As listed")),
    request_body = FieldPatch,
    responses(
        (status = 200, body = FieldView),
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
    JsonBody(body): JsonBody<FieldPatch>,
) -> ApiResult<Json<FieldView>> {
    let (site, field) = field_as_admin(&app, &caller, &id).await?;
    let change = FieldChange {
        selector: body.field_selector,
        name: body.field_name,
        kind: body.field_type,
        label: body.label,
        is_required: body.is_required,
        validation_rules: body.validation_rules,
        order: body.order,
    };
    let (acting, form) = (caller.acting(), (site, field.form));
    let field = admin::forms::update_field(&app.db, acting, form, field.id, change).await?;
    app.policies_changed().await?;
    Ok(Json(field.into()))
}

/// Delete a field.
#[utoipa::path(
    delete,
    path = "/v1/fields/{fieldId}",
    tag = "Clients",
    params(("fieldId" = String, Path, description = "As listed")),
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
    let (site, field) = field_as_admin(&app, &caller, &id).await?;
    let form = (site, field.form);
    admin::forms::delete_field(&app.db, caller.acting(), form, field.id).await?;
    app.policies_changed().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The form, if the caller has at least this role where it belongs.
async fn of_form(
    app: &App,
    caller: &Caller,
    form: &str,
    least: Role,
) -> ApiResult<(SiteId, RowId)> {
    caller.require_scope_of(least)?;
    let form = forms::find(app.db.read(), caller.account(), form_id(form)?).await?;
    may(app, caller, &form, least)?;
    Ok((form.site, form.id))
}

/// The field and its site, if the caller manages that site.
async fn field_as_admin(app: &App, caller: &Caller, id: &str) -> ApiResult<(SiteId, FormField)> {
    caller.require_scope_of(Role::Admin)?;
    let (db, account) = (app.db.read(), caller.account());
    let (form, field) = form_fields::find(db, account, form_id(id)?).await?;
    may(app, caller, &form, Role::Admin).map_err(|error| match error.code() {
        // Exactly as for a field that does not exist.
        ErrorCode::NotFound => {
            let message = "There is no such field.";
            ApiError::new(ErrorCode::NotFound).with_message(message)
        }
        _ => error,
    })?;
    Ok((form.site, field))
}
