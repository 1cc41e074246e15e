//! What every [`EventStore`] must do.
//!
//! `event_store_suite!(open)` makes one test of each function here; `open` is an async function
//! that returns an empty store and a guard that keeps its files alive.

use crate::events::{
    Appended, Deletion, EventQuery, EventRow, EventStore, EventStoreError, ProjectedRecord,
    Projection, Revoked, Sealed,
};
use clew_core::model::{
    EventId, ImportId, QuarantinedEvent, SessionKey, SiteId, StoredBatch, StoredEvent, UserKey,
    VisitorId,
};
use std::collections::BTreeMap;

macro_rules! event_store_suite {
    ($open:path) => {
        $crate::conformance::events::event_store_suite!($open:
            rows_come_back_as_they_went_in
            a_batch_and_its_cursor_arrive_together
            redelivered_records_count_once
            an_overlapping_projection_adds_only_what_is_new
            a_gap_is_refused_and_changes_nothing
            records_beyond_the_cursor_are_not_taken
            a_cursor_moves_over_records_that_hold_no_events
            quarantined_events_are_apart
            sites_never_meet
            a_query_without_sites_sees_nothing
            pages_join_without_gap_or_overlap
            paging_is_stable_while_events_arrive
            filters_narrow_the_list
            hostile_text_is_only_text
            deletion_takes_exactly_what_was_named
            a_revoked_import_leaves_as_one_and_nothing_else_does
            an_import_revoked_in_the_run_that_brought_it_never_shows
            compaction_keeps_every_answer
            sessions_are_sealed_once_and_stay_sealed
            a_closed_store_refuses
        );
    };
    ($open:path: $($name:ident)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let (store, _guard) = $open().await;
            $crate::conformance::events::$name(&store).await;
        }
    )*};
}
pub(crate) use event_store_suite;

pub(crate) const SITE: SiteId = SiteId::from_u128(0xA);
pub(crate) const OTHER: SiteId = SiteId::from_u128(0xB);
/// Every session of a test has ended so long after [`START`].
const EVENTS_ARE_OVER: i64 = 86_400_000;
const IMPORT: ImportId = ImportId::from_u128(0x1);
/// 2026-03-01T00:00:00Z.
pub(crate) const START: i64 = 1_772_323_200_000;

/// A plain page view, `n` seconds after [`START`].
pub(crate) fn pageview(n: u64) -> StoredEvent {
    StoredEvent {
        event_id: EventId::from_u128(u128::from(n) + 1),
        visitor_id: VisitorId::from_u128(u128::from(n % 7) + 100),
        time_ms: START + n as i64 * 1_000,
        event_type: "pageview".to_owned(),
        path: format!("/{}", n % 5),
        url: format!("https://example.com/{}", n % 5),
        ..StoredEvent::default()
    }
}

pub(crate) fn record(lsn: u64, site: SiteId, events: Vec<StoredEvent>) -> ProjectedRecord {
    ProjectedRecord {
        lsn,
        kind: 1,
        site,
        received_ms: START + lsn as i64,
        batch: StoredBatch {
            events,
            ..StoredBatch::default()
        },
    }
}

/// Records `after + 1 ..` with one page view each.
pub(crate) fn projection(after: u64, count: u64) -> Projection {
    let records = (after + 1..=after + count)
        .map(|lsn| record(lsn, SITE, vec![pageview(lsn)]))
        .collect();
    Projection {
        after,
        cursor: after + count,
        records,
        ..Projection::default()
    }
}

pub(crate) async fn all(store: &impl EventStore, site: SiteId) -> Vec<EventRow> {
    let query = EventQuery {
        sites: vec![site],
        limit: 1_000,
        ..EventQuery::default()
    };
    store.list(&query).await.unwrap().events
}

