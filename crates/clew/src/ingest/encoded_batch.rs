//! One site's batch on its way from the edge to the commit thread.
//!
//! Owns the encoding: every event is turned into its final bytes on the request's own thread, so
//! that the commit thread only looks ids up and copies. Accepts nothing but `StoredEvent` and
//! `QuarantinedEvent`, the two forms that the privacy stage has passed.

use clew_core::model::id::LedgerKey;
use clew_core::model::{
    EpochMs, Erasure, ImportId, PersonLinks, QuarantinedEvent, RecordKind, Revocation, SiteId,
    StoredEvent, StoredLink, StoredSubmission, record,
};
use clew_journal::Header;
use prost::Message as _;
use smallvec::SmallVec;

/// Protobuf tags of `StoredBatch`.
const EVENTS: u32 = 1;
const QUARANTINED: u32 = 2;
const IMPORT_ID: u32 = 3;
const SUBMISSIONS: u32 = 5;

/// Bytes reserved per event; most page views take 300 to 500.
const TYPICAL_EVENT: usize = 512;

/// An encoded batch whose items the ledger can let through one by one.
#[derive(Debug)]
pub struct EncodedBatch {
    header: Header,
    site: SiteId,
    bytes: Vec<u8>,
    items: SmallVec<[Item; 2]>,
    /// What the record says besides its items.
    trailer: Vec<u8>,
}

/// One encoded event: its identity and where its bytes end.
#[derive(Clone, Copy, Debug)]
struct Item {
    key: LedgerKey,
    end: usize,
}

impl EncodedBatch {
    pub fn new(kind: RecordKind, site: SiteId, received: EpochMs, expected: usize) -> Self {
        let header = Header {
            kind: kind as u8,
            schema: record::SCHEMA,
            received_ms: received.0,
            site: site.to_bytes(),
        };
        let bytes = Vec::with_capacity(expected * TYPICAL_EVENT);
        Self {
            header,
            site,
            bytes,
            items: SmallVec::new(),
            trailer: Vec::new(),
        }
    }

    /// A batch of an import; the record names it.
    pub fn of_import(site: SiteId, import: ImportId, received: EpochMs, expected: usize) -> Self {
        let mut encoded = Self::new(RecordKind::Import, site, received, expected);
        prost::encoding::message::encode(IMPORT_ID, &import, &mut encoded.trailer);
        encoded
    }

    /// The record that takes an import back. It has no items: nothing of it can be known already.
    pub fn revocation(site: SiteId, import: ImportId, received: EpochMs) -> Self {
        let mut encoded = Self::new(RecordKind::Revoke, site, received, 0);
        encoded.trailer = Revocation { import_id: import }.encode_to_vec();
        encoded
    }

    /// The record that erases persons; keyed hashes only. It has no items either.
    pub fn erasure(site: SiteId, erasure: &Erasure, received: EpochMs) -> Self {
        let mut encoded = Self::new(RecordKind::Erase, site, received, 0);
        encoded.trailer = erasure.encode_to_vec();
        encoded
    }

    /// What somebody said by hand about who is who. No items either.
    pub fn of_links(site: SiteId, links: Vec<StoredLink>, received: EpochMs) -> Self {
        let mut encoded = Self::new(RecordKind::Link, site, received, 0);
        encoded.trailer = PersonLinks { links }.encode_to_vec();
        encoded
    }

    /// Returns the position by which the verdict will name this event.
    pub fn push(&mut self, event: &StoredEvent) -> usize {
        self.push_with(event, None)
    }

    /// An event and what was submitted in it: one item, so that the ledger lets both through or
    /// neither.
    pub fn push_with(
        &mut self,
        event: &StoredEvent,
        submission: Option<&StoredSubmission>,
    ) -> usize {
        prost::encoding::message::encode(EVENTS, event, &mut self.bytes);
        if let Some(submission) = submission {
            prost::encoding::message::encode(SUBMISSIONS, submission, &mut self.bytes);
        }
        self.close_item(LedgerKey::of(self.site, event.event_id))
    }

