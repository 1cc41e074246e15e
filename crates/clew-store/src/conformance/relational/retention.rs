//! What has left a site, and exports.

use super::{NOW, account, is_conflict, is_invalid, is_missing, site, write};
use crate::relational::exports::{self, Export, Subject};
use crate::relational::retention::{self, Commit, Retention};
use crate::relational::sites::NewSite;
use crate::relational::{Db, ExportState, Result};
use clew_core::model::id::RowId;
use clew_core::model::{EpochMs, SiteId, UserKey, VisitorId, Watermark};
use std::collections::HashMap;

async fn shop(db: &Db, name: &'static str) -> SiteId {
    let owner = account(db, name).await;
    site(db, owner, NewSite::named(name)).await.unwrap().id
}

const fn mark(before: i64, through: u64) -> Watermark {
    Watermark {
        before: EpochMs(before),
        through,
    }
}

async fn commit(db: &Db, site: SiteId, number: u64, mark: Watermark) -> Result<()> {
    let run = Commit {
        number,
        mark,
        archived_rows: 10,
        archived_files: 2,
    };
    write(db, move |tx| {
        Box::pin(async move { retention::commit(tx, site, run, NOW).await })
    })
    .await
}

async fn settle(db: &Db, site: SiteId, rows: u64, at: EpochMs) {
    write(db, move |tx| {
        Box::pin(async move { retention::settle(tx, site, rows, at).await })
    })
    .await
    .unwrap();
}

pub(super) async fn a_mark_only_rises_and_a_run_counts_once(db: Db) {
    let (shop, other) = (shop(&db, "a").await, shop(&db, "b").await);
    let state = async || retention::get(db.read(), shop).await.unwrap();
    assert_eq!(state().await, Retention::default());
    commit(&db, shop, 1, mark(100, 7)).await.unwrap();
    assert!(is_conflict(
        &commit(&db, shop, 1, mark(100, 7)).await,
        "retention run"
    ));
    assert!(is_conflict(
        &commit(&db, shop, 3, mark(100, 7)).await,
        "retention run"
    ));
    for back in [mark(99, 7), mark(100, 6)] {
        assert!(is_invalid(&commit(&db, shop, 2, back).await));
    }
    commit(&db, shop, 2, mark(100, 9)).await.unwrap();
    let now = state().await;
    assert_eq!((now.mark, now.runs, now.pending), (mark(100, 9), 2, true));
    assert_eq!((now.archived_rows, now.archived_files), (20, 4));
    assert_eq!(now.last_run_at, None, "it is not over");
    let marks = retention::marks(db.read()).await.unwrap();
    assert_eq!(marks, HashMap::from([(shop, mark(100, 9))]));
    assert_eq!(
        retention::get(db.read(), other).await.unwrap(),
        Retention::default()
    );
}

pub(super) async fn deleted_rows_are_counted_until_the_file_is_written_anew(db: Db) {
    let (one, two) = (shop(&db, "a").await, shop(&db, "b").await);
    let left = async || retention::uncompacted(db.read()).await.unwrap();
    settle(&db, one, 5, NOW).await;
    assert!(left().await.is_empty(), "no run, nothing to settle");
    for shop in [one, two] {
        commit(&db, shop, 1, mark(100, 7)).await.unwrap();
    }
    settle(&db, two, 0, NOW).await;
    assert!(left().await.is_empty());
    settle(&db, two, 3, NOW.plus(2)).await;
    settle(&db, one, 5, NOW.plus(1)).await;
    settle(&db, one, 6, NOW.plus(3)).await;
    assert_eq!(left().await, [(NOW.plus(1), 11), (NOW.plus(2), 3)]);
    let state = retention::get(db.read(), one).await.unwrap();
    assert_eq!((state.pending, state.removed), (false, 11));
    assert_eq!(state.last_run_at, Some(NOW.plus(3)));
    write(&db, |tx| {
        Box::pin(async move { retention::compacted(tx, NOW).await })
    })
    .await
    .unwrap();
    assert!(left().await.is_empty());
    assert_eq!(retention::get(db.read(), one).await.unwrap().removed, 11);
}

async fn export(db: &Db, site: SiteId, subject: Subject, life: i64) -> Export {
    write(db, move |tx| {
        Box::pin(async move { exports::create(tx, site, subject, NOW.plus(life), NOW).await })
    })
    .await
    .unwrap()
}

async fn ready(db: &Db, site: SiteId, id: RowId) -> Result<()> {
    write(db, move |tx| {
        Box::pin(async move { exports::ready(tx, site, id, 7, (100, 50), NOW).await })
    })
    .await
}

pub(super) async fn an_export_ends_and_forgets_whom_it_was_about(db: Db) {
    let shop = shop(&db, "a").await;
    let visitor = Subject::Visitor(VisitorId::from_u128(7));
    let made = export(&db, shop, visitor, 10).await;
    assert_eq!(
        (made.state, made.subject),
        (ExportState::Queued, Some(visitor))
    );
    let get = async || exports::get(db.read(), shop, made.id).await.unwrap();
    assert_eq!(get().await, made);
    let (id, failed) = (made.id, export(&db, shop, visitor, 10).await);
    write(&db, move |tx| {
        Box::pin(async move {
            exports::progress(tx, shop, id, 3).await?;
            exports::fail(tx, shop, failed.id, "No room.", NOW).await
        })
    })
    .await
    .unwrap();
    assert_eq!(
        (get().await.state, get().await.events),
        (ExportState::Running, 3)
    );
    assert_eq!(exports::alive(db.read(), NOW).await.unwrap(), [made.id]);
    ready(&db, shop, made.id).await.unwrap();
    let done = get().await;
    assert_eq!(
        (done.state, done.json_bytes, done.csv_bytes),
        (ExportState::Ready, Some(100), Some(50))
    );
    assert!(is_missing(&ready(&db, shop, made.id).await), "once");
    let expire = async |at| {
        let expire = write(&db, move |tx| {
            Box::pin(async move { exports::expire(tx, at).await })
        });
        expire.await.unwrap()
    };
    assert_eq!(expire(NOW.plus(9)).await, 0);
    assert_eq!(expire(NOW.plus(10)).await, 2);
    let over = get().await;
    assert_eq!((over.state, over.subject), (ExportState::Expired, None));
    assert!(exports::alive(db.read(), NOW).await.unwrap().is_empty());
    let prune = write(&db, |tx| {
        Box::pin(async move { exports::prune(tx, NOW.plus(11)).await })
    });
    assert_eq!(prune.await.unwrap(), 2);
    assert!(exports::list(db.read(), shop).await.unwrap().is_empty());
}

pub(super) async fn exports_of_other_sites_are_out_of_reach(db: Db) {
    let (mine, other) = (shop(&db, "a").await, shop(&db, "b").await);
    let user = Subject::User(UserKey::from_u128(9));
    let made = export(&db, mine, user, 10).await;
    assert!(is_missing(&exports::get(db.read(), other, made.id).await));
    assert!(is_missing(&ready(&db, other, made.id).await));
    assert!(exports::list(db.read(), other).await.unwrap().is_empty());
    let withdraw = async |site| {
        let withdraw = write(&db, move |tx| {
            Box::pin(async move { exports::withdraw(tx, site, NOW).await })
        });
        withdraw.await.unwrap()
    };
    assert_eq!(withdraw(other).await, 0);
    assert_eq!(exports::list(db.read(), mine).await.unwrap(), [made]);
    assert_eq!(withdraw(mine).await, 1);
    assert_eq!(
        exports::list(db.read(), mine).await.unwrap()[0].subject,
        None
    );
}
