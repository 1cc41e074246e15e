//! The list of sessions, against `clew_core::session` itself.

use super::{OTHER, SITE, START, record};
use crate::events::{EventStore, Projection, SessionPage, SessionQuery, SessionRow};
use clew_core::model::{
    EpochMs, EventId, IdentityMethod, SessionKey, SiteId, StoredEvent, VisitorId,
};
use clew_core::session::{self, Session};

/// A sequence of numbers that is the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len() as u64) as usize]
    }

    /// Some event of some days, at pauses around those that end a session.
    fn event(&mut self, n: u64) -> StoredEvent {
        let kinds = [
            "pageview",
            "pageview",
            "click",
            "scroll",
            "engagement",
            "form_start",
        ];
        let path = self.of(&["/", "/a", "/b"]).to_owned();
        let client_session = (self.below(3) == 0).then(|| self.below(9));
        StoredEvent {
            event_id: EventId::from_u128(u128::from(n) + 1),
            visitor_id: VisitorId::from_u128(u128::from(self.below(7)) + 100),
            identity_method: IdentityMethod::Storage as i32,
            client_session: client_session.map(|s| SessionKey::from_u128(u128::from(s) + 1)),
            client_session_id: client_session.map(|s| format!("s{s}")).unwrap_or_default(),
            time_ms: START + self.below(6 * 24 * 6) as i64 * 10 * EpochMs::MINUTE,
            event_type: self.of(&kinds).to_owned(),
            scroll_percent: self.below(101) as u32,
            utm_campaign: self.of(&["", "", "", "spring", "autumn"]).to_owned(),
            source: self.of(&["", "Google", "News"]).to_owned(),
            device: self.of(&["desktop", "mobile"]).to_owned(),
            url: format!("https://example.com{path}"),
            path,
            ..StoredEvent::default()
        }
    }
}

async fn fill(store: &impl EventStore, sites: Vec<(SiteId, Vec<StoredEvent>)>) {
    let records = (1..)
        .zip(sites)
        .map(|(lsn, (site, e))| record(lsn, site, e));
    let records: Vec<_> = records.collect();
    let projection = Projection {
        after: 0,
        cursor: records.len() as u64,
        records,
        ..Projection::default()
    };
    store.append(projection).await.unwrap();
}

fn query() -> SessionQuery {
    SessionQuery {
        site: SITE,
        from: None,
        to: None,
        limit: 1_000,
        cursor: None,
    }
}

async fn ask(store: &impl EventStore, query: &SessionQuery) -> SessionPage {
    store.sessions(query).await.unwrap()
}

/// What the pure function says of the same events.
fn row(session: &Session<'_>) -> SessionRow {
    let count = |is: &dyn Fn(&StoredEvent) -> bool| {
        let members = session.members.iter();
        members.filter(|event| is(event)).count() as u64
    };
    let scrolled = session.members.iter().map(|event| event.scroll_percent);
    let first = session.first;
    SessionRow {
        id: first.event_id,
        client_session_id: first.client_session_id.clone(),
        visitor: first.visitor_id,
        identity_method: first.identity_method(),
        started: session.start(),
        ended: session.end,
        events: count(&session::is_interaction),
        pageviews: u64::from(session.pageviews),
        clicks: count(&|event| event.event_type == "click"),
        max_scroll_percent: u8::try_from(scrolled.max().unwrap_or(0)).unwrap(),
        entry_page: session.entry_page().to_owned(),
        exit_page: session.exit_page().to_owned(),
        source: first.source.clone(),
        campaign: first.utm_campaign.clone(),
        device: first.device.clone(),
        browser: first.browser.clone(),
        country: first.country.clone(),
    }
}

fn newest_first(events: &[StoredEvent]) -> Vec<SessionRow> {
    let found = session::sessions(events);
    found.sessions.iter().rev().map(row).collect()
}

pub(crate) async fn the_list_of_sessions_equals_the_pure_function(store: &impl EventStore) {
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let own: Vec<_> = (0..500).map(|n| numbers.event(n)).collect();
    let mut apart: Vec<_> = (5_000..5_020).map(|n| numbers.event(n)).collect();
    for (n, event) in apart.iter_mut().enumerate() {
        if n % 2 == 0 {
            event.bot = "Crawler".into();
        } else {
            event.set_apart = 2;
        }
    }
    let foreign = (9_000..9_050).map(|n| numbers.event(n)).collect();
    let expected = newest_first(&own);
    assert!(expected.len() > 100, "only {} sessions", expected.len());
    let all = own.into_iter().chain(apart).collect();
    fill(store, vec![(SITE, all), (OTHER, foreign)]).await;

    assert_eq!(ask(store, &query()).await.sessions, expected);
    for limit in [9, 100] {
        let mut joined = Vec::new();
        let mut query = SessionQuery { limit, ..query() };
        loop {
            let page = ask(store, &query).await;
            assert!(page.sessions.len() <= limit as usize);
            joined.extend(page.sessions);
            match page.next {
                Some(next) => query.cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(joined, expected, "{limit} a page");
    }
    let (from, to) = (
        EpochMs(START + 3 * EpochMs::DAY),
        EpochMs(START + 5 * EpochMs::DAY),
    );
    let within = SessionQuery {
        from: Some(from),
        to: Some(to),
        ..query()
    };
    let inside = |row: &&SessionRow| (from..to).contains(&row.started);
    let inside: Vec<_> = expected.iter().filter(inside).cloned().collect();
    assert_eq!(ask(store, &within).await.sessions, inside);
    store.seal(START + 30 * EpochMs::DAY).await.unwrap();
    assert_eq!(ask(store, &query()).await.sessions, expected);
}

pub(crate) async fn a_site_without_events_has_no_sessions(store: &impl EventStore) {
    let empty = SessionPage {
        sessions: Vec::new(),
        next: None,
    };
    assert_eq!(ask(store, &query()).await, empty);
    fill(store, vec![(OTHER, vec![super::pageview(1)])]).await;
    assert_eq!(ask(store, &query()).await, empty);
}
