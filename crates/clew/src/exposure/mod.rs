//! Looks through everything that is stored for what must not stand there: addresses of senders,
//! e-mail addresses, and canaries that somebody planted.
//!
//! Events are read where they are truth (journal and archive, unpacked) and where they are shown
//! (the event store, through its own engine, because it packs its strings); every other file is
//! read as bytes. Says where something stands and never what it is. Relational data on PostgreSQL
//! is not looked at: a server's files are not ours.

mod files;
mod find;

use clew_core::model::site::IpPolicy;
use clew_core::model::{IpForm, RecordKind, SiteId, StoredBatch, StoredEvent};
use clew_journal::Record;
use clew_store::events::StoredText;
pub use files::look_through;
use find::{has_address, has_email};
use prost::Message as _;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What was looked for and what was found.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Exposures {
    /// Nothing that is not allowed.
    pub ok: bool,
    pub records: u64,
    pub texts: u64,
    pub files: u64,
    pub found: Vec<Exposure>,
}

/// One kind of thing in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exposure {
    /// `journal`, `archive`, `event_store` or `files`.
    pub store: String,
    /// Field, column or file.
    pub place: String,
    /// `address`, `email`, or the canary itself.
    pub what: String,
    pub site: Option<String>,
    /// Events, texts or files.
    pub times: u64,
    /// The site keeps whole addresses by its own policy.
    pub allowed: bool,
}

/// Collects what is found.
#[derive(Debug)]
pub struct Search {
    canaries: Vec<String>,
    /// Sites that keep whole addresses.
    whole: BTreeSet<String>,
    found: BTreeMap<(String, String, String, Option<String>, bool), u64>,
    records: u64,
    texts: u64,
    files: u64,
}

impl Search {
    pub fn new(canaries: Vec<String>, sites: impl IntoIterator<Item = (SiteId, IpPolicy)>) -> Self {
        let whole = sites.into_iter().filter(|(_, ip)| *ip == IpPolicy::Full);
        Self {
            canaries: canaries
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect(),
            whole: whole.map(|(site, _)| site.to_string()).collect(),
            found: BTreeMap::new(),
            records: 0,
            texts: 0,
            files: 0,
        }
    }

    pub fn finish(self) -> Exposures {
        let found = self.found.into_iter();
        let found: Vec<_> = found
            .map(|((store, place, what, site, allowed), times)| Exposure {
                store,
                place,
                what,
                site,
                times,
                allowed,
            })
            .collect();
        Exposures {
            ok: found.iter().all(|exposure| exposure.allowed),
            records: self.records,
            texts: self.texts,
            files: self.files,
            found,
        }
    }

    fn note(&mut self, store: &str, place: &str, what: &str, site: Option<&str>, allowed: bool) {
        let key = (
            store.to_owned(),
            place.to_owned(),
            what.to_owned(),
            site.map(ToOwned::to_owned),
            allowed,
        );
        *self.found.entry(key).or_default() += 1;
    }

    /// A record of the journal or the archive.
    pub fn record(&mut self, store: &str, record: &Record) {
        self.records += 1;
        let site = SiteId::from_bytes(record.header.site).to_string();
        let place = format!("record {}", record.lsn.0);
        for canary in self.canaries.clone() {
            if memchr::memmem::find(&record.payload, canary.as_bytes()).is_some() {
                self.note(store, &place, &canary, Some(&site), false);
            }
        }
        let is_batch = matches!(
            RecordKind::from_u8(record.header.kind),
            Some(RecordKind::Events | RecordKind::Import)
        );
        let batch = is_batch.then(|| StoredBatch::decode(record.payload.as_ref()).ok());
        let Some(batch) = batch.flatten() else {
            return;
        };
        for submission in batch.submissions {
            // What was typed is sealed; the form's name is not.
            if has_email(submission.form.as_bytes()) {
                self.note(store, &place, "email", Some(&site), false);
            }
        }
        let aside = batch.quarantined.into_iter().filter_map(|q| q.event);
        for event in batch.events.into_iter().chain(aside) {
            self.event(store, &place, &site, event);
        }
    }

