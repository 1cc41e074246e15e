//! What becomes of a journal record when persons are erased: the same in the hot journal and in the
//! archive.

use super::{Found, Targets};
use clew_core::model::{RecordKind, SiteId, StoredBatch};
use clew_journal::{Record, Rewrite};
use prost::Message as _;

/// Looks at records and counts what it finds.
#[derive(Debug)]
pub(super) struct Judge {
    targets: Targets,
    found: Vec<Found>,
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
        let Some(batch) = self.batch(record) else {
            return false;
        };
        let site = SiteId::from_bytes(record.header.site);
        let mut any = false;
        for (target, found) in self.targets.iter().zip(&mut self.found) {
            if target.site != site || record.lsn.0 >= target.before {
                continue;
            }
            for event in target.persons.own_in(&batch) {
                any = true;
                found.items += 1;
                found.also.extend(target.persons.also_known_as(event));
            }
        }
        any
    }

    /// The record without the targets: their neighbours stay, and so does the number.
    pub(super) fn verdict(&self, record: &Record) -> Rewrite {
        let Some(mut batch) = self.batch(record) else {
            return Rewrite::Keep;
        };
        let site = SiteId::from_bytes(record.header.site);
        let known = batch.erased.len();
        for target in self.targets.iter() {
            if target.site == site && record.lsn.0 < target.before {
                target.persons.strip(site, &mut batch);
            }
        }
        if batch.erased.len() == known {
            return Rewrite::Keep;
        }
        Rewrite::Replace(batch.encode_to_vec())
    }

    pub(super) fn into_found(self) -> Vec<Found> {
        self.found
    }

    /// The events of a record that concerns a target's site.
    fn batch(&self, record: &Record) -> Option<StoredBatch> {
        let concerned = self.targets.iter().any(|target| {
            target.site.to_bytes() == record.header.site && record.lsn.0 < target.before
        });
        if !concerned {
            return None;
        }
        match RecordKind::from_u8(record.header.kind)? {
            RecordKind::Events | RecordKind::Import => {}
            RecordKind::Revoke | RecordKind::Erase => return None,
        }
        match StoredBatch::decode(record.payload.as_ref()) {
            Ok(batch) => Some(batch),
            Err(error) => {
                // Its checksum held, so a newer version wrote it; no projection shows it either.
                tracing::error!(lsn = record.lsn.0, %error, "a record cannot be judged and stays");
                None
            }
        }
    }
}
