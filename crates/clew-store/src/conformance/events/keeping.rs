//! What leaves, what is copied, what is sealed, and the end.

use super::{OTHER, SITE, START, all, mark, pageview, projection, record};
use crate::events::{
    Deletion, EventQuery, EventRow, EventStore, EventStoreError, Projection, Sealed,
};
use clew_core::model::{EpochMs, SiteId, StoredEvent};
use clew_core::report::{Body, Table, parse};
use jiff::tz::TimeZone;

pub(crate) async fn deletion_takes_exactly_what_was_named(store: &impl EventStore) {
    let mut batch = projection(0, 20);
    batch.records.push(record(21, OTHER, vec![pageview(1)]));
    batch.cursor = 21;
    store.append(batch).await.unwrap();
    let left = |rows: Vec<EventRow>| rows.iter().map(|row| row.lsn).collect::<Vec<_>>();

    let before = Deletion::Expired {
        site: SITE,
        mark: mark(START + 3_000, 21),
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

pub(crate) async fn compaction_keeps_every_answer(store: &impl EventStore) {
    store.append(projection(0, 300)).await.unwrap();
    let deletion = Deletion::Expired {
        site: SITE,
        mark: mark(START + 100_000, 300),
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

/// What a dashboard shows of the day on which [`START`] lies.
pub(super) async fn dashboard(store: &impl EventStore, site: SiteId) -> Vec<Table> {
    let now = EpochMs(START + 3 * EpochMs::HOUR);
    let questions = [
        ("overview", None),
        ("timeseries", None),
        ("breakdown", Some("page")),
        ("breakdown", Some("country")),
    ];
    let mut tables = Vec::new();
    for (report, dimension) in questions {
        let mut params = vec![("period".to_owned(), "day".to_owned())];
        params.extend(dimension.map(|name| ("dimension".to_owned(), name.to_owned())));
        let plan = parse(report, &params, site, &TimeZone::UTC, now).unwrap();
        tables.push(store.run(&plan).await.unwrap());
    }
    tables
}

pub(crate) async fn reports_stay_the_same_while_sessions_are_sealed(store: &impl EventStore) {
    let here = |n: u64| StoredEvent {
        country: ["DE", "FR", ""][n as usize % 3].to_owned(),
        ..pageview(n)
    };
    let day = (0..60).map(|n| here(n * 50)).collect();
    let first = Projection {
        after: 0,
        cursor: 1,
        records: vec![record(1, SITE, day)],
        ..Projection::default()
    };
    store.append(first).await.unwrap();
    let open = dashboard(store, SITE).await;
    let hour = 3_600_000;
    assert!(store.seal(START + 2 * hour).await.unwrap().sessions > 0);
    assert_eq!(dashboard(store, SITE).await, open, "remembered");

    // A late event is seen before and after its session is sealed again.
    let late = Projection {
        after: 1,
        cursor: 2,
        records: vec![record(2, SITE, vec![here(3)])],
        ..Projection::default()
    };
    store.append(late).await.unwrap();
    let unsealed = dashboard(store, SITE).await;
    assert_ne!(unsealed, open);
    store.seal(START + 2 * hour).await.unwrap();
    store.compact().await.unwrap();
    assert_eq!(dashboard(store, SITE).await, unsealed);

    // Of the sessions of an erased visitor nothing is left.
    let visitor = pageview(3).visitor_id;
    let erased = Deletion::Visitor {
        site: SITE,
        visitor,
    };
    store.delete(erased).await.unwrap();
    let fewer = dashboard(store, SITE).await;
    assert_ne!(fewer, unsealed);
    store.seal(START + 2 * hour).await.unwrap();
    store.compact().await.unwrap();
    assert_eq!(dashboard(store, SITE).await, fewer);
}

/// Totals under a filter that lets everything pass and was never asked before, so that no earlier
/// answer is remembered. Twice: the second time on what the first has cut.
async fn totals(store: &impl EventStore, site: SiteId, nonce: u32) -> Body {
    let mut answers = Vec::new();
    for part in ["a", "b"] {
        let filters = format!(r#"[["is_not","browser",["{part}{nonce}"]]]"#);
        let params = [
            ("filters".to_owned(), filters),
            ("period".to_owned(), "all".to_owned()),
        ];
        let now = EpochMs(START + 86_400_000);
        let plan = parse("overview", &params, site, &TimeZone::UTC, now).unwrap();
        answers.push(store.run(&plan).await.unwrap().body);
    }
    assert_eq!(answers[0], answers[1]);
    answers.swap_remove(0)
}

pub(crate) async fn what_was_cut_for_one_question_serves_the_next_only_while_it_holds(
    store: &impl EventStore,
) {
    let spread = |lsn, site| {
        let events = (0..60).map(|n| pageview(lsn * 100 + n * 50)).collect();
        record(lsn, site, events)
    };
    let first = Projection {
        after: 0,
        cursor: 2,
        records: vec![spread(1, SITE), spread(2, OTHER)],
        ..Projection::default()
    };
    store.append(first).await.unwrap();
    let minute = 60_000;
    let (here, there) = (totals(store, SITE, 1).await, totals(store, OTHER, 1).await);
    for (nonce, closed) in [(2, 35), (3, 40), (4, 300)] {
        store.seal(START + closed * minute).await.unwrap();
        // The sites take turns, so that each finds the other's cut.
        assert_eq!(totals(store, SITE, nonce).await, here, "{closed}");
        assert_eq!(totals(store, OTHER, nonce).await, there, "{closed}");
    }
    let late = Projection {
        after: 2,
        cursor: 3,
        records: vec![record(3, SITE, vec![pageview(7)])],
        ..Projection::default()
    };
    store.append(late).await.unwrap();
    let more = totals(store, SITE, 5).await;
    assert_ne!(more, here);
    assert_eq!(totals(store, OTHER, 5).await, there);
    store.seal(START + 300 * minute).await.unwrap();
    assert_eq!(totals(store, SITE, 6).await, more);
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
