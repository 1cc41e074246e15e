//! Persons leave: by keyed hash, up to where the erasure stands, and nobody with them.

use super::keeping::dashboard;
use super::{OTHER, SITE, START, all, pageview, projection, record};
use crate::events::{Deletion, Erased, EventStore, Projection};
use clew_core::model::{
    ErasedPersons, PersonHash, QuarantinedEvent, SessionKey, SiteId, SiteKey, StoredEvent, UserKey,
    VisitorId,
};

const HOUR: i64 = 3_600_000;
const ANNA: UserKey = UserKey::from_u128(0xa44a);

fn key() -> SiteKey {
    SiteKey::new([3; 32])
}

fn visitor(visitor: VisitorId) -> ErasedPersons {
    ErasedPersons::new(key(), [PersonHash::of_visitor(&key(), visitor)])
}

fn persons(persons: ErasedPersons, before: u64) -> Deletion {
    Deletion::Persons {
        site: SITE,
        persons,
        before,
    }
}

fn by_anna(n: u64) -> StoredEvent {
    StoredEvent {
        user_key: Some(ANNA),
        visitor_id: VisitorId::from_u128(0xa),
        ..pageview(n)
    }
}

async fn lsns(store: &impl EventStore, site: SiteId) -> Vec<u64> {
    let mut lsns: Vec<_> = all(store, site).await.iter().map(|row| row.lsn).collect();
    lsns.sort_unstable_by(|a, b| b.cmp(a));
    lsns
}

pub(crate) async fn erased_persons_leave_and_nobody_else_does(store: &impl EventStore) {
    let mut batch = projection(0, 14);
    batch.records.push(record(15, SITE, vec![by_anna(15)]));
    let mut aside = record(16, SITE, vec![]);
    aside.batch.quarantined = vec![QuarantinedEvent {
        event_id: pageview(70).event_id,
        code: "late".into(),
        event: Some(by_anna(70)),
    }];
    batch.records.push(aside);
    batch
        .records
        .push(record(17, OTHER, vec![by_anna(17), pageview(3)]));
    batch.cursor = 17;
    store.append(batch).await.unwrap();

    let nobody = persons(visitor(VisitorId::from_u128(0xdead)), 99);
    assert_eq!(store.count(nobody.clone()).await.unwrap(), 0);
    assert_eq!(store.delete(nobody).await.unwrap(), 0);

    // Visitor 103 has the pages 3 and 10; the second stands behind the erasure.
    let third = persons(visitor(pageview(3).visitor_id), 10);
    assert_eq!(store.count(third.clone()).await.unwrap(), 1);
    assert_eq!(store.delete(third.clone()).await.unwrap(), 1);
    assert_eq!(store.count(third).await.unwrap(), 0);
    let anna = ErasedPersons::new(key(), [PersonHash::of_user(&key(), ANNA)]);
    assert_eq!(store.delete(persons(anna, 99)).await.unwrap(), 2);
    assert_eq!(
        lsns(store, SITE).await,
        [14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 2, 1]
    );
    assert_eq!(store.status().await.unwrap().quarantined, 0);
    assert_eq!(lsns(store, OTHER).await, [17, 17], "tenants never meet");
}

pub(crate) async fn an_erasure_record_reaches_back_from_where_it_stands(store: &impl EventStore) {
    store.append(projection(0, 7)).await.unwrap();
    let mut replay = projection(7, 7);
    let erased = |lsn, site, n| Erased {
        lsn,
        site,
        persons: visitor(pageview(n).visitor_id),
    };
    replay.erasures = vec![erased(11, SITE, 3), erased(12, OTHER, 4)];
    replay
        .records
        .retain(|record| ![11, 12].contains(&record.lsn));
    replay.records.push(record(14, SITE, vec![pageview(3)]));
    store.append(replay.clone()).await.unwrap();
    let left = [14, 14, 13, 10, 9, 8, 7, 6, 5, 4, 2, 1];
    let expected: Vec<u64> = left.into_iter().filter(|lsn| *lsn != 10).collect();
    assert_eq!(
        lsns(store, SITE).await,
        expected,
        "3 and 10 are gone, 14 is new"
    );
    // Projected again, it reaches nothing that came since.
    let after = store.cursor().await.unwrap();
    store.append(replay).await.unwrap();
    assert_eq!(store.cursor().await.unwrap(), after);
    assert_eq!(lsns(store, SITE).await, expected);
}

/// Two sites with the same events; what is erased from one never came to the other.
async fn pair(
    store: &impl EventStore,
    events: Vec<StoredEvent>,
    own: impl Fn(&StoredEvent) -> bool,
) {
    let others: Vec<_> = events.iter().filter(|e| !own(e)).cloned().collect();
    let both = Projection {
        after: 0,
        cursor: 2,
        records: vec![record(1, SITE, events), record(2, OTHER, others)],
        ..Projection::default()
    };
    store.append(both).await.unwrap();
    store.seal(START + 2 * HOUR).await.unwrap();
}

pub(crate) async fn sessions_of_others_stay_sealed(store: &impl EventStore) {
    let events = (0..80).map(|n| pageview(n * 40)).collect();
    let gone = pageview(120).visitor_id;
    pair(store, events, |event| event.visitor_id == gone).await;
    let before = dashboard(store, SITE).await;
    assert!(store.delete(persons(visitor(gone), 9)).await.unwrap() > 0);
    let after = dashboard(store, SITE).await;
    assert_ne!(after, before);
    assert_eq!(after, dashboard(store, OTHER).await);
    let sealed = store.seal(START + 2 * HOUR).await.unwrap();
    assert_eq!(sealed.sessions, 0, "nothing had to be sealed anew");
    store.compact().await.unwrap();
    assert_eq!(dashboard(store, SITE).await, after);
}

pub(crate) async fn a_session_that_is_not_theirs_alone_is_cut_anew(store: &impl EventStore) {
    // One browser's session, in which somebody signs in and others follow.
    let events = (0..40).map(|n| StoredEvent {
        client_session: Some(SessionKey::from_u128(u128::from(n % 3))),
        ..if n % 5 == 0 {
            by_anna(n * 30)
        } else {
            pageview(n * 30)
        }
    });
    pair(store, events.collect(), |event| {
        event.user_key == Some(ANNA)
    })
    .await;
    let anna = ErasedPersons::new(key(), [PersonHash::of_user(&key(), ANNA)]);
    assert_eq!(store.delete(persons(anna, 9)).await.unwrap(), 8);
    let after = dashboard(store, SITE).await;
    assert_eq!(after, dashboard(store, OTHER).await);
    assert!(store.seal(START + 2 * HOUR).await.unwrap().sessions > 0);
    assert_eq!(dashboard(store, SITE).await, after);
}
