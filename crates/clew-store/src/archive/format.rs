//! The bytes of an archived segment.
//!
//! `CLEWARC1`, length of the index (u32), CRC-32C of the index (u32), the index as JSON, then the
//! frames, one after another. A frame is one zstd stream of about a megabyte of records; the index
//! has its place, its records' numbers and its CRC-32C, so one damaged frame costs no other, and a
//! reader skips what it does not need. A record: LSN u64, received_ms i64, site 16 bytes, length
//! u32, schema u16, kind u8, payload. Little-endian.
//!
//! Only records are kept: a number inside the segment's range without a record was dropped by a
//! rewrite, unless the index names it as lost.

use bytes::Bytes;
use clew_journal::{Header, Lsn, Record};
use serde::{Deserialize, Serialize};

const MAGIC: &[u8; 8] = b"CLEWARC1";
const FORMAT: u32 = 1;
const FRAME_BYTES: usize = 1 << 20;
const LEVEL: i32 = 3;
const HEAD: usize = 8 + 8 + 16 + 4 + 2 + 1;
/// No frame decompresses to more: one record of the journal's longest, and what came before it.
const FRAME_LIMIT: usize = clew_journal::record::MAX_PAYLOAD + HEAD + FRAME_BYTES;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    format: u32,
    pub node: u32,
    pub first_lsn: u64,
    pub last_lsn: u64,
    pub records: u64,
    /// Size of all records, uncompressed.
    pub raw_bytes: u64,
    /// BLAKE3 of all records, uncompressed, in hex.
    pub blake3: String,
    /// Ranges that could not be read when the segment was archived or rewritten.
    pub lost: Vec<(u64, u64)>,
    pub(super) frames: Vec<Frame>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Frame {
    pub first_lsn: u64,
    pub last_lsn: u64,
    /// Behind the index.
    pub offset: u64,
    pub bytes: u32,
    pub raw_bytes: u32,
    pub crc32c: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("not an archived segment of a known format")]
    Format,
    #[error("the index is damaged")]
    Index,
    #[error("a frame is damaged")]
    Frame,
    #[error("the records are not those that were archived")]
    Content,
}

/// Makes the object of one segment.
#[derive(Debug)]
pub(super) struct Encoder {
    index: Index,
    raw: Vec<u8>,
    frame_first: u64,
    frame_last: u64,
    body: Vec<u8>,
    hash: blake3::Hasher,
}

impl Encoder {
    pub(super) fn new(node: u32, first_lsn: u64, last_lsn: u64) -> Self {
        Self {
            index: Index {
                format: FORMAT,
                node,
                first_lsn,
                last_lsn,
                records: 0,
                raw_bytes: 0,
                blake3: String::new(),
                lost: Vec::new(),
                frames: Vec::new(),
            },
            raw: Vec::with_capacity(FRAME_BYTES),
            frame_first: 0,
            frame_last: 0,
            body: Vec::new(),
            hash: blake3::Hasher::new(),
        }
    }

    /// Records come in ascending order.
    pub(super) fn push(&mut self, record: &Record) -> std::io::Result<()> {
        if self.raw.is_empty() {
            self.frame_first = record.lsn.0;
        }
        self.frame_last = record.lsn.0;
        self.index.records += 1;
        let header = &record.header;
        self.raw.extend_from_slice(&record.lsn.0.to_le_bytes());
        self.raw
            .extend_from_slice(&header.received_ms.to_le_bytes());
        self.raw.extend_from_slice(&header.site);
        self.raw
            .extend_from_slice(&(record.payload.len() as u32).to_le_bytes());
        self.raw.extend_from_slice(&header.schema.to_le_bytes());
        self.raw.push(header.kind);
        self.raw.extend_from_slice(&record.payload);
        if self.raw.len() >= FRAME_BYTES {
            self.finish_frame()?;
        }
        Ok(())
    }

    pub(super) fn push_lost(&mut self, first: u64, last: u64) {
        if first <= last {
            self.index.lost.push((first, last));
        }
    }

    fn finish_frame(&mut self) -> std::io::Result<()> {
        if self.raw.is_empty() {
            return Ok(());
        }
        let packed = zstd::bulk::compress(&self.raw, LEVEL)?;
        self.hash.update(&self.raw);
        self.index.raw_bytes += self.raw.len() as u64;
        self.index.frames.push(Frame {
            first_lsn: self.frame_first,
            last_lsn: self.frame_last,
            offset: self.body.len() as u64,
            bytes: packed.len() as u32,
            raw_bytes: self.raw.len() as u32,
            crc32c: crc32c::crc32c(&packed),
        });
        self.body.extend_from_slice(&packed);
        self.raw.clear();
        Ok(())
    }

    pub(super) fn finish(mut self) -> std::io::Result<(Index, Bytes)> {
        self.finish_frame()?;
        self.index.blake3 = self.hash.finalize().to_hex().to_string();
        let index = serde_json::to_vec(&self.index)?;
        let mut out = Vec::with_capacity(16 + index.len() + self.body.len());
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&(index.len() as u32).to_le_bytes());
        out.extend_from_slice(&crc32c::crc32c(&index).to_le_bytes());
        out.extend_from_slice(&index);
        out.extend_from_slice(&self.body);
        Ok((self.index, Bytes::from(out)))
    }
}

/// An object that was read, its index verified.
#[derive(Clone, Debug)]
pub(super) struct Decoder {
    pub index: Index,
    body: Bytes,
}

