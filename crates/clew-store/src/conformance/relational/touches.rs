//! Touches: what is kept, what is hidden, what goes.

use super::{NOW, write};
use crate::relational::Db;
use crate::relational::touches::{self, StoredTouch};
use clew_core::attribution::{Led, Touch, first, thread};
use clew_core::model::{
    EpochMs, ErasedPersons, EventId, ImportId, PersonHash, SiteId, SiteKey, VisitorId,
};

const SITE: SiteId = SiteId::from_u128(1);
const VISITOR: VisitorId = VisitorId::from_u128(7);
const EVER: EpochMs = EpochMs(i64::MAX);

/// Record `lsn` brought a touch at `minute`; without a source it is direct.
fn touch(lsn: u64, minute: i64, source: &str) -> StoredTouch {
    StoredTouch {
        site: SITE,
        touch: Touch {
            at: NOW.plus(minute * EpochMs::MINUTE),
            event: EventId::from_u128(u128::from(lsn)),
            visitor: VISITOR,
            source: source.into(),
            medium: String::new(),
            campaign: String::new(),
            content: String::new(),
            term: String::new(),
            channel: if source.is_empty() {
                "Direct"
            } else {
                "Referral"
            }
            .into(),
            click_id_kind: String::new(),
            click_id: String::new(),
            referrer_host: String::new(),
            landing_path: "/".into(),
        },
        node: 0,
        lsn,
        seq: 0,
        import: None,
    }
}

fn of(import: u128, touch: StoredTouch) -> StoredTouch {
    StoredTouch {
        import: Some(ImportId::from_u128(import)),
        ..touch
    }
}

async fn append(db: &Db, touches: Vec<StoredTouch>) {
    let work = write(db, move |tx| {
        Box::pin(async move { touches::append(tx, &touches).await })
    });
    work.await.unwrap();
}

async fn stored(db: &Db, site: SiteId) -> Vec<Touch> {
    let found = touches::of_visitors(db.read(), site, &[VISITOR], EVER, 1_000).await;
    let found = found.unwrap();
    assert!(found.complete);
    found.touches
}

async fn sources(db: &Db) -> Vec<String> {
    stored(db, SITE)
        .await
        .into_iter()
        .map(|t| t.source)
        .collect()
}

pub(super) async fn touches_come_back_whole_and_can_be_projected_twice(db: Db) {
    let mut full = touch(1, 0, "Google");
    let texts = [
        &mut full.touch.medium,
        &mut full.touch.campaign,
        &mut full.touch.content,
        &mut full.touch.term,
        &mut full.touch.channel,
        &mut full.touch.click_id_kind,
        &mut full.touch.click_id,
        &mut full.touch.referrer_host,
        &mut full.touch.landing_path,
    ];
    for (n, text) in texts.into_iter().enumerate() {
        *text = format!("'text' {n} ä");
    }
    full.touch.event = EventId::from_u128(u128::MAX);
    for _ in 0..2 {
        append(&db, vec![full.clone(), touch(2, 9, "Bing")]).await;
    }
    assert_eq!(
        stored(&db, SITE).await,
        [full.touch, touch(2, 9, "Bing").touch]
    );
}

pub(super) async fn a_direct_visit_is_kept_only_where_nothing_precedes_it(db: Db) {
    append(&db, vec![touch(1, 50, ""), touch(2, 60, "")]).await;
    assert_eq!(sources(&db).await.len(), 1, "of two, the earlier one");
    append(&db, vec![touch(3, 70, "")]).await;
    append(&db, vec![touch(4, 55, "Google")]).await;
    assert_eq!(sources(&db).await, ["", "Google"]);
    // Late, and earlier than all: it is the first visit.
    append(&db, vec![touch(5, 10, "")]).await;
    let thread = thread(stored(&db, SITE).await);
    assert_eq!(first(&thread).unwrap().event.as_u128(), 5);
    assert_eq!(
        thread.len(),
        2,
        "the later direct one says nothing any more"
    );
    append(&db, vec![touch(6, 5, "Bing")]).await;
    let after = touches::leading_to(db.read(), SITE, &[VISITOR], EVER)
        .await
        .unwrap();
    let after: Vec<_> = after.iter().map(|t| t.source.as_str()).collect();
    assert_eq!(after, ["Bing", "Google"]);
}

pub(super) async fn the_first_touch_does_not_depend_on_the_order_of_projection(db: Db) {
    let all = [
        touch(1, 30, ""),
        touch(2, 20, "Google"),
        touch(3, 10, ""),
        touch(4, 10, "Bing"),
        touch(5, 15, ""),
    ];
    let orders = [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 4, 1, 3]];
    let mut answers = Vec::new();
    for (n, order) in (100..).zip(orders) {
        let site = SiteId::from_u128(n);
        for at in order {
            let lsn = all[at].lsn + n as u64 * 1_000;
            append(
                &db,
                vec![StoredTouch {
                    site,
                    lsn,
                    ..all[at].clone()
                }],
            )
            .await;
        }
        let led = touches::leading_to(db.read(), site, &[VISITOR], EVER).await;
        answers.push(led.unwrap());
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    assert_eq!(answers[0][0].event.as_u128(), 3);
}

