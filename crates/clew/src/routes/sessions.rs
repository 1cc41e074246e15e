//! `/v1/sessions`: where one is signed in.

use crate::app::App;
use crate::clock;
use crate::error::{ApiError, ApiResult};
use crate::extract::given::PathText;
use crate::extract::principal::Person;
use axum::Json;
use axum::extract::State;
use clew_core::error::ErrorCode;
use clew_core::model::id::RowId;
use clew_store::relational::user_sessions;
use http::StatusCode;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Debug, Serialize, ToSchema)]
pub struct SessionList {
    /// The latest used first.
    pub sessions: Vec<OpenSession>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpenSession {
    pub session_id: String,
    /// The one that asks.
    pub current: bool,
    pub user_agent: String,
    pub created_at: String,
    pub last_seen_at: String,
    pub expires_at: String,
}

/// List the own sessions.
#[utoipa::path(
    get,
    path = "/v1/sessions",
    tag = "Sign-in",
    responses(
        (status = 200, body = SessionList),
        (status = 401, description = "unauthorized"),
    ),
    security(("session" = []))
)]
pub async fn list(
    State(app): State<Arc<App>>,
    Person(person): Person,
) -> ApiResult<Json<SessionList>> {
    let idle = app.sign_in.idle_ms(person.session.account);
    let now = clock::now();
    let found = user_sessions::list(app.db.read(), person.user.id, idle, now).await?;
    let sessions = found.into_iter().map(|session| OpenSession {
        session_id: session.id.to_string(),
        current: session.id == person.session.id,
        user_agent: session.user_agent,
        created_at: session.created_at.to_timestamp().to_string(),
        last_seen_at: session.last_seen_at.to_timestamp().to_string(),
        expires_at: session.expires_at.to_timestamp().to_string(),
    });
    Ok(Json(SessionList {
        sessions: sessions.collect(),
    }))
}

/// End one of the own sessions.
#[utoipa::path(
    delete,
    path = "/v1/sessions/{sessionId}",
    tag = "Sign-in",
    params(("sessionId" = String, Path, description = "As listed")),
    responses(
        (status = 204, description = "Ended"),
        (status = 401, description = "unauthorized"),
        (status = 404, description = "not_found"),
    ),
    security(("session" = []))
)]
pub async fn revoke(
    State(app): State<Arc<App>>,
    Person(person): Person,
    PathText(id): PathText,
) -> ApiResult<StatusCode> {
    let id = Uuid::try_parse(&id).map_err(|_| ApiError::from(ErrorCode::NotFound))?;
    let (user, id) = (person.user.id, RowId::from(id));
    let work = app
        .db
        .write_tx(move |tx| Box::pin(async move { user_sessions::revoke(tx, user, id).await }));
    work.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End all of the own sessions but this one.
#[utoipa::path(
    delete,
    path = "/v1/sessions",
    tag = "Sign-in",
    responses(
        (status = 204, description = "Ended"),
        (status = 401, description = "unauthorized"),
    ),
    security(("session" = []))
)]
pub async fn revoke_others(
    State(app): State<Arc<App>>,
    Person(person): Person,
) -> ApiResult<StatusCode> {
    let (user, keep) = (person.user.id, Some(person.session.id));
    let work = app.db.write_tx(move |tx| {
        Box::pin(async move { user_sessions::revoke_all(tx, user, keep).await })
    });
    work.await?;
    Ok(StatusCode::NO_CONTENT)
}
