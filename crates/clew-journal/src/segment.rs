//! A segment file: its name, its header, and how one comes into being.
//!
//! Owns the segment header. Refuses files of another node or of an unknown format version; it
//! never guesses.
//!
//! # Layout
//!
//! The name is the LSN of the first record in 20 digits, `.seg`. The first [`HEADER_LEN`] bytes
//! hold two equal copies of the header, at 0 and at 4096 (a damaged sector must not cost a whole
//! segment), the records follow without padding. A copy, little endian:
//!
//! | offset | size | field |
//! |---|---|---|
//! | 0 | 8 | magic `CLEWJRNL` |
//! | 8 | 2 | format version, 1 |
//! | 10 | 2 | zero |
//! | 12 | 4 | node |
//! | 16 | 8 | first LSN |
//! | 24 | 4 | salt: random, seeds every checksum of the segment's records |
//! | 28 | 4 | zero |
//! | 32 | 8 | previous segment: first LSN, 0 = none |
//! | 40 | 8 | previous segment: end in bytes |
//! | 48 | 8 | previous segment: last LSN |
//! | 56 | 8 | own end in bytes, 0 = not stated |
//! | 64 | 8 | own last LSN, 0 = not stated |
//! | 72 | 4 | crc32c of bytes 0..72 |
//!
//! Invariants:
//! * A file bears a segment's name only after header and contents were synced: it is written as
//!   `.tmp`, synced, renamed, and the folder synced, before a record in it is acknowledged.
//! * A segment is sealed when a segment with a higher LSN exists; there is no footer. The
//!   successor's header states where its predecessor ends. Bytes behind that end are what a failed
//!   write left: never acknowledged, never read. A rewritten segment states its own end, which
//!   then goes before the successor's word.
//! * Every LSN in a segment is lower than the first LSN of any later segment.

use crate::{
    record::{Lsn, MAX_LSN, u32_at, u64_at},
    storage::{DiskFile, Storage, read_full},
};
use std::{
    hash::{BuildHasher, Hasher},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Bytes in front of the first record.
pub const HEADER_LEN: u64 = 2 * COPY_AT;
const COPY_AT: u64 = 4096;
const COPY_LEN: usize = 76;
const MAGIC: [u8; 8] = *b"CLEWJRNL";
const FORMAT: u16 = 1;

/// Names a segment: the LSN of its first record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SegmentId(pub u64);

impl std::fmt::Display for SegmentId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:020}", self.0)
    }
}

impl SegmentId {
    pub fn file_name(self) -> String {
        format!("{self}.seg")
    }

    /// The id in a file's name; `None` for any other name and for numbers no record can have.
    pub fn parse(name: &str) -> Option<Self> {
        let digits = name.strip_suffix(".seg")?;
        let plain = digits.len() == 20 && digits.bytes().all(|b| b.is_ascii_digit());
        let number = plain.then(|| digits.parse().ok())??;
        (1..=MAX_LSN.0).contains(&number).then_some(Self(number))
    }
}

/// What the journal knows of one of its segments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentInfo {
    pub id: SegmentId,
    pub first: Lsn,
    /// Last durable LSN in it; `first - 1` while it has no record.
    pub last: Lsn,
    /// Sealed segments get no more records; only they can be rewritten, archived and removed.
    pub sealed: bool,
    /// Valid bytes from the start of the file. A copy must stop here.
    pub bytes: u64,
    pub path: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SegmentHeader {
    pub(crate) node: u32,
    pub(crate) first: u64,
    pub(crate) salt: u32,
    pub(crate) prev: Option<Previous>,
    /// Own end and last LSN, stated by rewritten segments.
    pub(crate) own: Option<Extent>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Previous {
    pub(crate) first: u64,
    pub(crate) extent: Extent,
}

/// Where a segment ends: in bytes and in LSNs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) end: u64,
    pub(crate) last: u64,
}

/// Why a header could not be used.
#[derive(Debug)]
pub(crate) enum HeaderFault {
    /// Neither copy is readable.
    Damaged,
    /// Written by a later version of the format.
    Format(u16),
    Io(io::Error),
}

