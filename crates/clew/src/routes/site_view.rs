//! A site as the API shows it.

use crate::app::App;
use crate::error::ApiResult;
use crate::sites::DEMO_SLUG;
use clew_core::model::EpochMs;
use clew_core::model::site::{IpPolicy, Profile};
use clew_store::relational::settings::{self, SiteSettings};
use clew_store::relational::sites::Site;
use clew_store::relational::{ImportKind, Role, imports, site_activity};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct SiteList {
    /// By name.
    pub sites: Vec<SiteView>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SiteView {
    pub site_id: String,
    pub slug: Option<String>,
    pub name: String,
    pub domains: Vec<String>,
    /// IANA name.
    pub time_zone: String,
    /// `gdpr`, `exempt`, `standard` or `hipaa`.
    pub profile: &'static str,
    /// `none`, `hmac`, `truncated` or `full`.
    pub ip: &'static str,
    /// `pk_…`: public, may only write.
    pub write_key: String,
    pub is_active: bool,
    pub settings: SettingsView,
    /// What the caller may do here.
    #[schema(value_type = String)]
    pub role: Role,
    /// The demo shop of this server reports to it.
    pub is_demo: bool,
    /// A generated year lies beside whatever came by itself.
    pub has_sample_data: bool,
    /// Of live events; sample data does not count.
    pub first_event_at: Option<String>,
    pub last_event_at: Option<String>,
    pub created_at: String,
    pub updated_at: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SettingsView {
    /// Refuse events that carry neither Origin nor Referer.
    pub require_origin: bool,
    /// Store nothing at all when analytics consent is denied.
    pub silent_when_denied: bool,
    /// Treat `DNT: 1` like `Sec-GPC: 1`.
    pub honour_dnt: bool,
    /// Query parameters kept in page addresses besides the campaign ones.
    pub query_allow: Vec<String>,
    pub event_retention_days: u32,
    pub raw_retention_days: u32,
}

impl SiteView {
    pub async fn of(app: &App, site: Site, role: Role) -> ApiResult<Self> {
        let settings = settings::get(app.db.read(), site.id).await?;
        let activity = site_activity::get(app.db.read(), site.id).await?;
        let sample = imports::of_kind(app.db.read(), site.id, ImportKind::Sample).await?;
        let time = |time: EpochMs| time.to_timestamp().to_string();
        Ok(Self {
            site_id: site.id.to_string(),
            is_demo: site.slug.as_deref() == Some(DEMO_SLUG),
            slug: site.slug,
            name: site.name,
            domains: site.domains,
            time_zone: site.time_zone,
            profile: profile_name(site.profile),
            ip: ip_name(site.ip),
            write_key: site.write_key,
            is_active: site.is_active,
            settings: settings.into(),
            role,
            has_sample_data: sample.is_some(),
            first_event_at: activity.map(|seen| time(seen.first_event_at)),
            last_event_at: activity.map(|seen| time(seen.last_event_at)),
            created_at: time(site.created_at),
            updated_at: time(site.updated_at),
        })
    }
}

impl From<SiteSettings> for SettingsView {
    fn from(settings: SiteSettings) -> Self {
        Self {
            require_origin: settings.require_origin,
            silent_when_denied: settings.silent_when_denied,
            honour_dnt: settings.honour_dnt,
            query_allow: settings.query_allow,
            event_retention_days: settings.event_retention_days,
            raw_retention_days: settings.raw_retention_days,
        }
    }
}

const fn profile_name(profile: Profile) -> &'static str {
    match profile {
        Profile::Gdpr => "gdpr",
        Profile::Exempt => "exempt",
        Profile::Standard => "standard",
        Profile::Hipaa => "hipaa",
    }
}

const fn ip_name(policy: IpPolicy) -> &'static str {
    match policy {
        IpPolicy::None => "none",
        IpPolicy::Hmac => "hmac",
        IpPolicy::Truncated => "truncated",
        IpPolicy::Full => "full",
    }
}
