//! One immutable run: sorted keys on disk, looked up with at most one page read.
//!
//! File: header page, key pages, filter blocks, fences. All integers little-endian.
//! - header (4,096 bytes): magic `CLEWRUN1`, family u64, keys u64, pages u64, blocks u64, fences
//!   checksum u64, span 4 × 8 bytes, zeros, CRC-32C of everything before it in the last 4 bytes;
//! - page (4,096 bytes): 255 keys of 16 bytes in order, count u32, page number u32, zero u32,
//!   CRC-32C of the first 4,092 bytes;
//! - filter: see `filter`;
//! - fences: the leading 32 bits of each page's first key.
//!
//! Resident: the fences (an eighth of a bit per key) and as many filter chunks as the budget
//! allows. Invariant: a checksum that does not fit is an error, never an answer.

use super::filter::{self, BLOCK_BYTES, Block};
use super::table::Span;
use clew_core::model::id::LedgerKey;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::Arc;

pub(super) const PAGE: usize = 4096;
pub(super) const KEYS_PER_PAGE: usize = 255;
pub(super) const MAGIC: u64 = u64::from_le_bytes(*b"CLEWRUN1");
/// Filter blocks per resident chunk: 256 KiB.
const CHUNK: u64 = 4096;
pub(super) const CHUNK_BYTES: u64 = CHUNK * BLOCK_BYTES as u64;

/// Which lookups have to ask a run.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub(super) enum Family {
    /// Every key carries an hour within an hour of the run's receipt times: only lookups of such
    /// keys ask it. This is what keeps a fresh key away from six older days.
    Punctual,
    /// Keys without a time, early or late: every lookup asks it.
    Stray,
}

/// Can a key with this hour be in a punctual run of records received in `oldest..=newest`?
pub(super) fn is_punctual(key: u128, span: &Span) -> bool {
    let Some(hour) = LedgerKey::from_u128(key).hour() else {
        return false;
    };
    let hours = |ms: i64| ms.div_euclid(3_600_000);
    let (first, last) = (hours(span.oldest_ms) - 1, hours(span.newest_ms) + 1);
    let offset = (i64::from(hour) - 1 - first).rem_euclid(0xffff);
    offset <= last - first
}

#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("run file cannot be read")]
    Io(#[from] io::Error),
    #[error("run file is damaged: {0}")]
    Damaged(&'static str),
}

#[derive(Clone, Debug)]
pub(super) struct Header {
    pub family: Family,
    pub keys: u64,
    pub pages: u64,
    pub blocks: u64,
    pub fences_crc: u32,
    pub span: Span,
}

impl Header {
    pub(super) fn filter_offset(&self) -> u64 {
        (1 + self.pages) * PAGE as u64
    }

    pub(super) fn fences_offset(&self) -> u64 {
        self.filter_offset() + self.blocks * BLOCK_BYTES as u64
    }

    pub(super) fn encode(&self) -> [u8; PAGE] {
        let family = match self.family {
            Family::Punctual => 1,
            Family::Stray => 2,
        };
        let fields = [
            MAGIC,
            family,
            self.keys,
            self.pages,
            self.blocks,
            u64::from(self.fences_crc),
            self.span.first_lsn,
            self.span.last_lsn,
            self.span.oldest_ms as u64,
            self.span.newest_ms as u64,
        ];
        let mut page = [0; PAGE];
        for (bytes, field) in page.chunks_exact_mut(8).zip(fields) {
            bytes.copy_from_slice(&field.to_le_bytes());
        }
        seal(&mut page);
        page
    }

    fn decode(page: &[u8; PAGE]) -> Result<Self, RunError> {
        if !is_sealed(page) {
            return Err(RunError::Damaged("header checksum"));
        }
        let field = |i: usize| {
            page.as_chunks::<8>()
                .0
                .get(i)
                .map_or(0, |b| u64::from_le_bytes(*b))
        };
        let family = match (field(0), field(1)) {
            (MAGIC, 1) => Family::Punctual,
            (MAGIC, 2) => Family::Stray,
            _ => return Err(RunError::Damaged("unknown format")),
        };
        Ok(Self {
            family,
            keys: field(2),
            pages: field(3),
            blocks: field(4),
            fences_crc: field(5) as u32,
            span: Span {
                first_lsn: field(6),
                last_lsn: field(7),
                oldest_ms: field(8) as i64,
                newest_ms: field(9) as i64,
            },
        })
    }
}

/// Writes the checksum into the last four bytes.
pub(super) fn seal(page: &mut [u8; PAGE]) {
    let crc = crc32c::crc32c(&page[..PAGE - 4]);
    page[PAGE - 4..].copy_from_slice(&crc.to_le_bytes());
}

fn is_sealed(page: &[u8; PAGE]) -> bool {
    page.last_chunk::<4>()
        .is_some_and(|crc| u32::from_le_bytes(*crc) == crc32c::crc32c(&page[..PAGE - 4]))
}

/// An open run; clones share the file and the resident parts.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub id: u64,
    pub header: Arc<Header>,
    file: Arc<File>,
    fences: Arc<[u32]>,
    /// The first chunks of the filter; lookups beyond them read 64 bytes from the file.
    resident: Vec<Arc<[Block]>>,
}

