//! Erasures, how far they are, and what they take.

use super::{NOW, write};
use crate::relational::erasures::{self, Erasure, Step};
use crate::relational::person_links::{self, PersonLink};
use crate::relational::{
    Db, ErasureReason, ErasureState, Result, StepState, SubjectKind, Tx, persons,
};
use clew_core::model::{
    ErasedPersons, ErasureId, LinkSource, PersonHash, SiteId, SiteKey, UserKey, VisitorId,
};
use futures::future::BoxFuture;
use std::collections::BTreeSet;

const SITE: SiteId = SiteId::from_u128(1);
const OTHER: SiteId = SiteId::from_u128(2);

fn hashes(numbers: &[u128]) -> BTreeSet<PersonHash> {
    numbers.iter().map(|n| PersonHash::from_u128(*n)).collect()
}

async fn request(db: &Db) -> Erasure {
    let reason = Some(ErasureReason::Objection);
    write(db, move |tx| {
        Box::pin(async move {
            let persons = hashes(&[5, 1 << 127]);
            erasures::request(tx, SITE, SubjectKind::User, reason, persons, NOW).await
        })
    })
    .await
    .unwrap()
}

async fn now(db: &Db, id: ErasureId) -> Erasure {
    let found = erasures::get(db.read(), SITE, id).await.unwrap();
    found.unwrap()
}

async fn change<F>(db: &Db, work: F)
where
    F: for<'c> FnOnce(&'c Tx) -> BoxFuture<'c, Result<()>> + Send + 'static,
{
    write(db, work).await.unwrap();
}

pub(super) async fn an_erasure_goes_on_until_it_is_done(db: Db) {
    let made = request(&db).await;
    assert_eq!(now(&db, made.id).await, made);
    assert_eq!(made.due_at, NOW.plus(erasures::DUE_MS));
    let (one, at) = (made.clone(), NOW.plus(10));
    change(&db, move |tx| {
        Box::pin(async move { erasures::begin(tx, &one, at).await })
    })
    .await;
    let one = now(&db, made.id).await;
    assert_eq!((one.state, one.attempts), (ErasureState::Running, 1));
    assert_eq!(one.started_at, Some(NOW.plus(10)));

    change(&db, move |tx| {
        Box::pin(async move {
            erasures::extend(tx, &one, &hashes(&[5, 6, 7]), Some(42)).await?;
            erasures::fail(tx, &one, "the disk is full").await?;
            erasures::begin(tx, &one, NOW.plus(20)).await?;
            erasures::fail(tx, &one, "still full").await
        })
    })
    .await;
    let one = now(&db, made.id).await;
    assert_eq!((one.state, one.attempts), (ErasureState::Failed, 2));
    assert_eq!(one.started_at, Some(NOW.plus(10)), "the first time");
    assert_eq!(
        (one.persons.len(), one.record_lsn, one.message.as_deref()),
        (3, Some(42), Some("still full"))
    );
    assert_eq!(
        erasures::unfinished(db.read()).await.unwrap(),
        std::slice::from_ref(&one)
    );

    let step = |state, found, remaining| Step {
        store: "journal".into(),
        state,
        found,
        remaining,
        finished_at: None,
    };
    for step in [
        step(StepState::Pending, 9, None),
        step(StepState::Verified, 9, Some(0)),
    ] {
        let (id, kept) = (one.id, step.clone());
        change(&db, move |tx| {
            Box::pin(async move { erasures::put_step(tx, id, &step).await })
        })
        .await;
        assert_eq!(erasures::steps(db.read(), one.id).await.unwrap(), [kept]);
    }
    let last = one.clone();
    change(&db, move |tx| {
        Box::pin(async move { erasures::finish(tx, &last, "{}", NOW.plus(30)).await })
    })
    .await;
    let done = now(&db, made.id).await;
    assert_eq!(
        (done.state, done.message.as_deref()),
        (ErasureState::Done, None)
    );
    assert_eq!(done.certificate.as_deref(), Some("{}"));
    assert!(erasures::unfinished(db.read()).await.unwrap().is_empty());
    assert_eq!(
        erasures::finished(db.read()).await.unwrap(),
        std::slice::from_ref(&done)
    );
    change(&db, move |tx| {
        Box::pin(async move { erasures::reopen(tx, &done, NOW.plus(40)).await })
    })
    .await;
    assert_eq!(erasures::unfinished(db.read()).await.unwrap().len(), 1);
}

