//! The hot journal: segments with somebody's events are rewritten.
//!
//! The active segment is sealed first if it must be. Damaged bytes go with a rewrite, and the
//! quarantine of earlier damage is emptied: what cannot be read cannot be judged.

use super::judge::Judge;
use super::{Erasable, ErasureError, Found, Targets};
use clew_journal::{Gate, Journal, Lsn, ReadError, SegmentId};
use std::collections::BTreeSet;

/// Nobody may archive or remove segments while it is erased from.
pub struct HotJournal<G: Gate>(Journal<G>);

impl<G: Gate> HotJournal<G> {
    pub fn new(journal: Journal<G>) -> Self {
        Self(journal)
    }
}

#[async_trait::async_trait]
impl<G: Gate> Erasable for HotJournal<G> {
    fn name(&self) -> &'static str {
        "journal"
    }

    async fn survey(&self, targets: &Targets) -> Result<Vec<Found>, ErasureError> {
        let (journal, mut judge) = (self.0.clone(), Judge::new(targets));
        let work = tokio::task::spawn_blocking(move || {
            scan(&journal, &mut judge)?;
            Ok(judge.into_found())
        });
        work.await.map_err(|_| ErasureError::Worker)?
    }

    async fn erase(&self, targets: &Targets) -> Result<(), ErasureError> {
        let (journal, mut judge) = (self.0.clone(), Judge::new(targets));
        let work = tokio::task::spawn_blocking(move || {
            for segment in scan(&journal, &mut judge)? {
                journal.rewrite(segment, |record| judge.verdict(record))?;
            }
            journal.clear_quarantine()?;
            Ok(())
        });
        work.await.map_err(|_| ErasureError::Worker)?
    }
}

/// The segments that have to be rewritten.
fn scan<G: Gate>(
    journal: &Journal<G>,
    judge: &mut Judge,
) -> Result<BTreeSet<SegmentId>, ErasureError> {
    let mut hit = BTreeSet::new();
    let first = journal.segments().first().map_or(1, |s| s.first.0);
    for read in journal.reader(Lsn(first.saturating_sub(1))) {
        match read {
            Ok(record) if record.lsn.0 >= judge.end() => break,
            Ok(record) => {
                if judge.look(&record) {
                    hit.insert(holder(journal, record.lsn));
                }
            }
            Err(ReadError::Damaged { segment, .. }) => {
                hit.insert(Some(segment));
            }
            // In the archive, or lost: not here.
            Err(ReadError::Missing(..)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(hit.into_iter().flatten().collect())
}

fn holder<G: Gate>(journal: &Journal<G>, lsn: Lsn) -> Option<SegmentId> {
    let segments = journal.segments().into_iter().rev();
    let mut before = segments.filter(|segment| segment.first <= lsn);
    before.next().map(|segment| segment.id)
}

impl<G: Gate> std::fmt::Debug for HotJournal<G> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HotJournal")
    }
}