impl Run {
    /// Opens and verifies header, length and fences. Filter blocks and pages are verified when
    /// they are read.
    pub(super) fn open(id: u64, path: &Path) -> Result<Self, RunError> {
        let file = File::open(path)?;
        let mut page = [0; PAGE];
        file.read_exact_at(&mut page, 0)?;
        let header = Header::decode(&page)?;
        let mut bytes = vec![0; 4 * header.pages as usize];
        if file.metadata()?.len() != header.fences_offset() + bytes.len() as u64 {
            return Err(RunError::Damaged("length"));
        }
        file.read_exact_at(&mut bytes, header.fences_offset())?;
        if crc32c::crc32c(&bytes) != header.fences_crc {
            return Err(RunError::Damaged("fences checksum"));
        }
        let fences = bytes
            .as_chunks::<4>()
            .0
            .iter()
            .map(|b| u32::from_le_bytes(*b))
            .collect();
        Ok(Self {
            id,
            header: Arc::new(header),
            file: Arc::new(file),
            fences,
            resident: Vec::new(),
        })
    }

    pub(super) fn contains(&self, key: u128) -> Result<bool, RunError> {
        if self.header.family == Family::Punctual && !is_punctual(key, &self.header.span) {
            return Ok(false);
        }
        if self.may_contain(key)? {
            self.search(key)
        } else {
            Ok(false)
        }
    }

    fn may_contain(&self, key: u128) -> Result<bool, RunError> {
        let number = filter::block_of(key, self.header.blocks);
        let chunk = self.resident.get((number / CHUNK) as usize);
        if let Some(block) = chunk.and_then(|c| c.get((number % CHUNK) as usize)) {
            return Ok(block.contains(key));
        }
        let mut bytes = [0; BLOCK_BYTES];
        let offset = self.header.filter_offset() + number * BLOCK_BYTES as u64;
        self.file.read_exact_at(&mut bytes, offset)?;
        Block::decode(number, &bytes)
            .map(|block| block.contains(key))
            .ok_or(RunError::Damaged("filter checksum"))
    }

    /// Pages whose fences allow the key: one, or two when it shares its leading bits with a fence.
    fn search(&self, key: u128) -> Result<bool, RunError> {
        let lead = (key >> 96) as u32;
        let end = self.fences.partition_point(|&fence| fence <= lead);
        for page in (0..end).rev() {
            if self.page_contains(page as u64, key)? {
                return Ok(true);
            }
            if self.fences[page] < lead {
                break;
            }
        }
        Ok(false)
    }

    fn page_contains(&self, number: u64, key: u128) -> Result<bool, RunError> {
        let mut page = [0; PAGE];
        self.file
            .read_exact_at(&mut page, (1 + number) * PAGE as u64)?;
        let keys = page_keys(&page, number)?;
        Ok(keys
            .binary_search_by_key(&key, |b| u128::from_le_bytes(*b))
            .is_ok())
    }

