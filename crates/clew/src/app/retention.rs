//! Events leave when their time is up: into Parquet files where the site says so, then out of the
//! event store, and for good.
//!
//! The order of a run is what makes it safe to be killed anywhere. Files are written and read back;
//! then the run is committed, which sets the mark; then rows are deleted. Before the commit nothing
//! has happened but files that the next attempt replaces; after it, the next run deletes what this
//! one did not. Runs wait for rebuilds and rebuilds for runs: a store that is being made anew must
//! not miss a mark.

use super::App;
use crate::admin::Acting;
use crate::admin::retention as administration;
use crate::clock;
use crate::jobs::SCHEDULES;
use crate::sites::Site;
use clew_core::model::id::RowId;
use clew_core::model::{EpochMs, SiteId, Watermark, retention::boundary};
use clew_store::events::{Deletion, DuckStore, EventStore as _, EventStoreError, Scan, Wanted};
use clew_store::relational::jobs::schedules::next_tick;
use clew_store::relational::retention::{self, Commit, Retention};
use clew_store::relational::settings::RetentionAction;
use clew_store::relational::sites::{self, DeletedSite};
use clew_store::relational::{StoreError, audit::Actor, touches};
use clew_store::retention::{Archived, RetentionError, Run};
use jiff::tz::TimeZone;
use metrics::counter;

/// The store's file is written anew once a twentieth of its rows is deleted…
const WORTH: u64 = 20;
/// …or deleted rows have been in it for so long.
const LONGEST: i64 = 7 * EpochMs::DAY;

/// Where a site's retention stands.
#[derive(Clone, Debug)]
pub struct RetentionStatus {
    pub event_days: u32,
    pub raw_days: u32,
    pub action: RetentionAction,
    pub state: Retention,
    /// When the next day leaves.
    pub next_run_at: EpochMs,
}

/// What retention has to know of a site, deleted or not.
#[derive(Clone, Debug)]
pub struct RetainedSite {
    pub id: SiteId,
    pub account: RowId,
    pub zone: TimeZone,
    pub event_days: u32,
    pub action: RetentionAction,
}

impl From<&Site> for RetainedSite {
    fn from(site: &Site) -> Self {
        let settings = site.settings();
        Self {
            id: site.id(),
            account: site.account(),
            zone: site.policy().time_zone.clone(),
            event_days: settings.event_retention_days,
            action: settings.retention_action,
        }
    }
}

impl TryFrom<DeletedSite> for RetainedSite {
    type Error = StoreError;

    fn try_from(site: DeletedSite) -> Result<Self, StoreError> {
        let zone = TimeZone::get(&site.time_zone);
        Ok(Self {
            id: site.id,
            account: site.account,
            zone: zone.map_err(|error| StoreError::Corrupt {
                what: "time zone",
                reason: error.to_string(),
            })?,
            event_days: site.settings.event_retention_days,
            action: site.settings.retention_action,
        })
    }
}