impl Decoder {
    pub(super) fn new(object: &Bytes) -> Result<Self, Fault> {
        let (magic, rest) = object.split_at_checked(8).ok_or(Fault::Format)?;
        if magic != MAGIC {
            return Err(Fault::Format);
        }
        let length = u32_at(rest, 0).ok_or(Fault::Index)? as usize;
        let crc = u32_at(rest, 4).ok_or(Fault::Index)?;
        let bytes = rest.get(8..8 + length).ok_or(Fault::Index)?;
        if crc32c::crc32c(bytes) != crc {
            return Err(Fault::Index);
        }
        let index: Index = serde_json::from_slice(bytes).map_err(|_| Fault::Index)?;
        if index.format != FORMAT {
            return Err(Fault::Format);
        }
        Ok(Self {
            index,
            body: object.slice(16 + length..),
        })
    }

    /// The uncompressed bytes of one frame.
    fn unpack(&self, frame: &Frame) -> Result<Bytes, Fault> {
        let start = frame.offset as usize;
        let packed = self
            .body
            .get(start..start + frame.bytes as usize)
            .ok_or(Fault::Frame)?;
        let size = frame.raw_bytes as usize;
        if crc32c::crc32c(packed) != frame.crc32c || size > FRAME_LIMIT {
            return Err(Fault::Frame);
        }
        let raw = zstd::bulk::decompress(packed, size).map_err(|_| Fault::Frame)?;
        if raw.len() == size {
            Ok(Bytes::from(raw))
        } else {
            Err(Fault::Frame)
        }
    }

    pub(super) fn records(&self, frame: &Frame) -> Result<Vec<Record>, Fault> {
        let mut raw = self.unpack(frame)?;
        let mut records = Vec::new();
        while !raw.is_empty() {
            let (record, length) = read_record(&raw, self.index.node).ok_or(Fault::Frame)?;
            records.push(record);
            raw = raw.slice(length..);
        }
        Ok(records)
    }

    /// Reads everything once.
    pub(super) fn verify(&self) -> Result<(), Fault> {
        let mut hash = blake3::Hasher::new();
        let mut records = 0;
        for frame in &self.index.frames {
            hash.update(&self.unpack(frame)?);
            records += self.records(frame)?.len() as u64;
        }
        let same =
            hash.finalize().to_hex().as_str() == self.index.blake3 && records == self.index.records;
        if same { Ok(()) } else { Err(Fault::Content) }
    }
}

fn read_record(raw: &Bytes, node: u32) -> Option<(Record, usize)> {
    let head: &[u8; HEAD] = raw.first_chunk()?;
    let mut site = [0; 16];
    site.copy_from_slice(&head[16..32]);
    let length = u32_at(head, 32)? as usize;
    let record = Record {
        lsn: Lsn(u64_at(head, 0)?),
        node,
        header: Header {
            kind: head[38],
            schema: u16::from_le_bytes([head[36], head[37]]),
            received_ms: u64_at(head, 8)?.cast_signed(),
            site,
        },
        payload: (raw.len() >= HEAD + length).then(|| raw.slice(HEAD..HEAD + length))?,
    };
    Some((record, HEAD + length))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..)?
        .first_chunk()
        .map(|b| u32::from_le_bytes(*b))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes
        .get(at..)?
        .first_chunk()
        .map(|b| u64::from_le_bytes(*b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(lsn: u64, payload: Vec<u8>) -> Record {
        let header = Header {
            kind: 1,
            schema: 2,
            received_ms: -5 + lsn as i64,
            site: [lsn as u8; 16],
        };
        Record {
            lsn: Lsn(lsn),
            node: 7,
            header,
            payload: payload.into(),
        }
    }

    fn noise(seed: u64, length: usize) -> Vec<u8> {
        let mut out = vec![0; length];
        blake3::Hasher::new()
            .update(&seed.to_le_bytes())
            .finalize_xof()
            .fill(&mut out);
        out
    }

    fn object(records: &[Record]) -> Bytes {
        let mut encoder = Encoder::new(7, 1, 100);
        for record in records {
            encoder.push(record).unwrap();
        }
        encoder.push_lost(50, 60);
        encoder.finish().unwrap().1
    }

    #[test]
    fn records_come_back_as_they_were_in_several_frames() {
        let records: Vec<Record> = [0, 1, 300_000, 2_500_000, 10]
            .iter()
            .zip(3..)
            .map(|(&length, lsn)| record(lsn, noise(lsn, length)))
            .collect();
        let decoder = Decoder::new(&object(&records)).unwrap();
        decoder.verify().unwrap();
        assert_eq!(decoder.index.lost, [(50, 60)]);
        assert!(decoder.index.frames.len() > 1);
        let read: Vec<Record> = decoder
            .index
            .frames
            .iter()
            .flat_map(|frame| decoder.records(frame).unwrap())
            .collect();
        assert_eq!(read, records);
    }

    #[test]
    fn no_flipped_byte_and_no_cut_goes_unnoticed() {
        let good = object(
            &(1..40)
                .map(|lsn| record(lsn, noise(lsn, 50)))
                .collect::<Vec<_>>(),
        );
        let verify = |bytes: Vec<u8>| Decoder::new(&Bytes::from(bytes)).and_then(|d| d.verify());
        assert_eq!(verify(good.to_vec()), Ok(()));
        for at in 0..good.len() {
            let mut bad = good.to_vec();
            bad[at] ^= 4;
            assert!(verify(bad).is_err(), "flip at {at}");
            assert!(verify(good[..at].to_vec()).is_err(), "cut at {at}");
        }
    }
}
