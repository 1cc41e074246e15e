//! Reads durable records in order, across segments, also while a writer appends.
//!
//! Owns a position. Refuses to show anything that is not durable yet, and to pass over damage or
//! a missing segment in silence: each is one `Err` item, after which reading goes on.
//!
//! Invariants: LSNs rise strictly; a segment that is rewritten or removed while it is open here is
//! read to its end as it was.

use crate::{
    catalog::{Catalog, Segment},
    error::{OpenError, ReadError},
    record::{HOLE, Lsn, Record},
    recover,
    scan::{Scanner, Step},
    segment::Extent,
    storage::{OsStorage, Storage},
};
use std::{io::ErrorKind, path::Path, sync::Arc};

/// After so many EIOs in a row at one place, unreadable sectors count as damage.
const PATIENCE: u32 = 3;

/// An iterator over durable records. It ends with `None` at the durable end, but is not fused:
/// ask again after [`Journal::durable`](crate::Journal::durable) has moved. It blocks on the disk,
/// so use it from a thread that may.
#[derive(Debug)]
pub struct Reader {
    storage: Arc<dyn Storage>,
    catalog: Arc<Catalog>,
    after: u64,
    current: Option<Current>,
}

#[derive(Debug)]
struct Current {
    segment: Arc<Segment>,
    scanner: Scanner,
    failures: u32,
}

impl Reader {
    /// Reads the journal in `dir` without opening or changing it, as it is now.
    pub fn open_dir(dir: &Path, after: Lsn) -> Result<Self, OpenError> {
        Self::open_dir_on(Arc::new(OsStorage), dir, after)
    }

    /// [`Self::open_dir`] on another disk.
    pub fn open_dir_on(
        storage: Arc<dyn Storage>,
        dir: &Path,
        after: Lsn,
    ) -> Result<Self, OpenError> {
        let catalog = recover::look(&*storage, dir)?;
        Ok(Self::new(storage, Arc::new(catalog), after))
    }

    pub(crate) fn new(storage: Arc<dyn Storage>, catalog: Arc<Catalog>, after: Lsn) -> Self {
        Self {
            storage,
            catalog,
            after: after.0,
            current: None,
        }
    }

    /// Everything up to here was yielded, or is known to have no record to yield.
    pub fn position(&self) -> Lsn {
        Lsn(self.after)
    }

    fn advance(&mut self) -> Option<Result<Record, ReadError>> {
        loop {
            let Some(current) = &mut self.current else {
                match self.open_next() {
                    Ok(true) => continue,
                    Ok(false) => return None,
                    Err(error) => return Some(Err(error)),
                }
            };
            let sealed = current.segment.sealed();
            let extent = current.segment.extent();
            let before = current.scanner.last();
            let step = match current.step(extent) {
                Ok(step) => step,
                Err(error) => return Some(Err(error)),
            };
            match step {
                Step::Record { flags, record, .. } => {
                    if record.lsn.0 <= self.after {
                        continue;
                    }
                    self.after = record.lsn.0;
                    if flags & HOLE == 0 {
                        return Some(Ok(record));
                    }
                }
                Step::Damaged { from, to, next } => {
                    let next = next.unwrap_or(extent.last + 1);
                    let lost = (before.max(self.after) + 1, next.saturating_sub(1));
                    self.after = self.after.max(lost.1);
                    return Some(Err(ReadError::Damaged {
                        segment: current.segment.id(),
                        at: from,
                        bytes: to - from,
                        lost: (lost.0 <= lost.1).then_some((Lsn(lost.0), Lsn(lost.1))),
                    }));
                }
                Step::End if sealed => {
                    let from = before.max(self.after) + 1;
                    let (segment, at) = (current.segment.id(), current.scanner.position());
                    self.after = self.after.max(extent.last);
                    self.current = None;
                    if from <= extent.last {
                        let lost = Some((Lsn(from), Lsn(extent.last)));
                        return Some(Err(ReadError::Damaged {
                            segment,
                            at,
                            bytes: 0,
                            lost,
                        }));
                    }
                }
                Step::End => return None,
            }
        }
    }

    /// Opens the segment behind the position; false when there is none yet.
    fn open_next(&mut self) -> Result<bool, ReadError> {
        let (segment, file) = match self.catalog.open_after(&*self.storage, self.after) {
            Ok(None) => return Ok(false),
            Ok(Some(opened)) => opened,
            Err((segment, source)) if source.kind() == ErrorKind::NotFound && segment.sealed() => {
                let missing = (
                    self.after.max(segment.header.first - 1) + 1,
                    segment.extent().last,
                );
                self.after = missing.1;
                return Err(ReadError::Missing(Lsn(missing.0), Lsn(missing.1)));
            }
            Err((segment, source)) => {
                return Err(ReadError::Io {
                    segment: segment.id(),
                    source,
                });
            }
        };
        let before = segment.header.prev.map_or(0, |prev| prev.extent.last);
        if self.after < before {
            let missing = ReadError::Missing(Lsn(self.after + 1), Lsn(before));
            self.after = before;
            return Err(missing);
        }
        let scanner = Scanner::new(file, &segment.header);
        self.current = Some(Current {
            segment,
            scanner,
            failures: 0,
        });
        Ok(true)
    }
}

impl Current {
    fn step(&mut self, extent: Extent) -> Result<Step, ReadError> {
        self.scanner
            .tolerate_unreadable(self.failures >= PATIENCE - 1);
        match self.scanner.step(extent) {
            Ok(step) => {
                self.failures = 0;
                Ok(step)
            }
            Err(source) => {
                self.failures += 1;
                Err(ReadError::Io {
                    segment: self.segment.id(),
                    source,
                })
            }
        }
    }
}

impl Iterator for Reader {
    type Item = Result<Record, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.advance()
    }
}
