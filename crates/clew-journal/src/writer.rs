//! The active segment and what happens when writing to it fails.
//!
//! Owns the only descriptor that writes records. Refuses to use it again after any error.
//!
//! Invariants:
//! * `append` returns success only after one fdatasync covered every byte of the group; only then
//!   does the segment's readable end move.
//! * After a failed write or sync the segment is over: its end stays where the last group that
//!   succeeded put it, the descriptor is closed, and the bytes behind the end are cut off through
//!   a fresh descriptor if the disk lets us. Whether or not it does, the next segment starts with
//!   the very LSN that failed and states where its predecessor ends, so the bytes can never come
//!   back once anything newer is acknowledged. Until then they were acknowledged to nobody, and a
//!   restart may take them for real.
//! * LSNs are contiguous: a failed group's numbers are given to the next one.

use crate::{
    catalog::{Catalog, Segment},
    error::AppendError,
    health::Health,
    options::Options,
    segment::{self, Extent, Previous, SegmentHeader, SegmentId},
    storage::{DiskFile, Storage},
};
use std::{
    io,
    sync::Arc,
    time::{Duration, Instant},
};

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// Room that must be free before a journal that ran full calls itself healthy again.
const HEADROOM: u64 = 1 << 20;

pub(crate) struct Writer {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) options: Options,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) health: Arc<Health>,
    pub(crate) next_lsn: u64,
    pub(crate) state: State,
}

pub(crate) enum State {
    Active(Active),
    /// No segment takes records: none was opened yet, or the last one failed.
    Down {
        retry_at: Instant,
        pause: Duration,
    },
}

pub(crate) struct Active {
    pub(crate) file: Arc<dyn DiskFile>,
    pub(crate) segment: Arc<Segment>,
}

impl Writer {
    /// How long the commit thread may sleep: for ever while healthy, else until the next attempt.
    pub(crate) fn patience(&self) -> Option<Duration> {
        match self.state {
            State::Active(_) => None,
            State::Down { retry_at, .. } => {
                Some(retry_at.saturating_duration_since(Instant::now()))
            }
        }
    }

    /// The salt for the next group, once there is a segment with room for it.
    pub(crate) fn ready(&mut self) -> Result<u32, AppendError> {
        match &self.state {
            State::Active(active) => {
                let full = active.segment.extent().end >= self.options.segment_bytes;
                if !full {
                    return Ok(active.segment.header.salt);
                }
                self.rotate()?;
            }
            State::Down { retry_at, .. } if *retry_at <= Instant::now() => self.rotate()?,
            State::Down { .. } => {}
        }
        match &self.state {
            State::Active(active) => Ok(active.segment.header.salt),
            State::Down { .. } => Err(self.health.refusal().unwrap_or(AppendError::Closed)),
        }
    }

    /// Seals the active segment if it has records; opens a new one.
    pub(crate) fn seal(&mut self) -> Result<(), AppendError> {
        match &self.state {
            State::Active(active)
                if active.segment.extent().last >= active.segment.header.first =>
            {
                self.rotate()
            }
            State::Active(_) => Ok(()),
            State::Down { .. } => self.ready().map(drop),
        }
    }

    /// Opens the next segment, which seals the one before it.
    pub(crate) fn rotate(&mut self) -> Result<(), AppendError> {
        match self.open_next() {
            Ok(active) => {
                if let State::Down { .. } = self.state {
                    tracing::info!(segment = %active.segment.id(), "journal takes records");
                }
                self.state = State::Active(active);
                self.health.heal();
                Ok(())
            }
            Err(error) => Err(self.go_down(error)),
        }
    }

    fn open_next(&self) -> io::Result<Active> {
        let durable = self.options.sync.durable();
        let before = self.catalog.before(self.next_lsn);
        let header = SegmentHeader {
            node: self.options.node,
            first: self.next_lsn,
            salt: segment::fresh_salt(),
            prev: before.as_ref().map(|s| Previous {
                first: s.header.first,
                extent: s.extent(),
            }),
            own: None,
        };
        let reserve = match self.state {
            State::Active(_) => 0,
            State::Down { .. } => HEADROOM.min(self.options.segment_bytes),
        };
        let dir = &self.options.dir;
        let file = segment::create(&*self.storage, dir, &header, durable, reserve)?;
        let path = dir.join(SegmentId(header.first).file_name());
        let segment = Arc::new(Segment::empty(header, path));
        if let Some(before) = before {
            before.seal();
        }
        if let Some(unused) = self.catalog.add(Arc::clone(&segment)) {
            // It failed before its first record and its file is replaced; readers must move on.
            unused.seal();
        }
        Ok(Active { file, segment })
    }

    /// Writes one group and makes it durable; `last` is the LSN of its last record.
    pub(crate) fn append(&mut self, group: &[u8], last: u64) -> Result<(), AppendError> {
        let State::Active(active) = &self.state else {
            return Err(AppendError::Closed);
        };
        let end = active.segment.extent().end;
        let written = active.file.write_at(group, end).and_then(|()| {
            if self.options.sync.durable() {
                active.file.sync_data()
            } else {
                Ok(())
            }
        });
        match written {
            Ok(()) => {
                let extent = Extent {
                    end: end + group.len() as u64,
                    last,
                };
                self.catalog.publish(&active.segment, extent);
                self.next_lsn = last + 1;
                Ok(())
            }
            Err(error) => Err(self.go_down(error)),
        }
    }

    /// Gives up the active segment, if there is one, and waits before the next attempt.
    fn go_down(&mut self, error: io::Error) -> AppendError {
        let error = Arc::new(error);
        let refusal = AppendError::from_io(&error);
        self.health.fail(refusal.clone());
        // The first attempt follows at once: a bad file is no reason to refuse a good disk.
        let pause = match self.state {
            State::Active(_) => Duration::ZERO,
            State::Down { pause, .. } => (pause * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE),
        };
        tracing::error!(%error, ?pause, "journal cannot be written, appends are refused");
        let down = State::Down {
            retry_at: Instant::now() + pause,
            pause,
        };
        if let State::Active(active) = std::mem::replace(&mut self.state, down) {
            let segment = active.segment;
            drop(active.file);
            self.cut_tail(&segment);
        }
        refusal
    }

    fn cut_tail(&self, segment: &Segment) {
        let cut = self.storage.open(&segment.path).and_then(|file| {
            file.set_len(segment.extent().end)?;
            file.sync_data()
        });
        if let Err(error) = cut {
            let segment = segment.id();
            tracing::warn!(%segment, %error, "failed tail not cut off; the next segment's header excludes it");
        }
    }
}
