//! A site as the API shows it.

use crate::app::App;
use crate::error::ApiResult;
use crate::sites::DEMO_SLUG;
use clew_core::model::channel_rule::{ChannelCondition, ChannelField, ChannelOp};
use clew_core::model::site::{IpPolicy, Profile, VisitorIdPolicy};
use clew_core::model::{ChannelRule, EpochMs};
use clew_store::relational::settings::{self, RetentionAction, SiteSettings};
use clew_store::relational::sites::Site;
use clew_store::relational::{ImportKind, Role, imports, site_activity};
use serde::{Deserialize, Serialize};
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
#[allow(clippy::struct_excessive_bools)] // Each is a decision of its own.
pub struct SettingsView {
    /// Refuse events that carry neither Origin nor Referer.
    pub require_origin: bool,
    /// Store nothing at all when analytics consent is denied.
    pub silent_when_denied: bool,
    /// Keep what was typed into forms that were not sent, where the profile is `standard` and the
    /// visitor has not refused. `gdpr` asks for the consent `partial` instead; `exempt` and `hipaa`
    /// never keep it.
    pub partial_values: bool,
    /// Treat `DNT: 1` like `Sec-GPC: 1`.
    pub honour_dnt: bool,
    /// Query parameters kept in page addresses besides the campaign ones.
    pub query_allow: Vec<String>,
    pub event_retention_days: u32,
    pub raw_retention_days: u32,
    /// What becomes of events whose time in the reports is over: `archive` or `delete`.
    #[schema(value_type = String)]
    pub retention_action: RetentionAction,
    /// Store nothing until analytics consent is granted.
    pub consent_required: bool,
    /// Where a browser keeps its id: `none`, `storage` or `cookie`.
    #[schema(value_type = String)]
    pub visitor_id: VisitorIdPolicy,
    /// Life of a visitor id in days, from its making; 1 to 400.
    pub visitor_id_days: u32,
    /// Recognise browsers by a fingerprint where analytics was granted.
    pub fingerprint: bool,
    /// The site's own channels, asked in order before the built-in ones.
    pub channel_rules: Vec<ChannelRuleBody>,
    /// Addresses or networks whose events are stored apart and never counted.
    pub blocked_ips: Vec<String>,
    /// Whose events are visible and never counted.
    pub testing_ips: Vec<String>,
    /// Who is neither limited nor rated.
    pub whitelisted_ips: Vec<String>,
}

/// A channel of the site's own.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChannelRuleBody {
    /// Name as it is shown.
    pub channel: String,
    /// All must hold.
    pub when: Vec<ChannelConditionBody>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChannelConditionBody {
    /// `source`, `medium`, `campaign`, `content`, `term`, `referrer_host`, `click_id` or `path`.
    #[schema(value_type = String)]
    pub field: ChannelField,
    /// `is`, `is_not`, `contains`, `starts_with` or `ends_with`; case does not matter.
    #[schema(value_type = String)]
    pub op: ChannelOp,
    pub value: String,
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
            partial_values: settings.partial_values,
            honour_dnt: settings.honour_dnt,
            query_allow: settings.query_allow,
            event_retention_days: settings.event_retention_days,
            raw_retention_days: settings.raw_retention_days,
            retention_action: settings.retention_action,
            consent_required: settings.consent_required,
            visitor_id: settings.visitor_id,
            visitor_id_days: settings.visitor_id_days,
            fingerprint: settings.fingerprint,
            channel_rules: settings.channel_rules.into_iter().map(Into::into).collect(),
            blocked_ips: settings.blocked_ips,
            testing_ips: settings.testing_ips,
            whitelisted_ips: settings.whitelisted_ips,
        }
    }
}

impl From<ChannelRule> for ChannelRuleBody {
    fn from(rule: ChannelRule) -> Self {
        let when = rule.when.into_iter().map(|c| ChannelConditionBody {
            field: c.field,
            op: c.op,
            value: c.value,
        });
        Self {
            channel: rule.channel,
            when: when.collect(),
        }
    }
}

impl From<ChannelRuleBody> for ChannelRule {
    fn from(body: ChannelRuleBody) -> Self {
        let when = body.when.into_iter().map(|c| ChannelCondition {
            field: c.field,
            op: c.op,
            value: c.value,
        });
        Self {
            channel: body.channel,
            when: when.collect(),
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
