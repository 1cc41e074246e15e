//! Walks the records of one segment and finds its way past damage.
//!
//! Owns the one decision of what a valid record is; recovery, readers and rewriting all go through
//! here. Refuses to yield bytes that fail a checksum.
//!
//! Invariants: yields records in file order with rising LSNs; a damaged range is named exactly and
//! once, and everything valid behind it is still found; the search after damage costs one pass.

use crate::{
    record::{HEAD_LEN, Head, Lsn, MAGIC, Record, intact},
    segment::{Extent, HEADER_LEN, SegmentHeader},
    storage::{DiskFile, read_full},
};
use bytes::Bytes;
use std::{io, sync::Arc};

const CHUNK: u64 = 256 << 10;
const SECTOR: usize = 4096;
const EIO: i32 = 5;

/// What lies at the scanner's position.
#[derive(Debug)]
pub(crate) enum Step {
    Record {
        at: u64,
        flags: u8,
        record: Record,
    },
    /// Bytes that are no record; `next` is the LSN found behind them, none when the file ends.
    Damaged {
        from: u64,
        to: u64,
        next: Option<u64>,
    },
    End,
}

#[derive(Debug)]
pub(crate) struct Scanner {
    file: Arc<dyn DiskFile>,
    node: u32,
    salt: u32,
    pos: u64,
    /// LSN of the last record passed, or the one before the segment's first.
    last: u64,
    buf: Bytes,
    /// File position of `buf[0]`.
    base: u64,
    tolerant: bool,
}

impl Scanner {
    pub(crate) fn new(file: Arc<dyn DiskFile>, header: &SegmentHeader) -> Self {
        Self {
            file,
            node: header.node,
            salt: header.salt,
            pos: HEADER_LEN,
            last: header.first - 1,
            buf: Bytes::new(),
            base: 0,
            tolerant: false,
        }
    }

    /// From now on sectors that the disk cannot read count as damage instead of failing the scan.
    pub(crate) fn tolerate_unreadable(&mut self, tolerant: bool) {
        self.tolerant = tolerant;
    }

    pub(crate) fn position(&self) -> u64 {
        self.pos
    }

    /// LSN of the last record passed.
    pub(crate) fn last(&self) -> u64 {
        self.last
    }

    /// The next step inside `limit`, which must not shrink between calls. Records with higher
    /// LSNs than its last are as good as damaged: they would belong to another segment.
    pub(crate) fn step(&mut self, limit: Extent) -> io::Result<Step> {
        if self.pos >= limit.end {
            return Ok(Step::End);
        }
        let at = self.pos;
        if let Some(head) = self.valid_at(at, limit)? {
            return Ok(self.take(at, &head));
        }
        let (to, next) = self.search(limit)?;
        self.pos = to;
        Ok(Step::Damaged { from: at, to, next })
    }

    fn take(&mut self, at: u64, head: &Head) -> Step {
        let start = (at - self.base) as usize + HEAD_LEN;
        let payload = self.buf.slice(start..start + head.len as usize);
        self.pos = at + head.frame_len();
        self.last = head.lsn;
        let lsn = Lsn(head.lsn);
        let record = Record {
            lsn,
            node: head.node,
            header: head.header,
            payload,
        };
        Step::Record {
            at,
            flags: head.flags,
            record,
        }
    }

    /// The head at `at` if head and payload are whole and plausible there.
    fn valid_at(&mut self, at: u64, limit: Extent) -> io::Result<Option<Head>> {
        let Some(head) = self.head_at(at, limit)? else {
            return Ok(None);
        };
        let frame = self.window(at, head.frame_len(), limit)?;
        Ok(frame.filter(|frame| intact(frame, self.salt)).map(|_| head))
    }

    fn head_at(&mut self, at: u64, limit: Extent) -> io::Result<Option<Head>> {
        let Some(bytes) = self.window(at, HEAD_LEN as u64, limit)? else {
            return Ok(None);
        };
        let head = Head::decode(&bytes, self.salt);
        Ok(head.filter(|head| {
            head.node == self.node
                && self.last < head.lsn
                && head.lsn <= limit.last
                && head.frame_len() <= limit.end - at
        }))
    }

    /// The position and LSN of the first valid record behind the damage at `pos`.
    fn search(&mut self, limit: Extent) -> io::Result<(u64, Option<u64>)> {
        // A whole head tells the frame's length even when its payload is spoilt.
        let skip = self
            .head_at(self.pos, limit)?
            .map_or(1, |head| head.frame_len());
        let mut at = self.pos + skip;
        while let Some(found) = self.find_magic(at, limit)? {
            if let Some(head) = self.valid_at(found, limit)? {
                return Ok((found, Some(head.lsn)));
            }
            at = found + 1;
        }
        Ok((limit.end, None))
    }

    fn find_magic(&mut self, mut at: u64, limit: Extent) -> io::Result<Option<u64>> {
        while limit.end.saturating_sub(at) >= HEAD_LEN as u64 {
            let want = CHUNK.min(limit.end - at);
            let Some(bytes) = self.window(at, want, limit)? else {
                return Ok(None);
            };
            if let Some(hit) = bytes.windows(MAGIC.len()).position(|w| w == MAGIC) {
                return Ok(Some(at + hit as u64));
            }
            at += want - (MAGIC.len() as u64 - 1);
        }
        Ok(None)
    }

    /// `len` bytes at `at`, from the buffer or the file; `None` when they do not exist.
    fn window(&mut self, at: u64, len: u64, limit: Extent) -> io::Result<Option<Bytes>> {
        if at + len > limit.end {
            return Ok(None);
        }
        let held = at >= self.base && at + len <= self.base + self.buf.len() as u64;
        if !held {
            self.fill(at, len.max(CHUNK.min(limit.end - at)))?;
        }
        let start = (at - self.base) as usize;
        let have = self.buf.len().saturating_sub(start) as u64;
        Ok((have >= len).then(|| self.buf.slice(start..start + len as usize)))
    }

    fn fill(&mut self, at: u64, len: u64) -> io::Result<()> {
        let mut chunk = vec![0; len as usize];
        let got = match read_full(&*self.file, &mut chunk, at) {
            Err(e) if self.tolerant && e.raw_os_error() == Some(EIO) => {
                read_sectors(&*self.file, &mut chunk, at)?
            }
            got => got?,
        };
        chunk.truncate(got);
        self.buf = Bytes::from(chunk);
        self.base = at;
        Ok(())
    }
}

/// Reads what can be read and leaves zeros, which are never a record, for the rest.
fn read_sectors(file: &dyn DiskFile, buf: &mut [u8], at: u64) -> io::Result<usize> {
    buf.fill(0);
    let mut done = 0;
    while done < buf.len() {
        let to_boundary = SECTOR - (at as usize + done) % SECTOR;
        let piece = to_boundary.min(buf.len() - done);
        let part = &mut buf[done..done + piece];
        match read_full(file, part, at + done as u64) {
            Ok(n) if n < piece => return Ok(done + n),
            Ok(_) => {}
            Err(e) if e.raw_os_error() == Some(EIO) => part.fill(0),
            Err(e) => return Err(e),
        }
        done += piece;
    }
    Ok(done)
}
