//! A client as the API shows it.

use crate::extract::json::whole;
use clew_core::model::EpochMs;
use clew_store::relational::forms::Object;
use clew_store::relational::settings::SiteSettings;
use clew_store::relational::sites::Site;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct ClientList {
    /// By name.
    pub clients: Vec<ClientView>,
    /// On all pages.
    pub total: u64,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClientView {
    /// The site's id.
    pub client_id: String,
    /// The oldest of the site's hosts; null when it has none.
    pub domain: Option<String>,
    /// `pk_…`: public, stands in the page, may only write.
    pub api_key: String,
    pub is_active: bool,
    pub config: ScriptConfig,
    pub created_at: String,
    pub updated_at: String,
}

/// How the client's script looks and behaves, and how long its events stay.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScriptConfig {
    #[schema(value_type = Object)]
    pub widgets: Value,
    #[schema(value_type = Object)]
    pub theme: Value,
    /// The script tells the browser's console what it does.
    pub debug: bool,
    pub retention_days: u32,
}

/// Absent members stay as they are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScriptConfigPatch {
    /// At most 16 KiB as JSON.
    #[schema(value_type = Option<Object>)]
    widgets: Option<Object>,
    /// At most 16 KiB as JSON.
    #[schema(value_type = Option<Object>)]
    theme: Option<Object>,
    debug: Option<bool>,
    #[schema(minimum = 1, maximum = 3650)]
    #[serde(default, deserialize_with = "whole")]
    retention_days: Option<u32>,
}

impl ClientView {
    pub fn new(site: Site, domain: Option<String>, settings: SiteSettings) -> Self {
        let time = |time: EpochMs| time.to_timestamp().to_string();
        Self {
            client_id: site.id.to_string(),
            domain,
            api_key: site.write_key,
            is_active: site.is_active,
            config: ScriptConfig {
                widgets: settings.script.widgets,
                theme: settings.script.theme,
                debug: settings.script.debug,
                retention_days: settings.event_retention_days,
            },
            created_at: time(site.created_at),
            updated_at: time(site.updated_at),
        }
    }
}

impl ScriptConfigPatch {
    pub fn apply(self, settings: &mut SiteSettings) {
        if let Some(widgets) = self.widgets {
            settings.script.widgets = Value::Object(widgets);
        }
        if let Some(theme) = self.theme {
            settings.script.theme = Value::Object(theme);
        }
        if let Some(debug) = self.debug {
            settings.script.debug = debug;
        }
        if let Some(days) = self.retention_days {
            settings.event_retention_days = days;
        }
    }
}
