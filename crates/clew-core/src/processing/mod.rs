//! The record of processing activities (Art. 30 GDPR) of one site, made from how the site is
//! configured.
//!
//! Every line is derived: which data are kept of whom comes from the pipeline's own table
//! ([`consent_table`](crate::pipeline::consent_table)), terms and measures from the settings. What
//! software cannot know (a postal address, who hosts the machine) is listed as left to complete
//! and never made up.

mod data;
mod markdown;
mod measures;
mod purposes;
#[cfg(test)]
mod tests;

pub use markdown::markdown;

use crate::model::Profile;
use crate::model::SitePolicy;
use crate::pipeline::{ConsentRow, Kept, VisitorState, consent_table};
use serde::Serialize;

/// What the record is made from, besides the site's policy.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    pub site: &'a SitePolicy,
    pub site_name: &'a str,
    /// Name of the account.
    pub controller: &'a str,
    pub event_days: u32,
    pub raw_days: u32,
    /// Expired events become files instead of being deleted.
    pub archives: bool,
    /// Other systems that this site's data is sent to.
    pub recipients: Vec<String>,
    /// Whether browsers reach the server over TLS.
    pub https: bool,
    /// `SQLite` or `PostgreSQL`.
    pub database: &'a str,
    /// Minutes after which an unused sign-in ends.
    pub idle_minutes: i64,
    /// RFC 3339.
    pub made_at: &'a str,
    pub version: &'a str,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProcessingRecord {
    pub made_at: String,
    pub version: String,
    pub controller: String,
    pub site: SiteLine,
    pub purposes: Vec<Purpose>,
    pub data_subjects: Vec<String>,
    pub data: Vec<Data>,
    /// Kinds of data that this configuration stores of nobody.
    pub not_stored: Vec<String>,
    pub recipients: Vec<String>,
    pub transfers: String,
    pub retention: Vec<Term>,
    pub security: Vec<String>,
    pub rights: Vec<String>,
    /// What has to be written in by hand.
    pub to_complete: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SiteLine {
    pub name: String,
    pub site_id: String,
    pub domains: Vec<String>,
    pub profile: Profile,
    pub time_zone: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Purpose {
    pub purpose: String,
    pub legal_basis: String,
    /// Visitors whom it concerns, by what they have said.
    pub of: Vec<VisitorState>,
}

/// A category of data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Data {
    pub category: String,
    pub fields: String,
    pub source: String,
    /// Visitors of whom it is stored, by what they have said.
    pub of: Vec<VisitorState>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Term {
    pub data: String,
    pub term: String,
    pub then: String,
}

/// The record of one site, as it is configured now.
pub fn record(facts: &Facts<'_>) -> ProcessingRecord {
    let table = consent_table(facts.site);
    ProcessingRecord {
        made_at: facts.made_at.to_owned(),
        version: facts.version.to_owned(),
        controller: facts.controller.to_owned(),
        site: site_line(facts),
        purposes: purposes::of(facts, &table),
        data_subjects: vec![
            data::visitors(facts.site),
            "People who sign in to this installation (name, e-mail address, role, sessions)."
                .to_owned(),
        ],
        data: data::stored(facts.site, &table),
        not_stored: data::not_stored(&table),
        recipients: recipients(facts),
        transfers: transfers(facts),
        retention: measures::terms(facts, &table),
        security: measures::security(facts),
        rights: measures::rights(),
        to_complete: to_complete(facts),
    }
}

/// Visitors of whom this is kept.
fn states(table: &[ConsentRow], what: Kept) -> Vec<VisitorState> {
    let rows = table.iter().filter(|row| row.keeps(what));
    rows.map(|row| row.state).collect()
}

fn site_line(facts: &Facts<'_>) -> SiteLine {
    let site = facts.site;
    SiteLine {
        name: facts.site_name.to_owned(),
        site_id: site.id.to_string(),
        domains: site.domains.clone(),
        profile: site.profile,
        time_zone: site.time_zone.iana_name().unwrap_or("UTC").to_owned(),
    }
}

fn recipients(facts: &Facts<'_>) -> Vec<String> {
    if facts.recipients.is_empty() {
        return vec![
            "None: no connection to another system is configured; data stays in this installation."
                .to_owned(),
        ];
    }
    facts.recipients.clone()
}

fn transfers(facts: &Facts<'_>) -> String {
    if facts.recipients.is_empty() {
        "None by this software: it sends nothing to anybody. Where the server itself stands is to \
         be completed below."
            .to_owned()
    } else {
        "Data goes to the recipients above; the country of each is to be completed below."
            .to_owned()
    }
}

fn to_complete(facts: &Facts<'_>) -> Vec<String> {
    let mut lines = vec![
        "Address and contact of the controller and, where there is one, of the representative."
            .to_owned(),
        "Contact of the data protection officer, where there is one.".to_owned(),
        "Who hosts the server, in which country, and the processing agreement with them."
            .to_owned(),
        "Where backups are kept, for how long, and who can read them.".to_owned(),
    ];
    if !facts.recipients.is_empty() {
        lines.push("Country, and safeguards under Chapter V, of each recipient.".to_owned());
    }
    lines
}
