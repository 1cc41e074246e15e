//! Sealed and unsealed sessions together are the sessions of all events, whenever one looks.

use crate::conformance::events::record;
use crate::events::Deletion;
use crate::events::schema::{SEED, create_in};
use crate::events::sealing;
use crate::events::{Projection, erase, writer};
use crate::reports::DuckDb;
use clew_core::model::{EventId, SessionKey, SiteId, StoredEvent, VisitorId};
use clew_core::report::Dimension;
use clew_core::session::sessions;
use duckdb::Connection;
use proptest::prelude::*;

const MINUTE: i64 = 60_000;
const START: i64 = 1_772_323_200_000;
const SITES: [SiteId; 2] = [SiteId::from_u128(1), SiteId::from_u128(2)];

#[derive(Clone, Debug)]
enum Step {
    /// Events of a site arrive in one record.
    Arrive(usize, Vec<StoredEvent>),
    /// A pass over a site, this long after [`START`]; the clock may jump either way.
    Seal(usize, i64),
}

fn event() -> impl Strategy<Value = StoredEvent> {
    let times = prop_oneof![
        // Around the timeout, to the millisecond, and well within it.
        (0..12_i64, -1..=1_i64).prop_map(|(half_hours, ms)| half_hours * 30 * MINUTE + ms),
        (0..36_i64).prop_map(|tens| tens * 10 * MINUTE),
    ];
    let types = prop_oneof![
        4 => Just("pageview"), 3 => Just("engagement"), 1 => Just("click"), 1 => Just("scroll"),
    ];
    let campaign = prop_oneof![4 => Just(""), 1 => Just("spring"), 1 => Just("autumn")];
    let session = prop_oneof![3 => Just(None), 1 => Just(Some(1_u128))];
    (
        (any::<u128>(), times, types, campaign),
        (
            1..4_u128,
            session,
            0..4_u8,
            prop::bool::weighted(0.05),
            0..3_u32,
        ),
    )
        .prop_map(
            |((id, time, kind, campaign), (visitor, session, page, bot, engaged))| StoredEvent {
                event_id: EventId::from_u128(id),
                visitor_id: VisitorId::from_u128(visitor),
                client_session: session.map(SessionKey::from_u128),
                time_ms: START + time,
                event_type: kind.to_owned(),
                utm_campaign: campaign.to_owned(),
                source: campaign.to_owned(),
                path: format!("/{page}"),
                engaged_ms: engaged,
                bot: if bot { "bot".into() } else { String::new() },
                ..StoredEvent::default()
            },
        )
}

fn step() -> impl Strategy<Value = Step> {
    let site = || prop_oneof![4 => Just(0_usize), 1 => Just(1)];
    prop_oneof![
        3 => (site(), prop::collection::vec(event(), 1..6))
            .prop_map(|(site, events)| Step::Arrive(site, events)),
        2 => (site(), 0..60_i64).prop_map(|(site, tens)| Step::Seal(site, tens * 10 * MINUTE)),
    ]
}

/// What is compared: everything a report takes from a session.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Seen {
    visitor: String,
    /// `None`: engagement reports that no session precedes.
    start_ms: Option<i64>,
    duration_ms: i64,
    views: i64,
    interactions: i64,
    engaged_ms: i64,
    bounce: bool,
    entry: String,
    exit: String,
    source: String,
}

fn by_definition(events: &[StoredEvent]) -> Vec<Seen> {
    let found = sessions(events);
    let seen = found.sessions.iter().map(|session| Seen {
        visitor: session.first.visitor_id.to_string(),
        start_ms: Some(session.start().0),
        duration_ms: session.duration_ms(),
        views: session.pageviews.into(),
        interactions: session.interactions.into(),
        engaged_ms: session.engaged_ms as i64,
        bounce: session.is_bounce(),
        entry: session.entry_page().to_owned(),
        exit: session.exit_page().to_owned(),
        source: session.first.source.clone(),
    });
    let loose = found.loose.iter().map(|event| Seen {
        visitor: event.visitor_id.to_string(),
        start_ms: None,
        duration_ms: 0,
        views: 0,
        interactions: 0,
        engaged_ms: event.engaged_ms.into(),
        bounce: false,
        entry: String::new(),
        exit: String::new(),
        source: String::new(),
    });
    let mut seen: Vec<_> = seen.chain(loose).collect();
    seen.sort();
    seen
}

fn by_store(connection: &Connection, site: SiteId) -> Vec<Seen> {
    let prepared = sealing::prepare(connection, site, Dimension::ALL, i64::MAX).unwrap();
    let Some(prepared) = prepared else {
        // Nothing is sealed, and reports read the events.
        let sql = "SELECT count(*) FROM facts WHERE site = ?::UUID";
        let facts = connection.query_row(sql, [site.to_string()], |row| row.get::<_, i64>(0));
        assert_eq!(facts.unwrap(), 0);
        return Vec::new();
    };
    let facts = prepared.rows.facts(&DuckDb, Dimension::ALL);
    let sql = format!(
        "WITH {facts} \
         SELECT arg_min(visitor_id::VARCHAR, opens::INTEGER * -1), any_value(start_ms), \
           any_value(duration_ms), any_value(views), count(*) FILTER (WHERE interaction), \
           sum(engaged_ms)::BIGINT, bool_or(bounce), any_value(d_entry_page), \
           any_value(d_exit_page), any_value(d_source) \
         FROM fact GROUP BY session, CASE WHEN start_ms IS NULL THEN fact END"
    );
    let mut statement = connection.prepare(&sql).unwrap();
    let rows = statement.query_map([site.to_string()], |row| {
        Ok(Seen {
            visitor: row.get(0)?,
            start_ms: row.get(1)?,
            duration_ms: row.get(2)?,
            views: row.get(3)?,
            interactions: row.get(4)?,
            engaged_ms: row.get(5)?,
            bounce: row.get(6)?,
            entry: row.get(7)?,
            exit: row.get(8)?,
            source: row.get(9)?,
        })
    });
    let mut seen: Vec<_> = rows.unwrap().map(Result::unwrap).collect();
    seen.sort();
    seen
}

