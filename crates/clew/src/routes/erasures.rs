//! `/v1/sites/{siteId}/erasures`: somebody is to be forgotten, and it is shown that they were.

use crate::app::{App, Reach, Subject};
use crate::error::{ApiError, ApiResult};
use crate::extract::given::{PathPair, PathText};
use crate::extract::json::JsonBody;
use crate::extract::principal::Caller;
use crate::routes::openapi::shapes;
use axum::Json;
use axum::extract::State;
use clew_core::error::ErrorCode;
use clew_core::model::{EpochMs, ErasureId, contact};
use clew_store::relational::erasures::{Erasure, Step};
use clew_store::relational::{ErasureReason, Role};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

/// Longest user id that is taken, in characters.
const USER_ID_MAX: usize = 1_024;

/// Whom to erase, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ErasureBody {
    #[schema(schema_with = shapes::erasure_subject)]
    pub subject: ErasureSubjectBody,
    /// `request`, `consent_withdrawn`, `objection`, `no_longer_needed`, `unlawful`,
    /// `legal_obligation` or `child`. No free text, so that nobody is named in it.
    #[schema(schema_with = shapes::erasure_reason)]
    pub reason: Option<String>,
}

/// One of the three.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ErasureSubjectBody {
    /// A visitor as events show it; whoever it is linked to is erased with it.
    pub visitor_id: Option<String>,
    /// The id that your site gave to `identify()`. It is not stored.
    pub user_id: Option<String>,
    /// An e-mail address: whatever names it in a form, and the user with this id. It is not stored.
    pub email: Option<String>,
}

/// Whom it was asked for; not who that is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErasureSubjectView {
    /// `visitor`, `user`, `email`, or `replayed`: a restored backup brought somebody back.
    pub kind: &'static str,
}

/// How far an erasure is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErasureView {
    pub erasure_id: String,
    /// `queued`, `running`, `done`, or `failed`: then it is tried again.
    pub status: &'static str,
    pub subject: ErasureSubjectView,
    pub reason: Option<&'static str>,
    /// Why the last attempt failed.
    pub message: Option<String>,
    pub requested_at: String,
    pub started_at: Option<String>,
    pub finished_at: Option<String>,
    /// 24 hours after it was asked for.
    pub due_at: String,
    /// Empty in a list.
    pub steps: Vec<ErasureStepView>,
    /// Whether there is a certificate.
    pub certificate: bool,
}

/// One store.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErasureStepView {
    pub store: String,
    /// `pending`, `erased` or `verified`.
    pub status: &'static str,
    /// Events, rows or files that were found there.
    pub removed: u64,
    pub finished_at: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErasuresView {
    /// The newest first.
    pub erasures: Vec<ErasureView>,
}