/// An event with a value in every field, different ones in text fields.
fn full() -> StoredEvent {
    let mut event = pageview(1);
    event.client_session = Some(SessionKey::from_u128(u128::MAX));
    event.client_session_id = "s-1".into();
    event.user_key = Some(UserKey::from_u128(1 << 127));
    event.identity_method = 4;
    event.client_time_ms = -1;
    event.sequence = u32::MAX;
    event.name = "purchase".into();
    event.engaged_ms = 12_345;
    event.scroll_percent = 100;
    event.load_time_ms = 999;
    event.value_minor = i64::MIN;
    event.currency = "EUR".into();
    event.props = BTreeMap::from([("a.b".into(), "c".into()), (String::new(), String::new())]);
    event.numbers = BTreeMap::from([("n".into(), -0.5), ("big".into(), f64::MAX)]);
    event.asn = u32::MAX;
    event.ip_form = 3;
    event.ip = "2001:db8::1".into();
    event.consent.analytics = 1;
    event.consent.marketing = 2;
    event.consent.replay = 1;
    event.consent.partial = 2;
    event.consent.gpc = true;
    event.profile = 3;
    event.bot = "bot".into();
    event.unverified_origin = true;
    let texts = [
        &mut event.hostname,
        &mut event.title,
        &mut event.referrer,
        &mut event.referrer_host,
        &mut event.source,
        &mut event.medium,
        &mut event.channel,
        &mut event.utm_source,
        &mut event.utm_medium,
        &mut event.utm_campaign,
        &mut event.utm_content,
        &mut event.utm_term,
        &mut event.click_id_kind,
        &mut event.gclid,
        &mut event.gbraid,
        &mut event.wbraid,
        &mut event.dclid,
        &mut event.fbclid,
        &mut event.msclkid,
        &mut event.ttclid,
        &mut event.twclid,
        &mut event.li_fat_id,
        &mut event.sc_click_id,
        &mut event.rdt_cid,
        &mut event.epik,
        &mut event.campaign_region,
        &mut event.ad_group,
        &mut event.ad_id,
        &mut event.search_query,
        &mut event.browser,
        &mut event.browser_version,
        &mut event.os,
        &mut event.os_version,
        &mut event.device,
        &mut event.screen,
        &mut event.viewport,
        &mut event.language,
        &mut event.time_zone,
        &mut event.country,
        &mut event.region,
        &mut event.city,
        &mut event.network,
    ];
    for (n, text) in texts.into_iter().enumerate() {
        *text = format!("text {n}");
    }
    event
}

pub(crate) async fn rows_come_back_as_they_went_in(store: &impl EventStore) {
    let events = vec![full(), pageview(0)];
    let mut one = record(1, SITE, events.clone());
    one.kind = 2;
    one.batch.import_id = Some(IMPORT);
    let projection = Projection {
        after: 0,
        cursor: 1,
        records: vec![one],
        ..Projection::default()
    };
    store.append(projection).await.unwrap();
    let row = |index: u32| EventRow {
        site: SITE,
        lsn: 1,
        index,
        kind: 2,
        received_ms: START + 1,
        import: Some(IMPORT),
        event: events[index as usize].clone(),
    };
    assert_eq!(all(store, SITE).await, [row(0), row(1)]);
}

pub(crate) async fn a_batch_and_its_cursor_arrive_together(store: &impl EventStore) {
    assert_eq!(store.cursor().await.unwrap(), 0);
    // More rows than one engine vector, with maps in them, in uneven records.
    let mut records = Vec::new();
    for lsn in 1..=100 {
        let events = (0..lsn).map(|n| {
            let mut event = pageview(lsn * 1_000 + n);
            event.props = (0..n % 3)
                .map(|k| (format!("k{k}"), format!("{lsn}.{n}")))
                .collect();
            event
        });
        records.push(record(lsn, SITE, events.collect()));
    }
    let projection = Projection {
        after: 0,
        cursor: 100,
        records: records.clone(),
        ..Projection::default()
    };
    let appended = store.append(projection).await.unwrap();
    assert_eq!(
        appended,
        Appended {
            rows: 5_050,
            cursor: 100
        }
    );
    assert_eq!(store.cursor().await.unwrap(), 100);
    let status = store.status().await.unwrap();
    assert_eq!((status.events, status.cursor), (5_050, 100));
    let query = EventQuery {
        sites: vec![SITE],
        from_ms: Some(pageview(60_000).time_ms),
        to_ms: Some(pageview(60_060).time_ms),
        ..EventQuery::default()
    };
    let mut found = store.list(&query).await.unwrap().events;
    found.reverse();
    let found: Vec<_> = found.into_iter().map(|row| row.event).collect();
    assert_eq!(found, records[59].batch.events, "maps stay with their rows");
}

