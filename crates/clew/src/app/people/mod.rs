//! Visitors and persons: who they are, what brought them, what they are worth looking at.
//!
//! Owns the meeting of the two stores: touches and links are relational, everything else about a
//! visitor is in the event store. `linking` changes who is who, `profile` tells everything about
//! one visitor, `attribution` shares conversions out. Under the profile `exempt` there are no
//! visitors, and none of this answers.

mod attribution;
mod linking;
mod profile;
mod score;

pub use attribution::{Attributed, AttributionAsked};
pub use linking::{MergeWith, Merged};
pub use profile::{Credited, KnownVisitor, Person, Profile, ProfileLink};
pub use score::Score;

use super::App;
use crate::clock;
use crate::error::{ApiError, ApiResult};
use crate::sites::Site;
use clew_core::error::ErrorCode;
use clew_core::identity;
use clew_core::model::{EpochMs, Profile as PrivacyProfile, SiteId, UserKey, VisitorId};
use clew_store::events::{VisitorFacts, VisitorQuery, Visitors};
use clew_store::relational::person_links;
use uuid::Uuid;

/// Visitors of a list without a query were seen within this.
const LATEST_MS: i64 = 30 * EpochMs::DAY;

/// Visitors of one person that are named.
const MOST_MEMBERS: usize = 100;

impl App {
    /// Visitors of a site: the one of this id, those of the user of this id, or the latest.
    pub async fn find_visitors(
        &self,
        site: &Site,
        query: &str,
        limit: u32,
    ) -> ApiResult<Vec<KnownVisitor>> {
        knows_visitors(site)?;
        let which = match query.trim() {
            "" => Visitors::Latest {
                since: clock::now().plus(-LATEST_MS),
                limit,
            },
            query => Visitors::Of(self.named(site.id(), query).await?),
        };
        let mut found = self.facts(site.id(), which).await?;
        found.sort_by_key(|facts| (std::cmp::Reverse(facts.last_seen), facts.visitor));
        found.truncate(limit as usize);
        let ids: Vec<_> = found.iter().map(|facts| facts.visitor).collect();
        let persons = person_links::resolve(self.db.read(), site.id(), &ids).await?;
        let known = found.into_iter().map(|facts| KnownVisitor {
            person: persons.get(&facts.visitor).copied(),
            facts,
        });
        Ok(known.collect())
    }

    /// Whom a text may mean: an id as the server knows it, an id as the page sent it, or a user.
    async fn named(&self, site: SiteId, query: &str) -> ApiResult<Vec<VisitorId>> {
        let user = identity::of_user(site, query);
        let mut ids = person_links::visitors_ever(self.db.read(), site, user).await?;
        ids.push(identity::of_client(site, query));
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    async fn facts(&self, site: SiteId, which: Visitors) -> ApiResult<Vec<VisitorFacts>> {
        let query = VisitorQuery { site, which };
        Ok(self.events()?.visitors(&query).await?)
    }

    /// The visitor of this id, if it ever did anything.
    async fn visitor(&self, site: SiteId, id: VisitorId) -> ApiResult<VisitorFacts> {
        let found = self.facts(site, Visitors::Of(vec![id])).await?;
        found.first().copied().ok_or_else(no_such_visitor)
    }

    /// Who is this person now, the visitor itself included.
    async fn members(&self, site: SiteId, person: UserKey) -> ApiResult<Vec<VisitorId>> {
        let found = person_links::members(self.db.read(), site, &[person]).await?;
        Ok(found.into_values().flatten().collect())
    }
}

/// The id in an address: as the API shows it.
pub fn visitor_id(text: &str) -> ApiResult<VisitorId> {
    let id = Uuid::try_parse(text).map_err(|_| no_such_visitor())?;
    Ok(id.into())
}

fn no_such_visitor() -> ApiError {
    ApiError::new(ErrorCode::NotFound).with_message("There is no such visitor.")
}

/// Under `exempt` nobody is recognised beyond a day, so that nobody needs to be asked.
fn knows_visitors(site: &Site) -> ApiResult<()> {
    if site.policy().profile != PrivacyProfile::Exempt {
        return Ok(());
    }
    let message =
        "This site has the privacy profile exempt: it counts visits and knows no visitors.";
    Err(ApiError::new(ErrorCode::Conflict)
        .with_message(message)
        .with_details(serde_json::json!({ "field": "profile" })))
}
