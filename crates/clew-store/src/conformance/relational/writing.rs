//! Transactions: what `write_tx` promises.

use super::{NOW, account, is_conflict, site, write};
use crate::relational::sites::{self, NewSite};
use crate::relational::{Db, StoreError, accounts, domains};
use clew_core::model::SiteId;
use sea_orm::ConnectionTrait as _;
use std::time::Duration;

pub(super) async fn concurrent_writers_all_commit(db: Db) {
    let owner = account(&db, "a").await;
    let writers = (0..200).map(|i| {
        let db = db.clone();
        tokio::spawn(async move { site(&db, owner, NewSite::named(format!("site {i}"))).await })
    });
    for writer in futures::future::join_all(writers).await {
        writer.unwrap().unwrap();
    }
    assert_eq!(sites::list(db.read(), owner).await.unwrap().len(), 200);
}

pub(super) async fn a_failed_closure_leaves_nothing_and_harms_no_neighbour(db: Db) {
    let owner = account(&db, "a").await;
    let taken = || NewSite {
        domains: vec!["taken.example".into()],
        ..NewSite::named("s")
    };
    let writers = (0..50).map(|_| {
        let db = db.clone();
        tokio::spawn(async move {
            let claimed = site(&db, owner, taken()).await;
            let plain = site(&db, owner, NewSite::named("plain")).await;
            (claimed, plain)
        })
    });
    let mut winners = 0;
    for writer in futures::future::join_all(writers).await {
        let (claimed, plain) = writer.unwrap();
        plain.unwrap();
        assert!(
            claimed.is_ok() || is_conflict(&claimed, "domain"),
            "{claimed:?}"
        );
        winners += usize::from(claimed.is_ok());
    }
    assert_eq!(winners, 1);
    assert_eq!(sites::list(db.read(), owner).await.unwrap().len(), 51);
}

pub(super) async fn a_panic_rolls_back_and_the_next_write_works(db: Db) {
    let work = write(&db, |tx| {
        Box::pin(async move {
            accounts::create(tx, "lost", NOW).await?;
            let seen = accounts::list(tx).await?.len();
            assert_eq!(seen, usize::MAX, "on purpose");
            Ok(())
        })
    });
    assert!(matches!(work.await, Err(StoreError::Panicked)));
    account(&db, "kept").await;
    let names: Vec<_> = accounts::list(db.read())
        .await
        .unwrap()
        .into_iter()
        .map(|a| a.name)
        .collect();
    assert_eq!(names, ["kept"]);
}

pub(super) async fn a_transaction_reads_its_own_writes(db: Db) {
    let work = write(&db, |tx| {
        Box::pin(async move {
            let made = accounts::create(tx, "a", NOW).await?;
            accounts::get(tx, made.id).await
        })
    });
    let made = work.await.unwrap();
    assert_eq!(accounts::get(db.read(), made.id).await.unwrap(), made);
    let same = write(&db, |tx| {
        Box::pin(async move { accounts::default(tx, NOW).await })
    });
    assert_eq!(same.await.unwrap().id, made.id);
}

pub(super) async fn readers_cannot_write(db: Db) {
    account(&db, "a").await;
    let outcome = db.read().execute_unprepared("DELETE FROM accounts").await;
    assert!(outcome.is_err());
    assert_eq!(accounts::list(db.read()).await.unwrap().len(), 1);
}

pub(super) async fn ids_and_large_numbers_survive_storage(db: Db) {
    let owner = account(&db, "a").await;
    for id in [
        0,
        1,
        u128::MAX,
        0x8000_0000_0000_0000_0000_0000_0000_0000,
        0x2C27_2222_0000_0000_0000_0000_2722_2C00,
    ] {
        let id = SiteId::from_u128(id);
        let new = NewSite {
            id: Some(id),
            ..NewSite::named("s")
        };
        assert_eq!(site(&db, owner, new).await.unwrap().id, id);
        let host = format!("{id}.example");
        write(&db, move |tx| {
            Box::pin(async move { domains::add(tx, id, &host, NOW.plus(i64::MAX)).await })
        })
        .await
        .unwrap();
        assert_eq!(
            sites::get(db.read(), owner, id)
                .await
                .unwrap()
                .domains
                .len(),
            1
        );
    }
}

pub(super) async fn work_of_an_impatient_caller_is_still_done(db: Db) {
    let (started, waiting) = tokio::sync::oneshot::channel();
    let caller = tokio::spawn({
        let db = db.clone();
        async move {
            let work = write(&db, |tx| {
                Box::pin(async move {
                    let _ = started.send(());
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    accounts::create(tx, "late", NOW).await
                })
            });
            work.await.unwrap()
        }
    });
    waiting.await.unwrap();
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    account(&db, "next").await;
    let done = async || accounts::list(db.read()).await.unwrap().len() == 2;
    for _ in 0..100 {
        if done().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the work was lost with its caller");
}