pub(crate) async fn redelivered_records_count_once(store: &impl EventStore) {
    store.append(projection(0, 10)).await.unwrap();
    for after in [0, 3] {
        let again = projection(after, 10 - after);
        let appended = store.append(again).await.unwrap();
        assert_eq!(
            appended,
            Appended {
                rows: 0,
                cursor: 10
            }
        );
    }
    assert_eq!(all(store, SITE).await.len(), 10);
}

pub(crate) async fn an_overlapping_projection_adds_only_what_is_new(store: &impl EventStore) {
    store.append(projection(0, 10)).await.unwrap();
    let appended = store.append(projection(5, 10)).await.unwrap();
    assert_eq!(
        appended,
        Appended {
            rows: 5,
            cursor: 15
        }
    );
    let mut lsns: Vec<_> = all(store, SITE).await.iter().map(|row| row.lsn).collect();
    lsns.sort_unstable();
    assert_eq!(lsns, (1..=15).collect::<Vec<_>>());
}

pub(crate) async fn a_gap_is_refused_and_changes_nothing(store: &impl EventStore) {
    store.append(projection(0, 2)).await.unwrap();
    let error = store.append(projection(3, 2)).await.unwrap_err();
    assert!(
        matches!(
            error,
            EventStoreError::Gap {
                after: 3,
                cursor: 2
            }
        ),
        "{error}"
    );
    assert_eq!(store.cursor().await.unwrap(), 2);
    assert_eq!(all(store, SITE).await.len(), 2);
    store.append(projection(2, 1)).await.unwrap();
}

pub(crate) async fn records_beyond_the_cursor_are_not_taken(store: &impl EventStore) {
    let mut early = projection(0, 3);
    early.cursor = 2;
    assert_eq!(store.append(early).await.unwrap().rows, 2);
    assert_eq!(store.append(projection(2, 1)).await.unwrap().rows, 1);
    assert_eq!(all(store, SITE).await.len(), 3);
}

pub(crate) async fn a_cursor_moves_over_records_that_hold_no_events(store: &impl EventStore) {
    let mut projection = Projection::continuing(0);
    projection
        .push(1, 250, 1, START, SITE.to_bytes(), b"of a later version")
        .unwrap();
    projection.pass(2);
    assert!(
        projection
            .push(3, 1, 1, START, SITE.to_bytes(), b"\xff\xff")
            .is_err()
    );
    assert_eq!(
        projection.cursor, 2,
        "an unreadable record is not passed by accident"
    );
    let appended = store.append(projection).await.unwrap();
    assert_eq!(appended, Appended { rows: 0, cursor: 2 });
    assert_eq!(store.cursor().await.unwrap(), 2);
}

pub(crate) async fn quarantined_events_are_apart(store: &impl EventStore) {
    let mut one = record(1, SITE, vec![pageview(1)]);
    for (id, event) in [(7, Some(pageview(2))), (8, None)] {
        one.batch.quarantined.push(QuarantinedEvent {
            event_id: EventId::from_u128(id),
            code: "late".to_owned(),
            event,
        });
    }
    let projection = Projection {
        after: 0,
        cursor: 1,
        records: vec![one],
        ..Projection::default()
    };
    assert_eq!(store.append(projection).await.unwrap().rows, 3);
    let status = store.status().await.unwrap();
    assert_eq!((status.events, status.quarantined), (1, 2));
    assert_eq!(all(store, SITE).await.len(), 1);
}

pub(crate) async fn sites_never_meet(store: &impl EventStore) {
    // The same event id and visitor on both: identity is per site.
    let records = vec![
        record(1, SITE, vec![pageview(1), pageview(2)]),
        record(2, OTHER, vec![pageview(1)]),
    ];
    let projection = Projection {
        after: 0,
        cursor: 2,
        records,
        ..Projection::default()
    };
    store.append(projection).await.unwrap();
    assert_eq!(all(store, SITE).await.len(), 2);
    let other = all(store, OTHER).await;
    assert_eq!(other.len(), 1);
    assert_eq!(other[0].site, OTHER);
    let visitor = pageview(1).visitor_id;
    let deletion = Deletion::Visitor {
        site: OTHER,
        visitor,
    };
    assert_eq!(store.delete(deletion).await.unwrap(), 1);
    assert_eq!(
        all(store, SITE).await.len(),
        2,
        "the other site's visitor is another visitor"
    );
}

