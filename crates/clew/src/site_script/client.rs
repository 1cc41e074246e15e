//! What a client's script is told besides the privacy settings: who it is for and what its forms
//! look like.
//!
//! Everything here is public. The write key may only write, and only for pages of the site's own
//! domains; it is never a secret.

use clew_core::model::id::RowId;
use clew_store::relational::forms::{ClientField, ClientForm};
use clew_store::relational::policies::SiteEntry;
use serde::Serialize;
use serde_json::Value;

/// Of the CRM web tracker: `{clientId, apiKey, forms, fields, widgets, theme, debug}`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClientConfig<'a> {
    client_id: String,
    api_key: &'a str,
    forms: Vec<FormConfig<'a>>,
    fields: Vec<FieldConfig<'a>>,
    widgets: &'a Value,
    theme: &'a Value,
    debug: bool,
}

/// Of the collector: `{clientId, debug}`. It reads no values, so it needs no forms.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CollectorConfig {
    client_id: String,
    debug: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct FormConfig<'a> {
    form_id: RowId,
    form_name: &'a str,
    page_url: &'a str,
    form_selector: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    alternative_selectors: &'a [String],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct FieldConfig<'a> {
    form_id: RowId,
    #[serde(flatten)]
    field: &'a ClientField,
}

impl<'a> ClientConfig<'a> {
    /// Paused forms are left out.
    pub(super) fn of(site: &'a SiteEntry) -> Self {
        let forms = || site.forms.iter().filter(|form| form.is_active);
        Self {
            client_id: site.policy.id.to_string(),
            api_key: &site.write_key,
            forms: forms().map(FormConfig::of).collect(),
            fields: forms().flat_map(fields).collect(),
            widgets: &site.settings.script.widgets,
            theme: &site.settings.script.theme,
            debug: site.settings.script.debug,
        }
    }
}

impl CollectorConfig {
    pub(super) fn of(site: &SiteEntry) -> Self {
        Self {
            client_id: site.policy.id.to_string(),
            debug: site.settings.script.debug,
        }
    }
}

impl<'a> FormConfig<'a> {
    fn of(form: &'a ClientForm) -> Self {
        Self {
            form_id: form.form_id,
            form_name: &form.form_name,
            page_url: &form.page_url,
            form_selector: &form.form_selector,
            alternative_selectors: &form.alternative_selectors,
        }
    }
}

fn fields(form: &ClientForm) -> impl Iterator<Item = FieldConfig<'_>> {
    let form_id = form.form_id;
    let of_form = move |field| FieldConfig { form_id, field };
    form.fields.iter().map(of_form)
}
