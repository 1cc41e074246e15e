//! What becomes of a journal record when persons are erased: the same in the hot journal and in the
//! archive.

use super::{Found, Target, Targets};
use clew_core::model::{ErasedPersons, PersonLinks, RecordKind, SiteId, StoredBatch, StoredLink};
use clew_journal::{Record, Rewrite};
use prost::Message;

/// Looks at records and counts what it finds.
#[derive(Debug)]
pub(super) struct Judge {
    targets: Targets,
    found: Vec<Found>,
}

/// A record that can hold a person.
enum Told {
    Events(StoredBatch),
    Links(PersonLinks),
}

impl Judge {
    pub(super) fn new(targets: &Targets) -> Self {
        Self {
            targets: targets.clone(),
            found: vec![Found::default(); targets.len()],
        }
    }

    /// Records from here on concern nobody.
    pub(super) fn end(&self) -> u64 {
        self.targets.iter().map(|t| t.before).max().unwrap_or(0)
    }

    /// Counts what the record holds of the targets; true when it is anything.
    pub(super) fn look(&mut self, record: &Record) -> bool {
        let Some(told) = self.read(record) else {
            return false;
        };
        let mut any = false;
        for (target, found) in self.targets.iter().zip(&mut self.found) {
            if !concerns(target, record) {
                continue;
            }
            let before = found.items;
            match &told {
                Told::Events(batch) => {
                    for event in target.persons.own_in(batch) {
                        found.items += 1;
                        found.also.extend(target.persons.also_known_as(event));
                    }
                    // What somebody else's browser sent in their name goes too.
                    found.items += target.persons.named_in(batch).count() as u64;
                }
                Told::Links(said) => {
                    for link in said.links.iter().filter(|l| names(&target.persons, l)) {
                        found.items += 1;
                        if target.persons.has_user(link.person) {
                            found
                                .also
                                .insert(target.persons.hash_of_visitor(link.visitor));
                        }
                    }
                    found
                        .also
                        .retain(|id| !target.persons.hashes().contains(id));
                }
            }
            any |= found.items > before;
        }
        any
    }

    /// The record without the targets: their neighbours stay, and so does the number.
    pub(super) fn verdict(&self, record: &Record) -> Rewrite {
        let targets = || self.targets.iter().filter(|t| concerns(t, record));
        match self.read(record) {
            None => Rewrite::Keep,
            Some(Told::Events(mut batch)) => {
                let site = SiteId::from_bytes(record.header.site);
                let mut stripped = false;
                for target in targets() {
                    stripped |= target.persons.strip(site, &mut batch);
                }
                if stripped {
                    Rewrite::Replace(batch.encode_to_vec())
                } else {
                    Rewrite::Keep
                }
            }
            Some(Told::Links(mut said)) => {
                let known = said.links.len();
                said.links
                    .retain(|link| !targets().any(|target| names(&target.persons, link)));
                match said.links.len() {
                    0 if known > 0 => Rewrite::Drop,
                    left if left == known => Rewrite::Keep,
                    _ => Rewrite::Replace(said.encode_to_vec()),
                }
            }
        }
    }

    pub(super) fn into_found(self) -> Vec<Found> {
        self.found
    }

    /// A record that concerns a target's site and can hold a person.
    fn read(&self, record: &Record) -> Option<Told> {
        if !self.targets.iter().any(|target| concerns(target, record)) {
            return None;
        }
        let payload = record.payload.as_ref();
        let read = match RecordKind::from_u8(record.header.kind)? {
            RecordKind::Events | RecordKind::Import => {
                StoredBatch::decode(payload).map(Told::Events)
            }
            RecordKind::Link => PersonLinks::decode(payload).map(Told::Links),
            RecordKind::Revoke | RecordKind::Erase => return None,
        };
        match read {
            Ok(told) => Some(told),
            Err(error) => {
                // Its checksum held, so a newer version wrote it; no projection shows it either.
                tracing::error!(lsn = record.lsn.0, %error, "a record cannot be judged and stays");
                None
            }
        }
    }
}

fn concerns(target: &Target, record: &Record) -> bool {
    target.site.to_bytes() == record.header.site && record.lsn.0 < target.before
}

fn names(persons: &ErasedPersons, link: &StoredLink) -> bool {
    persons.has_visitor(link.visitor) || persons.has_user(link.person)
}
