//! Whom an erasure means, in terms that no longer say who it was.
//!
//! Owns the rule by which an event belongs to an erased person. Knows keyed hashes only: with the
//! master key a known id can be tested against them, without it they say nothing.
//!
//! The rule: an event in which somebody said who they are is that user's, on whatever device; any
//! other event is its visitor's. So what another user did on a shared device stays, and what nobody
//! put a name to there goes.

use super::id::LedgerKey;
use super::{
    FingerprintKey, PersonHash, SiteId, SiteKey, StoredBatch, StoredEvent, StoredSubmission,
    UserKey, VisitorId,
};
use std::collections::BTreeSet;

const PURPOSE: &str = "erase";

impl PersonHash {
    /// Whoever sent a form at all: what a site that is deleted leaves of its leads. It names nobody,
    /// so it needs no key.
    pub const EVERY_SUBMISSION: Self = Self::from_bytes(*b"every submission");

    pub fn of_visitor(key: &SiteKey, visitor: VisitorId) -> Self {
        Self::from_bytes(key.mac(PURPOSE, &[b"visitor", &visitor.to_bytes()]))
    }

    pub fn of_user(key: &SiteKey, user: UserKey) -> Self {
        Self::from_bytes(key.mac(PURPOSE, &[b"user", &user.to_bytes()]))
    }

    /// `email` as [`super::contact::email`] spells it.
    pub fn of_email(key: &SiteKey, email: &str) -> Self {
        Self::from_bytes(key.mac(PURPOSE, &[b"email", email.as_bytes()]))
    }

    /// `phone` as [`super::contact::phone`] spells it.
    pub fn of_phone(key: &SiteKey, phone: &str) -> Self {
        Self::from_bytes(key.mac(PURPOSE, &[b"phone", phone.as_bytes()]))
    }

    pub fn of_fingerprint(key: &SiteKey, fingerprint: FingerprintKey) -> Self {
        Self::from_bytes(key.mac(PURPOSE, &[b"fingerprint", &fingerprint.to_bytes()]))
    }
}

/// Persons of one site who are to be forgotten.
#[derive(Clone, Debug)]
pub struct ErasedPersons {
    key: SiteKey,
    hashes: BTreeSet<PersonHash>,
}

impl ErasedPersons {
    pub fn new(key: SiteKey, hashes: impl IntoIterator<Item = PersonHash>) -> Self {
        Self {
            key,
            hashes: hashes.into_iter().collect(),
        }
    }

    pub fn hashes(&self) -> &BTreeSet<PersonHash> {
        &self.hashes
    }

    pub fn hash_of_visitor(&self, visitor: VisitorId) -> PersonHash {
        PersonHash::of_visitor(&self.key, visitor)
    }

    pub fn hash_of_user(&self, user: UserKey) -> PersonHash {
        PersonHash::of_user(&self.key, user)
    }

    pub fn has_visitor(&self, visitor: VisitorId) -> bool {
        self.hashes.contains(&self.hash_of_visitor(visitor))
    }

    pub fn has_user(&self, user: UserKey) -> bool {
        self.hashes.contains(&PersonHash::of_user(&self.key, user))
    }

    pub fn has_fingerprint(&self, fingerprint: FingerprintKey) -> bool {
        self.hashes
            .contains(&PersonHash::of_fingerprint(&self.key, fingerprint))
    }

    /// Whether this event is one of theirs.
    pub fn own(&self, event: &StoredEvent) -> bool {
        event.user_key.is_some_and(|user| self.has_user(user)) || self.has_visitor(event.visitor_id)
    }

    /// Under which other ids, not among [`Self::hashes`], one of their events knows them.
    pub fn also_known_as(&self, event: &StoredEvent) -> Vec<PersonHash> {
        let key = &self.key;
        let fingerprint = event.fingerprint;
        // A browser without any other id is its fingerprint.
        let unnamed = fingerprint.map(FingerprintKey::visitor);
        let visitors = [Some(event.visitor_id), event.device_visitor, unnamed];
        let mut known: Vec<_> = visitors
            .into_iter()
            .flatten()
            .map(|visitor| PersonHash::of_visitor(key, visitor))
            .collect();
        known.extend(event.user_key.map(|user| PersonHash::of_user(key, user)));
        known.extend(fingerprint.map(|print| PersonHash::of_fingerprint(key, print)));
        known.retain(|hash| !self.hashes.contains(hash));
        known
    }

