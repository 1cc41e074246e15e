//! What a visitor does: pages one after the other, how long they are read, and what comes of it.

use super::calendar::{Day, Moment};
use super::pages::{self, CART, CONTACT, PAGES};
use super::random::Random;
use super::source::Source;
use super::visitor::Visitor;
use super::{SampleEvent, Sender};
use crate::model::EpochMs;
use crate::wire::WireEvent;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Nobody reads on for ever.
const MOST_PAGES: usize = 14;
/// Chance of a further page after each one.
const READS_ON: f64 = 0.66;
/// Tabs that die without telling how long they were read.
const LOST_TABS: f64 = 0.05;

/// One visit while it is told.
pub(super) struct Visit<'a> {
    pub(super) origin: &'a str,
    pub(super) day: &'a Day,
    pub(super) visitor: &'a Visitor,
    pub(super) source: &'a Source,
    pub(super) sender: Arc<Sender>,
    pub(super) returning: bool,
    pub(super) random: &'a mut Random,
    session: Option<String>,
    user: Option<String>,
    now: EpochMs,
    sequence: u32,
    /// Prices of what lies in the cart, in cents.
    cart: Vec<u32>,
    events: Vec<SampleEvent>,
}

impl<'a> Visit<'a> {
    pub(super) fn begin(
        origin: &'a str,
        day: &'a Day,
        visitor: &'a Visitor,
        source: &'a Source,
        sender: Arc<Sender>,
        returning: bool,
        random: &'a mut Random,
    ) -> Self {
        let session = format!("{:016x}", random.bits());
        let signed_in = returning && random.chance(0.7);
        let now = if source.is_mailing {
            day.moment_after_mailing(random)
        } else {
            day.moment_of_visit(random)
        };
        Self {
            origin,
            day,
            visitor,
            source,
            sender,
            returning,
            random,
            session: visitor.id.is_some().then_some(session),
            user: visitor.account.clone().filter(|_| signed_in),
            now,
            sequence: 0,
            cart: Vec::new(),
            events: Vec::new(),
        }
    }

    /// The whole visit, in order of time, over before the day is.
    pub(super) fn tell(mut self) -> Vec<SampleEvent> {
        let mut page = self.source.landing(self.random);
        let mut url = self.url(page);
        self.source.tag(&mut url, self.day, self.random);
        let mut referrer = self.source.referrer();
        let bounce = self.source.bounce - if self.returning { 0.12 } else { 0.0 };
        let leaves_at_once = self.random.chance(bounce);
        for _ in 0..MOST_PAGES {
            self.read(page, &url, referrer.take(), leaves_at_once);
            if leaves_at_once || !self.goes_on() {
                break;
            }
            referrer = Some(url);
            page = pages::next(self.random, page, !self.cart.is_empty());
            url = self.url(page);
        }
        self.finish()
    }

    /// Whoever has something in the cart stays more often than not.
    fn goes_on(&mut self) -> bool {
        let chance = if self.cart.is_empty() { READS_ON } else { 0.85 };
        self.random.chance(chance)
    }

    fn url(&self, page: usize) -> String {
        format!("{}{}", self.origin, PAGES[page].path)
    }

    fn read(&mut self, page: usize, url: &str, referrer: Option<String>, hastily: bool) {
        let load_time = self.random.mostly_low(180.0, 3_200.0);
        let mut view = self.event("pageview", page, url);
        view.referrer = referrer;
        view.load_time_ms = Some(load_time as u32);
        self.push(view);
        let engaged = if hastily {
            self.random.mostly_low(800.0, 40_000.0)
        } else {
            self.random.mostly_low(4_000.0, 190_000.0)
        };
        self.pass(engaged * 0.7);
        if !hastily {
            self.act(page, url);
        }
        let rest = self.random.between(0.3, 0.7);
        self.pass(engaged * rest);
        if !self.random.chance(LOST_TABS) {
            let deepest = if hastily { 70.0 } else { 101.0 };
            let mut report = self.event("engagement", page, url);
            report.title = None;
            report.engaged_ms = Some(engaged as u32);
            report.scroll_percent = Some(self.random.between(12.0, deepest) as u32);
            self.push(report);
        }
        self.pass(900.0);
    }

