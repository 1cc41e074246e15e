//! Changing what is already written, for erasure.
//!
//! Owns the making of a segment's replacement. Refuses to change a segment that still takes
//! records: it is sealed first.
//!
//! Invariants: logical numbers never change, a dropped record leaves a hole; a rewrite is a new
//! file that is synced before it takes the old one's name, so a crash leaves the old or the new
//! one, whole; readers that have the old file open read it to its end. Damaged bytes are not
//! carried over: what cannot be read cannot be judged, and holes stand for their numbers.

use crate::{
    catalog::Segment,
    error::SegmentError,
    gate::Gate,
    journal::Journal,
    record::{HOLE, Header, MAX_PAYLOAD, Record, encode},
    scan::{Scanner, Step},
    segment::{Extent, HEADER_LEN, SegmentHeader, SegmentId},
    storage::{DiskFile, Storage},
    upkeep::{failed, lost_between},
};
use std::{path::Path, sync::Arc};

const FLUSH: usize = 1 << 20;

/// What is to become of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rewrite {
    Keep,
    /// The payload goes; the number stays taken.
    Drop,
    Replace(Vec<u8>),
}

/// What a rewrite did. All zeros: the file was left as it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rewritten {
    pub dropped: u64,
    pub replaced: u64,
    /// Unreadable bytes that were left out.
    pub damaged_bytes: u64,
}

impl<G: Gate> Journal<G> {
    /// Rewrites a segment record by record; seals it first if it still takes records. Blocks.
    ///
    /// `judge` sees every readable record once, in order. When this returns `Ok` the old bytes
    /// have no name any more; open readers may hold them until they move on.
    pub fn rewrite(
        &self,
        id: SegmentId,
        judge: impl FnMut(&Record) -> Rewrite,
    ) -> Result<Rewritten, SegmentError> {
        let _upkeep = self.shared.upkeep.lock();
        if !self.segment(id)?.sealed() {
            self.seal().map_err(SegmentError::Seal)?;
        }
        let segment = self.segment(id)?;
        let temp = self.shared.options.dir.join(format!("{id}.rewrite.tmp"));
        let storage = &*self.shared.storage;
        let outcome = Copy::new(storage, &segment, &temp).and_then(|copy| copy.run(judge));
        let (done, extent) = match outcome {
            Ok(copied) if copied.0 != Rewritten::default() => copied,
            unchanged => {
                // Boot removes what cannot be removed now.
                if let Err(error) = storage.remove(&temp) {
                    tracing::warn!(path = %temp.display(), %error, "temporary file stays");
                }
                return unchanged.map(|(done, _)| done);
            }
        };
        let header = SegmentHeader {
            own: Some(extent),
            ..segment.header
        };
        let fresh = Segment::new(header, segment.path.clone(), extent, true);
        {
            let mut entries = self.shared.catalog.exclusive();
            storage
                .rename(&temp, &segment.path)
                .map_err(failed(&segment.path))?;
            entries.insert(id.0, Arc::new(fresh));
        }
        self.sync_dir()?;
        Ok(done)
    }
}

/// One segment on its way into a new file.
struct Copy<'a> {
    segment: &'a Segment,
    scanner: Scanner,
    out: Arc<dyn DiskFile>,
    temp: &'a Path,
    buf: Vec<u8>,
    flushed: u64,
    done: Rewritten,
}

impl<'a> Copy<'a> {
    fn new(
        storage: &dyn Storage,
        segment: &'a Segment,
        temp: &'a Path,
    ) -> Result<Self, SegmentError> {
        let file = storage
            .open_read(&segment.path)
            .map_err(failed(&segment.path))?;
        let mut scanner = Scanner::new(file, &segment.header);
        scanner.tolerate_unreadable(true);
        let out = storage.create(temp).map_err(failed(temp))?;
        let (buf, done) = (Vec::new(), Rewritten::default());
        Ok(Self {
            segment,
            scanner,
            out,
            temp,
            buf,
            flushed: HEADER_LEN,
            done,
        })
    }

    fn run(
        mut self,
        mut judge: impl FnMut(&Record) -> Rewrite,
    ) -> Result<(Rewritten, Extent), SegmentError> {
        let old = self.segment.extent();
        loop {
            let before = self.scanner.last();
            match self.scanner.step(old).map_err(failed(&self.segment.path))? {
                Step::End => break,
                Step::Damaged { from, to, next } => {
                    self.done.damaged_bytes += to - from;
                    if let Some((from, to)) = lost_between(before, next, old) {
                        self.fill(from.0, to.0)?;
                    }
                }
                Step::Record { flags, record, .. } if flags & HOLE != 0 => {
                    self.put(flags, &record, &record.payload)?;
                }
                Step::Record { flags, record, .. } => match judge(&record) {
                    Rewrite::Keep => self.put(flags, &record, &record.payload)?,
                    Rewrite::Drop => {
                        self.done.dropped += 1;
                        self.put(flags | HOLE, &record, &[])?;
                    }
                    Rewrite::Replace(payload) => {
                        if payload.len() > MAX_PAYLOAD {
                            return Err(SegmentError::TooLong(payload.len()));
                        }
                        self.done.replaced += 1;
                        self.put(flags, &record, &payload)?;
                    }
                },
            }
        }
        self.finish(old.last)
    }

    fn fill(&mut self, from: u64, to: u64) -> Result<(), SegmentError> {
        let header = Header {
            kind: 0,
            schema: 0,
            received_ms: 0,
            site: [0; 16],
        };
        for lsn in from..=to {
            let node = self.segment.header.node;
            let salt = self.segment.header.salt;
            encode(&mut self.buf, salt, (node, lsn, HOLE), &header, &[]);
            self.flush(FLUSH)?;
        }
        Ok(())
    }

    fn put(&mut self, flags: u8, record: &Record, payload: &[u8]) -> Result<(), SegmentError> {
        let place = (record.node, record.lsn.0, flags);
        encode(
            &mut self.buf,
            self.segment.header.salt,
            place,
            &record.header,
            payload,
        );
        self.flush(FLUSH)
    }

    fn flush(&mut self, above: usize) -> Result<(), SegmentError> {
        if self.buf.len() > above {
            self.out
                .write_at(&self.buf, self.flushed)
                .map_err(failed(self.temp))?;
            self.flushed += self.buf.len() as u64;
            self.buf.clear();
        }
        Ok(())
    }

    fn finish(mut self, last: u64) -> Result<(Rewritten, Extent), SegmentError> {
        self.flush(0)?;
        let extent = Extent {
            end: self.flushed,
            last,
        };
        let header = SegmentHeader {
            own: Some(extent),
            ..self.segment.header
        };
        self.out
            .write_at(&header.encode(), 0)
            .map_err(failed(self.temp))?;
        self.out.sync_data().map_err(failed(self.temp))?;
        Ok((self.done, extent))
    }
}
