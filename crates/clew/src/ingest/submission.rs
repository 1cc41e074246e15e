//! One site's batch on its way from the edge to the commit thread.
//!
//! Owns the encoding: every event is turned into its final bytes on the request's own thread, so
//! that the commit thread only looks ids up and copies. Accepts nothing but `StoredEvent` and
//! `QuarantinedEvent`, the two forms that the privacy stage has passed.

use clew_core::model::id::LedgerKey;
use clew_core::model::{EpochMs, QuarantinedEvent, RecordKind, SiteId, StoredEvent, record};
use clew_journal::Header;
use smallvec::SmallVec;

/// Protobuf tags of `StoredBatch`.
const EVENTS: u32 = 1;
const QUARANTINED: u32 = 2;

/// Bytes reserved per event; most page views take 300 to 500.
const TYPICAL_EVENT: usize = 512;

/// An encoded batch whose items the ledger can let through one by one.
#[derive(Debug)]
pub struct Submission {
    header: Header,
    site: SiteId,
    bytes: Vec<u8>,
    items: SmallVec<[Item; 2]>,
}

/// One encoded event: its identity and where its bytes end.
#[derive(Clone, Copy, Debug)]
struct Item {
    key: LedgerKey,
    end: usize,
}

impl Submission {
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
        }
    }

    /// Returns the position by which the verdict will name this event.
    pub fn push(&mut self, event: &StoredEvent) -> usize {
        prost::encoding::message::encode(EVENTS, event, &mut self.bytes);
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
        size_of::<Self>() + self.bytes.capacity()
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
    use prost::Message as _;

    #[test]
    fn joined_items_decode_as_one_batch() {
        let site = SiteId::from_u128(7);
        let mut submission = Submission::new(RecordKind::Events, site, EpochMs(5), 2);
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
        assert_eq!(submission.push(&event), 0);
        assert_eq!(submission.push_quarantined(&late), 1);

        let joined: Vec<u8> = submission
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
}
