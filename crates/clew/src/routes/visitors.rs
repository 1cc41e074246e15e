//! `/v1/sites/{siteId}/visitors`: single visitors and who they are. Personal data: for those who
//! administer the site.

use super::visitor_view::{PersonOfVisitor, VisitorList, VisitorProfile, VisitorSummary};
use crate::admin::visitors::note_link;
use crate::app::App;
use crate::app::people::{MergeWith, visitor_id};
use crate::error::{ApiError, ApiResult};
use crate::extract::given::{Parameters, PathPair, PathText};
use crate::extract::json::JsonBody;
use crate::extract::principal::Caller;
use crate::routes::openapi::shapes;
use axum::Json;
use axum::extract::State;
use clew_core::error::ErrorCode;
use clew_store::relational::Role;
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

const DEFAULT_LIMIT: u32 = 50;
const LARGEST_LIMIT: u32 = 200;
/// Longest id that anybody is looked up by or merged with.
const LONGEST_ID: usize = 128;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    query: Option<String>,
    limit: Option<u32>,
}

/// Whom the visitor is merged with: one of the two.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MergeBody {
    pub with_visitor_id: Option<String>,
    /// As given to `identify()`; kept as a hash only.
    pub user_id: Option<String>,
}

impl PartialSchema for MergeBody {
    fn schema() -> RefOr<Schema> {
        shapes::merged_with().into()
    }
}

impl ToSchema for MergeBody {}

/// Look visitors up.
///
/// By the id of a visitor, as listed or as the page sent it, or by a user id; without a query the
/// ones seen last, of the last thirty days. Who is recognised for a day only is found by id alone.
#[utoipa::path(
    get,
    path = "/v1/sites/{siteId}/visitors",
    tag = "Visitors",
    params(
        ("siteId" = String, Path, description = "Site id or slug"),
        ("query" = Option<String>, Query, description = "A visitor id or a user id"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "1 to 200; 50 when absent"),
    ),
    responses(
        (status = 200, body = VisitorList),
        (status = 400, description = "invalid_parameter"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site"),
        (status = 409, description = "conflict: a site under exempt knows no visitors"),
        (status = 503, description = "reports_unavailable, with Retry-After"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(site): PathText,
    Parameters(wanted): Parameters<Wanted>,
) -> ApiResult<Json<VisitorList>> {
    let site = caller.site_as(&app, &site, Role::Admin)?;
    let query = wanted.query.unwrap_or_default();
    if query.len() > LONGEST_ID {
        return Err(ApiError::parameter(
            "query",
            "expected an id of at most 128 bytes",
        ));
    }
    let limit = wanted.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=LARGEST_LIMIT).contains(&limit) {
        return Err(ApiError::parameter(
            "limit",
            "expected a number from 1 to 200",
        ));
    }
    let found = app.find_visitors(&site, &query, limit).await?;
    let visitors = found.into_iter().map(VisitorSummary::from).collect();
    Ok(Json(VisitorList { visitors }))
}

/// Everything about one visitor.
///
/// What brought them and what a conversion would owe to it, who they are, what they share with
/// others, and how they are rated, with the reasons.
#[utoipa::path(
    get,
    path = "/v1/sites/{siteId}/visitors/{visitorId}",
    tag = "Visitors",
    params(
        ("siteId" = String, Path, description = "Site id or slug"),
        ("visitorId" = String, Path, description = "As listed"),
    ),
    responses(
        (status = 200, body = VisitorProfile),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site or not_found"),
        (status = 409, description = "conflict: a site under exempt knows no visitors"),
        (status = 503, description = "reports_unavailable, with Retry-After"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathPair(site, visitor): PathPair,
) -> ApiResult<Json<VisitorProfile>> {
    let site = caller.site_as(&app, &site, Role::Admin)?;
    let profile = app.visitor_profile(&site, visitor_id(&visitor)?).await?;
    Ok(Json(profile.into()))
}

/// Merge a visitor with another one, or with a user.
///
/// They are one person from then on, for everything that they did before, too. What is merged by
/// hand counts more than what pages say, until it is taken back.
#[utoipa::path(
    post,
    path = "/v1/sites/{siteId}/visitors/{visitorId}/links",
    tag = "Visitors",
    params(
        ("siteId" = String, Path, description = "Site id or slug"),
        ("visitorId" = String, Path, description = "As listed"),
    ),
    request_body = MergeBody,
    responses(
        (status = 201, description = "Who they are now", body = PersonOfVisitor),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site, or not_found: no such visitor"),
        (status = 409, description = "conflict: the same person already, recognised for a day only, or exempt"),
        (status = 422, description = "invalid_body"),
        (status = 503, description = "storage_unavailable or reports_unavailable, with Retry-After"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn merge(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathPair(site, visitor): PathPair,
    JsonBody(body): JsonBody<MergeBody>,
) -> ApiResult<(StatusCode, Json<PersonOfVisitor>)> {
    let site = caller.site_as(&app, &site, Role::Admin)?;
    let (visitor, with) = (visitor_id(&visitor)?, merge_with(body)?);
    let merged = app.merge_visitors(&site, visitor, with).await?;
    note_link(&app.db, caller.acting(), &site, visitor, "visitor.merge").await?;
    Ok((StatusCode::CREATED, Json(merged.into())))
}

fn merge_with(body: MergeBody) -> ApiResult<MergeWith> {
    let user = body.user_id.map(|id| id.trim().to_owned());
    match (body.with_visitor_id, user) {
        (Some(id), None) => Ok(MergeWith::Visitor(visitor_id(&id)?)),
        (None, Some(id)) if !id.is_empty() && id.chars().count() <= LONGEST_ID => {
            Ok(MergeWith::User(id))
        }
        (None, Some(_)) => Err(ApiError::new(ErrorCode::InvalidBody)
            .with_message("userId must have 1 to 128 characters.")
            .with_details(serde_json::json!({ "field": "userId" }))),
        _ => Err(ApiError::new(ErrorCode::InvalidBody)
            .with_message("Name either withVisitorId or userId.")
            .with_details(serde_json::json!({ "field": "withVisitorId" }))),
    }
}

/// Take a merge back.
///
/// The latest one of this visitor by hand, as if it had never been. Without any, the visitor is
/// separated from the person that its pages say it is, whatever they say later.
#[utoipa::path(
    delete,
    path = "/v1/sites/{siteId}/visitors/{visitorId}/links",
    tag = "Visitors",
    params(
        ("siteId" = String, Path, description = "Site id or slug"),
        ("visitorId" = String, Path, description = "As listed"),
    ),
    responses(
        (status = 204, description = "Taken back"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site, or not_found: the visitor is nobody in particular"),
        (status = 409, description = "conflict: a site under exempt knows no visitors"),
        (status = 503, description = "storage_unavailable, with Retry-After"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn separate(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathPair(site, visitor): PathPair,
) -> ApiResult<StatusCode> {
    let site = caller.site_as(&app, &site, Role::Admin)?;
    let visitor = visitor_id(&visitor)?;
    app.separate_visitor(&site, visitor).await?;
    note_link(&app.db, caller.acting(), &site, visitor, "visitor.separate").await?;
    Ok(StatusCode::NO_CONTENT)
}
