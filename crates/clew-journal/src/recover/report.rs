//! What a start has to say.
//!
//! Owns the report of recovery. Refuses to mix the ordinary (a torn tail) with the alarming.

use crate::{record::Lsn, segment::SegmentId};
use std::path::PathBuf;

/// What a start found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecoveryReport {
    /// The last record that survived.
    pub last: Lsn,
    pub segments: usize,
    /// An unacknowledged tail was cut off: bytes of it.
    pub torn_bytes: u64,
    /// Acknowledged data may be lost; people should look.
    pub damage: Vec<Damage>,
    /// LSNs whose segment is not here, between segments that are.
    pub gaps: Vec<(Lsn, Lsn)>,
}

/// Bytes that should be records and are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    pub segment: SegmentId,
    pub at: u64,
    pub bytes: u64,
    pub lost: Option<(Lsn, Lsn)>,
    /// The bytes belong to the journal's last commit group. A power cut may tear that before
    /// anybody was answered, so perhaps nothing acknowledged is lost.
    pub last_group: bool,
    /// Where the bytes were put aside; `None` when there are none or the copy failed.
    pub kept: Option<PathBuf>,
}

impl RecoveryReport {
    /// Whether anything happened that must not happen on a sound disk.
    pub fn alarm(&self) -> bool {
        !self.damage.is_empty() || !self.gaps.is_empty()
    }
}
