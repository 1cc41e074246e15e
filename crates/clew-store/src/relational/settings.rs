//! Typed settings of a site, stored as one JSON document.

use super::entity::site_setting;
use super::error::{Result, corrupt, invalid};
use super::revisions;
use super::tx::Tx;
use clew_core::model::{EpochMs, SiteId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait as _};
use serde::{Deserialize, Serialize};

/// Longest retention, ten years.
const MOST_DAYS: u32 = 3_650;
/// Query parameters that a site may keep.
const MOST_NAMES: usize = 100;

/// What a site's owner decided; absent fields have their defaults, so old documents stay readable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SiteSettings {
    /// Refuse events that carry neither Origin nor Referer.
    pub require_origin: bool,
    /// Store nothing at all when analytics consent is denied, instead of counting cookieless.
    pub silent_when_denied: bool,
    /// Treat `DNT: 1` like `Sec-GPC: 1`.
    pub honour_dnt: bool,
    /// Query parameters kept in page URLs besides the campaign ones.
    pub query_allow: Vec<String>,
    /// Days that events stay in reports.
    pub event_retention_days: u32,
    /// Days that raw session and replay objects are kept.
    pub raw_retention_days: u32,
}

impl Default for SiteSettings {
    fn default() -> Self {
        Self {
            require_origin: false,
            silent_when_denied: false,
            honour_dnt: false,
            query_allow: Vec::new(),
            event_retention_days: 180,
            raw_retention_days: 90,
        }
    }
}

/// The site's settings; the defaults when nobody has changed them.
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
    Ok(())
}

pub(super) fn parse(value: &str) -> Result<SiteSettings> {
    serde_json::from_str(value).map_err(|e| corrupt("settings", &e))
}
