//! Makes the event store anew from archive and journal while the live one keeps answering.
//!
//! Stored enrichment is replayed as it is, never recomputed, so the new store gives the same
//! numbers; what has left for good does not come back. Collection does not notice. Refuses to put an incomplete store in place: an error
//! leaves the live one as it was.

use super::event_projector::{ProjectError, project};
use super::{CommitGate, Known, Tail};
use clew_journal::Journal;
use clew_store::events::DuckStore;
use serde::{Deserialize, Serialize};
use std::time::Instant;

/// What a rebuild did.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rebuilt {
    pub rows: u64,
    /// Last journal record in the new store.
    pub cursor: u64,
    pub seconds: f64,
}

/// Reports progress as (cursor, target).
pub type Progress<'a> = &'a (dyn Fn(u64, u64) + Send + Sync);

/// Replays everything into a new store and puts it in place.
///
/// # Errors
/// The history cannot be read or the new store cannot be written; the live store is untouched.
pub async fn rebuild(
    store: &DuckStore,
    journal: &Journal<CommitGate>,
    mut tail: Tail,
    known: &Known,
    progress: Progress<'_>,
) -> Result<Rebuilt, ProjectError> {
    let begun = Instant::now();
    let fresh = store.rebuild()?;
    let (mut cursor, mut rows) = (0, 0);
    // What comes after this moment is the projector's, once the new store is in place.
    let target = journal.durable().borrow().0;
    while cursor < target {
        let chunk = tail.read(cursor).await?;
        let known = known.clone();
        let decoded = tokio::task::spawn_blocking(move || project(cursor, &chunk, &known)).await;
        let projection = decoded.map_err(|_| ProjectError::Worker)?;
        if projection.is_empty() {
            break;
        }
        let appended = fresh.append(projection).await?;
        (cursor, rows) = (appended.cursor, rows + appended.rows);
        progress(cursor, target);
    }
    let cursor = fresh.finish().await?;
    Ok(Rebuilt {
        rows,
        cursor,
        seconds: begun.elapsed().as_secs_f64(),
    })
}
