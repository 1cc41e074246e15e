//! The hipaa profile's record of who looked at what: one audit entry per request and site, durable
//! before the reply leaves.
//!
//! Central on purpose. A route gets at a site through its [`Caller`](crate::extract::principal)
//! only, and the caller notes every hipaa site that it gave out in the request's [`SiteAccess`].
//! Routes do nothing for this and cannot forget it: a caller outside this layer is an error. When
//! the entry cannot be written, the reply is 503 and the data stays here.

use crate::admin::Acting;
use crate::app::App;
use crate::clock;
use crate::error::ApiError;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use clew_core::error::ErrorCode;
use clew_core::model::SiteId;
use clew_store::relational::audit::{self, Entry};
use clew_store::relational::{Db, Result};
use http::Method;
use parking_lot::Mutex;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Sites of this request whose every access is written down, and who got them.
#[derive(Clone, Debug, Default)]
pub struct SiteAccess(Arc<Mutex<BTreeMap<SiteId, Acting>>>);

impl SiteAccess {
    pub fn note(&self, site: SiteId, by: Acting) {
        self.0.lock().insert(site, by);
    }

    fn take(&self) -> BTreeMap<SiteId, Acting> {
        std::mem::take(&mut *self.0.lock())
    }
}

/// What was asked of which route.
struct Asked {
    method: Method,
    route: String,
}

pub async fn audit(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let access = SiteAccess::default();
    request.extensions_mut().insert(access.clone());
    let matched = request.extensions().get::<MatchedPath>();
    let asked = Asked {
        method: request.method().clone(),
        route: matched.map_or_else(String::new, |path| path.as_str().to_owned()),
    };
    let response = next.run(request).await;
    let status = response.status();
    if status.is_client_error() || status.is_server_error() {
        return response;
    }
    let sites = access.take();
    if sites.is_empty() {
        return response;
    }
    match write(&app.db, asked, sites).await {
        Ok(()) => response,
        Err(error) => ApiError::new(ErrorCode::StorageUnavailable)
            .because(error)
            .into_response(),
    }
}

async fn write(db: &Db, asked: Asked, sites: BTreeMap<SiteId, Acting>) -> Result<()> {
    let now = clock::now();
    let reads = matches!(asked.method, Method::GET | Method::HEAD);
    let action = if reads { "site.read" } else { "site.write" };
    let route = format!("{} {}", asked.method, asked.route);
    let detail = json!({ "route": route }).to_string();
    let entries: Vec<_> = sites
        .into_iter()
        .map(|(site, by)| Entry {
            account: Some(by.account),
            site: Some(site),
            actor: by.actor,
            action: action.to_owned(),
            subject_kind: "site".to_owned(),
            subject_id: site.to_string(),
            detail: Some(detail.clone()),
            request_id: by.request_id,
            at: now,
        })
        .collect();
    let work = db.write_tx(move |tx| {
        Box::pin(async move {
            for entry in entries {
                audit::append(tx, entry);
            }
            Ok(())
        })
    });
    work.await
}
