//! The journal record: what a caller sees and how it lies on disk.
//!
//! Owns the frame layout. Refuses to give sense to a payload: to the journal it is opaque bytes.
//!
//! # Layout (little endian, [`HEAD_LEN`] = 56 bytes, then the payload)
//!
//! | offset | size | field |
//! |---|---|---|
//! | 0 | 4 | magic `89 43 4A 52` |
//! | 4 | 4 | length of the payload in bytes |
//! | 8 | 4 | crc32c of bytes 0..8, 12..52 and the payload |
//! | 12 | 4 | node |
//! | 16 | 8 | LSN |
//! | 24 | 8 | `received_ms` (epoch milliseconds, signed) |
//! | 32 | 16 | site |
//! | 48 | 2 | schema |
//! | 50 | 1 | kind |
//! | 51 | 1 | flags: 1 = first record of its commit group, 2 = hole |
//! | 52 | 4 | crc32c of bytes 0..52 |
//! | 56 | … | payload |
//!
//! Invariants:
//! * Both checksums start from the segment's random salt. Bytes that a stranger sent, or that an
//!   earlier file left on the disk, therefore never pass for a record of this segment.
//! * The head has a checksum of its own so that a search for the next good record never has to
//!   trust a length, and costs the same for hostile bytes as for random ones.
//! * A hole is what `rewrite` leaves of a dropped record: number, kind and time stay, the payload
//!   is gone. Holes are never handed to callers.

use bytes::Bytes;

/// Bytes in front of every payload.
pub const HEAD_LEN: usize = 56;
/// Longest payload that the journal takes, in bytes.
pub const MAX_PAYLOAD: usize = 256 << 20;

/// Highest number a record can have; cursors are kept in signed columns.
pub const MAX_LSN: Lsn = Lsn(i64::MAX as u64);

pub(crate) const MAGIC: [u8; 4] = [0x89, b'C', b'J', b'R'];
pub(crate) const GROUP_START: u8 = 1;
pub(crate) const HOLE: u8 = 2;

/// Logical sequence number of a record: per node, from 1, one more for every record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lsn(pub u64);

impl std::fmt::Display for Lsn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What the caller says about a record; the journal stores it and looks at none of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    pub kind: u8,
    /// Version of the payload's schema.
    pub schema: u16,
    /// When the server received it, epoch milliseconds.
    pub received_ms: i64,
    pub site: [u8; 16],
}

/// One durable record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub lsn: Lsn,
    pub node: u32,
    pub header: Header,
    /// Shares the reader's buffer (up to 256 KiB): copy it if it is to live long.
    pub payload: Bytes,
}

/// The head of a record as it stands on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) len: u32,
    pub(crate) crc: u32,
    pub(crate) node: u32,
    pub(crate) lsn: u64,
    pub(crate) flags: u8,
    pub(crate) header: Header,
}

impl Head {
    /// Bytes of the whole frame.
    pub(crate) fn frame_len(&self) -> u64 {
        HEAD_LEN as u64 + u64::from(self.len)
    }

    /// Reads a head; `None` when the bytes are not one of this segment (`salt`).
    pub(crate) fn decode(bytes: &[u8], salt: u32) -> Option<Self> {
        let head: &[u8; HEAD_LEN] = bytes.get(..HEAD_LEN)?.try_into().ok()?;
        if head[..4] != MAGIC || crc32c::crc32c_append(salt, &head[..52]) != u32_at(head, 52) {
            return None;
        }
        if u64_at(head, 16) > MAX_LSN.0 {
            return None;
        }
        let mut site = [0; 16];
        site.copy_from_slice(&head[32..48]);
        let header = Header {
            kind: head[50],
            schema: u16::from_le_bytes([head[48], head[49]]),
            received_ms: u64_at(head, 24).cast_signed(),
            site,
        };
        Some(Self {
            len: u32_at(head, 4),
            crc: u32_at(head, 8),
            node: u32_at(head, 12),
            lsn: u64_at(head, 16),
            flags: head[51],
            header,
        })
    }
}

/// Appends the frame of one record to `out`. The payload is at most [`MAX_PAYLOAD`] bytes.
pub(crate) fn encode(
    out: &mut Vec<u8>,
    salt: u32,
    (node, lsn, flags): (u32, u64, u8),
    header: &Header,
    payload: &[u8],
) {
    let mut head = [0u8; HEAD_LEN];
    head[..4].copy_from_slice(&MAGIC);
    head[4..8].copy_from_slice(&(payload.len() as u32).to_le_bytes());
    head[12..16].copy_from_slice(&node.to_le_bytes());
    head[16..24].copy_from_slice(&lsn.to_le_bytes());
    head[24..32].copy_from_slice(&header.received_ms.to_le_bytes());
    head[32..48].copy_from_slice(&header.site);
    head[48..50].copy_from_slice(&header.schema.to_le_bytes());
    head[50] = header.kind;
    head[51] = flags;
    let crc = frame_crc(&head, salt, payload);
    head[8..12].copy_from_slice(&crc.to_le_bytes());
    let head_crc = crc32c::crc32c_append(salt, &head[..52]);
    head[52..].copy_from_slice(&head_crc.to_le_bytes());
    out.extend_from_slice(&head);
    out.extend_from_slice(payload);
}

/// Whether `frame` (head and payload, exactly) carries the checksum that its head states.
pub(crate) fn intact(frame: &[u8], salt: u32) -> bool {
    let (head, payload) = frame.split_at(HEAD_LEN);
    frame_crc(head, salt, payload) == u32_at(head, 8)
}

fn frame_crc(head: &[u8], salt: u32, payload: &[u8]) -> u32 {
    let crc = crc32c::crc32c_append(salt, &head[..8]);
    crc32c::crc32c_append(crc32c::crc32c_append(crc, &head[12..52]), payload)
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let mut le = [0; 4];
    le.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(le)
}

pub(crate) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let mut le = [0; 8];
    le.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(le)
}