pub(crate) async fn a_query_without_sites_sees_nothing(store: &impl EventStore) {
    store.append(projection(0, 3)).await.unwrap();
    let page = store.list(&EventQuery::default()).await.unwrap();
    assert!(page.events.is_empty() && page.next.is_none());
}

pub(crate) async fn pages_join_without_gap_or_overlap(store: &impl EventStore) {
    // Equal times within and across records: the place in the journal breaks the tie.
    let records = (1..=6)
        .map(|lsn| {
            let mut events = vec![pageview(lsn / 3), pageview(lsn / 3), pageview(40)];
            for (n, event) in (0..).zip(&mut events) {
                event.event_id = EventId::from_u128(u128::from(lsn * 10) + n);
            }
            record(lsn, if lsn % 2 == 0 { SITE } else { OTHER }, events)
        })
        .collect();
    let projection = Projection {
        after: 0,
        cursor: 6,
        records,
        ..Projection::default()
    };
    store.append(projection).await.unwrap();
    let mut query = EventQuery {
        sites: vec![SITE, OTHER],
        limit: 1_000,
        ..EventQuery::default()
    };
    let whole = store.list(&query).await.unwrap();
    assert_eq!((whole.events.len(), whole.next), (18, None));
    let order = |row: &EventRow| (row.event.time_ms, row.lsn, row.index);
    assert!(whole.events.is_sorted_by(|a, b| order(a) > order(b)));
    for limit in [1, 4, 6, 17, 18] {
        query.limit = limit;
        query.cursor = None;
        let mut joined = Vec::new();
        loop {
            let page = store.list(&query).await.unwrap();
            joined.extend(page.events);
            let Some(next) = page.next else { break };
            query.cursor = Some(next.to_string().parse().unwrap());
        }
        assert_eq!(joined, whole.events, "in pages of {limit}");
    }
}

pub(crate) async fn paging_is_stable_while_events_arrive(store: &impl EventStore) {
    store.append(projection(0, 10)).await.unwrap();
    let mut query = EventQuery {
        sites: vec![SITE],
        limit: 5,
        ..EventQuery::default()
    };
    let first = store.list(&query).await.unwrap();
    store.append(projection(10, 10)).await.unwrap();
    query.cursor = first.next;
    let second = store.list(&query).await.unwrap();
    let lsns: Vec<_> = first
        .events
        .iter()
        .chain(&second.events)
        .map(|row| row.lsn)
        .collect();
    assert_eq!(lsns, (1..=10).rev().collect::<Vec<_>>());
}

pub(crate) async fn filters_narrow_the_list(store: &impl EventStore) {
    let mut custom = pageview(50);
    custom.event_type = "custom".into();
    custom.name = "sign up".into();
    custom.client_session_id = "tab".into();
    let mut batch = projection(0, 14);
    batch.records[0].batch.import_id = Some(IMPORT);
    batch.records.push(record(15, SITE, vec![custom.clone()]));
    batch.cursor = 15;
    store.append(batch).await.unwrap();
    let base = || EventQuery {
        sites: vec![SITE],
        limit: 100,
        ..EventQuery::default()
    };
    let of_visitor = pageview(3).visitor_id;
    let cases = [
        (
            EventQuery {
                live_only: true,
                ..base()
            },
            14,
        ),
        (
            EventQuery {
                event_type: Some("pageview".into()),
                ..base()
            },
            14,
        ),
        (
            EventQuery {
                name: Some("sign up".into()),
                ..base()
            },
            1,
        ),
        (
            EventQuery {
                client_session_id: Some("tab".into()),
                ..base()
            },
            1,
        ),
        (
            EventQuery {
                event_id: Some(custom.event_id),
                ..base()
            },
            1,
        ),
        (
            EventQuery {
                visitor: Some(of_visitor),
                ..base()
            },
            2,
        ),
        (
            EventQuery {
                path: Some("/2".into()),
                ..base()
            },
            3,
        ),
        (
            EventQuery {
                from_ms: Some(START + 3_000),
                to_ms: Some(START + 5_000),
                ..base()
            },
            2,
        ),
    ];
    for (query, expected) in cases {
        let found = store.list(&query).await.unwrap().events.len();
        assert_eq!(found, expected, "{query:?}");
    }
}

