//! Which runs become one, and the merge itself.
//!
//! Runs are merged only within one family and one day of receipt, so that a run's newest key is
//! never much younger than its oldest and whole runs can be dropped when they expire. Within the
//! current day four runs of a size become one of the next size; a day that has passed ends as one
//! run. Memory: one read buffer per input, whatever the sizes.

use super::run::{Family, Run, RunError};
use super::run_writer::RunWriter;
use super::table::Span;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

const DAY_MS: i64 = 86_400_000;
const FAN_IN: usize = 4;
const READ_AHEAD_PAGES: usize = 64;

/// Ids of the runs to merge next; empty when there is nothing to do. `unit` is the size of a
/// freshly flushed run in keys.
pub(super) fn plan(runs: &[Run], now_ms: i64, unit: u64) -> Vec<u64> {
    let mut tiers: BTreeMap<(i64, Family, u32), Vec<u64>> = BTreeMap::new();
    for run in runs {
        let day = run.header.span.newest_ms.div_euclid(DAY_MS);
        let past = day < now_ms.div_euclid(DAY_MS);
        let tier = if past { 0 } else { tier(run.header.keys, unit) };
        tiers
            .entry((day, run.header.family, tier))
            .or_default()
            .push(run.id);
    }
    let today = now_ms.div_euclid(DAY_MS);
    tiers
        .into_iter()
        .rev()
        .find(|((day, ..), ids)| ids.len() >= if *day < today { 2 } else { FAN_IN })
        .map(|(_, ids)| ids)
        .unwrap_or_default()
}

/// How many times four runs of `unit` keys went into one of `keys`.
fn tier(keys: u64, unit: u64) -> u32 {
    (keys / unit.max(1)).max(1).ilog(FAN_IN as u64)
}

/// Writes the union of `inputs` to `path`. None when `stop` was set meanwhile.
pub(super) fn merge(
    path: &Path,
    inputs: &[Run],
    stop: &AtomicBool,
) -> Result<Option<()>, RunError> {
    let Some(first) = inputs.first() else {
        return Ok(None);
    };
    let span = inputs
        .iter()
        .map(|run| run.header.span)
        .fold(first.header.span, Span::union);
    let total = inputs.iter().map(|run| run.header.keys).sum();
    let mut writer = RunWriter::create(path, first.header.family, total, span)?;
    let mut sources: Vec<_> = inputs
        .iter()
        .map(|run| run.keys(READ_AHEAD_PAGES))
        .collect();
    let mut heads = BinaryHeap::with_capacity(sources.len());
    for (i, source) in sources.iter_mut().enumerate() {
        if let Some(key) = source.next() {
            heads.push(Reverse((key?, i)));
        }
    }
    let (mut last, mut count) = (None, 0_u64);
    while let Some(mut head) = heads.peek_mut() {
        let Reverse((key, i)) = *head;
        match sources[i].next() {
            Some(next) => *head = Reverse((next?, i)),
            None => {
                std::collections::binary_heap::PeekMut::pop(head);
            }
        }
        if last.replace(key) != Some(key) {
            writer.push(key)?;
        }
        count += 1;
        if count.is_multiple_of(1 << 16) && stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
    }
    writer.finish()?;
    Ok(Some(()))
}