    /// Like [`Self::push`], for an event that is kept but not counted.
    pub fn push_quarantined(&mut self, event: &QuarantinedEvent) -> usize {
        prost::encoding::message::encode(QUARANTINED, event, &mut self.bytes);
        self.close_item(LedgerKey::of_quarantined(self.site, event.event_id))
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Bytes that it holds while it waits.
    pub fn weight(&self) -> usize {
        size_of::<Self>() + self.bytes.capacity() + self.trailer.capacity()
    }

    pub const fn site(&self) -> SiteId {
        self.site
    }

    pub fn header(&self) -> Header {
        self.header
    }

    /// The items in order: identity and encoded bytes.
    pub fn items(&self) -> impl Iterator<Item = (LedgerKey, &[u8])> {
        let mut start = 0;
        self.items.iter().map(move |item| {
            let bytes = &self.bytes[start..item.end];
            start = item.end;
            (item.key, bytes)
        })
    }

    /// Bytes that go along with whatever items are fresh, and alone when there are no items.
    pub fn trailer(&self) -> &[u8] {
        &self.trailer
    }

    fn close_item(&mut self, key: LedgerKey) -> usize {
        self.items.push(Item {
            key,
            end: self.bytes.len(),
        });
        self.items.len() - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clew_core::model::{EventId, StoredBatch};

    #[test]
    fn joined_items_decode_as_one_batch() {
        let site = SiteId::from_u128(7);
        let mut encoded = EncodedBatch::new(RecordKind::Events, site, EpochMs(5), 2);
        let event = StoredEvent {
            event_id: EventId::from_u128(1),
            path: "/a".into(),
            ..Default::default()
        };
        let late = QuarantinedEvent {
            event_id: EventId::from_u128(2),
            code: "late".into(),
            event: None,
        };
        assert_eq!(encoded.push(&event), 0);
        assert_eq!(encoded.push_quarantined(&late), 1);

        let joined: Vec<u8> = encoded
            .items()
            .flat_map(|(_, bytes)| bytes.to_vec())
            .collect();
        let batch = StoredBatch::decode(joined.as_slice()).unwrap();
        assert_eq!(
            batch,
            StoredBatch {
                events: vec![event],
                quarantined: vec![late],
                ..StoredBatch::default()
            }
        );
    }

    #[test]
    fn a_submission_is_one_item_with_its_event() {
        let site = SiteId::from_u128(7);
        let mut encoded = EncodedBatch::new(RecordKind::Events, site, EpochMs(5), 2);
        let event = |n| StoredEvent {
            event_id: EventId::from_u128(n),
            ..StoredEvent::default()
        };
        let submission = StoredSubmission {
            event_id: EventId::from_u128(1),
            sealed: vec![1, 2, 3],
            ..StoredSubmission::default()
        };
        encoded.push_with(&event(1), Some(&submission));
        encoded.push(&event(2));
        let decoded: Vec<_> = encoded
            .items()
            .map(|(_, bytes)| StoredBatch::decode(bytes).unwrap())
            .collect();
        assert_eq!(decoded.len(), 2);
        assert_eq!(decoded[0].events, [event(1)]);
        assert_eq!(decoded[0].submissions, [submission]);
        assert_eq!(decoded[1].submissions, []);
    }

    #[test]
    fn an_import_names_itself_behind_its_items() {
        let (site, import) = (SiteId::from_u128(7), ImportId::from_u128(9));
        let mut encoded = EncodedBatch::of_import(site, import, EpochMs(5), 1);
        encoded.push(&StoredEvent::default());
        let mut bytes: Vec<u8> = encoded
            .items()
            .flat_map(|(_, bytes)| bytes.to_vec())
            .collect();
        bytes.extend_from_slice(encoded.trailer());
        let batch = StoredBatch::decode(bytes.as_slice()).unwrap();
        assert_eq!((batch.events.len(), batch.import_id), (1, Some(import)));
        assert_eq!(encoded.header().kind, RecordKind::Import as u8);
    }

    #[test]
    fn a_revocation_is_nothing_but_the_import() {
        let import = ImportId::from_u128(9);
        let encoded = EncodedBatch::revocation(SiteId::from_u128(7), import, EpochMs(5));
        assert_eq!(encoded.items().count(), 0);
        let revocation = Revocation::decode(encoded.trailer()).unwrap();
        assert_eq!(revocation.import_id, import);
    }
}
