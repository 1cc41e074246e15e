//! Typed settings of a site, stored as one JSON document.

use super::entity::site_setting;
use super::error::{Result, corrupt, invalid};
use super::forms::{Object, checked_object};
use super::revisions;
use super::tx::Tx;
use super::words::AnalyticsPage;
use clew_core::model::site::VisitorIdPolicy;
use clew_core::model::{ChannelRule, EpochMs, IpLists, SiteId, SitePolicy};
use ipnet::IpNet;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait as _};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Longest retention, ten years.
const MOST_DAYS: u32 = 3_650;
/// Browsers keep a cookie for 400 days at most (RFC 6265bis).
const MOST_VISITOR_ID_DAYS: u32 = 400;
const MOST_NETWORKS: usize = 1_000;
/// Thirty days.
const MOST_DROUGHT_MINUTES: u32 = 43_200;
const MOST_ADDRESS_BYTES: usize = 2_048;
/// Query parameters that a site may keep.
const MOST_NAMES: usize = 100;

/// What a site's owner decided; absent fields have their defaults, so old documents stay readable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(clippy::struct_excessive_bools)] // Each is a decision of its own.
pub struct SiteSettings {
    /// Refuse events that carry neither Origin nor Referer.
    pub require_origin: bool,
    /// Store nothing at all when analytics consent is denied, instead of counting cookieless.
    pub silent_when_denied: bool,
    /// Under the profile `standard`: keep values of forms that were not sent, unless the visitor
    /// refused.
    pub partial_values: bool,
    /// Treat `DNT: 1` like `Sec-GPC: 1`.
    pub honour_dnt: bool,
    /// Query parameters kept in page URLs besides the campaign ones.
    pub query_allow: Vec<String>,
    /// Days that events stay in reports.
    pub event_retention_days: u32,
    /// Days that raw session and replay objects are kept.
    pub raw_retention_days: u32,
    pub retention_action: RetentionAction,
    /// Store nothing until analytics consent is granted.
    pub consent_required: bool,
    pub visitor_id: VisitorIdPolicy,
    /// Life of a visitor id, from its making.
    pub visitor_id_days: u32,
    /// Browsers may be recognised by a fingerprint where analytics was granted.
    pub fingerprint: bool,
    /// The site's own channels, asked before the built-in ones.
    pub channel_rules: Vec<ChannelRule>,
    /// Networks (`203.0.113.0/24`) or addresses whose events are stored apart and never counted.
    pub blocked_ips: Vec<String>,
    /// Whose events are visible and never counted.
    pub testing_ips: Vec<String>,
    /// Who is neither limited nor rated.
    pub whitelisted_ips: Vec<String>,
    pub script: ScriptSettings,
    pub capture: CaptureSettings,
    pub marketing: MarketingSettings,
    pub drought: DroughtSettings,
}

/// How the site's script looks and behaves; what is in the objects is the script's affair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScriptSettings {
    /// An object.
    pub widgets: Value,
    /// An object.
    pub theme: Value,
    /// The script tells the browser's console what it does.
    pub debug: bool,
}

/// What becomes of somebody who fills in a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaptureSettings {
    /// Hand leads over to the site's automation.
    pub send_to_automation: bool,
    /// Rate submissions for signs of programs.
    pub bot_detection: bool,
    /// Where a lead can be seen in the CRM; `{crm_lead_id}` stands for its id there. May be empty.
    pub crm_url_template: String,
}

/// What keys made for marketing are shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MarketingSettings {
    /// Of a key that names no pages of its own; all of them until an admin limits it.
    pub visible_pages: BTreeSet<AnalyticsPage>,
    /// E-mail addresses and phone numbers are masked.
    pub mask_contacts: bool,
}

/// An alert when no lead comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DroughtSettings {
    pub enabled: bool,
    pub threshold_minutes: u32,
    /// Where the alert goes; may be empty.
    pub webhook_url: String,
}

impl Default for ScriptSettings {
    fn default() -> Self {
        Self {
            widgets: Value::Object(Object::new()),
            theme: Value::Object(Object::new()),
            debug: false,
        }
    }
}

impl Default for CaptureSettings {
    fn default() -> Self {
        Self {
            send_to_automation: false,
            bot_detection: true,
            crm_url_template: String::new(),
        }
    }
}

impl Default for MarketingSettings {
    fn default() -> Self {
        Self {
            visible_pages: AnalyticsPage::ALL.iter().copied().collect(),
            mask_contacts: true,
        }
    }
}

impl MarketingSettings {
    /// Whether nobody has limited what marketing is shown.
    pub fn shows_every_page(&self) -> bool {
        let mut every = AnalyticsPage::ALL.iter();
        every.all(|page| self.visible_pages.contains(page))
    }
}

impl Default for DroughtSettings {
    fn default() -> Self {
        Self {
            enabled: false,
            threshold_minutes: 60,
            webhook_url: String::new(),
        }
    }
}

/// What becomes of events whose time in the reports is over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RetentionAction {
    /// Parquet files in the blob store, then out of the reports.
    #[default]
    Archive,
    Delete,
}

impl Default for SiteSettings {
    fn default() -> Self {
        Self {
            require_origin: false,
            silent_when_denied: false,
            partial_values: false,
            honour_dnt: false,
            query_allow: Vec::new(),
            event_retention_days: 180,
            raw_retention_days: 90,
            retention_action: RetentionAction::Archive,
            consent_required: false,
            visitor_id: VisitorIdPolicy::Storage,
            visitor_id_days: SitePolicy::VISITOR_ID_DAYS,
            fingerprint: false,
            channel_rules: Vec::new(),
            blocked_ips: Vec::new(),
            testing_ips: Vec::new(),
            whitelisted_ips: Vec::new(),
            script: ScriptSettings::default(),
            capture: CaptureSettings::default(),
            marketing: MarketingSettings::default(),
            drought: DroughtSettings::default(),
        }
    }
}

