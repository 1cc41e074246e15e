//! The extractor of management routes.

use super::credential::{recognise, secret_key};
use super::holder::Holder;
use super::person::{limit_client, person};
use crate::admin::Acting;
use crate::app::App;
use crate::clock;
use crate::error::ApiError;
use crate::middleware::request_id::RequestId;
use crate::middleware::site_access::SiteAccess;
use axum::extract::FromRequestParts;
use clew_core::error::ErrorCode;
use clew_core::model::SiteId;
use clew_core::model::id::RowId;
use clew_store::relational::StoreError;
use clew_store::relational::audit::Actor;
use http::HeaderMap;
use http::request::Parts;
use std::sync::Arc;

/// Extractor of management routes: a valid key or session within its limits.
#[derive(Clone, Debug)]
pub struct Caller {
    pub(super) holder: Holder,
    request_id: Option<String>,
    pub(super) access: SiteAccess,
}

impl Caller {
    /// The session or key itself.
    pub fn holder(&self) -> RowId {
        self.holder.id()
    }

    /// Whether whoever sent these headers may still read the site. Asked by what goes on after its
    /// request: it counts neither as use of the session nor as a request.
    pub async fn may_still_read(
        app: &App,
        headers: &HeaderMap,
        account: RowId,
        site: SiteId,
    ) -> Result<bool, StoreError> {
        let now = clock::now();
        let holder = if let Some(credential) = secret_key(headers) {
            recognise(app, credential, now).await?
        } else {
            let token = app.sign_in.cookie.read(headers).unwrap_or_default();
            let person = app.sign_in.peek(token, now).await?;
            person.map(|person| Holder::Person(Arc::new(person.into())))
        };
        let exists = app.sites.get(site).is_some();
        Ok(holder.is_some_and(|holder| {
            let caller = Self {
                holder,
                request_id: None,
                access: SiteAccess::default(),
            };
            exists && caller.role_on(account, site).is_some() && caller.sees_whole_of(app, site)
        }))
    }

    pub fn account(&self) -> RowId {
        match &self.holder {
            Holder::Key(key) => key.account,
            Holder::Person(person) => person.account,
        }
    }

    /// In whose name changes are written down.
    pub fn acting(&self) -> Acting {
        Acting {
            account: self.account(),
            actor: match &self.holder {
                Holder::Key(key) => Actor::Key(key.key),
                Holder::Person(person) => Actor::User(person.user),
            },
            request_id: self.request_id.clone(),
        }
    }
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let request_id = parts.extensions.get::<RequestId>();
        let request_id = request_id.map(|id| id.as_str().to_owned());
        let holder = if let Some(credential) = secret_key(&parts.headers) {
            limit_client(app, parts)?;
            let holder = recognise(app, credential, clock::now()).await?;
            let holder = holder.ok_or(ErrorCode::Unauthorized)?;
            app.limits.check_key(holder.id())?;
            holder
        } else {
            let person = person(app, parts).await?;
            Holder::Person(Arc::new(Arc::unwrap_or_clone(person).into()))
        };
        let access = parts.extensions.get::<SiteAccess>().cloned();
        let access = access.ok_or_else(|| ApiError::internal("a caller outside the layers"))?;
        Ok(Self {
            holder,
            request_id,
            access,
        })
    }
}
