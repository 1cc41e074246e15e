//! A gate that lets every event id through once, as the server's does, and whose commit groups a
//! test can put together exactly: while a hold entry is being judged, everything else queues up.

use clew_journal::{Gate, Header, Lsn, Reader};
use std::{collections::HashSet, sync::mpsc};

pub(crate) const HEADER: Header = Header {
    kind: 1,
    schema: 1,
    received_ms: 1_750_000_000_000,
    site: *b"0123456789abcdef",
};

#[derive(Debug)]
pub(crate) enum Entry {
    Events(Vec<u64>),
    Hold {
        held: mpsc::Sender<()>,
        release: mpsc::Receiver<()>,
    },
}

#[derive(Debug, Default)]
pub(crate) struct Ledger {
    known: HashSet<u64>,
    staged: HashSet<u64>,
}

impl Ledger {
    /// As after a restart: what the journal has is known.
    pub(crate) fn replay(reader: Reader) -> Self {
        let records = reader.filter_map(Result::ok);
        let known = records.flat_map(|r| decode(&r.payload)).collect();
        Self {
            known,
            staged: HashSet::new(),
        }
    }
}

impl Gate for Ledger {
    type Entry = Entry;
    type Verdict = ();

    fn admit(&mut self, entry: Entry, out: &mut Vec<u8>) -> (Option<Header>, ()) {
        let ids = match entry {
            Entry::Events(ids) => ids,
            Entry::Hold { held, release } => {
                held.send(()).unwrap();
                release.recv().unwrap();
                return (None, ());
            }
        };
        let mut fresh = ids;
        fresh.retain(|id| !self.known.contains(id) && self.staged.insert(*id));
        if fresh.is_empty() {
            return (None, ());
        }
        encode(&fresh, out);
        (Some(HEADER), ())
    }

    fn committed(&mut self, _last: Lsn) {
        self.known.extend(self.staged.drain());
    }

    fn aborted(&mut self) {
        self.staged.clear();
    }
}

/// Each id with a filler that depends on it, so that records are of unequal length and a byte in
/// the wrong place shows.
fn encode(ids: &[u64], out: &mut Vec<u8>) {
    for id in ids {
        out.extend_from_slice(&id.to_le_bytes());
        out.extend(std::iter::repeat_n(*id as u8, filler(*id)));
    }
}

fn filler(id: u64) -> usize {
    (id.wrapping_mul(2_654_435_761) % 700) as usize
}

pub(crate) fn decode(mut payload: &[u8]) -> Vec<u64> {
    let mut ids = Vec::new();
    while !payload.is_empty() {
        let (id, rest) = payload.split_first_chunk::<8>().unwrap();
        let id = u64::from_le_bytes(*id);
        let (fill, rest) = rest.split_at(filler(id));
        assert!(fill.iter().all(|b| *b == id as u8), "filler of {id}");
        ids.push(id);
        payload = rest;
    }
    ids
}
