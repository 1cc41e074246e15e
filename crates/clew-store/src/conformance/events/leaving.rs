//! What leaves for good, and what is read before it does.

use super::{IMPORT, OTHER, SITE, START, all, mark, pageview, record};
use crate::events::{
    Deletion, EventRow, EventStore, EventStoreError, Place, Projection, Scan, Wanted,
};
use clew_core::model::{
    EventId, QuarantinedEvent, SiteId, StoredEvent, UserKey, VisitorId, Watermark,
};
use std::collections::HashMap;
use std::sync::Arc;

const BOUNDARY: i64 = START + 500_000;

/// Eight records around the boundary: live and imported ones, another site's, and one set aside.
fn history() -> Projection {
    let at = |time_ms, n| StoredEvent {
        time_ms,
        ..pageview(n)
    };
    let mut imported = record(5, SITE, vec![at(START - 9, 5), at(BOUNDARY + 9, 6)]);
    (imported.kind, imported.received_ms) = (2, BOUNDARY - 1);
    imported.batch.import_id = Some(IMPORT);
    let mut recent = imported.clone();
    (recent.lsn, recent.received_ms) = (6, BOUNDARY);
    let mut aside = record(7, SITE, Vec::new());
    aside.received_ms = BOUNDARY + 1;
    let quarantined = |n, event| QuarantinedEvent {
        event_id: EventId::from_u128(n),
        code: "late".into(),
        event,
    };
    aside.batch.quarantined = vec![
        quarantined(1, Some(at(BOUNDARY - 1, 7))),
        quarantined(2, Some(at(BOUNDARY, 8))),
        quarantined(3, None),
    ];
    Projection {
        after: 0,
        cursor: 8,
        records: vec![
            record(1, SITE, vec![at(BOUNDARY - 1, 1), at(BOUNDARY, 2)]),
            record(2, OTHER, vec![at(BOUNDARY - 1, 3)]),
            record(3, SITE, vec![at(BOUNDARY + 1, 4), at(START, 9)]),
            imported,
            recent,
            aside,
            record(8, SITE, vec![at(BOUNDARY - 1, 10)]),
        ],
        ..Projection::default()
    }
}

fn places(rows: &[EventRow]) -> Vec<(u64, u32)> {
    rows.iter().map(|row| (row.lsn, row.index)).collect()
}

fn expired(site: SiteId, mark: Watermark) -> Scan {
    Scan {
        site,
        wanted: Wanted::Expired(mark),
        through: mark.through,
        after: None,
    }
}

async fn left(store: &impl EventStore, site: SiteId) -> Vec<(u64, u32)> {
    let mut left = places(&all(store, site).await);
    left.sort_unstable();
    left
}

pub(crate) async fn exactly_what_the_mark_covers_leaves_and_is_scanned(store: &impl EventStore) {
    store.append(history()).await.unwrap();
    let mark = mark(BOUNDARY, 7);
    let scanned = store.scan(&expired(SITE, mark)).await.unwrap();
    assert_eq!(places(&scanned), [(1, 0), (3, 1), (5, 0), (5, 1)]);
    let expected = all(store, SITE).await;
    for row in &scanned {
        assert!(expected.contains(row), "{row:?} is as it is listed");
    }
    let what = Deletion::Expired { site: SITE, mark };
    assert_eq!(store.delete(what.clone()).await.unwrap(), 4 + 1);
    assert_eq!(
        store.delete(what).await.unwrap(),
        0,
        "again changes nothing"
    );
    let kept = [(1, 1), (3, 0), (6, 0), (6, 1), (8, 0)];
    assert_eq!(left(store, SITE).await, kept);
    assert_eq!(left(store, OTHER).await, [(2, 0)]);
    let status = store.status().await.unwrap();
    assert_eq!((status.events, status.quarantined), (6, 2));
    assert!(store.scan(&expired(SITE, mark)).await.unwrap().is_empty());
}

pub(crate) async fn a_scan_joins_its_pages_and_refuses_an_incomplete_store(
    store: &impl EventStore,
) {
    // More than two pages, records larger than one.
    let many = |lsn: u64| record(lsn, SITE, (0..9_000).map(pageview).collect());
    let two = Projection {
        after: 0,
        cursor: 3,
        records: vec![many(1), record(2, OTHER, vec![pageview(1)]), many(3)],
        ..Projection::default()
    };
    store.append(two).await.unwrap();
    let mut scan = expired(SITE, mark(i64::MAX, 3));
    let mut seen = Vec::new();
    loop {
        let rows = store.scan(&scan).await.unwrap();
        let Some(last) = rows.last() else { break };
        scan.after = Some(last.place());
        seen.extend(places(&rows));
    }
    let expected = [1, 3].map(|lsn| (0..9_000).map(move |index| (lsn, index)));
    assert!(seen.into_iter().eq(expected.into_iter().flatten()));
    scan.after = Some(Place {
        lsn: 3,
        index: 8_999,
    });
    assert!(store.scan(&scan).await.unwrap().is_empty());
    scan.through = 4;
    let refused = store.scan(&scan).await;
    let is_gap = matches!(
        refused,
        Err(EventStoreError::Gap {
            after: 4,
            cursor: 3
        })
    );
    assert!(is_gap, "{refused:?}");
}

pub(crate) async fn what_has_left_does_not_come_back(store: &impl EventStore) {
    let mut replay = history();
    replay.left = Arc::new(HashMap::from([
        (SITE, mark(BOUNDARY, 7)),
        (SiteId::from_u128(0xC), mark(i64::MAX, 9)),
    ]));
    let written = store.append(replay).await.unwrap();
    assert_eq!((written.rows, written.cursor), (6 + 2, 8));
    let kept = [(1, 1), (3, 0), (6, 0), (6, 1), (8, 0)];
    assert_eq!(
        left(store, SITE).await,
        kept,
        "at the places they always had"
    );
    assert_eq!(left(store, OTHER).await, [(2, 0)]);
    assert_eq!(store.status().await.unwrap().quarantined, 2);
}

pub(crate) async fn a_subject_is_found_under_every_id(store: &impl EventStore) {
    let (phone, laptop) = (VisitorId::from_u128(1), VisitorId::from_u128(2));
    let (anna, ben) = (UserKey::from_u128(3), UserKey::from_u128(4));
    let of = |n, visitor, user| StoredEvent {
        visitor_id: visitor,
        user_key: user,
        ..pageview(n)
    };
    let events = vec![
        of(1, phone, None),
        of(2, laptop, None),
        of(3, VisitorId::from_u128(5), Some(anna)),
        of(4, VisitorId::from_u128(6), Some(ben)),
    ];
    let batch = Projection {
        after: 0,
        cursor: 2,
        records: vec![record(1, SITE, events.clone()), record(2, OTHER, events)],
        ..Projection::default()
    };
    store.append(batch).await.unwrap();
    let subject = |visitors, users| Scan {
        site: SITE,
        wanted: Wanted::Subject { visitors, users },
        through: 2,
        after: None,
    };
    for (scan, found) in [
        (subject(vec![phone], vec![]), vec![(1, 0)]),
        (subject(vec![], vec![anna]), vec![(1, 2)]),
        (
            subject(vec![laptop, phone], vec![anna]),
            vec![(1, 0), (1, 1), (1, 2)],
        ),
        (subject(vec![], vec![]), vec![]),
    ] {
        assert_eq!(places(&store.scan(&scan).await.unwrap()), found);
    }
}