/// The site's settings; the defaults when nobody has changed them.
impl SiteSettings {
    /// What outlives the site: how long its events stay and where they go then.
    #[must_use]
    pub fn of_tombstone(&self) -> Self {
        Self {
            event_retention_days: self.event_retention_days,
            raw_retention_days: self.raw_retention_days,
            retention_action: self.retention_action,
            ..Self::default()
        }
    }
}

pub async fn get(c: &impl ConnectionTrait, site: SiteId) -> Result<SiteSettings> {
    let row = site_setting::Entity::find_by_id(site.to_uuid())
        .one(c)
        .await?;
    row.map_or_else(|| Ok(SiteSettings::default()), |r| parse(&r.value))
}

pub async fn set(tx: &Tx, site: SiteId, settings: &SiteSettings, now: EpochMs) -> Result<()> {
    check(settings)?;
    let value = serde_json::to_string(settings).map_err(|e| corrupt("settings", &e))?;
    let row = site_setting::ActiveModel {
        site_id: Set(site.to_uuid()),
        value: Set(value),
        updated_at: Set(now.0),
    };
    site_setting::Entity::insert(row)
        .on_conflict(
            OnConflict::column(site_setting::Column::SiteId)
                .update_columns([site_setting::Column::Value, site_setting::Column::UpdatedAt])
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    revisions::policies_changed(tx).await
}

fn check(settings: &SiteSettings) -> Result<()> {
    let days = [
        ("eventRetentionDays", settings.event_retention_days),
        ("rawRetentionDays", settings.raw_retention_days),
    ];
    for (what, days) in days {
        if !(1..=MOST_DAYS).contains(&days) {
            return Err(invalid(what, "expected 1 to 3650 days"));
        }
    }
    let names = &settings.query_allow;
    let short = |name: &String| (1..=64).contains(&name.len());
    if names.len() > MOST_NAMES || !names.iter().all(short) {
        return Err(invalid(
            "queryAllow",
            "up to 100 names of 1 to 64 characters",
        ));
    }
    if !(1..=MOST_VISITOR_ID_DAYS).contains(&settings.visitor_id_days) {
        return Err(invalid("visitorIdDays", "expected 1 to 400 days"));
    }
    check_channel_rules(&settings.channel_rules)?;
    check_script(&settings.script)?;
    check_addresses(settings)?;
    ip_lists(settings).map(|_| ())
}

fn check_channel_rules(rules: &[ChannelRule]) -> Result<()> {
    let short = |text: &String| (1..=128).contains(&text.trim().len());
    let good = |rule: &ChannelRule| {
        short(&rule.channel)
            && (1..=10).contains(&rule.when.len())
            && rule
                .when
                .iter()
                .all(|condition| condition.value.len() <= 255)
    };
    if rules.len() > MOST_NAMES || !rules.iter().all(good) {
        return Err(invalid(
            "channelRules",
            "up to 100 rules, each with a name and 1 to 10 conditions",
        ));
    }
    Ok(())
}

fn check_script(script: &ScriptSettings) -> Result<()> {
    for (what, value) in [
        ("config.widgets", &script.widgets),
        ("config.theme", &script.theme),
    ] {
        let Value::Object(object) = value else {
            return Err(invalid(what, "expected an object"));
        };
        checked_object(what, object)?;
    }
    Ok(())
}

/// Web addresses, checked as far as they go: what may be called is decided where it is called.
fn check_addresses(settings: &SiteSettings) -> Result<()> {
    let drought = &settings.drought;
    if !(10..=MOST_DROUGHT_MINUTES).contains(&drought.threshold_minutes) {
        return Err(invalid(
            "drought.threshold_minutes",
            "expected 10 to 43,200 minutes",
        ));
    }
    for (what, address) in [
        ("crm_url_template", &settings.capture.crm_url_template),
        ("drought.webhook_url", &drought.webhook_url),
    ] {
        let host = address
            .strip_prefix("https://")
            .or_else(|| address.strip_prefix("http://"));
        let shaped = host.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
        let clean = !address.chars().any(|c| c.is_control() || c.is_whitespace());
        let good = address.is_empty() || (shaped && clean);
        if !good || address.len() > MOST_ADDRESS_BYTES {
            return Err(invalid(
                what,
                "expected a web address of up to 2,048 characters",
            ));
        }
    }
    if drought.enabled && drought.webhook_url.is_empty() {
        return Err(invalid(
            "drought.webhook_url",
            "an alert needs somewhere to go",
        ));
    }
    Ok(())
}

/// The lists of addresses, read.
pub(super) fn ip_lists(settings: &SiteSettings) -> Result<IpLists> {
    Ok(IpLists {
        blocked: networks("blockedIps", &settings.blocked_ips)?,
        testing: networks("testingIps", &settings.testing_ips)?,
        whitelisted: networks("whitelistedIps", &settings.whitelisted_ips)?,
    })
}

fn networks(what: &'static str, list: &[String]) -> Result<Vec<IpNet>> {
    if list.len() > MOST_NETWORKS {
        return Err(invalid(what, "up to 1,000 networks"));
    }
    let read = |text: &String| {
        let text = text.trim();
        let network = text
            .parse()
            .or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        network.map_err(|_| invalid(what, "expected addresses or networks like 203.0.113.0/24"))
    };
    list.iter().map(read).collect()
}

pub(super) fn parse(value: &str) -> Result<SiteSettings> {
    serde_json::from_str(value).map_err(|e| corrupt("settings", &e))
}
