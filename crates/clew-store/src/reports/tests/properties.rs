//! SQL equals the definitions, on random events around days of 23, 24, 24½ and 25 hours, sealed or
//! not, late or in time.

use super::oracle::{By, expected};
use super::{OTHER, SITE, at, fill, plan, store, zone};
use crate::events::{prepare, seal};
use crate::reports::Engine;
use crate::reports::bucket::Slots;
use crate::reports::tally::{Group, count};
use clew_core::model::{EpochMs, EventId, SessionKey, StoredEvent, VisitorId};
use clew_core::report::{
    Condition, Dimension, Filter, Interval, Metric, Op, Range, ReportPlan, Tally,
};
use duckdb::Connection;
use proptest::prelude::*;

/// Days on which clocks change, or ordinary ones of zones with odd offsets.
const DAYS: &[(&str, &str)] = &[
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-11-01"),
    ("Asia/Kathmandu", "2026-03-29"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("Australia/Lord_Howe", "2026-10-04"),
    ("America/Sao_Paulo", "2018-11-04"),
];

fn word(n: usize) -> String {
    ["", "a", "b", "ab", "/a", "/b'", "Ünï", "(none)"][n % 8].to_owned()
}

prop_compose! {
    /// Minutes are rounded so that gaps of exactly thirty minutes and equal times are common.
    fn any_event()(
        slot in 0..60i64 * 8, jitter in prop::sample::select(vec![0, 0, 0, 1, -1, 59_999]),
        visitor in 1..5u128, session in 0..4u128, method in 0..5i32,
        kind in 0..9usize, words in prop::array::uniform8(0..8usize),
        engaged in 0..3u32, scroll in 0..101u32, bot in 0..12u8,
    ) -> StoredEvent {
        let types = ["pageview", "pageview", "pageview", "pageview", "engagement", "engagement", "custom", "scroll", "click"];
        StoredEvent {
            visitor_id: VisitorId::from_u128(visitor),
            client_session: (session > 1).then(|| SessionKey::from_u128(session)),
            identity_method: method,
            time_ms: slot * 10 * EpochMs::MINUTE + jitter,
            event_type: types[kind].into(),
            name: if types[kind] == "custom" { word(words[0]) } else { String::new() },
            path: word(words[1]),
            hostname: word(words[2] % 2),
            source: word(words[3] % 4),
            utm_campaign: word(if words[4] < 6 { 0 } else { words[4] }),
            click_id_kind: word(usize::from(words[5] >= 7)),
            browser: word(words[6]),
            engaged_ms: if types[kind] == "engagement" { engaged * 700 } else { 0 },
            scroll_percent: if kind > 3 { scroll } else { 0 },
            bot: if bot == 0 { "crawler".into() } else { String::new() },
            ..StoredEvent::default()
        }
    }
}

fn any_condition() -> impl Strategy<Value = Filter> {
    let dimensions = vec![
        Dimension::Page,
        Dimension::Event,
        Dimension::Hostname,
        Dimension::EntryPage,
        Dimension::ExitPage,
        Dimension::Source,
        Dimension::Campaign,
        Dimension::Browser,
    ];
    (
        prop::sample::select(Op::ALL),
        prop::sample::select(dimensions),
        prop::collection::vec(0..8usize, 1..3),
    )
        .prop_map(|(op, dimension, words)| {
            let matches = op.positive().0 == Op::Matches;
            let patterns = ["^$", "a", "^/[ab]", "b'?$", "(?i)Ü|x", "[^a]b", ".", "p.*w"];
            let values = words
                .into_iter()
                .map(|n| if matches { patterns[n].into() } else { word(n) });
            Filter::Condition(Condition {
                op,
                dimension,
                values: values.collect(),
            })
        })
}

fn any_filter() -> impl Strategy<Value = Filter> {
    let tree = any_condition().prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..3).prop_map(Filter::And),
            prop::collection::vec(inner.clone(), 1..3).prop_map(Filter::Or),
            inner.prop_map(|node| Filter::Not(Box::new(node))),
        ]
    });
    prop_oneof![2 => Just(Filter::default()), 5 => tree]
}

fn numbered(mut events: Vec<StoredEvent>, start: EpochMs) -> Vec<StoredEvent> {
    for (i, event) in events.iter_mut().enumerate() {
        event.event_id = EventId::from_u128((i as u128) << 120 | 7);
        event.time_ms += start.0 - 24 * EpochMs::HOUR;
    }
    events
}

/// How events came: in which of a few records each, and when a pass sealed what came before the
/// next one, in hours from the start.
#[derive(Clone, Debug)]
struct Arrival {
    records: Vec<usize>,
    seals: Vec<Option<i64>>,
}

const RECORDS: usize = 4;