    /// Their events of a batch, the quarantined ones included.
    pub fn own_in<'a>(&'a self, batch: &'a StoredBatch) -> impl Iterator<Item = &'a StoredEvent> {
        let kept_aside = batch.quarantined.iter().filter_map(|q| q.event.as_ref());
        let all = batch.events.iter().chain(kept_aside);
        all.filter(|event| self.own(event))
    }

    /// Submissions of a batch that name one of them, whoever's event brought them; all of them when
    /// [`PersonHash::EVERY_SUBMISSION`] is to go.
    pub fn named_in<'a>(
        &'a self,
        batch: &'a StoredBatch,
    ) -> impl Iterator<Item = &'a StoredSubmission> {
        batch.submissions.iter().filter(|it| self.is_named(it))
    }

    fn is_named(&self, submission: &StoredSubmission) -> bool {
        if self.hashes.contains(&PersonHash::EVERY_SUBMISSION) {
            return true;
        }
        let mut persons = submission.persons.iter();
        persons.any(|person| self.hashes.contains(person))
    }

    /// Takes their events out of a batch of this site, with what was submitted in them, and the
    /// submissions that name them. What the ledger knew of the events stays. True when there was
    /// anything.
    pub fn strip(&self, site: SiteId, batch: &mut StoredBatch) -> bool {
        let known = (batch.erased.len(), batch.submissions.len());
        self.strip_events(site, batch);
        let StoredBatch {
            events,
            submissions,
            ..
        } = batch;
        if !submissions.is_empty() {
            let left: BTreeSet<_> = events.iter().map(|event| event.event_id).collect();
            submissions.retain(|it| left.contains(&it.event_id) && !self.is_named(it));
        }
        known != (batch.erased.len(), batch.submissions.len())
    }

    fn strip_events(&self, site: SiteId, batch: &mut StoredBatch) {
        let erased = &mut batch.erased;
        batch.events.retain(|event| {
            let own = self.own(event);
            if own {
                erased.push(LedgerKey::of(site, event.event_id));
            }
            !own
        });
        batch.quarantined.retain(|quarantined| {
            let own = quarantined.event.as_ref().is_some_and(|e| self.own(e));
            if own {
                erased.push(LedgerKey::of_quarantined(site, quarantined.event_id));
            }
            !own
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{EventId, QuarantinedEvent};

    const PHONE: VisitorId = VisitorId::from_u128(1);
    const LAPTOP: VisitorId = VisitorId::from_u128(2);
    const ANNA: UserKey = UserKey::from_u128(3);
    const BEN: UserKey = UserKey::from_u128(4);

    fn key() -> SiteKey {
        SiteKey::new([7; 32])
    }

    fn anonymous(visitor: VisitorId) -> StoredEvent {
        StoredEvent {
            visitor_id: visitor,
            ..StoredEvent::default()
        }
    }

    /// As the pipeline stores it: a visitor made of the user, and the device beside it.
    fn signed_in(user: UserKey, device: VisitorId) -> StoredEvent {
        StoredEvent {
            visitor_id: VisitorId::from_u128(user.as_u128() + 100),
            user_key: Some(user),
            device_visitor: Some(device),
            ..StoredEvent::default()
        }
    }

    #[test]
    fn an_event_is_its_users_or_else_its_visitors() {
        let anna = [
            PersonHash::of_user(&key(), ANNA),
            PersonHash::of_visitor(&key(), LAPTOP),
        ];
        let persons = ErasedPersons::new(key(), anna);
        for (event, expected) in [
            (signed_in(ANNA, PHONE), true),
            (signed_in(ANNA, LAPTOP), true),
            (anonymous(LAPTOP), true),
            (anonymous(PHONE), false),
            (signed_in(BEN, LAPTOP), false),
        ] {
            assert_eq!(persons.own(&event), expected, "{event:?}");
        }
    }

    #[test]
    fn hashes_of_another_site_or_kind_mean_nobody() {
        let other = SiteKey::new([8; 32]);
        let foreign = ErasedPersons::new(key(), [PersonHash::of_user(&other, ANNA)]);
        assert!(!foreign.own(&signed_in(ANNA, PHONE)));
        let same_bits = VisitorId::from_u128(ANNA.as_u128());
        let user = ErasedPersons::new(key(), [PersonHash::of_user(&key(), ANNA)]);
        assert!(!user.own(&anonymous(same_bits)));
    }

    #[test]
    fn stripping_leaves_others_and_what_the_ledger_knows() {
        let site = SiteId::from_u128(9);
        let persons = ErasedPersons::new(key(), [PersonHash::of_visitor(&key(), PHONE)]);
        let numbered = |n, visitor| StoredEvent {
            event_id: EventId::from_u128(n),
            ..anonymous(visitor)
        };
        let aside = |n, event| QuarantinedEvent {
            event_id: EventId::from_u128(n),
            code: "late".into(),
            event,
        };
        let mut batch = StoredBatch {
            events: vec![numbered(1, PHONE), numbered(2, LAPTOP)],
            quarantined: vec![aside(3, Some(anonymous(PHONE))), aside(4, None)],
            ..StoredBatch::default()
        };
        assert_eq!(persons.own_in(&batch).count(), 2);
        persons.strip(site, &mut batch);
        assert_eq!(batch.events, [numbered(2, LAPTOP)]);
        assert_eq!(batch.quarantined, [aside(4, None)]);
        let known = [
            LedgerKey::of(site, EventId::from_u128(1)),
            LedgerKey::of_quarantined(site, EventId::from_u128(3)),
        ];
        assert_eq!(batch.erased, known);
        assert_eq!(persons.own_in(&batch).count(), 0);
    }

    #[test]
    fn a_submission_goes_with_its_event_or_with_whom_it_names() {
        let site = SiteId::from_u128(9);
        let mail = |text| PersonHash::of_email(&key(), text);
        let submission = |n, persons: &[PersonHash]| StoredSubmission {
            event_id: EventId::from_u128(n),
            persons: persons.to_vec(),
            ..StoredSubmission::default()
        };
        let event = |n, visitor| StoredEvent {
            event_id: EventId::from_u128(n),
            ..anonymous(visitor)
        };
        let batch = StoredBatch {
            events: vec![event(1, PHONE), event(2, LAPTOP), event(3, LAPTOP)],
            submissions: vec![
                submission(1, &[]),
                submission(2, &[mail("anna@a.example")]),
                submission(3, &[mail("ben@b.example")]),
            ],
            ..StoredBatch::default()
        };
        let ids = |batch: &StoredBatch| {
            let ids = batch.submissions.iter().map(|it| it.event_id.as_u128());
            (ids.collect::<Vec<_>>(), batch.events.len())
        };
        let of_phone = PersonHash::of_visitor(&key(), PHONE);
        for (hash, named, left, changed) in [
            (of_phone, 0, (vec![2, 3], 2), true),
            (mail("anna@a.example"), 1, (vec![1, 3], 3), true),
            (mail("nobody@a.example"), 0, (vec![1, 2, 3], 3), false),
            (PersonHash::EVERY_SUBMISSION, 3, (vec![], 3), true),
        ] {
            let persons = ErasedPersons::new(key(), [hash]);
            let mut batch = batch.clone();
            assert_eq!(persons.named_in(&batch).count(), named);
            assert_eq!(persons.strip(site, &mut batch), changed);
            assert_eq!(ids(&batch), left);
        }
    }

    #[test]
    fn an_event_of_theirs_tells_their_other_ids_once() {
        let mut persons = ErasedPersons::new(key(), [PersonHash::of_user(&key(), ANNA)]);
        let event = signed_in(ANNA, PHONE);
        let found = persons.also_known_as(&event);
        assert!(found.contains(&PersonHash::of_visitor(&key(), PHONE)));
        persons = ErasedPersons::new(key(), persons.hashes().iter().copied().chain(found));
        assert!(persons.also_known_as(&event).is_empty());
        assert!(persons.own(&anonymous(PHONE)));
    }
}
