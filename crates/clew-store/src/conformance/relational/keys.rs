//! Secret keys.

use super::{NOW, account, is_invalid, is_missing, site, write};
use crate::relational::keys::{self, CreatedKey, KeySites, NewKey, VisiblePages};
use crate::relational::sites::NewSite;
use crate::relational::{AnalyticsPage, Db, KeyRole, Result, Scope};
use clew_core::model::EpochMs;
use clew_core::model::id::RowId;
use sea_orm::{ConnectionTrait as _, Statement};

fn viewer() -> NewKey {
    NewKey {
        name: "test".into(),
        role: KeyRole::Viewer,
        scopes: None,
        sites: KeySites::All,
        expires_at: None,
        visible_pages: None,
    }
}

async fn key(db: &Db, account: RowId, new: NewKey) -> Result<CreatedKey> {
    write(db, move |tx| {
        Box::pin(async move { keys::create(tx, account, new, NOW).await })
    })
    .await
}

async fn known(db: &Db, secret: &str, now: EpochMs) -> bool {
    keys::verify(db.read(), secret, now)
        .await
        .unwrap()
        .is_some()
}

pub(super) async fn a_key_is_recognised_until_it_is_revoked_or_expires(db: Db) {
    let owner = account(&db, "a").await;
    let made = key(
        &db,
        owner,
        NewKey {
            expires_at: Some(NOW.plus(1_000)),
            ..viewer()
        },
    )
    .await
    .unwrap();
    let principal = keys::verify(db.read(), &made.secret, NOW)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (principal.account, principal.role),
        (owner, KeyRole::Viewer)
    );
    assert!(principal.has(Scope::Read) && !principal.has(Scope::Ingest));
    assert!(known(&db, &made.secret, NOW.plus(999)).await);
    assert!(!known(&db, &made.secret, NOW.plus(1_000)).await);

    let id = made.key.id;
    let mut forged = made.secret.clone();
    forged.replace_range(
        forged.len() - 1..,
        if forged.ends_with('0') { "1" } else { "0" },
    );
    for wrong in [forged.as_str(), "", "sk_", made.key.prefix.as_str()] {
        assert!(!known(&db, wrong, NOW).await, "{wrong}");
    }
    for _ in 0..2 {
        write(&db, move |tx| {
            Box::pin(async move { keys::revoke(tx, owner, id, NOW).await })
        })
        .await
        .unwrap();
        assert!(!known(&db, &made.secret, NOW).await);
    }
    assert_eq!(
        keys::get(db.read(), owner, id).await.unwrap().revoked_at,
        Some(NOW)
    );
}

pub(super) async fn a_key_is_stored_as_a_hash_only(db: Db) {
    let owner = account(&db, "a").await;
    let made = key(&db, owner, viewer()).await.unwrap();
    assert!(!format!("{made:?}").contains(&made.secret));
    let all = Statement::from_string(
        db.backend(),
        "SELECT name, prefix, hash, scopes FROM secret_keys",
    );
    let row = db.read().query_one_raw(all).await.unwrap().unwrap();
    let columns: [String; 4] = [0, 1, 2, 3].map(|i| row.try_get_by_index(i).unwrap());
    let random_part = &made.secret[made.key.prefix.len()..];
    assert!(columns.iter().all(|c| !c.contains(random_part)));
    assert_eq!(columns[1], made.key.prefix);
}

pub(super) async fn a_key_of_one_site_covers_no_other(db: Db) {
    let (owner, other) = (account(&db, "a").await, account(&db, "b").await);
    let one = site(&db, owner, NewSite::named("one")).await.unwrap().id;
    let two = site(&db, owner, NewSite::named("two")).await.unwrap().id;
    let foreign = site(&db, other, NewSite::named("foreign"))
        .await
        .unwrap()
        .id;
    let only = |sites: &[_]| NewKey {
        sites: KeySites::Only(sites.iter().copied().collect()),
        ..viewer()
    };

    let made = key(&db, owner, only(&[one])).await.unwrap();
    let principal = keys::verify(db.read(), &made.secret, NOW)
        .await
        .unwrap()
        .unwrap();
    assert!(principal.covers(owner, one));
    assert!(!principal.covers(owner, two) && !principal.covers(other, one));
    assert!(is_missing(&key(&db, owner, only(&[one, foreign])).await));
    assert!(is_invalid(&key(&db, owner, only(&[])).await));
    assert_eq!(keys::list(db.read(), owner).await.unwrap().len(), 1);

    let all = key(&db, owner, viewer()).await.unwrap();
    let all = keys::verify(db.read(), &all.secret, NOW)
        .await
        .unwrap()
        .unwrap();
    assert!(all.covers(owner, two) && !all.covers(other, foreign));
}

pub(super) async fn a_key_sees_the_pages_that_it_was_made_for(db: Db) {
    let owner = account(&db, "a").await;
    let pages = |pages: &[AnalyticsPage]| NewKey {
        visible_pages: Some(pages.iter().copied().collect()),
        ..viewer()
    };
    let some = [AnalyticsPage::Overview, AnalyticsPage::Leads];
    let made = key(&db, owner, pages(&some)).await.unwrap();
    let seen = keys::verify(db.read(), &made.secret, NOW).await.unwrap();
    let seen = seen.unwrap().visible_pages;
    assert_eq!(seen, VisiblePages::Only(some.into()));
    let id = made.key.id;
    let living = |now| keys::living(db.read(), owner, id, now);
    assert_eq!(living(NOW).await.unwrap().unwrap().visible_pages, seen);
    assert!(is_invalid(&key(&db, owner, pages(&[])).await));
    let whole = key(&db, owner, viewer()).await.unwrap();
    assert_eq!(whole.key.visible_pages, None);
    let other = account(&db, "b").await;
    assert!(
        keys::living(db.read(), other, id, NOW)
            .await
            .unwrap()
            .is_none()
    );
    write(&db, move |tx| {
        Box::pin(async move { keys::revoke(tx, owner, id, NOW).await })
    })
    .await
    .unwrap();
    assert!(living(NOW).await.unwrap().is_none());
}

pub(super) async fn keys_of_other_accounts_are_out_of_reach(db: Db) {
    let (owner, other) = (account(&db, "a").await, account(&db, "b").await);
    let made = key(&db, owner, viewer()).await.unwrap();
    let id = made.key.id;
    assert!(is_missing(&keys::get(db.read(), other, id).await));
    assert!(keys::list(db.read(), other).await.unwrap().is_empty());
    let revoke = write(&db, move |tx| {
        Box::pin(async move { keys::revoke(tx, other, id, NOW).await })
    });
    assert!(is_missing(&revoke.await));
    assert!(known(&db, &made.secret, NOW).await);
}

pub(super) async fn last_use_is_written_once_a_minute(db: Db) {
    let owner = account(&db, "a").await;
    let id = key(&db, owner, viewer()).await.unwrap().key.id;
    for (later, expected) in [(0, 0), (30_000, 0), (60_001, 60_001)] {
        write(&db, move |tx| {
            Box::pin(async move { keys::touch(tx, owner, id, NOW.plus(later)).await })
        })
        .await
        .unwrap();
        let used = keys::get(db.read(), owner, id).await.unwrap().last_used_at;
        assert_eq!(used, Some(NOW.plus(expected)));
    }
}
