//! Which events belong to one visit: the meaning of a session, as a pure function.
//!
//! Events are taken in the order of their corrected time, ties by event id, so late arrivals and
//! any order of delivery give the same sessions. The SQL of the reports and the sealed session
//! rows are only faster ways to this answer and are tested against it.
//!
//! * **Key**: the client's session id if it sent one, else the visitor.
//! * **Alive**: a session goes on while no more than [`TIMEOUT_MS`] pass between two of its
//!   events; exactly thirty minutes still belong to it.
//! * **Campaign**: a non-empty campaign or click id that differs from the session's own opens a
//!   new one. Events without a campaign never do.
//! * **Engagement reports** tell of a page that was opened before: they keep a session alive and
//!   lengthen it, but neither open a session nor split one. One that comes after the timeout (a
//!   tab closed the next morning) counts towards the engagement of the last session, not towards
//!   its length. One without any session before it is loose.
//! * **Bounce**: at most one page view and no action. Engagement, scrolling and a form coming
//!   into view ([`PASSIVE`]) are no actions; a click, a form interaction and any custom event are.
//! * Bots have no sessions.
//!
//! A session belongs to the moment of its first interaction and takes its source, campaign and
//! device from it; entry and exit page are those of its first and last page view.

use crate::model::{EpochMs, SessionKey, StoredEvent, VisitorId};
use std::collections::BTreeMap;

/// A session ends when more than this passes without a sign of life.
pub const TIMEOUT_MS: i64 = 30 * EpochMs::MINUTE;

/// Reports on a page that is already open; everything else is an interaction.
pub const ENGAGEMENT: &str = "engagement";

pub const PAGEVIEW: &str = "pageview";

/// Types of events that a page sends without the visitor having acted.
pub const PASSIVE: &[&str] = &[
    ENGAGEMENT,
    "scroll",
    "form_view",
    "session_start",
    "session_end",
    "tracker_initialized",
];

/// What makes events candidates for the same session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyOf {
    Client(SessionKey),
    Visitor(VisitorId),
}

impl KeyOf {
    pub fn of(event: &StoredEvent) -> Self {
        event
            .client_session
            .map_or(Self::Visitor(event.visitor_id), Self::Client)
    }
}

/// One visit.
#[derive(Clone, Debug)]
pub struct Session<'a> {
    pub key: KeyOf,
    /// The first interaction: gives the session its time, visitor, source and device.
    pub first: &'a StoredEvent,
    first_view: Option<&'a StoredEvent>,
    last_view: Option<&'a StoredEvent>,
    /// Last sign of life.
    pub end: EpochMs,
    pub pageviews: u32,
    /// Interactions, page views included.
    pub interactions: u32,
    /// Interactions by which the visitor acted, page views not included.
    pub actions: u32,
    pub engaged_ms: u64,
    /// All events of the session in order, engagement reports included.
    pub members: Vec<&'a StoredEvent>,
}

impl<'a> Session<'a> {
    pub fn start(&self) -> EpochMs {
        self.first.time()
    }

    /// Between the first interaction and the last sign of life.
    pub fn duration_ms(&self) -> i64 {
        self.end.since(self.start())
    }

    pub fn is_bounce(&self) -> bool {
        self.pageviews <= 1 && self.actions == 0
    }

    /// Path of the first page view; empty if there was none.
    pub fn entry_page(&self) -> &'a str {
        self.first_view.map_or("", |event| &event.path)
    }

    /// Path of the last page view; empty if there was none.
    pub fn exit_page(&self) -> &'a str {
        self.last_view.map_or("", |event| &event.path)
    }

    fn open(event: &'a StoredEvent) -> Self {
        Self {
            key: KeyOf::of(event),
            first: event,
            first_view: None,
            last_view: None,
            end: event.time(),
            pageviews: 0,
            interactions: 0,
            actions: 0,
            engaged_ms: 0,
            members: Vec::new(),
        }
    }

    fn add(&mut self, event: &'a StoredEvent, alive: bool) {
        if alive {
            self.end = event.time();
        }
        if is_interaction(event) {
            self.interactions += 1;
        }
        if event.event_type == PAGEVIEW {
            self.pageviews += 1;
            self.first_view.get_or_insert(event);
            self.last_view = Some(event);
        } else if !PASSIVE.contains(&event.event_type.as_str()) {
            self.actions += 1;
        }
        self.engaged_ms += u64::from(event.engaged_ms);
        self.members.push(event);
    }
}

/// All sessions of a set of events.
#[derive(Clone, Debug, Default)]
pub struct Sessions<'a> {
    /// By start, ties by the first event's id.
    pub sessions: Vec<Session<'a>>,
    /// Engagement reports that no session precedes.
    pub loose: Vec<&'a StoredEvent>,
}

/// Whether the event is something that happened, rather than a report on an open page.
pub fn is_interaction(event: &StoredEvent) -> bool {
    event.event_type != ENGAGEMENT
}

/// Everything that tells one campaign click from another; all empty: no campaign.
pub fn touch(event: &StoredEvent) -> [&str; 18] {
    [
        &event.utm_source,
        &event.utm_medium,
        &event.utm_campaign,
        &event.utm_content,
        &event.utm_term,
        &event.click_id_kind,
        &event.gclid,
        &event.gbraid,
        &event.wbraid,
        &event.dclid,
        &event.fbclid,
        &event.msclkid,
        &event.ttclid,
        &event.twclid,
        &event.li_fat_id,
        &event.sc_click_id,
        &event.rdt_cid,
        &event.epik,
    ]
}

/// Groups the events of one site into sessions. Any order of `events` gives the same answer.
pub fn sessions<'a>(events: impl IntoIterator<Item = &'a StoredEvent>) -> Sessions<'a> {
    let mut by_key: BTreeMap<KeyOf, Vec<&StoredEvent>> = BTreeMap::new();
    for event in events.into_iter().filter(|event| !event.is_bot()) {
        by_key.entry(KeyOf::of(event)).or_default().push(event);
    }
    let mut found = Sessions::default();
    for events in by_key.values_mut() {
        events.sort_unstable_by_key(|event| (event.time_ms, event.event_id));
        split(events, &mut found);
    }
    found
        .sessions
        .sort_by_key(|session| (session.first.time_ms, session.first.event_id));
    found
        .loose
        .sort_by_key(|event| (event.time_ms, event.event_id));
    found
}

/// Cuts the ordered events of one key.
fn split<'a>(events: &[&'a StoredEvent], found: &mut Sessions<'a>) {
    let mut current: Option<Session<'a>> = None;
    for &event in events {
        let alive = current
            .as_ref()
            .is_some_and(|session| event.time().since(session.end) <= TIMEOUT_MS);
        let opens = is_interaction(event)
            && !(alive
                && current
                    .as_ref()
                    .is_some_and(|session| continues(session, event)));
        if opens {
            found.sessions.extend(current.replace(Session::open(event)));
        }
        match &mut current {
            Some(session) => session.add(event, opens || alive),
            None => found.loose.push(event),
        }
    }
    found.sessions.extend(current);
}

/// Within a session the campaign never changes, so its first interaction speaks for it.
fn continues(session: &Session<'_>, event: &StoredEvent) -> bool {
    let touch_of_event = touch(event);
    touch_of_event.iter().all(|part| part.is_empty()) || touch_of_event == touch(session.first)
}

#[cfg(test)]
mod tests;
