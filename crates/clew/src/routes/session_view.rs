//! The signed-in person as the dashboard needs to know them.

use crate::app::App;
use crate::error::ApiResult;
use crate::sign_in::SignedIn;
use clew_store::relational::{Role, accounts};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    pub user: PersonView,
    pub account: AccountName,
    /// `owner`, `admin`, `marketing`, `viewer`; null: roles on single sites only.
    #[schema(value_type = Option<String>)]
    pub role: Option<Role>,
    pub all_sites: bool,
    /// The dashboard is reached without TLS, from elsewhere than this machine.
    pub insecure_transport: bool,
    /// When the session ends unless it is used.
    pub idle_expires_at: String,
    /// When it ends in any case.
    pub expires_at: String,
    /// Version of the server.
    pub version: &'static str,
    /// Public address of this server, for snippets.
    pub snippet_origin: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonView {
    pub user_id: String,
    pub email: String,
    pub name: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountName {
    pub account_id: String,
    pub name: String,
}

impl SessionView {
    pub async fn of(app: &App, person: &SignedIn) -> ApiResult<Self> {
        let account = accounts::get(app.db.read(), person.session.account).await?;
        let idle = app.sign_in.idle_ms(person.session.account);
        let idle = person.session.last_seen_at.plus(idle);
        Ok(Self {
            user: PersonView {
                user_id: person.user.id.to_string(),
                email: person.user.email.clone(),
                name: person.user.name.clone(),
            },
            account: AccountName {
                account_id: account.id.to_string(),
                name: account.name,
            },
            role: person.role,
            all_sites: person.role.is_some(),
            insecure_transport: app.config.server.is_insecure(),
            idle_expires_at: idle.to_timestamp().to_string(),
            expires_at: person.session.expires_at.to_timestamp().to_string(),
            version: env!("CARGO_PKG_VERSION"),
            snippet_origin: app.config.server.public_url(),
        })
    }
}
