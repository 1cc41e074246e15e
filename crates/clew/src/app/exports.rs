//! Exports of everything that is stored about somebody.
//!
//! Who is meant is decided once, from the links between visitors and users: a user is every visitor
//! that was ever linked to them; a visitor is also every user it was ever linked to, with theirs.
//! Events come from the event store and from the archive files, what was typed into forms from the
//! journal; while they are read, no event may
//! leave the one for the other.

use super::App;
use crate::clock;
use crate::exports::{About, Document, ExportFiles, ExportFormat, SealedReader};
use clew_core::attribution::Touch;
use clew_core::model::id::RowId;
use clew_core::model::{EpochMs, SiteId, StoredEvent, UserKey, VisitorId};
use clew_store::events::{EventRow, EventStore as _, EventStoreError, Scan, Wanted};
use clew_store::relational::exports::{self, Export, Subject};
use clew_store::relational::{ExportState, StoreError, person_links, touches};
use clew_store::retention::RetentionError;
use std::collections::BTreeSet;
use std::io;
use std::sync::atomic::AtomicBool;

/// Finished exports stay in the list for so long.
const LISTED_MS: i64 = 30 * EpochMs::DAY;

/// More than anybody's; a bound on memory.
const MOST_TOUCHES: u64 = 1_000_000;

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("the event store is not open yet")]
    NotOpen,
    #[error(transparent)]
    Events(#[from] EventStoreError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Files(#[from] RetentionError),
    #[error("export file")]
    Io(#[from] io::Error),
    #[error("a worker thread failed")]
    Worker,
}

/// Everybody who is meant.
#[derive(Debug)]
struct Persons {
    visitors: BTreeSet<VisitorId>,
    users: BTreeSet<UserKey>,
}

impl Persons {
    fn own(&self, event: &StoredEvent) -> bool {
        let user = event.user_key;
        self.visitors.contains(&event.visitor_id)
            || user.is_some_and(|user| self.users.contains(&user))
    }
}

impl App {
    /// The plain bytes of a finished export, piece by piece.
    pub fn export_file(&self, id: RowId, format: ExportFormat) -> io::Result<SealedReader> {
        self.exports.read(id, format)
    }

    /// Writes both files. Does nothing when the export has ended; begins anew when an earlier
    /// attempt was cut short.
    pub async fn make_export(&self, site: SiteId, id: RowId) -> Result<(), ExportError> {
        let export = match exports::get(self.db.read(), site, id).await {
            Err(StoreError::NotFound { .. }) => return Ok(()),
            found => found?,
        };
        let (ExportState::Queued | ExportState::Running, Some(subject)) =
            (export.state, export.subject)
        else {
            return Ok(());
        };
        if export.expires_at <= clock::now() {
            return Ok(());
        }
        self.note_export(&export, 0).await?;
        // A store that is being made anew does not hold everything yet.
        self.is_all_visible(&AtomicBool::new(false)).await;
        let persons = self.persons(site, subject).await?;
        let about = About {
            export: id,
            site,
            subject_kind: subject.kind(),
            at: clock::now(),
        };
        let files = self.exports.clone();
        let document = blocking(move || begin(&files, &about)).await?;
        let document = self.write_events(&export, document, &persons).await?;
        let users: Vec<_> = persons.users.iter().copied().collect();
        let links = person_links::of_users(self.db.read(), site, &users).await?;
        let touches = self.touches(site, &persons).await?;
        let submissions = self.submissions_of(site, move |event| persons.own(event));
        let submissions = submissions.await?;
        let files = self.exports.clone();
        let (events, bytes) = blocking(move || {
            let mut document = document;
            for link in &links {
                document.link(link)?;
            }
            for touch in &touches {
                document.touch(touch)?;
            }
            for submission in &submissions {
                document.submission(submission)?;
            }
            let events = document.events();
            let bytes = document.finish()?;
            files.sync()?;
            Ok((events, bytes))
        })
        .await?;
        let ready = self.db.write_tx(move |tx| {
            Box::pin(async move { exports::ready(tx, site, id, events, bytes, clock::now()).await })
        });
        match ready.await {
            // It was withdrawn meanwhile: its files go with the next sweep, and may not be read.
            Err(StoreError::NotFound { .. }) => self.sweep_exports().await,
            done => Ok(done?),
        }
    }

    /// It cannot be made: says so, and removes what there is.
    pub async fn fail_export(&self, site: SiteId, id: RowId) -> Result<(), ExportError> {
        let fail = self.db.write_tx(move |tx| {
            let problem = "It could not be written; the server's log says why.";
            Box::pin(async move { exports::fail(tx, site, id, problem, clock::now()).await })
        });
        fail.await?;
        self.sweep_exports().await
    }

    /// Ends what is over its time and removes every file that belongs to no living export.
    pub async fn sweep_exports(&self) -> Result<(), ExportError> {
        let now = clock::now();
        let expire = self.db.write_tx(move |tx| {
            Box::pin(async move {
                exports::expire(tx, now).await?;
                exports::prune(tx, now.plus(-LISTED_MS)).await
            })
        });
        expire.await?;
        let alive = exports::alive(self.db.read(), now).await?;
        let files = self.exports.clone();
        let removed = blocking(move || files.sweep(&alive)).await?;
        if removed > 0 {
            tracing::info!(removed, "files of ended exports removed");
        }
        Ok(())
    }

    async fn write_events(
        &self,
        export: &Export,
        mut document: Document,
        persons: &Persons,
    ) -> Result<Document, ExportError> {
        let _none_leaves = self.archived_events.lock().await;
        for name in self.archived_events.list(export.site).await? {
            let mut rows = self.archived_events.read(&name).await?;
            rows.retain(|row| persons.own(&row.event));
            document = write(document, rows, true).await?;
            self.note_export(export, document.events()).await?;
        }
        let store = self.events.get().ok_or(ExportError::NotOpen)?;
        let mut scan = Scan {
            site: export.site,
            wanted: Wanted::Subject {
                visitors: persons.visitors.iter().copied().collect(),
                users: persons.users.iter().copied().collect(),
            },
            through: store.cursor().await?,
            after: None,
        };
        loop {
            let rows = store.scan(&scan).await?;
            let Some(last) = rows.last() else {
                return Ok(document);
            };
            scan.after = Some(last.place());
            document = write(document, rows, false).await?;
            self.note_export(export, document.events()).await?;
        }
    }

    async fn persons(&self, site: SiteId, subject: Subject) -> Result<Persons, StoreError> {
        let c = self.db.read();
        let mut persons = Persons {
            visitors: BTreeSet::new(),
            users: BTreeSet::new(),
        };
        match subject {
            Subject::User(user) => persons.users.extend([user]),
            Subject::Visitor(visitor) => {
                persons.visitors.insert(visitor);
                let users = person_links::users_ever(c, site, visitor).await?;
                persons.users.extend(users);
            }
        }
        for user in &persons.users {
            let visitors = person_links::visitors_ever(c, site, *user).await?;
            persons.visitors.extend(visitors);
        }
        Ok(persons)
    }

    async fn touches(&self, site: SiteId, persons: &Persons) -> Result<Vec<Touch>, StoreError> {
        let visitors: Vec<_> = persons.visitors.iter().copied().collect();
        let (until, all) = (EpochMs(i64::MAX), MOST_TOUCHES);
        let found = touches::of_visitors(self.db.read(), site, &visitors, until, all).await?;
        if !found.complete {
            tracing::error!(%site, "an export does not hold all touches of its subject");
        }
        Ok(found.touches)
    }

    async fn note_export(&self, export: &Export, events: u64) -> Result<(), StoreError> {
        let (site, id) = (export.site, export.id);
        let note = self.db.write_tx(move |tx| {
            Box::pin(async move { exports::progress(tx, site, id, events).await })
        });
        note.await
    }
}

/// At start: what a killed process left of ended exports.
pub(super) async fn clean(app: std::sync::Arc<App>) {
    if let Err(error) = app.sweep_exports().await {
        tracing::error!(%error, "files of ended exports may be left; trying again within the hour");
    }
}

fn begin(files: &ExportFiles, about: &About) -> io::Result<Document> {
    let json = files.create(about.export, ExportFormat::Json)?;
    let csv = files.create(about.export, ExportFormat::Csv)?;
    Document::begin(about, json, csv)
}

async fn write(
    mut document: Document,
    rows: Vec<EventRow>,
    archived: bool,
) -> Result<Document, ExportError> {
    blocking(move || {
        for row in &rows {
            document.event(row, archived)?;
        }
        Ok(document)
    })
    .await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, ExportError> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|_| ExportError::Worker)??)
}
