//! Erasing persons: asked for, done at once, and verified.
//!
//! What is to be done stands in the relational store as keyed hashes; one task works it off, all
//! that waits in one pass, because rewriting costs the same for one and for many. A pass may break
//! off anywhere and is begun anew, also by the next process: every step may be repeated. Refuses to
//! call an erasure done before it has looked again into every store and found nothing.

mod certificate;
mod exports;
mod pass;

use super::App;
use crate::admin::{Acting, erasures as admin, sites as sites_admin};
use crate::clock;
use crate::sites::Site;
use anyhow::Context as _;
use clew_core::model::{ErasureId, PersonHash, SiteId, VisitorId, contact};
use clew_core::pipeline::user_ids;
use clew_store::erasure::{
    ArchivedJournal, Erasable as _, EventRows, HotJournal, Registry, RelationalRows, RetainedFiles,
};
use clew_store::relational::erasures::{self, Erasure, Step};
use clew_store::relational::{ErasureReason, StoreError, SubjectKind, person_links, sites};
use exports::ExportsOfPersons;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// First pause after a pass that failed; doubles up to [`LONGEST_PAUSE`].
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(10);

/// Newest erasures of a site that are listed.
const LISTED: u64 = 500;

/// Whom somebody wants erased.
#[derive(Clone)]
pub enum Subject {
    /// This browser, and the person whom it is linked to.
    Visitor(VisitorId),
    /// The person with this id of the site's own.
    User(String),
    /// Whoever is reached at this e-mail address, as it was written.
    Email(String),
}

impl std::fmt::Debug for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Subject(…)")
    }
}

/// How far an erasure goes; whoever asks has the right to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The site where it is asked for, and no other.
    ThisSite,
    /// What the deleted sites of its account have left too: for whoever answers for the whole
    /// account.
    DeletedSitesToo,
}

impl App {
    /// Every store that can hold a person. One that learns to gets a line here.
    pub(super) async fn erasables(&self) -> anyhow::Result<Registry> {
        let events = self.opened_events().await?;
        Ok(Registry::new()
            .store(HotJournal::new(self.journal.clone()))
            .store(ArchivedJournal::new(self.archive.clone()))
            .store(EventRows::new(Arc::new(events)))
            .store(RelationalRows::new(self.db.clone()))
            .store(RetainedFiles::new(self.archived_events.clone()))
            .store(ExportsOfPersons {
                db: self.db.clone(),
                files: self.exports.clone(),
            }))
    }

    /// Asks for an erasure in somebody's name; it begins at once. Nobody can ask at a deleted site
    /// any more, so what the account's have left of the same person goes along, if `reach` says so.
    /// A browser has another id at every site; there is nothing of it to look for elsewhere.
    pub async fn request_erasure(
        &self,
        site: &Site,
        subject: &Subject,
        reach: Reach,
        reason: Option<ErasureReason>,
        by: Acting,
    ) -> Result<Erasure, StoreError> {
        let wanted = self.known_as(site.id(), subject).await?;
        let mut elsewhere = Vec::new();
        if reach == Reach::DeletedSitesToo && !matches!(subject, Subject::Visitor(_)) {
            for deleted in sites::tombstone_ids(self.db.read(), site.account()).await? {
                elsewhere.push(self.known_as(deleted, subject).await?);
            }
        }
        let erasure = admin::request(&self.db, by, wanted, elsewhere, reason).await?;
        self.erasing.notify_one();
        Ok(erasure)
    }

    /// Deletes a site for everybody; what was submitted to it begins to go at once, when nothing of
    /// it is taken here any more. What a request under way still brings goes once it is projected.
    pub async fn delete_site(&self, site: &Site, by: Acting) -> Result<(), StoreError> {
        sites_admin::delete(&self.db, by, site.id()).await?;
        let heard = self.policies_changed().await;
        self.erasing.notify_one();
        heard
    }

    pub async fn erasures(&self, site: SiteId) -> Result<Vec<Erasure>, StoreError> {
        erasures::list(self.db.read(), site, LISTED).await
    }

    pub async fn erasure(
        &self,
        site: SiteId,
        id: ErasureId,
    ) -> Result<Option<Erasure>, StoreError> {
        erasures::get(self.db.read(), site, id).await
    }

