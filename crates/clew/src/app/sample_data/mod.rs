//! Sample data of a site: a generated year, loaded through the import path, removable as one.
//!
//! What is to be done stands in the relational store; one task per site does it, and is begun
//! anew at the next start. Loading may break off anywhere: the year is generated again, the
//! journal knows the events that it has. Taking it back is one journal record. Collection comes
//! first: a load waits while reports are behind.

mod load;

use super::App;
use crate::clock;
use crate::sites::Site;
use clew_core::error::ErrorCode;
use clew_core::model::SiteId;
use clew_core::sample;
use clew_store::relational::imports::{self, Import};
use clew_store::relational::{Db, ImportKind, ImportState, StoreError};
use load::{LoadError, SampleYear};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

/// Pause after something that may heal by itself.
const RETRY: Duration = Duration::from_secs(1);

/// How often a task looks whether reports have come as far as it waits for.
const LOOK: Duration = Duration::from_millis(25);

/// The tasks at work.
#[derive(Debug, Default)]
pub(super) struct SampleData {
    tasks: Mutex<HashMap<SiteId, Task>>,
}

#[derive(Debug)]
struct Task {
    /// Tells it that the state has changed.
    again: Arc<AtomicBool>,
    handle: JoinHandle<()>,
}

/// Why sample data cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum SampleDataError {
    #[error(
        "events must lie between {} and {}",
        sample::FEWEST_EVENTS,
        sample::MOST_EVENTS
    )]
    Events,
    #[error("the site has no domain whose pages the sample data could show")]
    NoDomain,
    #[error("the earlier sample data is still being removed")]
    Removing,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl App {
    /// The site's sample data and how far it is; `None` without any.
    pub async fn sample_data(&self, site: SiteId) -> Result<Option<Import>, StoreError> {
        imports::of_kind(self.db.read(), site, ImportKind::Sample).await
    }

    /// Begins loading `events`, unless sample data is there or on its way; a load that failed is
    /// taken up again.
    ///
    /// # Errors
    /// Nothing has begun.
    pub async fn load_sample_data(
        self: &Arc<Self>,
        site: &Site,
        events: u32,
    ) -> Result<Import, SampleDataError> {
        if !(sample::FEWEST_EVENTS..=sample::MOST_EVENTS).contains(&events) {
            return Err(SampleDataError::Events);
        }
        let id = site.id();
        if let Some(import) = self.sample_data(id).await? {
            match import.state {
                ImportState::Loading | ImportState::Ready => return Ok(import),
                ImportState::Removing => return Err(SampleDataError::Removing),
                ImportState::Failed => {
                    transit(&self.db, &import, ImportState::Loading, None).await?;
                }
            }
        } else {
            let year = SampleYear::of(site.policy(), clock::now(), events);
            let spec = year.ok_or(SampleDataError::NoDomain)?.to_json();
            begin(&self.db, id, spec, events).await?;
        }
        self.look_at_sample_data(id).await;
        let begun = self.sample_data(id).await?;
        Ok(begun.ok_or(StoreError::NotFound { what: "import" })?)
    }

    /// Takes all of it back, loaded or not; `None` when there is none.
    pub async fn remove_sample_data(
        self: &Arc<Self>,
        site: SiteId,
    ) -> Result<Option<Import>, StoreError> {
        // Whoever changes the state in the same moment wins once; then it is asked again.
        while let Some(import) = self.sample_data(site).await?
            && import.state != ImportState::Removing
        {
            transit(&self.db, &import, ImportState::Removing, None).await?;
        }
        self.look_at_sample_data(site).await;
        self.sample_data(site).await
    }

    /// Lets the site's task see that the state has changed, or starts one.
    async fn look_at_sample_data(self: &Arc<Self>, site: SiteId) {
        let mut tasks = self.sample_data.tasks.lock().await;
        // A task that ends in order leaves the map; one that panicked is replaced.
        if let Some(task) = tasks.get(&site).filter(|task| !task.handle.is_finished()) {
            task.again.store(true, Ordering::SeqCst);
            return;
        }
        let again = Arc::new(AtomicBool::new(false));
        let (app, told) = (self.clone(), again.clone());
        let handle = self.tasks.spawn(async move {
            let stop = app.stop.clone();
            stop.run_until_cancelled(work(&app, site, &told)).await;
        });
        tasks.insert(site, Task { again, handle });
    }

    /// Waits until reports show everything that is in the journal now; false when `again` was set
    /// before.
    pub(super) async fn is_all_visible(&self, again: &AtomicBool) -> bool {
        let durable = self.journal.durable().borrow().0;
        while self.event_cursor().await < durable {
            if again.load(Ordering::SeqCst) {
                return false;
            }
            tokio::time::sleep(LOOK).await;
        }
        true
    }
}

