//! Where deduplication meets durability.
//!
//! The journal's commit thread asks this gate about every batch, in commit order. That one
//! thread owns the ledger, so "is it known?" and "write it" cannot race: a duplicate is answered
//! only after the group that holds the original is on disk. A group that fails is forgotten by the
//! ledger too, so that a retry is taken as new.

use super::EncodedBatch;
use clew_journal::{Gate, Header, Lsn};
use clew_store::ledger::{Admission, Ledger, LedgerError};
use smallvec::SmallVec;

/// Positions of the batch's items that were known already.
pub type Duplicates = SmallVec<[u16; 4]>;

/// Owns the ledger on behalf of the commit thread.
#[derive(Debug)]
pub struct CommitGate {
    ledger: Ledger,
    newest_receipt_ms: i64,
}

impl CommitGate {
    pub fn new(ledger: Ledger) -> Self {
        Self {
            ledger,
            newest_receipt_ms: 0,
        }
    }
}

impl CommitGate {
    /// Copies the fresh items and what belongs to them into `out` and names the others.
    fn sift(&mut self, entry: &EncodedBatch, out: &mut Vec<u8>) -> Result<Duplicates, LedgerError> {
        let mut duplicates = Duplicates::new();
        let mut items = 0;
        for (position, (key, bytes)) in (0u16..).zip(entry.items()) {
            items += 1;
            match self.ledger.admit(key, entry.header().received_ms)? {
                Admission::Fresh => out.extend_from_slice(bytes),
                Admission::Seen => duplicates.push(position),
            }
        }
        if items == 0 || duplicates.len() < items {
            out.extend_from_slice(entry.trailer());
        }
        Ok(duplicates)
    }
}

impl Gate for CommitGate {
    type Entry = EncodedBatch;
    /// An error refuses this batch alone; its neighbours in the group stand.
    type Verdict = Result<Duplicates, LedgerError>;

    fn admit(&mut self, entry: EncodedBatch, out: &mut Vec<u8>) -> (Option<Header>, Self::Verdict) {
        let header = entry.header();
        let mark = self.ledger.mark();
        let verdict = self.sift(&entry, out);
        if verdict.is_err() {
            self.ledger.rollback(mark);
            out.clear();
        }
        self.newest_receipt_ms = self.newest_receipt_ms.max(header.received_ms);
        ((!out.is_empty()).then_some(header), verdict)
    }

    fn committed(&mut self, last: Lsn) {
        self.ledger.commit(last.0, self.newest_receipt_ms);
    }

    fn aborted(&mut self) {
        self.ledger.abort();
    }

    fn weight(entry: &EncodedBatch) -> usize {
        entry.weight()
    }
}
