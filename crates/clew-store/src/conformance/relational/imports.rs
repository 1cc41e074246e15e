//! Imports and where they stand.

use super::{NOW, account, site, write};
use crate::relational::imports::{self, Import};
use crate::relational::sites::NewSite;
use crate::relational::{Db, ImportKind, ImportState, Result, StoreError};
use clew_core::model::{ImportId, SiteId};

async fn shop(db: &Db, name: &'static str) -> SiteId {
    let owner = account(db, name).await;
    site(db, owner, NewSite::named(name)).await.unwrap().id
}

async fn sample(db: &Db, site: SiteId) -> Result<Import> {
    write(db, move |tx| {
        Box::pin(async move {
            let spec = "{}".to_owned();
            imports::create(tx, site, ImportKind::Sample, spec, 100, NOW).await
        })
    })
    .await
}

async fn transit(db: &Db, site: SiteId, id: ImportId, from: ImportState, to: ImportState) -> bool {
    write(db, move |tx| {
        Box::pin(async move { imports::transit(tx, site, id, from, to, None, NOW).await })
    })
    .await
    .unwrap()
}

async fn progress(db: &Db, site: SiteId, id: ImportId, done: u64) {
    write(db, move |tx| {
        Box::pin(async move {
            let waits = Some("waits".to_owned());
            imports::progress(tx, site, id, done, waits, NOW.plus(1)).await
        })
    })
    .await
    .unwrap();
}

async fn remove(db: &Db, site: SiteId, id: ImportId) -> Result<()> {
    write(db, move |tx| {
        Box::pin(async move { imports::remove(tx, site, id).await })
    })
    .await
}

async fn of(db: &Db, site: SiteId) -> Option<Import> {
    imports::of_kind(db.read(), site, ImportKind::Sample)
        .await
        .unwrap()
}

pub(super) async fn a_site_has_sample_data_once(db: Db) {
    let site = shop(&db, "a").await;
    assert_eq!(of(&db, site).await, None);
    let made = sample(&db, site).await.unwrap();
    assert_eq!(
        (made.state, made.total, made.done),
        (ImportState::Loading, 100, 0)
    );
    assert_eq!(of(&db, site).await, Some(made.clone()));
    let again = sample(&db, site).await;
    assert!(matches!(
        again,
        Err(StoreError::Conflict { what: "import" })
    ));
    remove(&db, site, made.id).await.unwrap();
    assert_eq!(of(&db, site).await, None);
    assert_ne!(sample(&db, site).await.unwrap().id, made.id);
}

pub(super) async fn progress_leaves_the_state_alone(db: Db) {
    let site = shop(&db, "a").await;
    let made = sample(&db, site).await.unwrap();
    let (loading, removing) = (ImportState::Loading, ImportState::Removing);
    assert!(transit(&db, site, made.id, loading, removing).await);
    progress(&db, site, made.id, 40).await;
    let now = of(&db, site).await.unwrap();
    assert_eq!((now.state, now.done), (removing, 40));
    assert_eq!(now.message.as_deref(), Some("waits"));
    assert_eq!(now.updated_at, NOW.plus(1));
    let late = transit(&db, site, made.id, loading, ImportState::Ready).await;
    assert!(!late, "it is not loading any more");
    assert_eq!(of(&db, site).await.unwrap().state, removing);
}

pub(super) async fn what_is_under_way_is_found_after_a_restart(db: Db) {
    use ImportState::{Failed, Loading, Ready, Removing};
    let mut under_way = Vec::new();
    for (name, state) in [("a", Loading), ("b", Ready), ("c", Removing), ("d", Failed)] {
        let site = shop(&db, name).await;
        let id = sample(&db, site).await.unwrap().id;
        assert!(transit(&db, site, id, Loading, state).await);
        if matches!(state, Loading | Removing) {
            under_way.push(id);
        }
    }
    let found = imports::unfinished(db.read(), ImportKind::Sample)
        .await
        .unwrap();
    let found: Vec<_> = found.into_iter().map(|import| import.id).collect();
    assert_eq!(found, under_way);
}

pub(super) async fn imports_of_other_sites_are_out_of_reach(db: Db) {
    let (mine, other) = (shop(&db, "a").await, shop(&db, "b").await);
    let made = sample(&db, mine).await.unwrap();
    progress(&db, other, made.id, 40).await;
    let (loading, ready) = (ImportState::Loading, ImportState::Ready);
    assert!(!transit(&db, other, made.id, loading, ready).await);
    assert!(remove(&db, other, made.id).await.is_err());
    assert_eq!(of(&db, mine).await, Some(made));
    assert_eq!(of(&db, other).await, None);
}
