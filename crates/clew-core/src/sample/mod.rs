//! Sample data: a plausible year of the demo shop, as its visitors' browsers would have sent it.
//!
//! A pure function of [`SampleSpec`]: the same spec gives the same events with the same ids, on
//! every machine, so that loading can be broken off anywhere and taken up again. What comes out
//! is nothing but wire events with what the edge would have known of their senders; they enter
//! through the pipeline like anybody's. Nobody in here exists: addresses are of the range
//! reserved for documentation, orders and accounts are numbers.
//!
//! `calendar` says how busy a day is, `source` how people come, `visitor` who they are and `visit`
//! what they do; `place`, `device` and `pages` are the tables that these draw from.

mod calendar;
mod device;
mod pages;
mod place;
mod random;
mod source;
#[cfg(test)]
mod tests;
mod visit;
mod visitor;

use crate::model::Place;
use crate::model::{EpochMs, domain};
use crate::pipeline::DailySalt;
use crate::wire::{Client, WireEvent};
use calendar::Day;
use jiff::tz::TimeZone;
use random::{Purpose, Random};
use source::Source;
use std::sync::Arc;
use visit::Visit;
use visitor::Visitor;

/// Which generator this is: counted up whenever the same spec gives other events, so that loading
/// which an older program began is not carried on with another year.
pub const VERSION: u32 = 1;

/// A year quick to load and rich enough to look at.
pub const DEFAULT_EVENTS: u32 = 120_000;
/// Fewer would leave days without a visitor.
pub const FEWEST_EVENTS: u32 = 10_000;
pub const MOST_EVENTS: u32 = 2_000_000;

/// Of visits that nobody remembers making before.
const RETURNING: f64 = 0.3;

/// Which year.
#[derive(Clone, Debug)]
pub struct SampleSpec {
    pub seed: u64,
    /// The year ends here.
    pub until: EpochMs,
    /// Exactly so many, [`FEWEST_EVENTS`] to [`MOST_EVENTS`].
    pub events: u32,
    /// The site's zone: whose week and whose night it is.
    pub zone: TimeZone,
    /// Host of the pages; see [`page_host`].
    pub host: String,
}

/// What the edge knows of a visitor besides the events; shared by those of one visit.
#[derive(Debug)]
pub struct Sender {
    pub client: Client,
    pub place: Place,
    /// Of the day of the visit, so that without consent nobody is known beyond it.
    pub salt: DailySalt,
}

/// One event and its sender.
#[derive(Clone, Debug)]
pub struct SampleEvent {
    pub sender: Arc<Sender>,
    pub event: WireEvent,
}

/// A host that the site's list allows, for pages that nobody serves. `None`: the list is empty.
pub fn page_host(domains: &[String]) -> Option<String> {
    let entry = domains.first()?;
    // `*.example.com` stands for subdomains only.
    let host = match entry.strip_prefix("*.") {
        Some(parent) => format!("www.{parent}"),
        None => entry.clone(),
    };
    domain::host_allowed(&host, domains).then_some(host)
}

/// The events of the year, day by day; within a day in order of time.
#[derive(Debug)]
pub struct Sample {
    spec: SampleSpec,
    origin: String,
    days: std::vec::IntoIter<Day>,
    today: std::vec::IntoIter<SampleEvent>,
    /// Visitors so far.
    visitors: u64,
    events: u32,
}

impl Sample {
    pub fn new(spec: SampleSpec) -> Self {
        let days = calendar::days(spec.seed, &spec.zone, spec.until, spec.events);
        let scheme = match spec.host.as_str() {
            "localhost" | "127.0.0.1" => "http",
            _ => "https",
        };
        Self {
            origin: format!("{scheme}://{}", spec.host),
            spec,
            days: days.into_iter(),
            today: Vec::new().into_iter(),
            visitors: 0,
            events: 0,
        }
    }

    /// As many events as the day's quota; the last visit is cut off where it is full.
    fn events_of(&mut self, day: &Day) -> Vec<SampleEvent> {
        let index = day.start.0.div_euclid(EpochMs::DAY) as u64;
        let mut random = Random::of(self.spec.seed, Purpose::Visits, index);
        let salt = self.salt(index);
        let quota = day.quota as usize;
        let mut events = Vec::with_capacity(quota + 64);
        while events.len() < quota {
            events.append(&mut self.visit(day, &salt, &mut random));
        }
        events.truncate(quota);
        // Stable: what happened at the same moment stays in the order in which it was told.
        events.sort_by_key(|sample| sample.event.time);
        events
    }

    fn salt(&self, index: u64) -> DailySalt {
        let mut words = [0; 16];
        words[..8].copy_from_slice(&self.spec.seed.to_le_bytes());
        words[8..].copy_from_slice(&index.to_le_bytes());
        DailySalt::new(blake3::derive_key(
            "clew sample data, salt of a day",
            &words,
        ))
    }

    fn visit(&mut self, day: &Day, salt: &DailySalt, random: &mut Random) -> Vec<SampleEvent> {
        if random.chance(visitor::BOT_SHARE) {
            return self.crawl(day, salt, random);
        }
        let returning = self.visitors > 0 && random.chance(RETURNING);
        let index = if returning {
            let ago = random.mostly_low(0.0, self.visitors as f64) as u64;
            self.visitors - 1 - ago
        } else {
            self.visitors += 1;
            self.visitors - 1
        };
        let visitor = Visitor::nth(self.spec.seed, index, self.spec.zone.iana_name());
        let sender = Arc::new(Sender {
            client: Client {
                ip: visitor.ip,
                user_agent: visitor.device.user_agent(day.start),
                language: visitor.home.language.to_owned(),
                gpc: visitor.consent.gpc,
                ..self.client()
            },
            place: visitor.home.place.clone(),
            salt: salt.clone(),
        });
        let source = Source::draw(random, day, returning);
        Visit::begin(
            &self.origin,
            day,
            &visitor,
            source,
            sender,
            returning,
            random,
        )
        .tell()
    }

    /// A crawler looks at a page and is gone.
    fn crawl(&self, day: &Day, salt: &DailySalt, random: &mut Random) -> Vec<SampleEvent> {
        let (user_agent, ip) = visitor::bot(random);
        let sender = Sender {
            client: Client {
                ip,
                user_agent: user_agent.to_owned(),
                ..self.client()
            },
            place: Place::default(),
            salt: salt.clone(),
        };
        let page = random.of_list(pages::PAGES);
        let event = WireEvent {
            event_type: "pageview".to_owned(),
            time: Some(day.moment_of_visit(random)),
            url: format!("{}{}", self.origin, page.path),
            title: Some(page.title.to_owned()),
            ..WireEvent::default()
        };
        let sender = Arc::new(sender);
        vec![SampleEvent { sender, event }]
    }

    fn client(&self) -> Client {
        Client {
            ip: std::net::Ipv6Addr::UNSPECIFIED.into(),
            user_agent: String::new(),
            origin_host: Some(self.spec.host.clone()),
            language: String::new(),
            gpc: false,
            dnt: false,
            trusted: false,
            hints: None,
            place: None,
            tor: false,
        }
    }
}

impl Iterator for Sample {
    type Item = SampleEvent;

    fn next(&mut self) -> Option<SampleEvent> {
        loop {
            if let Some(mut sample) = self.today.next() {
                // The position in the year: unique, and the same whenever it is generated.
                sample.event.id = Some(self.events.to_string());
                self.events += 1;
                return Some(sample);
            }
            let day = self.days.next()?;
            self.today = self.events_of(&day).into_iter();
        }
    }
}
