//! The attribution report: conversions from the event store meet the touches that led to them.
//!
//! Bounded on both sides; a question that would exceed a bound is refused with what to do about
//! it, never answered in part.

use crate::app::App;
use crate::error::{ApiError, ApiResult};
use clew_core::attribution::{Converted, Facet, Model, Tally, Touch, thread};
use clew_core::model::{IdentityMethod, SiteId, UserKey, VisitorId};
use clew_core::report::Range;
use clew_store::events::{Conversion, ConversionQuery};
use clew_store::relational::{person_links, touches};
use std::collections::{HashMap, HashSet};

/// Conversions of one answer.
pub const MOST_CONVERSIONS: u32 = 50_000;

/// Touches that are looked at for one answer.
pub const MOST_TOUCHES: u64 = 500_000;

/// What is asked.
#[derive(Clone, Debug)]
pub struct AttributionAsked {
    pub site: SiteId,
    pub range: Range,
    pub model: Model,
    pub facet: Facet,
    /// Name of the event that is a conversion; `None`: whatever brought revenue.
    pub goal: Option<String>,
}

/// The answer.
#[derive(Clone, Debug, Default)]
pub struct Attributed {
    pub tally: Tally,
    /// Conversions of visitors who are recognised for a day only: nothing is known of what led
    /// to them.
    pub cookieless: u64,
}

/// Visitors are one person, or for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Who {
    Person(UserKey),
    Visitor(VisitorId),
}

impl App {
    pub async fn attribution(&self, asked: &AttributionAsked) -> ApiResult<Attributed> {
        let conversions = self.conversions(asked).await?;
        let threads = self.threads(asked, &conversions).await?;
        let mut answer = Attributed::default();
        for conversion in conversions {
            if conversion.identity_method == IdentityMethod::DailyHash {
                answer.cookieless += 1;
            }
            let thread = threads
                .get(&conversion.visitor)
                .map_or(&[][..], Vec::as_slice);
            let converted = Converted {
                at: conversion.at,
                value_minor: conversion.value_minor,
                currency: conversion.currency,
            };
            answer
                .tally
                .add(asked.model, asked.facet, &converted, thread);
        }
        Ok(answer)
    }

    async fn conversions(&self, asked: &AttributionAsked) -> ApiResult<Vec<Conversion>> {
        let query = ConversionQuery {
            site: asked.site,
            from: asked.range.from,
            to: asked.range.to,
            goal: asked.goal.clone(),
            most: MOST_CONVERSIONS,
        };
        let found = self.events()?.conversions(&query).await?;
        if found.len() > MOST_CONVERSIONS as usize {
            return Err(too_many("conversions", u64::from(MOST_CONVERSIONS)));
        }
        Ok(found)
    }

    /// What brought each converted visitor, whatever visitors of the same person were brought by
    /// included.
    async fn threads(
        &self,
        asked: &AttributionAsked,
        conversions: &[Conversion],
    ) -> ApiResult<HashMap<VisitorId, Vec<Touch>>> {
        let recognised = |c: &&Conversion| c.identity_method != IdentityMethod::DailyHash;
        let converted: HashSet<_> = conversions
            .iter()
            .filter(recognised)
            .map(|c| c.visitor)
            .collect();
        let converted: Vec<_> = converted.into_iter().collect();
        let (db, site) = (self.db.read(), asked.site);
        let persons = person_links::resolve(db, site, &converted).await?;
        let keys: HashSet<_> = persons.values().copied().collect();
        let keys: Vec<_> = keys.into_iter().collect();
        let mut who: HashMap<VisitorId, Who> = converted
            .iter()
            .map(|id| (*id, Who::Visitor(*id)))
            .collect();
        for (person, members) in person_links::members(db, site, &keys).await? {
            who.extend(members.into_iter().map(|id| (id, Who::Person(person))));
        }
        let all: Vec<_> = who.keys().copied().collect();
        let until = asked.range.to.plus(-1);
        let found = touches::of_visitors(db, site, &all, until, MOST_TOUCHES).await?;
        if !found.complete {
            return Err(too_many("touches", MOST_TOUCHES));
        }
        let mut touches: HashMap<Who, Vec<Touch>> = HashMap::new();
        for touch in found.touches {
            if let Some(who) = who.get(&touch.visitor) {
                touches.entry(*who).or_default().push(touch);
            }
        }
        let threads: HashMap<_, _> = touches.into_iter().map(|(w, t)| (w, thread(t))).collect();
        let thread_of = |id| Some((id, threads.get(who.get(&id)?)?.clone()));
        Ok(converted.into_iter().filter_map(thread_of).collect())
    }
}

fn too_many(what: &str, most: u64) -> ApiError {
    ApiError::parameter(
        "period",
        format!("holds more than {most} {what}, too many for one answer; choose a shorter one"),
    )
}
