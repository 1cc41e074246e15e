//! Merging visitors by hand, and taking it back.
//!
//! What is said goes into the journal, so that a rebuild and a restore say it again; the answer
//! waits until the relational projection has heard it. One at a time: what is said next depends on
//! what was said before.

use super::{knows_visitors, no_such_visitor};
use crate::app::App;
use crate::clock;
use crate::error::{ApiError, ApiResult};
use crate::sites::Site;
use clew_core::error::ErrorCode;
use clew_core::identity::{self, Word};
use clew_core::model::{IdentityMethod, LinkSource, SiteId, StoredLink, UserKey, VisitorId};
use clew_store::relational::person_links;
use std::time::Duration;

/// How long an answer waits for the projection; what was said is durable either way.
const PATIENCE: Duration = Duration::from_secs(3);

/// Whom a visitor is merged with.
#[derive(Clone, Debug)]
pub enum MergeWith {
    Visitor(VisitorId),
    /// The user whom the site calls by this id.
    User(String),
}

/// Who they are now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    pub person: UserKey,
    pub visitors: Vec<VisitorId>,
}

impl App {
    /// The visitor is the same person as the other one, or as this user.
    ///
    /// Only this visitor moves; others of the person that it was before stay there. A visitor who
    /// is nobody yet joins the other's person, whichever of the two that is.
    pub async fn merge_visitors(
        &self,
        site: &Site,
        visitor: VisitorId,
        with: MergeWith,
    ) -> ApiResult<Merged> {
        knows_visitors(site)?;
        self.must_be_recognised(site.id(), visitor).await?;
        let _one = self.linking.lock().await;
        let links = match with {
            MergeWith::User(id) => {
                let person = identity::of_user(site.id(), &id);
                let word = self.words(site.id(), &[visitor]).await?[0];
                must_differ(word, Some(person))?;
                vec![link(visitor, person, true, LinkSource::User)]
            }
            MergeWith::Visitor(other) => {
                self.must_be_recognised(site.id(), other).await?;
                self.same_person(site.id(), visitor, other).await?
            }
        };
        let person = links[0].person;
        self.say(site.id(), links).await?;
        let visitors = self.members(site.id(), person).await?;
        Ok(Merged { person, visitors })
    }

    async fn same_person(
        &self,
        site: SiteId,
        visitor: VisitorId,
        other: VisitorId,
    ) -> ApiResult<Vec<StoredLink>> {
        if visitor == other {
            let message = "A visitor cannot be merged with itself.";
            return Err(ApiError::new(ErrorCode::Conflict).with_message(message));
        }
        let merge = |visitor, person| link(visitor, person, true, LinkSource::Merge);
        let words = self.words(site, &[visitor, other]).await?;
        must_differ(words[0], words[1].map(|word| word.person))?;
        Ok(match (words[0], words[1]) {
            (_, Some(word)) => vec![merge(visitor, word.person)],
            (Some(word), None) => vec![merge(other, word.person)],
            (None, None) => {
                let person = identity::of_merge(site, [visitor, other], clock::now());
                vec![merge(visitor, person), merge(other, person)]
            }
        })
    }

    /// Takes back the latest merge of this visitor by hand, or, where there is none, separates it
    /// from whom its pages say it is.
    pub async fn separate_visitor(&self, site: &Site, visitor: VisitorId) -> ApiResult<()> {
        knows_visitors(site)?;
        let site = site.id();
        let _one = self.linking.lock().await;
        let Some(word) = self.words(site, &[visitor]).await?[0] else {
            return Err(no_such_person());
        };
        let mut links = vec![taken_back(visitor, word)];
        let others = self.members(site, word.person).await?;
        let others: Vec<_> = others.into_iter().filter(|id| *id != visitor).collect();
        // A merge of two who were nobody made them a person; one alone is nobody again.
        if let [alone] = others[..]
            && let Some(left) = self.words(site, &[alone]).await?[0]
            && left.source == LinkSource::Merge
        {
            links.push(taken_back(alone, left));
        }
        self.say(site, links).await
    }

    async fn words(&self, site: SiteId, visitors: &[VisitorId]) -> ApiResult<Vec<Option<Word>>> {
        let persons = person_links::persons(self.db.read(), site, visitors).await?;
        Ok(visitors
            .iter()
            .map(|visitor| persons.of(*visitor))
            .collect())
    }

    async fn must_be_recognised(&self, site: SiteId, visitor: VisitorId) -> ApiResult<()> {
        let facts = self.visitor(site, visitor).await?;
        if facts.identity_method == IdentityMethod::DailyHash {
            let message = "This visitor is recognised for a day only and cannot be merged.";
            return Err(ApiError::new(ErrorCode::Conflict).with_message(message));
        }
        Ok(())
    }

    /// Durable when this returns, and projected unless that takes too long.
    async fn say(&self, site: SiteId, links: Vec<StoredLink>) -> ApiResult<()> {
        let lsn = self.intake.link(site, links, clock::now()).await?;
        let Some(mut projected) = self.relational_lsn.get().cloned() else {
            return Ok(());
        };
        let heard = projected.wait_for(|at| *at >= lsn);
        if tokio::time::timeout(PATIENCE, heard).await.is_err() {
            tracing::warn!(lsn, "a link is durable and not projected yet");
        }
        Ok(())
    }
}

fn must_differ(is: Option<Word>, becomes: Option<UserKey>) -> ApiResult<()> {
    match (is, becomes) {
        (Some(word), Some(person)) if word.person == person => {
            let message = "They are the same person already.";
            Err(ApiError::new(ErrorCode::Conflict).with_message(message))
        }
        _ => Ok(()),
    }
}

fn link(visitor: VisitorId, person: UserKey, linked: bool, source: LinkSource) -> StoredLink {
    StoredLink {
        visitor,
        person,
        linked,
        source: source as i32,
    }
}

/// What pages say is taken back by hand too: they would only say it again.
fn taken_back(visitor: VisitorId, word: Word) -> StoredLink {
    let source = match word.source {
        LinkSource::Page => LinkSource::User,
        by_hand => by_hand,
    };
    link(visitor, word.person, false, source)
}

fn no_such_person() -> ApiError {
    let mut error = no_such_visitor();
    error = error.with_message("This visitor is nobody in particular: there is nothing to undo.");
    error
}
