//! What people type into forms, at rest: sealed with a key of the site's own.
//!
//! Every site has a key derived from the master key, so that no site's values open with another's.
//! A sealed submission is bound to its site and its event: taken out of its record and put beside
//! another event, it does not open.

use super::{MasterKey, Unsealable};
use clew_core::model::{EventId, SiteId, StoredSubmission, Submission};
use std::collections::BTreeMap;

const PURPOSE: &str = "submissions of ";

/// Seals and opens submissions.
#[derive(Clone, Debug)]
pub struct SubmissionVault {
    master: MasterKey,
}

impl SubmissionVault {
    pub const fn new(master: MasterKey) -> Self {
        Self { master }
    }

    /// # Errors
    /// None in practice: the cipher takes everything of this size.
    pub fn seal(
        &self,
        site: SiteId,
        event: EventId,
        submission: &Submission,
    ) -> Result<StoredSubmission, Unsealable> {
        let (purpose, bound) = (purpose(site), bound(site, event));
        submission.sealed(event, |plain| self.master.seal(&purpose, &bound, plain))
    }

    /// Field name → value.
    ///
    /// # Errors
    /// Sealed with another master key, of another site or event, or damaged.
    pub fn open(
        &self,
        site: SiteId,
        stored: &StoredSubmission,
    ) -> Result<BTreeMap<String, String>, Unsealable> {
        let (purpose, bound) = (purpose(site), bound(site, stored.event_id));
        let opened = stored.opened(|sealed| self.master.open(&purpose, &bound, sealed))?;
        opened.ok_or(Unsealable)
    }
}

fn purpose(site: SiteId) -> String {
    format!("{PURPOSE}{site}")
}

fn bound(site: SiteId, event: EventId) -> [u8; 32] {
    let mut bound = [0; 32];
    bound[..16].copy_from_slice(&site.to_bytes());
    bound[16..].copy_from_slice(&event.to_bytes());
    bound
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_submission_opens_beside_its_own_event_of_its_own_site_only() {
        let master = MasterKey::from_bytes([7; 32]);
        let (site, event) = (SiteId::from_u128(1), EventId::from_u128(2));
        let sealed = master
            .seal(&purpose(site), &bound(site, event), b"")
            .unwrap();
        let stored = |event| StoredSubmission {
            event_id: event,
            sealed: sealed.clone(),
            ..StoredSubmission::default()
        };
        let vault = SubmissionVault::new(master);
        assert_eq!(vault.open(site, &stored(event)), Ok(BTreeMap::new()));
        let elsewhere = EventId::from_u128(3);
        assert_eq!(vault.open(site, &stored(elsewhere)), Err(Unsealable));
        let foreign = SiteId::from_u128(9);
        assert_eq!(vault.open(foreign, &stored(event)), Err(Unsealable));
        let other = SubmissionVault::new(MasterKey::from_bytes([8; 32]));
        assert_eq!(other.open(site, &stored(event)), Err(Unsealable));
    }
}