pub(crate) async fn hostile_text_is_only_text(store: &impl EventStore) {
    let texts = [
        "'); DROP TABLE events; --".to_owned(),
        "nul \0 inside\0".to_owned(),
        "\u{202e}עברית \u{200f}العربية".to_owned(),
        "\u{feff}\u{fffd}\u{1f469}\u{200d}\u{1f680} \\ \" ` % _ $1 ? ;".to_owned(),
        "x".repeat(1_024),
        "ü".repeat(512),
        "\r\n\t\x1b[31m".to_owned(),
    ];
    let events = (0..).zip(&texts).map(|(n, text)| {
        let mut event = pageview(n);
        event.path.clone_from(text);
        event.title.clone_from(text);
        event.props = BTreeMap::from([(text.clone(), text.clone())]);
        event.numbers = BTreeMap::from([(text.clone(), 1.0)]);
        event
    });
    let events: Vec<_> = events.collect();
    let projection = Projection {
        after: 0,
        cursor: 1,
        records: vec![record(1, SITE, events.clone())],
        ..Projection::default()
    };
    store.append(projection).await.unwrap();
    for (event, text) in events.iter().zip(&texts) {
        let query = EventQuery {
            sites: vec![SITE],
            path: Some(text.clone()),
            ..EventQuery::default()
        };
        let found = store.list(&query).await.unwrap().events;
        assert_eq!(found.len(), 1, "{text:?}");
        assert_eq!(&found[0].event, event);
    }
}

pub(crate) async fn deletion_takes_exactly_what_was_named(store: &impl EventStore) {
    let mut batch = projection(0, 20);
    batch.records.push(record(21, OTHER, vec![pageview(1)]));
    batch.cursor = 21;
    store.append(batch).await.unwrap();
    let left = |rows: Vec<EventRow>| rows.iter().map(|row| row.lsn).collect::<Vec<_>>();

    let before = Deletion::Before {
        site: SITE,
        time_ms: START + 3_000,
    };
    assert_eq!(store.delete(before).await.unwrap(), 2);
    let events = vec![
        pageview(3).event_id,
        pageview(4).event_id,
        pageview(99).event_id,
    ];
    assert_eq!(
        store
            .delete(Deletion::Events { site: SITE, events })
            .await
            .unwrap(),
        2
    );
    let lsns = vec![5, 21];
    assert_eq!(
        store
            .delete(Deletion::Records { site: SITE, lsns })
            .await
            .unwrap(),
        1
    );
    let visitor = pageview(6).visitor_id;
    assert_eq!(
        store
            .delete(Deletion::Visitor {
                site: SITE,
                visitor
            })
            .await
            .unwrap(),
        3
    );
    assert_eq!(
        left(all(store, SITE).await),
        [19, 18, 17, 16, 15, 14, 12, 11, 10, 9, 8, 7]
    );
    assert_eq!(
        store.delete(Deletion::Site { site: SITE }).await.unwrap(),
        12
    );
    assert_eq!(left(all(store, OTHER).await), [21]);
    assert_eq!(
        store.cursor().await.unwrap(),
        21,
        "deleting is not forgetting what was seen"
    );
}

fn imported(lsn: u64, site: SiteId, import: ImportId) -> ProjectedRecord {
    let mut one = record(lsn, site, vec![pageview(lsn)]);
    one.kind = 2;
    one.batch.import_id = Some(import);
    one.batch.quarantined = vec![QuarantinedEvent {
        event_id: EventId::from_u128(u128::from(lsn) + 1_000),
        code: "foreign_host".to_owned(),
        event: None,
    }];
    one
}

fn revoked(lsn: u64, site: SiteId, import: ImportId) -> Revoked {
    Revoked { lsn, site, import }
}

