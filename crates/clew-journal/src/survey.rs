//! Looks at a journal's folder and finds out where everything ends; changes nothing.
//!
//! Owns the rules by which ends are known:
//! * A rewritten segment states its own end.
//! * Another sealed segment ends where its successor's header says. It is not scanned: a start
//!   costs the tail segment only, whatever the journal's size. Readers and `verify` check the rest.
//! * If that word is lost, the segment is scanned up to the first LSN of its successor's name.
//! * The tail, the last segment, is scanned: it ends behind its last valid record.

use crate::{
    error::OpenError,
    record::{GROUP_START, Lsn, MAX_LSN},
    scan::{Scanner, Step},
    segment::{Extent, HEADER_LEN, HeaderFault, SegmentHeader, SegmentId},
    storage::{DiskFile, Storage},
};
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

const EIO: i32 = 5;

/// A segment file as found.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) id: SegmentId,
    pub(crate) path: PathBuf,
    pub(crate) file: Arc<dyn DiskFile>,
    pub(crate) len: u64,
    /// `None`: both copies are unreadable.
    pub(crate) header: Option<SegmentHeader>,
}

/// What a scan of one segment found.
#[derive(Debug)]
pub(crate) struct Scanned {
    pub(crate) extent: Extent,
    /// Where the last commit group starts.
    pub(crate) last_group: u64,
    pub(crate) damage: Vec<Spoilt>,
    /// End of the bytes behind the last valid record.
    pub(crate) seen: u64,
}

/// Damaged bytes with valid records behind them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spoilt {
    pub(crate) from: u64,
    pub(crate) to: u64,
    pub(crate) lost: Option<(Lsn, Lsn)>,
    pub(crate) last_group: bool,
}

pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> OpenError + use<'_> {
    move |source| OpenError::Io {
        path: path.to_owned(),
        source,
    }
}

/// All segments in LSN order.
pub(crate) fn find(storage: &dyn Storage, dir: &Path) -> Result<Vec<Found>, OpenError> {
    let names = storage.list(dir).map_err(at(dir))?;
    let mut ids: Vec<_> = names
        .iter()
        .filter_map(|name| SegmentId::parse(name))
        .collect();
    ids.sort();
    ids.into_iter()
        .map(|id| inspect(storage, dir, id))
        .collect()
}

fn inspect(storage: &dyn Storage, dir: &Path, id: SegmentId) -> Result<Found, OpenError> {
    let path = dir.join(id.file_name());
    let file = storage.open_read(&path).map_err(at(&path))?;
    let len = file.size().map_err(at(&path))?;
    let header = match SegmentHeader::read(&*file) {
        Ok(header) => Some(header).filter(|header| header.first == id.0),
        Err(HeaderFault::Damaged) => None,
        Err(HeaderFault::Format(found)) => return Err(OpenError::Format { path, found }),
        Err(HeaderFault::Io(e)) if e.raw_os_error() == Some(EIO) => None,
        Err(HeaderFault::Io(source)) => return Err(OpenError::Io { path, source }),
    };
    Ok(Found {
        id,
        path,
        file,
        len,
        header,
    })
}

/// The end of a sealed segment if somebody states it.
pub(crate) fn stated_extent(header: &SegmentHeader, successor: &Found) -> Option<Extent> {
    let own = header.own.filter(|own| own.last < successor.id.0);
    own.or_else(|| {
        let prev = successor.header.as_ref()?.prev?;
        (prev.first == header.first).then_some(prev.extent)
    })
}

/// Scans a segment up to its last valid record with an LSN under `below`.
pub(crate) fn scan(
    found: &Found,
    header: &SegmentHeader,
    below: Option<u64>,
) -> Result<Scanned, OpenError> {
    let limit = header.own.map_or(found.len, |own| own.end.min(found.len));
    let highest = below.map_or(MAX_LSN.0, |below| below - 1);
    let within = Extent {
        end: limit,
        last: highest,
    };
    let mut scanner = Scanner::new(Arc::clone(&found.file), header);
    scanner.tolerate_unreadable(true);
    let mut scanned = Scanned {
        extent: Extent {
            end: HEADER_LEN,
            last: header.first - 1,
        },
        last_group: HEADER_LEN,
        damage: Vec::new(),
        seen: limit.max(HEADER_LEN),
    };
    let mut spoilt = None;
    loop {
        match scanner.step(within).map_err(at(&found.path))? {
            Step::End => return Ok(scanned),
            Step::Damaged { from, to, next } => spoilt = next.map(|_| (from, to)),
            Step::Record { at, flags, record } => {
                let lsn = record.lsn.0;
                let before = scanned.extent.last;
                if let Some((from, to)) = spoilt.take() {
                    let lost = (before + 1 < lsn).then(|| (Lsn(before + 1), Lsn(lsn - 1)));
                    scanned.damage.push(Spoilt {
                        from,
                        to,
                        lost,
                        last_group: false,
                    });
                }
                if flags & GROUP_START != 0 {
                    scanned.last_group = at;
                }
                scanned.extent = Extent {
                    end: scanner.position(),
                    last: lsn,
                };
            }
        }
    }
}
