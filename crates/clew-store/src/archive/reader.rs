//! The records of one archived segment, in order.

use super::format::{Decoder, Index};
use clew_journal::{Lsn, Record};
use std::collections::VecDeque;

/// An iterator over the records of a segment; `Err` is a range of records that cannot be read,
/// after which reading goes on.
#[derive(Debug)]
pub struct ArchiveReader {
    decoder: Decoder,
    next_frame: usize,
    records: VecDeque<Record>,
    /// Ranges that were lost before archiving, not yet reported.
    lost: VecDeque<(u64, u64)>,
}

impl ArchiveReader {
    pub(super) fn new(decoder: Decoder) -> Self {
        let mut lost = decoder.index.lost.clone();
        lost.sort_unstable();
        Self {
            decoder,
            next_frame: 0,
            records: VecDeque::new(),
            lost: lost.into(),
        }
    }

    pub fn index(&self) -> &Index {
        &self.decoder.index
    }

    /// Skips whole frames that end at or before `after`.
    pub(super) fn skip_to(&mut self, after: Lsn) {
        let frames = &self.decoder.index.frames;
        self.next_frame = frames.partition_point(|frame| frame.last_lsn <= after.0);
        self.lost.retain(|(_, last)| *last > after.0);
    }

    fn lost_before(&mut self, lsn: u64) -> Option<(Lsn, Lsn)> {
        let (first, last) = self.lost.pop_front_if(|(first, _)| *first < lsn)?;
        Some((Lsn(first), Lsn(last)))
    }
}

impl Iterator for ArchiveReader {
    type Item = Result<Record, (Lsn, Lsn)>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(record) = self.records.front() {
                let lsn = record.lsn.0;
                if let Some(lost) = self.lost_before(lsn) {
                    return Some(Err(lost));
                }
                return self.records.pop_front().map(Ok);
            }
            let Some(frame) = self.decoder.index.frames.get(self.next_frame) else {
                return self.lost_before(u64::MAX).map(Err);
            };
            self.next_frame += 1;
            match self.decoder.records(frame) {
                Ok(records) => self.records = records.into(),
                Err(error) => {
                    tracing::error!(%error, ?frame, "archived records cannot be read");
                    return Some(Err((Lsn(frame.first_lsn), Lsn(frame.last_lsn))));
                }
            }
        }
    }
}
