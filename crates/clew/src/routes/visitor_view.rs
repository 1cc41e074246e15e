//! Visitors as the API shows them.

use crate::app::people::{Credited, KnownVisitor, Merged, Person, Profile, ProfileLink, Score};
use clew_core::attribution::{Model, Touch, WHOLE, first};
use clew_core::model::{EpochMs, IdentityMethod, LinkSource, VisitorId};
use clew_core::scoring::Reason;
use clew_store::events::{Bond, Neighbours};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct VisitorList {
    /// The one seen last first.
    pub visitors: Vec<VisitorSummary>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VisitorSummary {
    pub visitor_id: String,
    /// `daily_hash`, `fingerprint`, `storage`, `cookie` or `user_id`.
    pub identity_method: &'static str,
    pub first_seen_at: String,
    pub last_seen_at: String,
    pub events: u64,
    /// Id of the person that the visitor is; null: nobody in particular.
    pub person: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VisitorProfile {
    pub visitor_id: String,
    pub identity_method: &'static str,
    pub first_seen_at: String,
    pub last_seen_at: String,
    pub visits: usize,
    pub pageviews: u64,
    pub events: u64,
    /// False: visits and scores are about the latest 2,000 events alone.
    pub complete: bool,
    pub person: Option<PersonOfVisitor>,
    /// The very first thing that brought the person.
    pub first_touch: Option<TouchView>,
    pub last_touch: Option<TouchView>,
    /// In the order of time, of all visitors of the person; the first and the latest 499.
    pub touches: Vec<TouchView>,
    pub attribution: Attribution,
    pub links: Vec<PersonLinkView>,
    pub engagement: ScoreView,
    pub suspicion: ScoreView,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonOfVisitor {
    pub person_id: String,
    /// At most a hundred.
    pub visitors: Vec<String>,
}

/// What brought a visitor once. Absent text is empty.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TouchView {
    pub at: String,
    pub event_id: String,
    pub visitor_id: String,
    pub source: String,
    pub medium: String,
    pub campaign: String,
    pub content: String,
    pub term: String,
    pub channel: String,
    pub click_id_kind: String,
    pub click_id: String,
    pub referrer_host: String,
    pub landing_path: String,
}

/// How a conversion at the time of the latest event would be shared out, by model.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attribution {
    pub first: Vec<ShareView>,
    pub last: Vec<ShareView>,
    pub linear: Vec<ShareView>,
    pub time_decay: Vec<ShareView>,
    pub position_based: Vec<ShareView>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ShareView {
    pub source: String,
    pub medium: String,
    pub campaign: String,
    pub channel: String,
    /// Of 1, to six places; the shares of a model make 1.
    pub share: f64,
}

/// What joins the visitor with a person or with other visitors.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonLinkView {
    /// `user` (said by pages or by hand), `merge` (by hand), `fingerprint`, `ip` or `network`.
    pub kind: &'static str,
    /// Of a person its id, else the thing that is shared.
    pub value: String,
    /// The last time.
    pub at: String,
    /// `page` or `hand`; null where nobody said it.
    pub said_by: Option<&'static str>,
    /// Of a person: it is who the visitor is now.
    pub stands: bool,
    /// Who else has it, at most twenty.
    pub visitors: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ScoreView {
    /// 0 to 100.
    pub score: u8,
    /// Of the rules; 0: not rated.
    pub version: u32,
    pub reasons: Vec<ReasonView>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ReasonView {
    pub code: &'static str,
    pub points: i32,
    pub text: &'static str,
}

/// Touches of a profile: the first and the latest.
const MOST_TOUCHES: usize = 500;

impl From<KnownVisitor> for VisitorSummary {
    fn from(known: KnownVisitor) -> Self {
        let facts = known.facts;
        Self {
            visitor_id: facts.visitor.to_string(),
            identity_method: method(facts.identity_method),
            first_seen_at: time(facts.first_seen),
            last_seen_at: time(facts.last_seen),
            events: facts.events,
            person: known.person.map(|person| person.to_string()),
        }
    }
}

impl From<Profile> for VisitorProfile {
    fn from(profile: Profile) -> Self {
        let facts = profile.facts;
        let touches = &profile.touches;
        let left_out = touches.len().saturating_sub(MOST_TOUCHES);
        let shown = touches.iter().enumerate();
        let shown = shown.filter(|(at, _)| *at == 0 || *at > left_out);
        Self {
            visitor_id: facts.visitor.to_string(),
            identity_method: method(facts.identity_method),
            first_seen_at: time(facts.first_seen),
            last_seen_at: time(facts.last_seen),
            visits: profile.visits,
            pageviews: facts.pageviews,
            events: facts.events,
            complete: profile.complete,
            first_touch: first(touches).map(TouchView::from),
            last_touch: touches.last().map(TouchView::from),
            touches: shown.map(|(_, touch)| TouchView::from(touch)).collect(),
            person: profile.person.map(PersonOfVisitor::from),
            attribution: attribution(profile.attribution),
            links: profile
                .links
                .into_iter()
                .map(PersonLinkView::from)
                .collect(),
            engagement: profile.engagement.into(),
            suspicion: profile.suspicion.into(),
        }
    }
}

fn attribution(by_model: Vec<(Model, Vec<Credited>)>) -> Attribution {
    let mut attribution = Attribution::default();
    for (model, shares) in by_model {
        let shares = shares.into_iter().map(ShareView::from).collect();
        match model {
            Model::First => attribution.first = shares,
            Model::Last => attribution.last = shares,
            Model::Linear => attribution.linear = shares,
            Model::TimeDecay => attribution.time_decay = shares,
            Model::PositionBased => attribution.position_based = shares,
        }
    }
    attribution
}

impl From<Credited> for ShareView {
    fn from(credited: Credited) -> Self {
        Self {
            source: credited.source,
            medium: credited.medium,
            campaign: credited.campaign,
            channel: credited.channel,
            share: f64::from(credited.millionths) / f64::from(WHOLE),
        }
    }
}

impl From<Person> for PersonOfVisitor {
    fn from(person: Person) -> Self {
        Self {
            person_id: person.id.to_string(),
            visitors: texts(&person.visitors),
        }
    }
}

impl From<Merged> for PersonOfVisitor {
    fn from(merged: Merged) -> Self {
        Self {
            person_id: merged.person.to_string(),
            visitors: texts(&merged.visitors),
        }
    }
}

impl From<&Touch> for TouchView {
    fn from(touch: &Touch) -> Self {
        let text = String::clone;
        Self {
            at: time(touch.at),
            event_id: touch.event.to_string(),
            visitor_id: touch.visitor.to_string(),
            source: text(&touch.source),
            medium: text(&touch.medium),
            campaign: text(&touch.campaign),
            content: text(&touch.content),
            term: text(&touch.term),
            channel: text(&touch.channel),
            click_id_kind: text(&touch.click_id_kind),
            click_id: text(&touch.click_id),
            referrer_host: text(&touch.referrer_host),
            landing_path: text(&touch.landing_path),
        }
    }
}

impl From<ProfileLink> for PersonLinkView {
    fn from(link: ProfileLink) -> Self {
        match link {
            ProfileLink::Person {
                person,
                source,
                at,
                stands,
            } => {
                let (kind, by) = match source {
                    LinkSource::Page => ("user", "page"),
                    LinkSource::User => ("user", "hand"),
                    LinkSource::Merge => ("merge", "hand"),
                };
                Self {
                    kind,
                    value: person.to_string(),
                    at: time(at),
                    said_by: Some(by),
                    stands,
                    visitors: Vec::new(),
                }
            }
            ProfileLink::Neighbours(shared) => shared.into(),
        }
    }
}

impl From<Neighbours> for PersonLinkView {
    fn from(shared: Neighbours) -> Self {
        Self {
            kind: match shared.bond {
                Bond::Fingerprint => "fingerprint",
                Bond::Ip => "ip",
                Bond::Network => "network",
            },
            value: shared.value,
            at: time(shared.last_seen),
            said_by: None,
            stands: true,
            visitors: texts(&shared.others),
        }
    }
}

impl From<Score> for ScoreView {
    fn from(score: Score) -> Self {
        let reason = |reason: Reason| ReasonView {
            code: reason.code,
            points: reason.points,
            text: reason.text,
        };
        Self {
            score: score.score,
            version: score.version,
            reasons: score.reasons.into_iter().map(reason).collect(),
        }
    }
}

fn texts(ids: &[VisitorId]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

fn time(at: EpochMs) -> String {
    at.to_timestamp().to_string()
}

const fn method(method: IdentityMethod) -> &'static str {
    match method {
        IdentityMethod::DailyHash => "daily_hash",
        IdentityMethod::Fingerprint => "fingerprint",
        IdentityMethod::Storage => "storage",
        IdentityMethod::Cookie => "cookie",
        IdentityMethod::UserId => "user_id",
    }
}