pub(super) async fn what_the_journal_tells_again_is_put_on_the_list_once(db: Db) {
    let known = request(&db).await;
    for id in [known.id, ErasureId::from_u128(99), ErasureId::from_u128(99)] {
        change(&db, move |tx| {
            Box::pin(async move {
                erasures::replayed(tx, SITE, id, hashes(&[8]), 17, NOW.plus(1)).await
            })
        })
        .await;
    }
    let located = Erasure {
        record_lsn: Some(17),
        ..known.clone()
    };
    assert_eq!(now(&db, known.id).await, located, "and nothing else");
    let all = erasures::list(db.read(), SITE, 10).await.unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(all[0].subject, SubjectKind::Replayed);
    assert_eq!(
        (all[0].state, all[0].record_lsn),
        (ErasureState::Queued, Some(17))
    );
}

pub(super) async fn erasures_of_other_sites_are_out_of_reach(db: Db) {
    let made = request(&db).await;
    let elsewhere = erasures::get(db.read(), OTHER, made.id).await.unwrap();
    assert_eq!(elsewhere, None);
    assert!(
        erasures::list(db.read(), OTHER, 10)
            .await
            .unwrap()
            .is_empty()
    );
    let foreign = Erasure {
        site: OTHER,
        ..made.clone()
    };
    let refused = write(&db, move |tx| {
        Box::pin(async move { erasures::finish(tx, &foreign, "{}", NOW).await })
    });
    assert!(refused.await.is_err());
    assert_eq!(now(&db, made.id).await, made);
}

pub(super) async fn a_merge_by_hand_leads_to_the_other_browsers_and_a_shared_device_does_not(
    db: Db,
) {
    let link = |visitor: u128, user: u128, source, lsn| PersonLink {
        site: SITE,
        visitor: VisitorId::from_u128(visitor),
        user: UserKey::from_u128(user),
        linked: true,
        source,
        node: 1,
        lsn,
        seq: 0,
        at: NOW,
        import: None,
    };
    // 10 is user 1's and was merged with 11; device 12 is user 1's and, later, user 2's.
    let links = [
        link(10, 1, LinkSource::Page, 1),
        link(10, 99, LinkSource::Merge, 2),
        link(11, 99, LinkSource::Merge, 3),
        link(12, 1, LinkSource::Page, 4),
        link(12, 2, LinkSource::Page, 5),
        link(13, 2, LinkSource::Page, 6),
    ];
    change(&db, move |tx| {
        Box::pin(async move { person_links::append(tx, &links).await })
    })
    .await;
    let key = SiteKey::new([1; 32]);
    let user = |n| PersonHash::of_user(&key, UserKey::from_u128(n));
    let visitor = |n| PersonHash::of_visitor(&key, VisitorId::from_u128(n));
    let mut hashes = BTreeSet::from([user(1)]);
    loop {
        let whom = ErasedPersons::new(key.clone(), hashes.iter().copied());
        let held = persons::survey(db.read(), SITE, &whom, 99).await.unwrap();
        if held.also.is_empty() {
            break;
        }
        hashes.extend(held.also);
    }
    let expected = [user(1), user(99), visitor(10), visitor(11), visitor(12)];
    assert_eq!(hashes, BTreeSet::from(expected));
}

pub(super) async fn erased_persons_leave_every_table_up_to_where_the_erasure_stands(db: Db) {
    let link = |site, visitor: u128, user: u128, lsn| PersonLink {
        site,
        visitor: VisitorId::from_u128(visitor),
        user: UserKey::from_u128(user),
        linked: true,
        source: LinkSource::Page,
        node: 1,
        lsn,
        seq: 0,
        at: NOW,
        import: None,
    };
    let links = [
        link(SITE, 10, 1, 1),
        link(SITE, 11, 1, 2),
        link(SITE, 20, 2, 3),
        link(OTHER, 10, 1, 4),
        link(SITE, 10, 1, 8),
    ];
    change(&db, move |tx| {
        Box::pin(async move { person_links::append(tx, &links).await })
    })
    .await;
    let key = SiteKey::new([1; 32]);
    let user = UserKey::from_u128(1);
    let anna = ErasedPersons::new(key.clone(), [PersonHash::of_user(&key, user)]);
    let held = persons::survey(db.read(), SITE, &anna, 8).await.unwrap();
    assert_eq!(held.rows, 2);
    let also = [10, 11].map(|n| PersonHash::of_visitor(&key, VisitorId::from_u128(n)));
    assert_eq!(held.also, BTreeSet::from(also));

    let whom = anna.clone();
    let gone = write(&db, move |tx| {
        Box::pin(async move { persons::erase(tx, SITE, &whom, 8).await })
    });
    assert_eq!(gone.await.unwrap(), 2);
    db.scrub().await.unwrap();
    let held = persons::survey(db.read(), SITE, &anna, 8).await.unwrap();
    assert_eq!(held.rows, 0);
    let left = person_links::visitors_ever(db.read(), SITE, user).await;
    assert_eq!(left.unwrap(), [VisitorId::from_u128(10)], "linked since");
    let elsewhere = person_links::visitors_ever(db.read(), OTHER, user).await;
    assert_eq!(elsewhere.unwrap().len(), 1, "another site");
}
