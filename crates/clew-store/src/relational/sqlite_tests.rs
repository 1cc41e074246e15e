//! What only SQLite can get wrong.

use super::{Db, StoreError, accounts};
use clew_core::model::EpochMs;
use sea_orm::{ConnectionTrait as _, Statement};
use tempfile::TempDir;

const NOW: EpochMs = EpochMs(1);

async fn open() -> (TempDir, Db) {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open_sqlite(&folder.path().join("clew.db"))
        .await
        .unwrap();
    (folder, db)
}

async fn create(db: &Db, name: &'static str) -> Result<(), StoreError> {
    let work = db.write_tx(move |tx| {
        Box::pin(async move { accounts::create(tx, name, NOW).await.map(drop) })
    });
    work.await
}

#[tokio::test]
async fn every_connection_is_durable_and_erases_what_it_deletes() {
    let (_folder, db) = open().await;
    let pragmas = [
        ("journal_mode", "wal"),
        ("synchronous", "2"),
        ("foreign_keys", "1"),
        ("secure_delete", "1"),
    ];
    for (name, expected) in pragmas {
        let work = db.write_tx(move |tx| {
            Box::pin(async move {
                let ask = format!("SELECT CAST({name} AS TEXT) FROM pragma_{name}");
                let row = tx.query_one_raw(Statement::from_string(tx.get_database_backend(), ask));
                Ok(row.await?.unwrap().try_get_by_index::<String>(0)?)
            })
        });
        assert_eq!(work.await.unwrap(), expected, "{name}");
    }
}

/// SQLite ends the whole transaction by itself on a full disk or an I/O error.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_a_group_is_lost_everyone_in_it_is_told_and_the_next_one_works() {
    let (_folder, db) = open().await;
    let breaks = db.write_tx(|tx| {
        Box::pin(async move {
            tx.execute_unprepared("ROLLBACK").await?;
            Ok(())
        })
    });
    let (broken, first, second) = tokio::join!(breaks, create(&db, "first"), create(&db, "second"));
    assert!(matches!(broken, Err(StoreError::Database(_))), "{broken:?}");
    create(&db, "after").await.unwrap();
    let mut expected = vec!["after"];
    expected.extend(first.is_ok().then_some("first"));
    expected.extend(second.is_ok().then_some("second"));
    let stored = accounts::list(db.read()).await.unwrap();
    let mut stored: Vec<_> = stored.iter().map(|a| a.name.as_str()).collect();
    stored.sort_unstable();
    assert_eq!(stored, expected, "acknowledged and stored must be the same");
}

#[tokio::test]
async fn a_closed_database_says_so_and_keeps_what_it_took() {
    let (folder, db) = open().await;
    create(&db, "kept").await.unwrap();
    db.close().await.unwrap();
    assert!(matches!(create(&db, "late").await, Err(StoreError::Closed)));
    let again = Db::open_sqlite(&folder.path().join("clew.db"))
        .await
        .unwrap();
    assert_eq!(accounts::list(again.read()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_in_memory_database_is_refused() {
    for target in ["", "sqlite::memory:", "sqlite://"] {
        assert!(
            matches!(Db::open(target).await, Err(StoreError::Invalid { .. })),
            "{target}"
        );
    }
}