impl RetainedSite {
    /// What happened before leaves.
    fn mark_before(&self, now: EpochMs) -> EpochMs {
        boundary(&self.zone, now, self.event_days)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum RetainError {
    #[error("the event store is not open yet")]
    NotOpen,
    #[error(transparent)]
    Events(#[from] EventStoreError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Files(#[from] RetentionError),
}

impl App {
    pub async fn retention_status(&self, site: &Site) -> Result<RetentionStatus, StoreError> {
        let settings = site.settings();
        let state = retention::get(self.db.read(), site.id()).await?;
        Ok(RetentionStatus {
            event_days: settings.event_retention_days,
            raw_days: settings.raw_retention_days,
            action: settings.retention_action,
            next_run_at: next_run(site, &state, clock::now()),
            state,
        })
    }

    /// Every site of which events may be there: those that were deleted too.
    async fn retained_sites(&self) -> Result<Vec<RetainedSite>, StoreError> {
        let living = self.sites.all();
        let mut all: Vec<_> = living.iter().map(|site| site.as_ref().into()).collect();
        for (id, site) in sites::deleted(self.db.read()).await? {
            match site.and_then(RetainedSite::try_from) {
                Ok(site) => all.push(site),
                Err(error) => {
                    tracing::error!(%error, site = %id, "retention: a deleted site is passed over");
                    counter!("clew_retention_failures_total").increment(1);
                }
            }
        }
        Ok(all)
    }

    /// Lets leave what is due in every site, deleted ones included, each at its own midnight. A site
    /// that fails is tried again with the next tick and does not keep the others waiting.
    ///
    /// # Errors
    /// The last site's that failed.
    pub async fn retain_due(&self, now: EpochMs) -> Result<(), RetainError> {
        let mut failed = None;
        for site in self.retained_sites().await? {
            if let Err(error) = self.retain_if_due(&site, now).await {
                tracing::error!(%error, site = %site.id, "retention: trying again later");
                counter!("clew_retention_failures_total").increment(1);
                failed = Some(error);
            }
        }
        self.compact_if_worth_it(now).await?;
        failed.map_or(Ok(()), Err)
    }

    async fn retain_if_due(&self, site: &RetainedSite, now: EpochMs) -> Result<(), RetainError> {
        let state = retention::get(self.db.read(), site.id).await?;
        if !state.pending && site.mark_before(now) <= state.mark.before {
            return Ok(());
        }
        self.retain(site, now).await
    }

    /// One run of one site.
    pub async fn retain(&self, site: &RetainedSite, now: EpochMs) -> Result<(), RetainError> {
        let _no_rebuild = self.rebuilding.lock().await;
        let _alone = self.archived_events.lock().await;
        let store = self.events.get().ok_or(RetainError::NotOpen)?;
        let state = retention::get(self.db.read(), site.id).await?;
        let removed = self.remove(site, state.mark).await?;
        if state.runs > 0 {
            self.settle(site, state.mark, removed, now).await?;
        }
        let cursor = store.cursor().await?;
        if cursor < state.mark.through {
            // Set aside, and not whole again: what it lacks would count as archived.
            let after = state.mark.through;
            return Err(EventStoreError::Gap { after, cursor }.into());
        }
        let mark = Watermark {
            before: site.mark_before(now),
            through: cursor,
        };
        if mark.before < state.mark.before {
            // Kept longer than before: what has left has left, and nothing else is due.
            return Ok(());
        }
        let number = state.runs + 1;
        let archived = match site.action {
            RetentionAction::Delete => Archived::default(),
            RetentionAction::Archive => {
                let run = Run {
                    site: site.id,
                    zone: site.zone.clone(),
                    number,
                    mark,
                };
                self.archived_events.archive(store, run).await?
            }
        };
        let anything = archived.rows > 0 || removes_something(store, site, mark).await?;
        let run = Commit {
            number,
            mark,
            archived_rows: archived.rows,
            archived_files: archived.files,
        };
        self.commit(site, run, anything, now).await?;
        self.marks.raise(site.id, mark);
        let removed = self.remove(site, mark).await?;
        self.settle(site, mark, removed, now).await?;
        tracing::info!(site = %site.id, removed, files = archived.files, "retention run");
        counter!("clew_retention_rows_total").increment(removed);
        Ok(())
    }

    async fn remove(&self, site: &RetainedSite, mark: Watermark) -> Result<u64, RetainError> {
        let store = self.events.get().ok_or(RetainError::NotOpen)?;
        let site = site.id;
        Ok(store.delete(Deletion::Expired { site, mark }).await?)
    }

    /// A run that removes something leaves an entry in the audit log.
    async fn commit(
        &self,
        site: &RetainedSite,
        run: Commit,
        anything: bool,
        now: EpochMs,
    ) -> Result<(), StoreError> {
        let id = site.id;
        let by = Acting {
            account: site.account,
            actor: Actor::System,
            request_id: None,
        };
        let commit = self.db.write_tx(move |tx| {
            Box::pin(async move {
                retention::commit(tx, id, run, now).await?;
                if anything {
                    administration::note_run(tx, &by, id, now).await?;
                }
                Ok(())
            })
        });
        commit.await
    }

    /// What the mark covers has left the event store; touches follow.
    async fn settle(
        &self,
        site: &RetainedSite,
        mark: Watermark,
        removed: u64,
        now: EpochMs,
    ) -> Result<(), StoreError> {
        let (id, before) = (site.id, mark.before);
        let settle = self.db.write_tx(move |tx| {
            Box::pin(async move {
                touches::delete_before(tx, id, before).await?;
                retention::settle(tx, id, removed, now).await
            })
        });
        settle.await
    }

    /// Deleted rows leave the disk when the store's file is written anew, which takes as long as
    /// the store is large.
    pub async fn compact_if_worth_it(&self, now: EpochMs) -> Result<(), RetainError> {
        let _no_rebuild = self.rebuilding.lock().await;
        let left = retention::uncompacted(self.db.read()).await?;
        let Some((oldest, _)) = left.first() else {
            return Ok(());
        };
        let store = self.events.get().ok_or(RetainError::NotOpen)?;
        let deleted: u64 = left.iter().map(|(_, rows)| rows).sum();
        let rows = store.status().await?.events;
        if deleted < rows / WORTH && now.since(*oldest) < LONGEST {
            return Ok(());
        }
        store.compact().await?;
        let compacted = self
            .db
            .write_tx(move |tx| Box::pin(async move { retention::compacted(tx, now).await }));
        Ok(compacted.await?)
    }
}

async fn removes_something(
    store: &DuckStore,
    site: &RetainedSite,
    mark: Watermark,
) -> Result<bool, EventStoreError> {
    let scan = Scan {
        site: site.id,
        wanted: Wanted::Expired(mark),
        through: mark.through,
        after: None,
    };
    Ok(!store.scan(&scan).await?.is_empty())
}

/// The tick at or after which the boundary lies behind the mark.
fn next_run(site: &Site, state: &Retention, now: EpochMs) -> EpochMs {
    let due = RetainedSite::from(site).mark_before(now) > state.mark.before;
    let from = if due {
        now
    } else {
        site.next_day(now).plus(-1)
    };
    let cron = SCHEDULES.iter().find(|line| line.kind == "retention");
    let tick = cron.map(|line| next_tick(line.cron, "UTC", from));
    tick.and_then(Result::ok).unwrap_or(from)
}
