//! Everything that is known about one visitor, from both stores.

use super::score::{Score, engagement_of, suspicion_of};
use super::{MOST_MEMBERS, knows_visitors};
use crate::app::App;
use crate::error::ApiResult;
use crate::sites::Site;
use clew_core::attribution::{LOOK_BACK_MS, Model, Touch, credit};
use clew_core::identity::Persons;
use clew_core::model::{EpochMs, LinkSource, SiteId, StoredEvent, UserKey, VisitorId};
use clew_core::session::sessions;
use clew_store::events::{EventQuery, Neighbours, VisitorFacts};
use clew_store::relational::{person_links, touches};
use std::collections::{BTreeMap, BTreeSet};

/// Events of one visitor that are looked at, the latest ones.
const MOST_EVENTS: usize = 2_000;

/// Links of one visitor that are looked at, the latest ones.
const MOST_LINKS: u64 = 500;

/// A visitor of a list.
#[derive(Clone, Copy, Debug)]
pub struct KnownVisitor {
    pub facts: VisitorFacts,
    pub person: Option<UserKey>,
}

/// Who a visitor is.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: UserKey,
    /// At most a hundred of them, this one included.
    pub visitors: Vec<VisitorId>,
}

/// One visitor.
#[derive(Debug)]
pub struct Profile {
    pub facts: VisitorFacts,
    pub visits: usize,
    /// False: visits and scores are about the latest events alone.
    pub complete: bool,
    pub person: Option<Person>,
    /// Of the person, if the visitor is one; in order, each once.
    pub touches: Vec<Touch>,
    /// By model, of a conversion at the time of the latest event.
    pub attribution: Vec<(Model, Vec<Credited>)>,
    pub links: Vec<ProfileLink>,
    pub engagement: Score,
    pub suspicion: Score,
}

/// Part of one source in a conversion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credited {
    pub source: String,
    pub medium: String,
    pub campaign: String,
    pub channel: String,
    pub millionths: u32,
}

/// What joins the visitor with a person or with other visitors.
#[derive(Clone, Debug)]
pub enum ProfileLink {
    Person {
        person: UserKey,
        source: LinkSource,
        at: EpochMs,
        /// It is who the visitor is now.
        stands: bool,
    },
    Neighbours(Neighbours),
}

impl App {
    pub async fn visitor_profile(&self, site: &Site, id: VisitorId) -> ApiResult<Profile> {
        knows_visitors(site)?;
        let site = site.id();
        let facts = self.visitor(site, id).await?;
        let said = person_links::history(self.db.read(), site, id, MOST_LINKS).await?;
        let persons = person_links::persons(self.db.read(), site, &[id]).await?;
        let person = match persons.of(id) {
            Some(word) => Some((word.person, self.members(site, word.person).await?)),
            None => None,
        };
        let visitors = person.as_ref().map_or(vec![id], |(_, all)| all.clone());
        let until = EpochMs(i64::MAX);
        let touches = touches::leading_to(self.db.read(), site, &visitors, until).await?;
        let (events, complete) = self.latest_events(site, id).await?;
        let identified = persons
            .of(id)
            .is_some_and(|word| word.source != LinkSource::Merge);
        let links = said_of(&said, &persons, id);
        let neighbours = self.events()?.neighbours(site, id).await?;
        let visits = sessions(events.iter().filter(|event| event.counts()))
            .sessions
            .len();
        Ok(Profile {
            attribution: Model::ALL
                .map(|model| (model, credited(model, &touches, facts.last_seen)))
                .into(),
            engagement: engagement_of(&events, visits, identified),
            suspicion: suspicion_of(&events),
            facts,
            visits,
            complete,
            person: person.map(|(id, mut visitors)| {
                visitors.truncate(MOST_MEMBERS);
                Person { id, visitors }
            }),
            touches,
            links: links
                .into_iter()
                .chain(neighbours.into_iter().map(ProfileLink::Neighbours))
                .collect(),
        })
    }

    /// The latest events of a visitor, and whether these are all.
    async fn latest_events(
        &self,
        site: SiteId,
        id: VisitorId,
    ) -> ApiResult<(Vec<StoredEvent>, bool)> {
        let mut query = EventQuery {
            sites: vec![site],
            visitor: Some(id),
            limit: 1_000,
            ..EventQuery::default()
        };
        let mut events = Vec::new();
        while events.len() < MOST_EVENTS {
            let page = self.events()?.list(&query).await?;
            events.extend(page.events.into_iter().map(|row| row.event));
            query.cursor = page.next;
            if query.cursor.is_none() {
                return Ok((events, true));
            }
        }
        Ok((events, false))
    }
}

/// The latest word about each person, the latest first.
fn said_of(
    said: &[(EpochMs, clew_core::identity::Link)],
    persons: &Persons,
    id: VisitorId,
) -> Vec<ProfileLink> {
    let mut seen = BTreeSet::new();
    let latest = said.iter().filter(|(_, link)| seen.insert(link.person));
    let word = persons.of(id);
    latest
        .map(|(at, link)| ProfileLink::Person {
            person: link.person,
            source: link.source,
            at: *at,
            stands: word.is_some_and(|word| word.person == link.person),
        })
        .collect()
}

/// Shares by what the profile shows of a touch, the largest first.
fn credited(model: Model, touches: &[Touch], at: EpochMs) -> Vec<Credited> {
    let mut by_source: BTreeMap<[&str; 4], u32> = BTreeMap::new();
    for share in credit(model, touches, at, LOOK_BACK_MS) {
        let touch = share.touch;
        let key = [
            &touch.source,
            &touch.medium,
            &touch.campaign,
            &touch.channel,
        ];
        *by_source.entry(key.map(String::as_str)).or_default() += share.millionths;
    }
    let shares = by_source
        .into_iter()
        .filter(|(_, millionths)| *millionths > 0);
    let mut shares: Vec<_> = shares
        .map(
            |([source, medium, campaign, channel], millionths)| Credited {
                source: source.to_owned(),
                medium: medium.to_owned(),
                campaign: campaign.to_owned(),
                channel: channel.to_owned(),
                millionths,
            },
        )
        .collect();
    shares.sort_by_key(|share| std::cmp::Reverse(share.millionths));
    shares
}