/// Takes up what a stopped process left.
pub(super) async fn resume(app: Arc<App>) {
    match imports::unfinished(app.db.read(), ImportKind::Sample).await {
        Ok(imports) => {
            for import in imports {
                app.look_at_sample_data(import.site).await;
            }
        }
        Err(error) => tracing::error!(%error, "sample data: cannot see what was under way"),
    }
}

/// Does what the state asks for until it asks for nothing.
async fn work(app: &Arc<App>, site: SiteId, again: &AtomicBool) {
    loop {
        again.store(false, Ordering::SeqCst);
        match step(app, site, again).await {
            Ok(true) => {}
            Ok(false) => {
                let mut tasks = app.sample_data.tasks.lock().await;
                if !again.load(Ordering::SeqCst) {
                    tasks.remove(&site);
                    return;
                }
            }
            Err(error) => {
                tracing::warn!(%error, %site, "sample data: trying again");
                tokio::time::sleep(RETRY).await;
            }
        }
    }
}

/// One step; false when there is nothing to do.
async fn step(app: &Arc<App>, site: SiteId, again: &AtomicBool) -> Result<bool, StepError> {
    let Some(import) = app.sample_data(site).await? else {
        return Ok(false);
    };
    match import.state {
        ImportState::Ready | ImportState::Failed => return Ok(false),
        ImportState::Removing => remove(app, &import).await?,
        ImportState::Loading => match load::run(app, &import, again).await {
            Ok(()) => {}
            Err(LoadError::Refused(code)) => return Err(code.into()),
            Err(LoadError::Store(error)) => return Err(error.into()),
            Err(LoadError::Hopeless(reason)) => {
                tracing::error!(reason, %site, "sample data cannot be loaded");
                let failed = ImportState::Failed;
                transit(&app.db, &import, failed, Some(reason.to_owned())).await?;
            }
        },
    }
    Ok(true)
}

async fn remove(app: &App, import: &Import) -> Result<(), StepError> {
    app.intake
        .revoke(import.site, import.id, clock::now())
        .await?;
    // Nobody changes the state of what is being removed.
    app.is_all_visible(&AtomicBool::new(false)).await;
    let (site, id) = (import.site, import.id);
    let forget = app
        .db
        .write_tx(move |tx| Box::pin(async move { imports::remove(tx, site, id).await }));
    Ok(forget.await?)
}

async fn begin(db: &Db, site: SiteId, spec: String, events: u32) -> Result<(), StoreError> {
    let begin = db.write_tx(move |tx| {
        Box::pin(async move {
            let kind = ImportKind::Sample;
            imports::create(tx, site, kind, spec, u64::from(events), clock::now()).await
        })
    });
    match begin.await {
        // Somebody else has begun in the same moment.
        Ok(_) | Err(StoreError::Conflict { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Moves it on from the state in which it was seen; whoever changed it meanwhile wins.
async fn transit(
    db: &Db,
    import: &Import,
    to: ImportState,
    message: Option<String>,
) -> Result<(), StoreError> {
    let (site, id, from) = (import.site, import.id, import.state);
    db.write_tx(move |tx| {
        Box::pin(async move {
            imports::transit(tx, site, id, from, to, message, clock::now()).await?;
            Ok(())
        })
    })
    .await
}

#[derive(Debug, thiserror::Error)]
enum StepError {
    #[error("{}", .0.message())]
    Refused(ErrorCode),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ErrorCode> for StepError {
    fn from(code: ErrorCode) -> Self {
        Self::Refused(code)
    }
}
