//! What came by an import leaves as one.

use super::{IMPORT, OTHER, SITE, START, all, pageview, record};
use crate::events::{EventRow, EventStore, ProjectedRecord, Projection, Revoked};
use clew_core::model::{EventId, ImportId, QuarantinedEvent, SiteId};

/// Every session of a test has ended so long after [`START`].
const EVENTS_ARE_OVER: i64 = 86_400_000;

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
        erasures: Vec::new(),
        after: 0,
        cursor: 4,
        records: vec![
            record(1, SITE, vec![pageview(1)]),
            imported(2, SITE, IMPORT),
            imported(4, SITE, ImportId::from_u128(2)),
        ],
        revocations: vec![revoked(3, SITE, IMPORT)],
        ..Projection::default()
    };
    store.append(replay).await.unwrap();
    let rows = all(store, SITE).await;
    let left: Vec<_> = rows.iter().map(|row| row.lsn).collect();
    assert_eq!(left, [4, 1]);
    assert_eq!(store.status().await.unwrap().quarantined, 1);
}
