//! One pass: everything that is to be erased, from every store, until nothing is left.
//!
//! 1. Reports and relations catch up with the journal, so that links to the persons are known.
//! 2. Every store is surveyed, until no survey tells of another id of the same persons.
//! 3. The erasure goes into the journal. Projections obey it, a rebuild and a restore do too.
//! 4. Every store is erased from, bytes included.
//! 5. Every store is surveyed again. What came in between 2 and 3 shows here and leads back to 4.
//! 6. The certificate is written.

use super::super::App;
use super::certificate;
use crate::clock;
use anyhow::{Context as _, ensure};
use clew_core::model::{ErasedPersons, Erasure as ErasureRecord};
use clew_store::erasure::{Found, Registry, Target, Targets};
use clew_store::relational::erasures::{self, Erasure, Step};
use clew_store::relational::{StepState, StoreError, Tx};
use futures::future::BoxFuture;
use std::time::Duration;

/// How often what was left is erased again before the pass counts as failed.
const ROUNDS: u32 = 5;

/// How often a pass looks whether the projections have come as far as it waits for.
const LOOK: Duration = Duration::from_millis(50);

/// What each store has of each erasure.
type Survey = Vec<(&'static str, Vec<Found>)>;

/// Does everything that is unfinished now.
pub(super) async fn run(app: &App) -> anyhow::Result<()> {
    let mut open = erasures::unfinished(app.db.read()).await?;
    if open.is_empty() {
        return Ok(());
    }
    let now = clock::now();
    for late in open.iter().filter(|erasure| erasure.due_at < now) {
        tracing::error!(alarm = "erasure_overdue", erasure = %late.id, "an erasure is overdue");
    }
    for erasure in &open {
        let erasure = erasure.clone();
        write(app, move |tx| {
            Box::pin(async move { erasures::begin(tx, &erasure, now).await })
        })
        .await?;
    }
    // Site by site: what is damaged at one must not keep another's promise from being kept.
    open.sort_by_key(|erasure| erasure.site);
    let mut failed = None;
    for of_site in open.chunk_by_mut(|a, b| a.site == b.site) {
        if let Err(error) = erase(app, of_site).await {
            if app.stop.is_cancelled() {
                return Err(error);
            }
            fail(app, of_site, &error).await?;
            failed = Some(error);
        }
    }
    failed.map_or(Ok(()), Err)
}

/// The owner learns that it will be tried again; what stood in the way is the operator's to read.
async fn fail(app: &App, erasures: &[Erasure], error: &anyhow::Error) -> anyhow::Result<()> {
    const MESSAGE: &str = "a store could not be read or written; it is tried again, and the \
                           server's log says more";
    for erasure in erasures {
        tracing::error!(erasure = %erasure.id, error = %format!("{error:#}"), "not erased yet");
        let erasure = erasure.clone();
        write(app, move |tx| {
            Box::pin(async move { erasures::fail(tx, &erasure, MESSAGE).await })
        })
        .await?;
    }
    Ok(())
}

async fn erase(app: &App, open: &mut [Erasure]) -> anyhow::Result<()> {
    let registry = app.erasables().await?;
    app.wait_visible(app.durable()).await?;
    // Nothing moves from the hot journal into the archive meanwhile.
    let _alone = app.moving.lock().await;
    let survey = survey_all(app, &registry, open).await?;
    note_found(app, open, &survey).await?;
    journalise(app, open).await?;
    let recorded = open.iter().filter_map(|erasure| erasure.record_lsn);
    app.wait_visible(recorded.max().unwrap_or(0)).await?;
    for round in 1.. {
        let targets = targets(app, open, 0);
        for store in registry.stores() {
            app.go_on()?;
            let erased = store.erase(&targets).await;
            erased.with_context(|| format!("store {}", store.name()))?;
            note_erased(app, open, store.name()).await?;
        }
        let left = survey_all(app, &registry, open).await?;
        if left
            .iter()
            .all(|(_, found)| found.iter().all(|f| f.items == 0))
        {
            break;
        }
        ensure!(round < ROUNDS, "something is left in {}", names(&left));
    }
    for erasure in open {
        finish(app, erasure).await?;
    }
    Ok(())
}

/// Whom the stores are asked about. An erasure that is not in the journal yet reaches everything
/// before `end`.
pub(super) fn targets(app: &App, open: &[Erasure], end: u64) -> Targets {
    open.iter()
        .map(|erasure| Target {
            erasure: erasure.id,
            site: erasure.site,
            persons: ErasedPersons::new(
                app.keys.site_key(erasure.site),
                erasure.persons.iter().copied(),
            ),
            before: erasure.record_lsn.unwrap_or(end),
        })
        .collect()
}

/// Surveys until every id of the persons is known.
async fn survey_all(
    app: &App,
    registry: &Registry,
    open: &mut [Erasure],
) -> anyhow::Result<Survey> {
    loop {
        let targets = targets(app, open, app.durable() + 1);
        let mut survey = Survey::new();
        for store in registry.stores() {
            app.go_on()?;
            let found = store.survey(&targets).await;
            let found = found.with_context(|| format!("store {}", store.name()))?;
            survey.push((store.name(), found));
        }
        let mut grown = false;
        for (i, erasure) in open.iter_mut().enumerate() {
            let known = erasure.persons.len();
            for (_, found) in &survey {
                erasure.persons.extend(&found[i].also);
            }
            if erasure.persons.len() > known {
                grown = true;
                extend(app, erasure).await?;
            }
        }
        if !grown {
            return Ok(survey);
        }
    }
}

/// Puts the erasures into the journal that are not there yet.
async fn journalise(app: &App, open: &mut [Erasure]) -> anyhow::Result<()> {
    for erasure in open.iter_mut().filter(|e| e.record_lsn.is_none()) {
        let record = ErasureRecord {
            erasure_id: erasure.id,
            persons: erasure.persons.iter().copied().collect(),
        };
        let appended = app.intake.erase(erasure.site, &record, clock::now()).await;
        let lsn = appended.map_err(|code| anyhow::anyhow!(code.message()))?;
        erasure.record_lsn = Some(lsn);
        extend(app, erasure).await?;
    }
    Ok(())
}

async fn extend(app: &App, erasure: &Erasure) -> Result<(), StoreError> {
    let erasure = erasure.clone();
    write(app, move |tx| {
        Box::pin(async move {
            erasures::extend(tx, &erasure, &erasure.persons, erasure.record_lsn).await
        })
    })
    .await
}

/// Writes down what there was; of a pass that is repeated, the most.
async fn note_found(app: &App, open: &[Erasure], survey: &Survey) -> anyhow::Result<()> {
    for (i, erasure) in open.iter().enumerate() {
        let known = erasures::steps(app.db.read(), erasure.id).await?;
        for (store, found) in survey {
            let before = known.iter().find(|step| step.store == *store);
            let step = Step {
                store: (*store).to_owned(),
                state: StepState::Pending,
                found: found[i].items.max(before.map_or(0, |step| step.found)),
                remaining: None,
                finished_at: None,
            };
            put(app, erasure, step).await?;
        }
    }
    Ok(())
}

async fn note_erased(app: &App, open: &[Erasure], store: &str) -> anyhow::Result<()> {
    for erasure in open {
        let known = erasures::steps(app.db.read(), erasure.id).await?;
        for mut step in known.into_iter().filter(|step| step.store == store) {
            step.state = StepState::Erased;
            step.finished_at = Some(clock::now());
            put(app, erasure, step).await?;
        }
    }
    Ok(())
}

/// Nothing is left of it anywhere.
async fn finish(app: &App, erasure: &Erasure) -> anyhow::Result<()> {
    let mut steps = erasures::steps(app.db.read(), erasure.id).await?;
    for step in &mut steps {
        step.state = StepState::Verified;
        step.remaining = Some(0);
        put(app, erasure, step.clone()).await?;
    }
    let now = clock::now();
    let started = erasures::get(app.db.read(), erasure.site, erasure.id).await?;
    let erasure = started.context("the erasure is gone")?;
    let text = certificate::write(&app.keys, &erasure, &steps, now);
    let (id, seconds) = (erasure.id, (now.0 - erasure.requested_at.0) as f64 / 1000.0);
    write(app, move |tx| {
        Box::pin(async move { erasures::finish(tx, &erasure, &text, now).await })
    })
    .await?;
    tracing::info!(erasure = %id, seconds, "an erasure is done and verified");
    Ok(())
}

async fn put(app: &App, erasure: &Erasure, step: Step) -> Result<(), StoreError> {
    let id = erasure.id;
    write(app, move |tx| {
        Box::pin(async move { erasures::put_step(tx, id, &step).await })
    })
    .await
}

async fn write<F>(app: &App, work: F) -> Result<(), StoreError>
where
    F: for<'c> FnOnce(&'c Tx) -> BoxFuture<'c, Result<(), StoreError>> + Send + 'static,
{
    app.db.write_tx(work).await
}

fn names(left: &Survey) -> String {
    let full = left
        .iter()
        .filter(|(_, found)| found.iter().any(|f| f.items > 0));
    full.map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

impl App {
    fn durable(&self) -> u64 {
        self.journal.durable().borrow().0
    }

    /// An error once the server is stopping: the next one begins anew.
    fn go_on(&self) -> anyhow::Result<()> {
        ensure!(!self.stop.is_cancelled(), "the server is stopping");
        Ok(())
    }

    /// Waits until both projections show the journal up to here.
    async fn wait_visible(&self, lsn: u64) -> anyhow::Result<()> {
        loop {
            let relational = self.relational_lsn.get().map_or(0, |lsn| *lsn.borrow());
            if relational.min(self.event_cursor().await) >= lsn {
                return Ok(());
            }
            self.go_on()?;
            tokio::time::sleep(LOOK).await;
        }
    }
}
