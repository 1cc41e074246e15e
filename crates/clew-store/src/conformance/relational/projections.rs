//! Cursors, person links, site activity, audit log.

use super::{NOW, account, write};
use crate::relational::audit::{self, Actor, Entry};
use crate::relational::person_links::{self, PersonLink};
use crate::relational::site_activity::{self, SiteActivity};
use crate::relational::{Db, Result, StoreError, cursors};
use clew_core::model::{
    ErasedPersons, ImportId, LinkSource, PersonHash, SiteId, SiteKey, UserKey, VisitorId,
};

const SITE: SiteId = SiteId::from_u128(1);

async fn advance(db: &Db, from: u64, to: u64) -> Result<()> {
    write(db, move |tx| {
        Box::pin(async move { cursors::advance(tx, "relational", from, to, NOW).await })
    })
    .await
}

pub(super) async fn a_cursor_moves_only_from_where_it_stands(db: Db) {
    assert_eq!(cursors::get(db.read(), "relational").await.unwrap(), 0);
    advance(&db, 0, 7).await.unwrap();
    let stale = advance(&db, 0, 9).await;
    assert!(
        matches!(
            stale,
            Err(StoreError::CursorMoved {
                expected: 0,
                found: 7,
                ..
            })
        ),
        "{stale:?}"
    );
    assert!(advance(&db, 7, 6).await.is_err());
    advance(&db, 7, 7).await.unwrap();
    let rivals = (0..4).map(|_| {
        let db = db.clone();
        tokio::spawn(async move { advance(&db, 7, 8).await.is_ok() })
    });
    let won = futures::future::join_all(rivals)
        .await
        .into_iter()
        .filter(|r| *r.as_ref().unwrap())
        .count();
    assert_eq!(won, 1);
    write(&db, |tx| {
        Box::pin(async move { cursors::reset(tx, "relational", 0, NOW).await })
    })
    .await
    .unwrap();
    assert_eq!(cursors::get(db.read(), "relational").await.unwrap(), 0);
}

pub(super) async fn rows_and_cursor_are_there_together_or_not_at_all(db: Db) {
    for (from, works) in [(5, false), (0, true)] {
        let work = write(&db, move |tx| {
            Box::pin(async move {
                person_links::append(tx, &[link(1, 1, 1, true)]).await?;
                cursors::advance(tx, "relational", from, 9, NOW).await
            })
        });
        assert_eq!(work.await.is_ok(), works);
        let person = person_links::resolve(db.read(), SITE, &[VisitorId::from_u128(1)])
            .await
            .unwrap();
        assert_eq!(person.len(), usize::from(works));
    }
}

fn link(lsn: u64, visitor: u128, user: u128, linked: bool) -> PersonLink {
    PersonLink {
        site: SITE,
        visitor: VisitorId::from_u128(visitor),
        user: UserKey::from_u128(user),
        linked,
        source: LinkSource::Page,
        node: 0,
        lsn,
        seq: 0,
        at: NOW.plus(lsn as i64),
        import: None,
    }
}

pub(super) async fn links_can_be_taken_back_and_projected_twice(db: Db) {
    let links = [
        link(1, 1, 10, true),
        link(2, 2, 10, true),
        link(3, 2, 20, true),
        link(4, 1, 10, false),
        link(5, 3, 10, true),
        link(6, 3, 99, false),
        by_hand(7, 5, 30, true),
        link(8, 5, 10, true),
    ];
    for _ in 0..2 {
        write(&db, move |tx| {
            Box::pin(async move { person_links::append(tx, &links).await })
        })
        .await
        .unwrap();
    }
    let all: Vec<_> = (1..=5).map(VisitorId::from_u128).collect();
    let persons = person_links::resolve(db.read(), SITE, &all).await.unwrap();
    let person = |visitor| {
        persons
            .get(&VisitorId::from_u128(visitor))
            .map(|u| u.as_u128())
    };
    assert_eq!(
        [person(1), person(2), person(3), person(4), person(5)],
        [None, Some(20), Some(10), None, Some(30)]
    );
    let ever = person_links::visitors_ever(db.read(), SITE, UserKey::from_u128(10))
        .await
        .unwrap();
    assert_eq!(ever, [all[0], all[1], all[2], all[4]]);
    let elsewhere = SiteId::from_u128(2);
    assert!(
        person_links::resolve(db.read(), elsewhere, &all)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        person_links::visitors_ever(db.read(), elsewhere, UserKey::from_u128(10))
            .await
            .unwrap()
            .is_empty()
    );
}