pub(crate) async fn a_revoked_import_leaves_as_one_and_nothing_else_does(store: &impl EventStore) {
    let second = ImportId::from_u128(2);
    let before = Projection {
        after: 0,
        cursor: 5,
        records: vec![
            record(1, SITE, vec![pageview(1)]),
            imported(2, SITE, IMPORT),
            imported(3, SITE, second),
            imported(4, OTHER, IMPORT),
            imported(5, SITE, IMPORT),
        ],
        ..Projection::default()
    };
    store.append(before).await.unwrap();
    store.seal(START + EVENTS_ARE_OVER).await.unwrap();
    let mut revocation = Projection::continuing(5);
    revocation.revocations = vec![revoked(6, SITE, IMPORT)];
    revocation.cursor = 6;
    for _ in 0..2 {
        store.append(revocation.clone()).await.unwrap();
        let left = |rows: Vec<EventRow>| rows.iter().map(|row| row.lsn).collect::<Vec<_>>();
        assert_eq!(left(all(store, SITE).await), [3, 1]);
        assert_eq!(left(all(store, OTHER).await), [4]);
        let status = store.status().await.unwrap();
        assert_eq!(
            (status.events, status.quarantined, status.cursor),
            (3, 2, 6)
        );
    }
    let resealed = store.seal(START + EVENTS_ARE_OVER).await.unwrap();
    assert_eq!(resealed.sessions, 2, "of what is left, and only of that");
}

pub(crate) async fn an_import_revoked_in_the_run_that_brought_it_never_shows(
    store: &impl EventStore,
) {
    let replay = Projection {
        after: 0,
        cursor: 4,
        records: vec![
            record(1, SITE, vec![pageview(1)]),
            imported(2, SITE, IMPORT),
            imported(4, SITE, ImportId::from_u128(2)),
        ],
        revocations: vec![revoked(3, SITE, IMPORT)],
    };
    store.append(replay).await.unwrap();
    let rows = all(store, SITE).await;
    let left: Vec<_> = rows.iter().map(|row| row.lsn).collect();
    assert_eq!(left, [4, 1]);
    assert_eq!(store.status().await.unwrap().quarantined, 1);
}

pub(crate) async fn compaction_keeps_every_answer(store: &impl EventStore) {
    store.append(projection(0, 300)).await.unwrap();
    let deletion = Deletion::Before {
        site: SITE,
        time_ms: START + 100_000,
    };
    assert_eq!(store.delete(deletion).await.unwrap(), 99);
    let before = all(store, SITE).await;
    store.compact().await.unwrap();
    assert_eq!(all(store, SITE).await, before);
    assert_eq!(store.cursor().await.unwrap(), 300);
    assert_eq!(store.append(projection(0, 300)).await.unwrap().rows, 0);
    assert_eq!(store.append(projection(300, 1)).await.unwrap().rows, 1);
}

pub(crate) async fn sessions_are_sealed_once_and_stay_sealed(store: &impl EventStore) {
    // 7 visitors, an event a second: one session each.
    store.append(projection(0, 70)).await.unwrap();
    let hour = 3_600_000;
    let sealed = store.seal(START + 60_000).await.unwrap();
    assert_eq!(
        (sealed.sessions, sealed.caught_up),
        (0, true),
        "they are still open"
    );
    assert_eq!(store.seal(START + 2 * hour).await.unwrap().sessions, 7);
    assert_eq!(
        store.seal(START + 2 * hour).await.unwrap(),
        Sealed {
            caught_up: true,
            ..Sealed::default()
        }
    );
    store.compact().await.unwrap();
    assert_eq!(store.seal(START + 2 * hour).await.unwrap().sessions, 0);
    store.append(projection(70, 1)).await.unwrap();
    let late = store.seal(START + 2 * hour).await.unwrap();
    assert_eq!(
        (late.sessions, late.voided),
        (1, 1),
        "a late event changes one session"
    );
}

pub(crate) async fn a_closed_store_refuses(store: &impl EventStore) {
    store.append(projection(0, 1)).await.unwrap();
    store.close().await.unwrap();
    let append = store.append(projection(1, 1)).await.unwrap_err();
    let list = store
        .list(&EventQuery {
            sites: vec![SITE],
            ..EventQuery::default()
        })
        .await
        .unwrap_err();
    assert!(matches!(append, EventStoreError::Closed), "{append}");
    assert!(matches!(list, EventStoreError::Closed), "{list}");
}