fn store() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    let tables = format!("SET threads = 1; {} {SEED}", create_in("main"));
    connection.execute_batch(&tables).unwrap();
    connection
}

fn arrive(connection: &Connection, lsn: u64, site: SiteId, events: Vec<StoredEvent>) {
    let projection = Projection {
        after: lsn - 1,
        cursor: lsn,
        records: vec![record(lsn, site, events)],
        ..Projection::default()
    };
    writer::insert(connection, &projection, lsn - 1).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, ..ProptestConfig::default() })]

    #[test]
    fn at_every_moment_the_sessions_are_those_of_all_events(
        steps in prop::collection::vec(step(), 2..16)
    ) {
        let connection = store();
        let mut events = [Vec::new(), Vec::new()];
        let mut sealed = [false; 2];
        for (lsn, step) in (1..).zip(steps) {
            let touched = match step {
                Step::Arrive(site, arrived) => {
                    events[site].extend(arrived.clone());
                    arrive(&connection, lsn, SITES[site], arrived);
                    site
                }
                Step::Seal(site, after) => {
                    sealing::seal(&connection, SITES[site], START + after).unwrap();
                    sealed[site] |= !events[site].is_empty();
                    site
                }
            };
            if sealed[touched] {
                prop_assert_eq!(by_store(&connection, SITES[touched]), by_definition(&events[touched]));
            }
        }
        for site in [0, 1] {
            let expected = if sealed[site] { by_definition(&events[site]) } else { Vec::new() };
            prop_assert_eq!(by_store(&connection, SITES[site]), expected);
        }
    }
}

fn view(id: u128, visitor: u128, minutes: i64) -> StoredEvent {
    StoredEvent {
        event_id: EventId::from_u128(id),
        visitor_id: VisitorId::from_u128(visitor),
        time_ms: START + minutes * MINUTE,
        event_type: "pageview".into(),
        ..StoredEvent::default()
    }
}

#[test]
fn a_late_event_voids_only_the_sessions_it_changes() {
    let connection = store();
    // Visitor 1: three visits, hours apart; visitor 2: one.
    let visits = vec![
        view(1, 1, 0),
        view(2, 1, 200),
        view(3, 1, 400),
        view(4, 2, 0),
    ];
    arrive(&connection, 1, SITES[0], visits);
    let now = START + 1_000 * MINUTE;
    let first = sealing::seal(&connection, SITES[0], now).unwrap();
    assert_eq!(
        (first.sessions, first.voided, first.caught_up),
        (4, 0, true)
    );
    let again = sealing::seal(&connection, SITES[0], now).unwrap();
    assert_eq!((again.sessions, again.voided), (0, 0));

    arrive(&connection, 2, SITES[0], vec![view(5, 1, 210)]);
    let late = sealing::seal(&connection, SITES[0], now).unwrap();
    assert_eq!(
        (late.sessions, late.voided),
        (2, 2),
        "the second visit and what follows it"
    );
    assert_eq!(by_store(&connection, SITES[0]).len(), 4);
}

#[test]
fn deletion_takes_the_sessions_with_it() {
    let connection = store();
    arrive(&connection, 1, SITES[0], vec![view(1, 1, 0), view(2, 2, 0)]);
    arrive(&connection, 2, SITES[1], vec![view(1, 1, 0)]);
    let now = START + 1_000 * MINUTE;
    for site in SITES {
        sealing::seal(&connection, site, now).unwrap();
    }
    let deletion = Deletion::Visitor {
        site: SITES[0],
        visitor: VisitorId::from_u128(1),
    };
    erase::delete(&connection, &deletion).unwrap();
    assert_eq!(by_store(&connection, SITES[0]), [], "nothing is sealed");
    assert_eq!(by_store(&connection, SITES[1]).len(), 1);
    let again = sealing::seal(&connection, SITES[0], now).unwrap();
    assert_eq!(again.sessions, 1);
    assert_eq!(
        by_store(&connection, SITES[0]),
        by_definition(&[view(2, 2, 0)])
    );
}

#[test]
fn sites_are_sealed_until_nothing_is_open() {
    let connection = store();
    let waiting = || sealing::unsealed_sites(&connection).unwrap();
    assert_eq!(waiting(), []);
    arrive(&connection, 1, SITES[0], vec![view(1, 1, 0)]);
    assert_eq!(waiting(), [SITES[0]]);
    sealing::seal(&connection, SITES[0], START + 10 * MINUTE).unwrap();
    assert_eq!(waiting(), [SITES[0]], "the session is still open");
    sealing::seal(&connection, SITES[0], START + 60 * MINUTE).unwrap();
    assert_eq!(waiting(), []);
    arrive(&connection, 2, SITES[1], vec![view(1, 1, 0)]);
    assert_eq!(waiting(), [SITES[1]]);
}