fn by_hand(lsn: u64, visitor: u128, user: u128, linked: bool) -> PersonLink {
    PersonLink {
        source: LinkSource::Merge,
        ..link(lsn, visitor, user, linked)
    }
}

async fn append(db: &Db, links: Vec<PersonLink>) {
    let work = write(db, move |tx| {
        Box::pin(async move { person_links::append(tx, &links).await })
    });
    work.await.unwrap();
}

pub(super) async fn members_are_who_the_person_is_now(db: Db) {
    let links = vec![
        link(1, 1, 10, true),
        link(2, 2, 10, true),
        by_hand(3, 2, 20, true),
        by_hand(4, 3, 20, true),
        by_hand(5, 3, 20, false),
        PersonLink {
            site: SiteId::from_u128(2),
            ..link(6, 4, 10, true)
        },
    ];
    append(&db, links).await;
    let users = [10, 20, 99].map(UserKey::from_u128);
    let members = person_links::members(db.read(), SITE, &users)
        .await
        .unwrap();
    let of =
        |user: usize| -> Vec<_> { members[&users[user]].iter().map(|v| v.as_u128()).collect() };
    assert_eq!([of(0), of(1), of(2)], [vec![1], vec![2], vec![]]);
    let same = person_links::same_persons(db.read(), SITE, &[1, 9].map(VisitorId::from_u128))
        .await
        .unwrap();
    assert_eq!(
        same,
        [1, 9].map(VisitorId::from_u128),
        "2 is somebody else now"
    );
    append(&db, vec![link(7, 5, 10, true)]).await;
    let same = person_links::same_persons(db.read(), SITE, &[VisitorId::from_u128(5)]).await;
    assert_eq!(same.unwrap(), [1, 5].map(VisitorId::from_u128));
    let said = person_links::history(db.read(), SITE, VisitorId::from_u128(2), 9)
        .await
        .unwrap();
    let said: Vec<_> = said
        .iter()
        .map(|(at, l)| (*at, l.person.as_u128(), l.source))
        .collect();
    let expected = [
        (NOW.plus(3), 20, LinkSource::Merge),
        (NOW.plus(2), 10, LinkSource::Page),
    ];
    assert_eq!(said, expected);
}

pub(super) async fn erased_visitors_leave_no_link(db: Db) {
    let elsewhere = PersonLink {
        site: SiteId::from_u128(2),
        ..link(4, 1, 10, true)
    };
    append(
        &db,
        vec![
            link(1, 1, 10, true),
            by_hand(2, 1, 20, true),
            link(3, 2, 10, true),
            elsewhere,
        ],
    )
    .await;
    let key = SiteKey::new([1; 32]);
    let whom = ErasedPersons::new(
        key.clone(),
        [PersonHash::of_visitor(&key, VisitorId::from_u128(1))],
    );
    let erased = write(&db, move |tx| {
        Box::pin(async move { person_links::erase(tx, SITE, &whom, 99).await })
    });
    assert_eq!(erased.await.unwrap(), 2);
    let left = async |site| {
        let user = UserKey::from_u128(10);
        person_links::visitors_ever(db.read(), site, user)
            .await
            .unwrap()
    };
    assert_eq!(left(SITE).await, [VisitorId::from_u128(2)]);
    assert_eq!(left(elsewhere.site).await, [VisitorId::from_u128(1)]);
}

