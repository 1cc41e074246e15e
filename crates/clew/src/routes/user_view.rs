//! Users and their links as the API shows them.

use crate::admin;
use crate::app::App;
use crate::secret_text::SecretText;
use clew_core::model::{EpochMs, SiteId};
use clew_store::relational::login_links::LoginLink;
use clew_store::relational::users::User;
use clew_store::relational::{Role, Token};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct UserList {
    /// By e-mail address.
    pub users: Vec<UserView>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserView {
    pub user_id: String,
    pub email: String,
    pub name: String,
    /// In the whole account; null: on single sites only.
    #[schema(value_type = Option<String>)]
    pub role: Option<Role>,
    pub all_sites: bool,
    pub site_roles: Vec<SiteRoleView>,
    pub is_active: bool,
    /// false: the invitation waits to be accepted.
    pub has_password: bool,
    pub last_seen_at: Option<String>,
    pub created_at: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SiteRoleView {
    pub site_id: String,
    #[schema(value_type = String)]
    pub role: Role,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NewUserView {
    pub user: UserView,
    pub link: LinkMade,
}

/// A link, the one time that it is shown.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LinkMade {
    #[schema(value_type = String)]
    pub url: SecretText,
    pub expires_at: String,
}

impl LinkMade {
    pub fn new(app: &App, token: &Token, link: &LoginLink) -> Self {
        Self {
            url: admin::link_to(&app.config.server.public_url(), token).into(),
            expires_at: link.expires_at.to_timestamp().to_string(),
        }
    }
}

impl UserView {
    pub fn new(user: User, role: Option<Role>, site_roles: BTreeMap<SiteId, Role>) -> Self {
        let time = |time: EpochMs| time.to_timestamp().to_string();
        let site_roles = site_roles.into_iter().map(|(site, role)| SiteRoleView {
            site_id: site.to_string(),
            role,
        });
        Self {
            user_id: user.id.to_string(),
            email: user.email,
            name: user.name,
            role,
            all_sites: role.is_some(),
            site_roles: site_roles.collect(),
            is_active: user.is_active,
            has_password: user.password.is_some(),
            last_seen_at: user.last_seen_at.map(time),
            created_at: time(user.created_at),
        }
    }
}
