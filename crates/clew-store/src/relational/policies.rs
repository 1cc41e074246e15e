//! The policies of all sites, as the ingest edge caches them.
//!
//! This is the one read that crosses accounts: the edge serves every tenant. Read it again when
//! [`Db::policy_revision`](super::Db::policy_revision) changes.

use super::entity::{domain, site, site_setting};
use super::error::{Result, corrupt};
use super::forms::{self, ClientForm};
use super::settings::{self, SiteSettings};
use clew_core::model::id::RowId;
use clew_core::model::site::{IpPolicy, Profile, SitePolicy};
use jiff::tz::TimeZone;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};
use std::collections::HashMap;
use uuid::Uuid;

/// A site with everything the edge needs to know about it.
#[derive(Clone, Debug)]
pub struct SiteEntry {
    pub policy: SitePolicy,
    pub account: RowId,
    /// A paused site takes no events; its reports stay readable.
    pub is_active: bool,
    pub slug: Option<String>,
    pub write_key: String,
    pub settings: SiteSettings,
    /// Oldest first, paused ones included.
    pub forms: Vec<ClientForm>,
}

/// Every site that is not deleted. A row that cannot be read is reported to the log and left out, so that it
/// stops its own site only.
pub async fn all(c: &impl ConnectionTrait) -> Result<Vec<SiteEntry>> {
    let rows = site::Entity::find()
        .filter(site::Column::DeletedAt.is_null())
        .order_by_asc(site::Column::Id)
        .all(c)
        .await?;
    let mut hosts: HashMap<Uuid, Vec<String>> = HashMap::new();
    for row in domain::Entity::find()
        .order_by_asc(domain::Column::Host)
        .all(c)
        .await?
    {
        hosts.entry(row.site_id).or_default().push(row.host);
    }
    let mut forms: HashMap<Uuid, Vec<ClientForm>> = HashMap::new();
    for (site, form) in forms::of_all_sites(c).await? {
        forms.entry(site.to_uuid()).or_default().push(form);
    }
    let settings = site_setting::Entity::find().all(c).await?;
    let settings: HashMap<Uuid, String> =
        settings.into_iter().map(|r| (r.site_id, r.value)).collect();
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        let id = row.id;
        let hosts = hosts.remove(&id).unwrap_or_default();
        match entry(row, hosts, settings.get(&id).map(String::as_str)) {
            Ok(entry) => entries.push(SiteEntry {
                forms: forms.remove(&id).unwrap_or_default(),
                ..entry
            }),
            Err(error) => tracing::error!(site = %id, %error, "this site is out of service"),
        }
    }
    Ok(entries)
}

fn entry(row: site::Model, domains: Vec<String>, settings: Option<&str>) -> Result<SiteEntry> {
    let settings = settings.map_or_else(|| Ok(SiteSettings::default()), settings::parse)?;
    let policy = SitePolicy {
        id: row.id.into(),
        profile: profile(&row.profile)?,
        ip: ip(&row.ip_policy)?,
        time_zone: TimeZone::get(&row.time_zone).map_err(|e| corrupt("time zone", &e))?,
        domains,
        require_origin: settings.require_origin,
        silent_when_denied: settings.silent_when_denied,
        partial_values: settings.partial_values,
        honour_dnt: settings.honour_dnt,
        query_allow: settings.query_allow.clone(),
        consent_required: settings.consent_required,
        visitor_id: settings.visitor_id,
        visitor_id_days: settings.visitor_id_days,
        fingerprint: settings.fingerprint,
        channel_rules: settings.channel_rules.clone(),
        ip_lists: settings::ip_lists(&settings)?,
    };
    Ok(SiteEntry {
        policy,
        account: row.account_id.into(),
        is_active: row.is_active,
        slug: row.slug,
        write_key: row.write_key,
        settings,
        forms: Vec::new(),
    })
}

pub const fn profile_word(profile: Profile) -> &'static str {
    match profile {
        Profile::Gdpr => "gdpr",
        Profile::Exempt => "exempt",
        Profile::Standard => "standard",
        Profile::Hipaa => "hipaa",
    }
}

pub(super) fn profile(word: &str) -> Result<Profile> {
    match word {
        "gdpr" => Ok(Profile::Gdpr),
        "exempt" => Ok(Profile::Exempt),
        "standard" => Ok(Profile::Standard),
        "hipaa" => Ok(Profile::Hipaa),
        _ => Err(corrupt("profile", word)),
    }
}

pub const fn ip_word(policy: IpPolicy) -> &'static str {
    match policy {
        IpPolicy::None => "none",
        IpPolicy::Hmac => "hmac",
        IpPolicy::Truncated => "truncated",
        IpPolicy::Full => "full",
    }
}

pub(super) fn ip(word: &str) -> Result<IpPolicy> {
    match word {
        "none" => Ok(IpPolicy::None),
        "hmac" => Ok(IpPolicy::Hmac),
        "truncated" => Ok(IpPolicy::Truncated),
        "full" => Ok(IpPolicy::Full),
        _ => Err(corrupt("ip policy", word)),
    }
}
