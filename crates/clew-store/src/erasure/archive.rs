//! The archive: objects with somebody's events are written anew, verified, and the old ones removed.

use super::judge::Judge;
use super::{Erasable, ErasureError, Found, Targets};
use crate::archive::{Archive, ArchivedSegment};
use parking_lot::Mutex;
use std::sync::Arc;

/// Nobody may add segments while it is erased from.
#[derive(Debug)]
pub struct ArchivedJournal(Archive);

impl ArchivedJournal {
    pub fn new(archive: Archive) -> Self {
        Self(archive)
    }

    /// The segments that have to be rewritten, and what is in them.
    async fn scan(&self, targets: &Targets) -> Result<(Vec<ArchivedSegment>, Judge), ErasureError> {
        let (mut hit, mut judge) = (Vec::new(), Judge::new(targets));
        for segment in self.0.list().await? {
            if segment.first_lsn >= judge.end() {
                continue;
            }
            let reader = self.0.open(&segment).await?;
            let lost = reader.index().lost.clone();
            let look = tokio::task::spawn_blocking(move || {
                let mut any = false;
                for read in reader {
                    any |= match read {
                        Ok(record) => judge.look(&record),
                        // What cannot be read cannot be judged, and goes with a rewrite.
                        Err((from, to)) => !lost.contains(&(from.0, to.0)),
                    };
                }
                (any, judge)
            });
            let (any, looked) = look.await.map_err(|_| ErasureError::Worker)?;
            judge = looked;
            if any {
                hit.push(segment);
            }
        }
        Ok((hit, judge))
    }
}

#[async_trait::async_trait]
impl Erasable for ArchivedJournal {
    fn name(&self) -> &'static str {
        "archive"
    }

    async fn survey(&self, targets: &Targets) -> Result<Vec<Found>, ErasureError> {
        Ok(self.scan(targets).await?.1.into_found())
    }

    async fn erase(&self, targets: &Targets) -> Result<(), ErasureError> {
        let (hit, judge) = self.scan(targets).await?;
        let judge = Arc::new(Mutex::new(judge));
        for segment in hit {
            let judge = judge.clone();
            let verdict = move |record: &_| judge.lock().verdict(record);
            self.0.rewrite(&segment, verdict).await?;
        }
        // What an interrupted rewrite left behind.
        self.0.sweep().await?;
        Ok(())
    }
}