prop_compose! {
    fn any_arrival()(
        records in prop::collection::vec(0..RECORDS, 70),
        seals in prop::collection::vec(prop::option::weighted(0.7, -2..84i64), RECORDS),
    ) -> Arrival {
        Arrival { records, seals }
    }
}

/// A store with the events of `arrival`, and the same visitors on another site.
fn arrived(events: &[StoredEvent], arrival: &Arrival, start: EpochMs) -> Connection {
    let connection = store();
    for (record, hours) in arrival.seals.iter().enumerate() {
        let of_record = events
            .iter()
            .zip(&arrival.records)
            .filter(|(_, r)| **r == record);
        let of_record: Vec<_> = of_record.map(|(event, _)| event.clone()).collect();
        let lsn = 2 * record as u64 + 1;
        let other = &of_record[..of_record.len() / 2];
        fill(&connection, SITE, lsn, &of_record, Vec::new());
        fill(&connection, OTHER, lsn + 1, other, Vec::new());
        for (site, hours) in [(SITE, *hours), (OTHER, Some(96))] {
            if let Some(hours) = hours {
                seal(&connection, site, start.plus(hours * EpochMs::HOUR).0).unwrap();
            }
        }
    }
    connection
}

/// Compares every grouping of one question with the oracle, asked of the events and of what is
/// sealed of them.
fn check(
    events: &[StoredEvent],
    arrival: &Arrival,
    plan: &ReportPlan,
    filter: &Filter,
    dimension: Dimension,
) -> Result<(), TestCaseError> {
    let connection = arrived(events, arrival, plan.range.from);
    compare(&connection, events, plan, filter, dimension)?;
    if let Some(sealed) = prepare(&connection, SITE, Dimension::ALL, i64::MAX).unwrap() {
        compare(&sealed, events, plan, filter, dimension)?;
    }
    Ok(())
}

fn compare(
    engine: &dyn Engine,
    events: &[StoredEvent],
    plan: &ReportPlan,
    filter: &Filter,
    dimension: Dimension,
) -> Result<(), TestCaseError> {
    let ask = |range: Range, group: &Group, by: &By<'_>| {
        let found = count(engine, plan, range, filter, group).unwrap();
        let wanted = expected(events, range, filter, by);
        if let [metric] = plan.metrics.as_slice() {
            // Without other metrics their columns may be left out, but not change.
            let value = |groups: &[(_, Tally)]| {
                let tally = groups.first().map_or(Tally::default(), |(_, tally)| *tally);
                metric.of(&tally)
            };
            if matches!(group, Group::All) {
                prop_assert_eq!(value(&found.groups), value(&wanted.groups));
            }
        } else {
            prop_assert_eq!(&found.groups, &wanted.groups);
            prop_assert_eq!(found.total, wanted.groups.len() as u64);
        }
        match found.identity {
            Some(mix) => prop_assert_eq!(mix, wanted.identity),
            None => prop_assert!(!matches!(group, Group::All), "everybody is told apart"),
        }
        Ok(())
    };
    ask(plan.range, &Group::All, &By::All)?;
    for interval in [Interval::Hour, Interval::Day] {
        let starts = plan.bucket_starts(&plan.range, interval);
        let exact = Slots::new(&starts, plan.range);
        // So few that boundaries fall within slots.
        let coarse = Slots::with_limit(&starts, plan.range, 5);
        for slots in [exact, coarse] {
            ask(plan.range, &Group::Bucket(slots), &By::Bucket(&starts))?;
        }
    }
    ask(
        plan.range,
        &Group::By(dimension, None),
        &By::Value(dimension),
    )?;
    // A range that begins and ends anywhere, also within sessions.
    let middle = Range::new(
        plan.range.from.plus(7 * EpochMs::HOUR + 1),
        plan.range.from.plus(9 * EpochMs::HOUR),
    );
    ask(middle, &Group::All, &By::All)
}

fn config() -> ProptestConfig {
    let deep = std::env::var_os("CLEW_DEEP").is_some();
    ProptestConfig {
        cases: if deep { 2_000 } else { 40 },
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn sql_equals_the_definitions(
        day in prop::sample::select(DAYS),
        events in prop::collection::vec(any_event(), 1..70),
        arrival in any_arrival(),
        filter in any_filter(),
        dimension in prop::sample::select(Dimension::ALL),
        metrics in prop::sample::select(vec![Metric::ALL, Metric::ALL, &[Metric::Visits], &[Metric::ScrollDepth]]),
    ) {
        let (zone_name, date) = day;
        let all = [("from", date), ("to", date)];
        let mut plan = plan("overview", &zone(zone_name), at("2027-01-01T00:00:00Z"), &all);
        plan.metrics = metrics.to_vec();
        let events = numbered(events, plan.range.from);
        check(&events, &arrival, &plan, &filter, dimension)?;
    }
}