    pub async fn erasure_steps(&self, id: ErasureId) -> Result<Vec<Step>, StoreError> {
        erasures::steps(self.db.read(), id).await
    }

    /// The ids that are known before anything was looked at; the pass finds the others.
    async fn known_as(&self, site: SiteId, subject: &Subject) -> Result<admin::Wanted, StoreError> {
        let key = &self.keys.site_key(site);
        let mut persons = BTreeSet::new();
        let of_user = |id: &str| {
            let (user, visitor) = user_ids(site, id);
            let user = PersonHash::of_user(key, user);
            [user, PersonHash::of_visitor(key, visitor)]
        };
        let subject = match subject {
            Subject::User(id) => {
                persons.extend(of_user(id));
                SubjectKind::User
            }
            Subject::Email(email) => {
                let address = contact::email(email);
                // Many sites know their users by it, in one spelling or the other.
                for known in address.iter().chain([email]) {
                    persons.extend(of_user(known));
                }
                persons.extend(address.map(|address| PersonHash::of_email(key, &address)));
                SubjectKind::Email
            }
            Subject::Visitor(visitor) => {
                persons.insert(PersonHash::of_visitor(key, *visitor));
                let linked = person_links::resolve(self.db.read(), site, &[*visitor]).await?;
                let user = linked.get(visitor);
                persons.extend(user.map(|user| PersonHash::of_user(key, *user)));
                SubjectKind::Visitor
            }
        };
        Ok(admin::Wanted {
            site,
            subject,
            persons,
        })
    }

    /// After a rebuild: archive and journal may have come from a backup that is older than an
    /// erasure. Whoever is in them again is erased again.
    pub(super) async fn recheck_erasures(&self) -> anyhow::Result<()> {
        let done = erasures::finished(self.db.read()).await?;
        let targets = pass::targets(self, &done, 0);
        let _alone = self.moving.lock().await;
        // Objects that a rewrite had replaced come back beside what replaced them.
        self.archive.sweep().await?;
        let journal = HotJournal::new(self.journal.clone());
        let hot = journal.survey(&targets).await?;
        let archived = ArchivedJournal::new(self.archive.clone());
        let archived = archived.survey(&targets).await?;
        for (erasure, (hot, archived)) in done.into_iter().zip(hot.iter().zip(&archived)) {
            if hot.items + archived.items == 0 {
                continue;
            }
            tracing::warn!(erasure = %erasure.id, "an erased person is back and goes again");
            let reopen = self.db.write_tx(move |tx| {
                Box::pin(async move { erasures::reopen(tx, &erasure, clock::now()).await })
            });
            reopen.await?;
            self.erasing.notify_one();
        }
        Ok(())
    }
}

/// Everything that is asked for; at first also what sites have left that were deleted by a version
/// which did not ask. Whoever asked does not wait until looking back succeeds.
async fn work_off(app: &App, looked_back: &mut bool) -> anyhow::Result<()> {
    let looked = if *looked_back {
        Ok(())
    } else {
        look_back(app).await
    };
    *looked_back = looked.is_ok();
    pass::run(app).await?;
    looked.context("what deleted sites have left is not asked for")
}

async fn look_back(app: &App) -> Result<(), StoreError> {
    let now = clock::now();
    let ask = app.db.write_tx(move |tx| {
        Box::pin(async move { sites::erase_what_deleted_ones_left(tx, now).await })
    });
    ask.await
}

/// Works off what is asked for, until the app stops.
pub(super) async fn run(app: Arc<App>) {
    let mut pause = PAUSE;
    let mut looked_back = false;
    while !app.stop.is_cancelled() {
        // Not dropped in the middle: a rewrite goes on in its thread, and files must not change
        // once the stores are closed. A pass looks between its steps whether it is to stop.
        match work_off(&app, &mut looked_back).await {
            Ok(()) => {
                pause = PAUSE;
                app.stop.run_until_cancelled(app.erasing.notified()).await;
            }
            Err(_) if app.stop.is_cancelled() => return,
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "erasures: trying again");
                metrics::counter!("clew_erasure_failures_total").increment(1);
                app.stop
                    .run_until_cancelled(tokio::time::sleep(pause))
                    .await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}