    fn act(&mut self, page: usize, url: &str) {
        match page {
            CART => self.order(url),
            CONTACT => self.write_to_us(url),
            _ => self.put_into_cart(page, url),
        }
        if self.random.chance(0.014) {
            self.custom("newsletter_signup", page, url, &[("place", "footer")]);
        }
    }

    fn put_into_cart(&mut self, page: usize, url: &str) {
        let Some((product, cents)) = PAGES[page].product else {
            return;
        };
        let wants = if self.returning { 0.17 } else { 0.1 };
        if self.random.chance(wants) {
            let mut event = self.event("custom", page, url);
            event.name = Some("add_to_cart".to_owned());
            event.props = properties(&[("product", product)]);
            priced(&mut event, cents);
            self.push(event);
            self.cart.push(cents);
        }
    }

    fn order(&mut self, url: &str) {
        let sale = matches!(self.day.moment, Moment::BlackFriday | Moment::SpringSale);
        let buys = if sale { 0.55 } else { 0.42 };
        if self.cart.is_empty() || !self.random.chance(buys) {
            return;
        }
        let mut event = self.event("custom", CART, url);
        event.name = Some("purchase".to_owned());
        let number = format!("A-{:08X}", self.random.bits() as u32);
        event.props = properties(&[("order_id", &number)]);
        let pieces = std::mem::take(&mut self.cart);
        event.numbers = [("pieces".to_owned(), pieces.len() as f64)].into();
        priced(&mut event, pieces.iter().sum());
        self.push(event);
    }

    fn write_to_us(&mut self, url: &str) {
        let form = &[("form_id", "contact")];
        if !self.random.chance(0.42) {
            return;
        }
        self.form("form_start", url, form);
        let typing = self.random.between(8_000.0, 90_000.0);
        self.pass(typing);
        if self.random.chance(0.6) {
            self.form("form_submit", url, form);
        }
    }

    fn form(&mut self, kind: &str, url: &str, props: &[(&str, &str)]) {
        let mut event = self.event(kind, CONTACT, url);
        event.props = properties(props);
        self.push(event);
    }

    fn custom(&mut self, name: &str, page: usize, url: &str, props: &[(&str, &str)]) {
        let mut event = self.event("custom", page, url);
        event.name = Some(name.to_owned());
        event.props = properties(props);
        self.push(event);
    }

    /// A moment later.
    fn pass(&mut self, ms: f64) {
        self.now = self.now.plus(1 + ms as i64);
    }

    fn event(&mut self, kind: &str, page: usize, url: &str) -> WireEvent {
        self.sequence += 1;
        let visitor = self.visitor;
        WireEvent {
            event_type: kind.to_owned(),
            time: Some(self.now),
            visitor_id: visitor.id.clone(),
            session_id: self.session.clone(),
            user_id: self.user.clone(),
            sequence: Some(self.sequence),
            consent: visitor.consent,
            url: url.to_owned(),
            title: Some(PAGES[page].title.to_owned()),
            screen: Some(visitor.screen.0.to_owned()),
            viewport: Some(visitor.screen.1.to_owned()),
            time_zone: Some(visitor.home.zone.to_owned()),
            ..WireEvent::default()
        }
    }

    fn push(&mut self, event: WireEvent) {
        self.events.push(SampleEvent {
            sender: Arc::clone(&self.sender),
            event,
        });
    }

    /// Nothing happens after now: a visit that would, began earlier.
    fn finish(mut self) -> Vec<SampleEvent> {
        let late = self.now.since(self.day.until).max(0);
        for sample in &mut self.events {
            sample.event.time = sample.event.time.map(|time| time.plus(-late));
        }
        self.events
    }
}

fn properties(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pairs = pairs.iter();
    pairs
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

fn priced(event: &mut WireEvent, cents: u32) {
    event.value = Some(f64::from(cents) / 100.0);
    event.currency = Some("EUR".to_owned());
}