    /// Brings the resident part of the filter to `chunks` chunks at most.
    pub(super) fn set_resident(&mut self, chunks: usize) -> Result<(), RunError> {
        self.resident.truncate(chunks);
        let wanted = chunks.min(self.chunk_count());
        while self.resident.len() < wanted {
            let first = self.resident.len() as u64 * CHUNK;
            let count = CHUNK.min(self.header.blocks - first);
            self.resident.push(self.load_chunk(first, count as usize)?);
        }
        Ok(())
    }

    fn load_chunk(&self, first: u64, count: usize) -> Result<Arc<[Block]>, RunError> {
        let mut bytes = vec![0; count * BLOCK_BYTES];
        let offset = self.header.filter_offset() + first * BLOCK_BYTES as u64;
        self.file.read_exact_at(&mut bytes, offset)?;
        let blocks = bytes.as_chunks::<BLOCK_BYTES>().0.iter();
        blocks
            .zip(first..)
            .map(|(bytes, number)| Block::decode(number, bytes))
            .collect::<Option<_>>()
            .ok_or(RunError::Damaged("filter checksum"))
    }

    pub(super) fn chunk_count(&self) -> usize {
        self.header.blocks.div_ceil(CHUNK) as usize
    }

    pub(super) fn fence_bytes(&self) -> u64 {
        4 * self.header.pages
    }

    pub(super) fn resident_bytes(&self) -> u64 {
        self.fence_bytes()
            + self
                .resident
                .iter()
                .map(|c| (c.len() * BLOCK_BYTES) as u64)
                .sum::<u64>()
    }

    /// Keys in order, pages of `read_ahead` at a time.
    pub(super) fn keys(&self, read_ahead: usize) -> RunKeys {
        RunKeys {
            run: self.clone(),
            next_page: 0,
            read_ahead,
            keys: Vec::new().into_iter(),
        }
    }
}

/// The verified keys of page `number`, still encoded.
fn page_keys(page: &[u8; PAGE], number: u64) -> Result<&[[u8; 16]], RunError> {
    let words = page.as_chunks::<4>().0;
    let word = |i: usize| words.get(i).map_or(0, |b| u32::from_le_bytes(*b));
    let count = word(4 * KEYS_PER_PAGE) as usize;
    let in_place = u64::from(word(4 * KEYS_PER_PAGE + 1)) == number;
    if !is_sealed(page) || !in_place || count > KEYS_PER_PAGE {
        return Err(RunError::Damaged("page checksum"));
    }
    Ok(&page.as_chunks::<16>().0[..count])
}

/// Sequential reader of a whole run.
#[derive(Debug)]
pub(super) struct RunKeys {
    run: Run,
    next_page: u64,
    read_ahead: usize,
    keys: std::vec::IntoIter<u128>,
}

impl RunKeys {
    fn refill(&mut self) -> Result<(), RunError> {
        let left = (self.run.header.pages - self.next_page) as usize;
        let mut bytes = vec![0; left.min(self.read_ahead) * PAGE];
        self.run
            .file
            .read_exact_at(&mut bytes, (1 + self.next_page) * PAGE as u64)?;
        let mut keys = Vec::with_capacity(bytes.len() / 16);
        for page in bytes.as_chunks::<PAGE>().0 {
            let encoded = page_keys(page, self.next_page)?;
            keys.extend(encoded.iter().map(|b| u128::from_le_bytes(*b)));
            self.next_page += 1;
        }
        self.keys = keys.into_iter();
        Ok(())
    }
}

impl Iterator for RunKeys {
    type Item = Result<u128, RunError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.keys.len() == 0 && self.next_page < self.run.header.pages {
            if let Err(error) = self.refill() {
                self.next_page = self.run.header.pages;
                return Some(Err(error));
            }
        }
        self.keys.next().map(Ok)
    }
}
