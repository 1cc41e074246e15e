//! Rows and cursor: what is taken, what is refused, what is skipped.

use super::{SITE, START, all, pageview, projection, record};
use crate::events::{Appended, EventQuery, EventStore, EventStoreError, Projection};
use clew_core::model::{EventId, QuarantinedEvent};

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