    fn event(&mut self, store: &str, place: &str, site: &str, mut event: StoredEvent) {
        if event.ip_form() == IpForm::Full {
            let allowed = self.whole.contains(site);
            self.note(store, "the events' ip", "address", Some(site), allowed);
        }
        // Judged above, and numbers that only look like addresses.
        event.ip.clear();
        event.browser_version.clear();
        event.os_version.clear();
        let text = format!("{event:?}");
        if has_email(text.as_bytes()) {
            self.note(store, place, "email", Some(site), false);
        }
        if has_address(&text) {
            self.note(store, place, "address", Some(site), false);
        }
    }

    /// An event that has left the reports for the archive.
    pub fn archived(&mut self, file: &str, site: SiteId, event: StoredEvent) {
        const STORE: &str = "retention_archive";
        self.records += 1;
        let site = site.to_string();
        let text = format!("{event:?}");
        for canary in self.canaries.clone() {
            if text.contains(&canary) {
                self.note(STORE, file, &canary, Some(&site), false);
            }
        }
        self.event(STORE, file, &site, event);
    }

    /// A text of the event store.
    pub fn text(&mut self, text: &StoredText) {
        const STORE: &str = "event_store";
        self.texts += 1;
        let place = format!("{}.{}", text.table, text.column);
        let site = text.site.as_deref();
        for canary in self.canaries.clone() {
            if text.value.contains(&canary) {
                self.note(STORE, &place, &canary, site, false);
            }
        }
        if has_email(text.value.as_bytes()) {
            self.note(STORE, &place, "email", site, false);
        }
        let is_version = text.column.ends_with("version");
        // How much of an address a site keeps is judged where it is truth.
        if !is_version && text.column != "ip" && has_address(&text.value) {
            self.note(STORE, &place, "address", site, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clew_journal::{Header, Lsn};

    const SITE: SiteId = SiteId::from_u128(7);

    fn record(event: StoredEvent) -> Record {
        let batch = StoredBatch {
            events: vec![event],
            ..StoredBatch::default()
        };
        Record {
            lsn: Lsn(5),
            node: 1,
            header: Header {
                kind: 1,
                schema: 3,
                received_ms: 0,
                site: SITE.to_bytes(),
            },
            payload: batch.encode_to_vec().into(),
        }
    }

    fn found(event: StoredEvent, ip: IpPolicy) -> Vec<(String, bool)> {
        let mut search = Search::new(vec!["planted".into()], [(SITE, ip)]);
        search.record("journal", &record(event));
        let found = search.finish().found.into_iter();
        found.map(|e| (e.what, e.allowed)).collect()
    }

    #[test]
    fn what_stands_in_an_event_is_found_and_versions_are_no_addresses() {
        let title = |title: &str| StoredEvent {
            title: title.into(),
            browser_version: "140.0.0.0".into(),
            ..StoredEvent::default()
        };
        let none = IpPolicy::None;
        assert_eq!(found(title("plain"), none), []);
        assert_eq!(
            found(title("anna@shop.example"), none),
            [("email".into(), false)]
        );
        assert_eq!(
            found(title("203.0.113.9"), none),
            [("address".into(), false)]
        );
        assert_eq!(
            found(title("2001:db8::9"), none),
            [("address".into(), false)]
        );
        assert_eq!(
            found(title("so planted it is"), none),
            [("planted".into(), false)]
        );
    }

    #[test]
    fn a_whole_address_is_allowed_where_the_site_keeps_them() {
        let mut event = StoredEvent {
            ip: "203.0.113.9".into(),
            ..StoredEvent::default()
        };
        event.set_ip_form(IpForm::Full);
        assert_eq!(
            found(event.clone(), IpPolicy::Full),
            [("address".into(), true)]
        );
        assert_eq!(found(event, IpPolicy::None), [("address".into(), false)]);
    }
}