/// Erase a person.
///
/// Begins at once, ends within 24 hours, usually within minutes: everything that is known of them up
/// to now leaves every store, bytes included. What comes in afterwards is new. Asked for with a user id
/// or an e-mail address by an admin of the whole account, it reaches what deleted sites have left too.
#[utoipa::path(
    post,
    path = "/v1/sites/{siteId}/erasures",
    tag = "Privacy",
    params(("siteId" = String, Path, description = "Site id or slug")),
    request_body = ErasureBody,
    responses(
        (status = 202, body = ErasureView),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site"),
        (status = 422, description = "invalid_body"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(site): PathText,
    JsonBody(body): JsonBody<ErasureBody>,
) -> ApiResult<(StatusCode, Json<ErasureView>)> {
    let site = caller.site_as(&app, &site, Role::Admin)?;
    let subject = subject(body.subject)?;
    let reason = match body.reason.as_deref().map(str::parse::<ErasureReason>) {
        None => None,
        Some(Ok(reason)) => Some(reason),
        Some(Err(())) => return Err(invalid("reason", "is not one of the known reasons")),
    };
    let by = caller.acting();
    let asked = app.request_erasure(&site, &subject, reach(&caller), reason, by);
    let erasure = asked.await?;
    Ok((StatusCode::ACCEPTED, Json(view(erasure, Vec::new()))))
}

/// Every erasure of a site.
///
/// The newest 500.
#[utoipa::path(
    get,
    path = "/v1/sites/{siteId}/erasures",
    tag = "Privacy",
    params(("siteId" = String, Path, description = "Site id or slug")),
    responses(
        (status = 200, body = ErasuresView),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(site): PathText,
) -> ApiResult<Json<ErasuresView>> {
    let site = caller.site_as(&app, &site, Role::Admin)?;
    let erasures = app.erasures(site.id()).await.map_err(ApiError::internal)?;
    let erasures = erasures.into_iter();
    Ok(Json(ErasuresView {
        erasures: erasures.map(|one| view(one, Vec::new())).collect(),
    }))
}

/// How far is an erasure?
#[utoipa::path(
    get,
    path = "/v1/sites/{siteId}/erasures/{erasureId}",
    tag = "Privacy",
    params(
        ("siteId" = String, Path, description = "Site id or slug"),
        ("erasureId" = String, Path),
    ),
    responses(
        (status = 200, body = ErasureView),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site or not_found"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathPair(site, id): PathPair,
) -> ApiResult<Json<ErasureView>> {
    let erasure = found(&app, &caller, &site, &id).await?;
    let steps = app.erasure_steps(erasure.id).await;
    Ok(Json(view(erasure, steps.map_err(ApiError::internal)?)))
}

/// The certificate of an erasure.
///
/// Which stores were erased from, what was found there, that nothing is left, and when; signed by
/// this installation. It names nobody.
#[utoipa::path(
    get,
    path = "/v1/sites/{siteId}/erasures/{erasureId}/certificate",
    tag = "Privacy",
    params(
        ("siteId" = String, Path, description = "Site id or slug"),
        ("erasureId" = String, Path),
    ),
    responses(
        (status = 200, body = Object),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site or not_found: there is none yet"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn certificate(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathPair(site, id): PathPair,
) -> ApiResult<Json<Value>> {
    let erasure = found(&app, &caller, &site, &id).await?;
    let text = erasure.certificate.ok_or(ErrorCode::NotFound)?;
    let certificate = serde_json::from_str(&text).map_err(ApiError::internal)?;
    Ok(Json(certificate))
}

/// What deleted sites have left is the account's: an admin of some sites has no right to it.
fn reach(caller: &Caller) -> Reach {
    match caller.require_role(Role::Admin) {
        Ok(()) => Reach::DeletedSitesToo,
        Err(_) => Reach::ThisSite,
    }
}

async fn found(app: &App, caller: &Caller, site: &str, id: &str) -> ApiResult<Erasure> {
    let site = caller.site_as(app, site, Role::Admin)?;
    let id: ErasureId = Uuid::parse_str(id).map_err(|_| ErrorCode::NotFound)?.into();
    let erasure = app.erasure(site.id(), id).await;
    Ok(erasure
        .map_err(ApiError::internal)?
        .ok_or(ErrorCode::NotFound)?)
}

fn subject(body: ErasureSubjectBody) -> ApiResult<Subject> {
    match (body.visitor_id, body.user_id, body.email) {
        (Some(visitor), None, None) => {
            let id = Uuid::parse_str(visitor.trim());
            let id = id.map_err(|_| invalid("subject.visitorId", "is not a visitor's id"))?;
            Ok(Subject::Visitor(id.into()))
        }
        (None, Some(user), None)
            if user.trim().is_empty() || user.chars().count() > USER_ID_MAX =>
        {
            Err(invalid("subject.userId", "is empty or too long"))
        }
        (None, Some(user), None) => Ok(Subject::User(user)),
        (None, None, Some(email)) => {
            let address = contact::email(&email);
            address.ok_or_else(|| invalid("subject.email", "is no e-mail address"))?;
            Ok(Subject::Email(email))
        }
        _ => Err(invalid(
            "subject",
            "names one of visitorId, userId and email",
        )),
    }
}

fn invalid(field: &'static str, problem: &str) -> ApiError {
    ApiError::new(ErrorCode::InvalidBody)
        .with_message(format!("{field} {problem}"))
        .with_details(serde_json::json!({ "field": field }))
}

fn view(erasure: Erasure, steps: Vec<Step>) -> ErasureView {
    let time = |at: EpochMs| at.to_timestamp().to_string();
    ErasureView {
        erasure_id: erasure.id.to_string(),
        status: erasure.state.as_str(),
        subject: ErasureSubjectView {
            kind: erasure.subject.as_str(),
        },
        reason: erasure.reason.map(ErasureReason::as_str),
        message: erasure.message,
        requested_at: time(erasure.requested_at),
        started_at: erasure.started_at.map(time),
        finished_at: erasure.finished_at.map(time),
        due_at: time(erasure.due_at),
        certificate: erasure.certificate.is_some(),
        steps: steps
            .into_iter()
            .map(|step| ErasureStepView {
                store: step.store,
                status: step.state.as_str(),
                removed: step.found,
                finished_at: step.finished_at.map(time),
            })
            .collect(),
    }
}

/// User ids may be e-mail addresses.
impl std::fmt::Debug for ErasureSubjectBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ErasureSubjectBody(…)")
    }
}