pub(super) async fn a_revoked_import_takes_its_touches_and_uncovers_none_of_others(db: Db) {
    append(
        &db,
        vec![
            of(1, touch(1, 0, "Imported")),
            of(1, touch(2, -5, "")),
            of(2, touch(3, 1, "Other")),
        ],
    )
    .await;
    // An import may go again, so it hides nothing of what came live.
    append(&db, vec![touch(4, 20, ""), of(2, touch(5, 30, ""))]).await;
    assert_eq!(sources(&db).await, ["", "Imported", "Other", ""]);
    let work = write(&db, |tx| {
        Box::pin(async move {
            touches::revoke(tx, SiteId::from_u128(2), ImportId::from_u128(1)).await?;
            touches::revoke(tx, SITE, ImportId::from_u128(2)).await
        })
    });
    work.await.unwrap();
    assert_eq!(sources(&db).await, ["", "Imported", ""]);
    let work = write(&db, |tx| {
        Box::pin(async move { touches::revoke(tx, SITE, ImportId::from_u128(1)).await })
    });
    work.await.unwrap();
    let left = stored(&db, SITE).await;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].event.as_u128(), 4);
}

pub(super) async fn sites_never_meet_and_erasure_is_exact(db: Db) {
    let other = SiteId::from_u128(2);
    let mut neighbour = touch(3, 0, "Kept");
    neighbour.touch.visitor = VisitorId::from_u128(8);
    let elsewhere = StoredTouch {
        site: other,
        ..touch(4, 0, "Elsewhere")
    };
    append(
        &db,
        vec![touch(1, 0, "a"), touch(2, 9, "b"), neighbour, elsewhere],
    )
    .await;
    assert_eq!(stored(&db, other).await.len(), 1);
    let key = SiteKey::new([1; 32]);
    let whom = ErasedPersons::new(key.clone(), [PersonHash::of_visitor(&key, VISITOR)]);
    let erased = write(&db, move |tx| {
        Box::pin(async move { touches::erase(tx, SITE, &whom, 99).await })
    });
    assert_eq!(erased.await.unwrap(), 2);
    assert!(stored(&db, SITE).await.is_empty());
    assert_eq!(stored(&db, other).await.len(), 1);
    let gone = write(&db, |tx| {
        Box::pin(async move { touches::delete_before(tx, SITE, NOW).await })
    });
    assert_eq!(gone.await.unwrap(), 0, "the neighbour's is not older");
    let gone = write(&db, |tx| {
        Box::pin(async move { touches::delete_before(tx, SITE, NOW.plus(1)).await })
    });
    assert_eq!(gone.await.unwrap(), 1);
}

pub(super) async fn many_touches_fit_one_call_and_reading_is_bounded(db: Db) {
    let visitors: Vec<_> = (1..=1_200).map(VisitorId::from_u128).collect();
    let touches = visitors.iter().zip(1..).flat_map(|(visitor, n)| {
        let mut direct = touch(2 * n, 5, "");
        let mut named = touch(2 * n + 1, 9, "Google");
        direct.touch.visitor = *visitor;
        named.touch.visitor = *visitor;
        [direct, named]
    });
    append(&db, touches.collect()).await;
    let read = async |most| {
        let found = touches::of_visitors(db.read(), SITE, &visitors, EVER, most).await;
        let found = found.unwrap();
        (found.touches.len() as u64, found.complete)
    };
    assert_eq!(read(5_000).await, (2_400, true));
    assert_eq!(read(2_400).await, (2_400, true));
    assert_eq!(read(2_399).await, (2_399, false));
    assert_eq!(read(3).await, (3, false));
}

pub(super) async fn what_led_to_a_lead_ends_at_its_time(db: Db) {
    append(
        &db,
        vec![touch(1, 0, "a"), touch(2, 10, "b"), touch(3, 20, "c")],
    )
    .await;
    let at = NOW.plus(10 * EpochMs::MINUTE);
    let led = touches::leading_to(db.read(), SITE, &[VISITOR], at)
        .await
        .unwrap();
    let frozen = Led::by(&led).to_json().unwrap();
    // A late arrival changes the visitor's first touch, not what the lead was made with.
    append(&db, vec![touch(4, -10, "late")]).await;
    let kept = Led::from_json(&frozen).unwrap().thread();
    let kept: Vec<_> = kept.iter().map(|t| t.source.as_str()).collect();
    assert_eq!(kept, ["a", "b"]);
}
