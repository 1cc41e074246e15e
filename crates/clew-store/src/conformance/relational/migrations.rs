//! Upgrades from every older schema.

use super::super::postgres::Postgres;
use super::{NOW, account, site};
use crate::relational::forms::{self, Page};
use crate::relational::schema_of_version;
use crate::relational::sites::{self, NewSite};
use crate::relational::{Db, accounts, audit, keys};
use clew_core::model::id::RowId;
use futures::FutureExt as _;
use sea_orm::ConnectionTrait as _;
use std::panic::AssertUnwindSafe;
use std::path::Path;

/// How many migrations had landed in each version that was ever deployed.
const OLD_VERSIONS: &[u32] = &[1, 2, 3, 4, 5, 6];

pub(super) async fn on_sqlite(folder: &Path) -> Option<String> {
    let work = async {
        for version in OLD_VERSIONS {
            let path = folder.join(format!("old{version}.db"));
            upgrade(path.to_str().unwrap(), *version).await;
        }
        keeps_keys(folder.join("keys.db").to_str().unwrap()).await;
        refuses_a_newer_schema(folder.join("newer.db").to_str().unwrap()).await;
    };
    let failed = AssertUnwindSafe(work).catch_unwind().await.is_err();
    failed.then(|| "migrations: see the panic above".to_owned())
}

pub(super) async fn on_postgres(server: &Postgres) -> Option<String> {
    let work = async {
        for version in OLD_VERSIONS {
            let url = server.database(&format!("old{version}")).await;
            upgrade(&url, *version).await;
        }
        keeps_keys(&server.database("keys").await).await;
        refuses_a_newer_schema(&server.database("newer").await).await;
        starts_side_by_side(&server.database("twice").await).await;
    };
    let failed = AssertUnwindSafe(work).catch_unwind().await.is_err();
    failed.then(|| "migrations: see the panic above".to_owned())
}

async fn upgrade(target: &str, version: u32) {
    let old = schema_of_version(target, version).await.unwrap();
    old.execute_unprepared(&format!(
        "INSERT INTO accounts (id, name, created_at, updated_at) VALUES ({}, 'old', 1, 1)",
        uuid_literal(target, 7),
    ))
    .await
    .unwrap();
    for number in 1..=3 {
        let (id, nobody) = (uuid_literal(target, number), uuid_literal(target, 9));
        old.execute_unprepared(&format!(
            "INSERT INTO audit_log (id, account_id, actor_kind, actor_id, action, subject_kind, \
             subject_id, at) VALUES ({id}, {nobody}, 'user', {nobody}, 'key.create', 'key', '', 5)"
        ))
        .await
        .unwrap();
    }
    old.close().await.unwrap();

    for _ in 0..2 {
        let db = Db::open(target).await.unwrap();
        let chained = audit::verify(db.read(), None, None).await.unwrap();
        assert_eq!((chained.entries, chained.broken), (3, None));
        assert_eq!(chained.head, audit::head(db.read()).await.unwrap());
        let kept = accounts::list(db.read()).await.unwrap();
        assert_eq!((kept[0].name.as_str(), kept[0].id.as_u128()), ("old", 7));
        let name = format!("from {NOW:?}");
        site(&db, kept[0].id, NewSite::named(name)).await.unwrap();
        assert!(!sites::list(db.read(), kept[0].id).await.unwrap().is_empty());
        db.close().await.unwrap();
    }
}

/// A key of before there were pages sees everything, and an old site can have forms.
async fn keeps_keys(target: &str) {
    let old = schema_of_version(target, 9).await.unwrap();
    let (account, key) = (uuid_literal(target, 7), uuid_literal(target, 8));
    let yes = if target.starts_with("postgres") {
        "true"
    } else {
        "1"
    };
    for statement in [
        format!(
            "INSERT INTO accounts (id, name, created_at, updated_at) VALUES ({account}, 'old', 1, 1)"
        ),
        format!(
            "INSERT INTO secret_keys (id, account_id, name, prefix, hash, role, scopes, all_sites, \
             created_at) VALUES ({key}, {account}, 'k', 'sk_00000000', '', 'viewer', 'read', {yes}, 1)"
        ),
    ] {
        old.execute_unprepared(&statement).await.unwrap();
    }
    old.close().await.unwrap();
    let db = Db::open(target).await.unwrap();
    let owner = RowId::from_u128(7);
    let kept = keys::list(db.read(), owner).await.unwrap();
    assert_eq!((kept.len(), &kept[0].visible_pages), (1, &None));
    let shop = site(&db, owner, NewSite::named("shop")).await.unwrap().id;
    let page = Page {
        limit: 1,
        offset: 0,
    };
    let none = forms::list(db.read(), shop, page).await.unwrap();
    assert_eq!((none.rows.len(), none.total), (0, 0));
    db.close().await.unwrap();
}

/// How an id is written in SQL.
fn uuid_literal(target: &str, id: u128) -> String {
    if target.starts_with("postgres") {
        format!("'{}'", uuid::Uuid::from_u128(id))
    } else {
        format!("x'{id:032x}'")
    }
}

async fn refuses_a_newer_schema(target: &str) {
    let old = schema_of_version(target, 7).await.unwrap();
    old.execute_unprepared(
        "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 1)",
    )
    .await
    .unwrap();
    old.close().await.unwrap();
    let refused = Db::open(target).await;
    assert!(refused.unwrap_err().to_string().contains("m9999_future"));
}

async fn starts_side_by_side(url: &str) {
    let opened = futures::future::join_all((0..3).map(|_| Db::open(url))).await;
    for db in opened {
        let db = db.unwrap();
        account(&db, "a").await;
        db.close().await.unwrap();
    }
}