pub(super) async fn links_of_an_import_go_with_it(db: Db) {
    let (import, other) = (ImportId::from_u128(1), ImportId::from_u128(2));
    let of = |lsn, import| PersonLink {
        import,
        ..link(lsn, u128::from(lsn), 10, true)
    };
    let elsewhere = PersonLink {
        site: SiteId::from_u128(2),
        ..of(4, Some(import))
    };
    let links = [
        of(1, None),
        of(2, Some(import)),
        of(3, Some(other)),
        elsewhere,
    ];
    write(&db, move |tx| {
        Box::pin(async move {
            person_links::append(tx, &links).await?;
            person_links::revoke(tx, SITE, import).await
        })
    })
    .await
    .unwrap();
    let left = async |site| {
        let all: Vec<_> = (1..=4).map(VisitorId::from_u128).collect();
        let persons = person_links::resolve(db.read(), site, &all).await.unwrap();
        let mut visitors: Vec<_> = persons.keys().map(|v| v.as_u128()).collect();
        visitors.sort_unstable();
        visitors
    };
    assert_eq!(left(SITE).await, [1, 3]);
    assert_eq!(left(SiteId::from_u128(2)).await, [4]);
}

pub(super) async fn many_links_fit_one_call(db: Db) {
    let links: Vec<_> = (1..=1_200_u32)
        .map(|i| link(u64::from(i), u128::from(i), 7, true))
        .collect();
    let all: Vec<_> = links.iter().map(|l| l.visitor).collect();
    write(&db, move |tx| {
        Box::pin(async move { person_links::append(tx, &links).await })
    })
    .await
    .unwrap();
    assert_eq!(
        person_links::resolve(db.read(), SITE, &all)
            .await
            .unwrap()
            .len(),
        1_200
    );
}

pub(super) async fn activity_widens_in_any_order(db: Db) {
    assert_eq!(site_activity::get(db.read(), SITE).await.unwrap(), None);
    for (first, last, quarantined) in [
        (50, 60, None),
        (10, 20, Some(30)),
        (55, 90, Some(25)),
        (56, 57, None),
    ] {
        let seen = SiteActivity {
            first_event_at: NOW.plus(first),
            last_event_at: NOW.plus(last),
            last_quarantined_at: quarantined.map(|t| NOW.plus(t)),
        };
        write(&db, move |tx| {
            Box::pin(async move { site_activity::note(tx, SITE, seen, NOW).await })
        })
        .await
        .unwrap();
    }
    let expected = SiteActivity {
        first_event_at: NOW.plus(10),
        last_event_at: NOW.plus(90),
        last_quarantined_at: Some(NOW.plus(30)),
    };
    assert_eq!(
        site_activity::get(db.read(), SITE).await.unwrap(),
        Some(expected)
    );
}

pub(super) async fn audit_entries_come_newest_first_and_per_account(db: Db) {
    let (owner, other) = (account(&db, "a").await, account(&db, "b").await);
    let entry = |n: i64, actor| Entry {
        account: Some(owner),
        site: Some(SITE),
        actor,
        action: "key.create".into(),
        subject_kind: "key".into(),
        subject_id: n.to_string(),
        detail: Some("{}".into()),
        request_id: None,
        at: NOW.plus(n),
    };
    let written = [
        entry(0, Actor::CommandLine),
        entry(1, Actor::User(other)),
        entry(2, Actor::System),
        entry(3, Actor::Key(owner)),
    ];
    for entry in written.clone() {
        write(&db, move |tx| {
            Box::pin(async move {
                audit::append(tx, entry);
                Ok(())
            })
        })
        .await
        .unwrap();
    }
    let newest = audit::list(db.read(), owner, None, 3).await.unwrap();
    assert_eq!(
        newest.iter().map(|e| &e.entry).collect::<Vec<_>>(),
        [&written[3], &written[2], &written[1]]
    );
    let rest = audit::list(db.read(), owner, Some(newest[2].id), 3)
        .await
        .unwrap();
    assert_eq!(
        rest.into_iter().map(|e| e.entry).collect::<Vec<_>>(),
        written[..1]
    );
    assert!(
        audit::list(db.read(), other, None, 9)
            .await
            .unwrap()
            .is_empty()
    );
}