impl SegmentHeader {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut copy = [0u8; COPY_LEN];
        copy[..8].copy_from_slice(&MAGIC);
        copy[8..10].copy_from_slice(&FORMAT.to_le_bytes());
        copy[12..16].copy_from_slice(&self.node.to_le_bytes());
        copy[16..24].copy_from_slice(&self.first.to_le_bytes());
        copy[24..28].copy_from_slice(&self.salt.to_le_bytes());
        let prev = self
            .prev
            .map_or([0; 3], |p| [p.first, p.extent.end, p.extent.last]);
        let own = self.own.map_or([0; 2], |e| [e.end, e.last]);
        for (slot, value) in copy[32..72]
            .chunks_exact_mut(8)
            .zip(prev.iter().chain(&own))
        {
            slot.copy_from_slice(&value.to_le_bytes());
        }
        let crc = crc32c::crc32c(&copy[..72]);
        copy[72..].copy_from_slice(&crc.to_le_bytes());
        let mut out = vec![0; HEADER_LEN as usize];
        out[..COPY_LEN].copy_from_slice(&copy);
        out[COPY_AT as usize..][..COPY_LEN].copy_from_slice(&copy);
        out
    }

    /// Reads the first copy that is whole.
    pub(crate) fn read(file: &dyn DiskFile) -> Result<Self, HeaderFault> {
        let mut fault = HeaderFault::Damaged;
        for at in [0, COPY_AT] {
            let mut copy = [0; COPY_LEN];
            match read_full(file, &mut copy, at) {
                Ok(COPY_LEN) => match Self::decode(&copy) {
                    Err(HeaderFault::Damaged) => {}
                    settled => return settled,
                },
                Ok(_) => {}
                Err(e) => fault = HeaderFault::Io(e),
            }
        }
        Err(fault)
    }

    fn decode(copy: &[u8; COPY_LEN]) -> Result<Self, HeaderFault> {
        if copy[..8] != MAGIC || crc32c::crc32c(&copy[..72]) != u32_at(copy, 72) {
            return Err(HeaderFault::Damaged);
        }
        let format = u16::from_le_bytes([copy[8], copy[9]]);
        if format != FORMAT {
            return Err(HeaderFault::Format(format));
        }
        let extent = |at| Extent {
            end: u64_at(copy, at),
            last: u64_at(copy, at + 8),
        };
        let (first, prev_first) = (u64_at(copy, 16), u64_at(copy, 32));
        let prev = (prev_first != 0).then_some(Previous {
            first: prev_first,
            extent: extent(40),
        });
        let header = Self {
            node: u32_at(copy, 12),
            first,
            salt: u32_at(copy, 24),
            prev,
            own: Some(extent(56)).filter(|own| own.end != 0),
        };
        if header.plausible() {
            Ok(header)
        } else {
            Err(HeaderFault::Damaged)
        }
    }

    /// Whether the numbers can be true together; nothing behind this has to fear an overflow.
    fn plausible(&self) -> bool {
        let within = |e: Extent, first: u64, below: u64| {
            (HEADER_LEN..1 << 62).contains(&e.end) && e.last + 1 >= first && e.last < below
        };
        let range = 1..=MAX_LSN.0;
        let prev = self.prev.is_none_or(|p| {
            p.extent.last < u64::MAX && p.first > 0 && within(p.extent, p.first, self.first)
        });
        let own = self
            .own
            .is_none_or(|own| own.last <= MAX_LSN.0 && within(own, self.first, u64::MAX));
        range.contains(&self.first) && prev && own
    }
}

/// A salt nobody outside can foresee.
pub(crate) fn fresh_salt() -> u32 {
    let hasher = std::collections::hash_map::RandomState::new().build_hasher();
    hasher.finish() as u32
}

/// Brings an empty segment into being, durable under its name.
///
/// `reserve`: bytes that must be free on the disk for this to count as success.
pub(crate) fn create(
    storage: &dyn Storage,
    dir: &Path,
    header: &SegmentHeader,
    durable: bool,
    reserve: u64,
) -> io::Result<Arc<dyn DiskFile>> {
    let name = SegmentId(header.first).file_name();
    let temp = dir.join(format!("{name}.tmp"));
    let file = storage.create(&temp)?;
    file.write_at(&header.encode(), 0)?;
    if reserve > 0 {
        file.reserve(reserve)?;
    }
    if durable {
        file.sync_data()?;
    }
    storage.rename(&temp, &dir.join(&name))?;
    if durable {
        storage.sync_dir(dir)?;
    }
    Ok(file)
}
