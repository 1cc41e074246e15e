//! Sessions, one-time links and roles on single sites.

use super::{NOW, account, is_invalid, site, write};
use crate::relational::login_links::{self, lifetime_ms};
use crate::relational::sites::NewSite;
use crate::relational::user_sessions::{self, NewUserSession, UserSession};
use crate::relational::users::{self, NewUser, UserChange};
use crate::relational::{Db, LinkKind, Role, StoreError, Token, site_roles};
use clew_core::model::EpochMs;
use clew_core::model::id::RowId;
use sea_orm::ConnectionTrait as _;
use std::collections::BTreeMap;

const IDLE: i64 = 10 * EpochMs::MINUTE;

async fn user(db: &Db, account: RowId, email: &str, role: Option<Role>) -> RowId {
    let new = NewUser {
        email: email.into(),
        name: String::new(),
        password: None,
        role,
    };
    write(db, move |tx| {
        Box::pin(async move { users::create(tx, account, new, NOW).await })
    })
    .await
    .unwrap()
    .id
}

async fn signed_in(db: &Db, account: RowId, user: RowId) -> (Token, UserSession) {
    let new = NewUserSession {
        user,
        account,
        user_agent: "x".repeat(1000),
        expires_at: NOW.plus(EpochMs::HOUR),
    };
    write(db, move |tx| {
        Box::pin(async move { user_sessions::create(tx, new, NOW).await })
    })
    .await
    .unwrap()
}

pub(super) async fn a_session_ends_by_idling_by_age_and_by_being_revoked(db: Db) {
    let owner = account(&db, "a").await;
    let ada = user(&db, owner, "ada@x.y", Some(Role::Owner)).await;
    let (token, session) = signed_in(&db, owner, ada).await;
    assert_eq!(session.user_agent.len(), 256);
    let find = async |at: EpochMs| {
        user_sessions::find(db.read(), token.as_str(), IDLE, at)
            .await
            .unwrap()
    };
    assert_eq!(find(NOW).await.unwrap().id, session.id);
    assert!(find(NOW.plus(IDLE - 1)).await.is_some());
    assert!(find(NOW.plus(IDLE)).await.is_none());

    let later = NOW.plus(EpochMs::HOUR - 2);
    let (id, who) = (session.id, ada);
    write(&db, move |tx| {
        Box::pin(async move { user_sessions::touch(tx, id, who, later).await })
    })
    .await
    .unwrap();
    assert!(find(later.plus(1)).await.is_some());
    assert!(find(later.plus(2)).await.is_none(), "its age ends it");
    let seen = users::get(db.read(), ada).await.unwrap().last_seen_at;
    assert_eq!(seen, Some(later));

    let bob = user(&db, owner, "bob@x.y", None).await;
    let foreign = write(&db, move |tx| {
        Box::pin(async move { user_sessions::revoke(tx, bob, id).await })
    });
    assert!(matches!(foreign.await, Err(StoreError::NotFound { .. })));
    let (other, _) = signed_in(&db, owner, ada).await;
    let ended = write(&db, move |tx| {
        Box::pin(async move { user_sessions::revoke_all(tx, ada, Some(id)).await })
    });
    assert_eq!(ended.await.unwrap(), 1);
    let other = user_sessions::find(db.read(), other.as_str(), IDLE, NOW).await;
    assert!(other.unwrap().is_none());
    write(&db, move |tx| {
        Box::pin(async move { user_sessions::revoke(tx, ada, id).await })
    })
    .await
    .unwrap();
    assert!(find(later).await.is_none());
    let none = user_sessions::list(db.read(), ada, IDLE, NOW).await;
    assert!(none.unwrap().is_empty());
}

pub(super) async fn a_link_is_good_once_and_not_for_ever(db: Db) {
    let (token, link) = write(&db, |tx| {
        Box::pin(async move { login_links::create(tx, LinkKind::Setup, None, NOW).await })
    })
    .await
    .unwrap();
    let find = async |at: EpochMs| {
        login_links::find(db.read(), token.as_str(), at)
            .await
            .unwrap()
    };
    assert_eq!(find(NOW).await, Some(link.clone()));
    assert_eq!(find(NOW.plus(lifetime_ms(LinkKind::Setup))).await, None);
    for unknown in ["", "x", &"0".repeat(64), &"é".repeat(32)] {
        let found = login_links::find(db.read(), unknown, NOW).await.unwrap();
        assert_eq!(found, None, "{unknown}");
    }
    let id = link.id;
    let mut redeemed = Vec::new();
    for _ in 0..2 {
        let used = write(&db, move |tx| {
            Box::pin(async move { login_links::redeem(tx, id, NOW).await })
        });
        redeemed.push(used.await.unwrap());
    }
    assert_eq!(redeemed, [true, false]);
    assert_eq!(find(NOW).await, None);
}

pub(super) async fn a_newer_link_replaces_the_older_one(db: Db) {
    let owner = account(&db, "a").await;
    let ada = user(&db, owner, "ada@x.y", Some(Role::Owner)).await;
    let mut tokens = Vec::new();
    for who in [Some(ada), None, Some(ada)] {
        let made = write(&db, move |tx| {
            Box::pin(async move { login_links::create(tx, LinkKind::Reset, who, NOW).await })
        });
        tokens.push(made.await.unwrap().0);
    }
    let mut good = Vec::new();
    for token in &tokens {
        let found = login_links::find(db.read(), token.as_str(), NOW).await;
        good.push(found.unwrap().is_some());
    }
    assert_eq!(good, [false, true, true]);
}

pub(super) async fn tokens_are_stored_as_hashes_only(db: Db) {
    let owner = account(&db, "a").await;
    let ada = user(&db, owner, "ada@x.y", Some(Role::Owner)).await;
    let (token, _) = signed_in(&db, owner, ada).await;
    let (link, _) = write(&db, move |tx| {
        Box::pin(async move { login_links::create(tx, LinkKind::Reset, Some(ada), NOW).await })
    })
    .await
    .unwrap();
    for (table, token) in [("user_sessions", token), ("login_links", link)] {
        let query = sea_orm::Statement::from_string(
            db.backend(),
            format!("SELECT token_hash FROM {table}"),
        );
        let row = db.read().query_one_raw(query).await.unwrap().unwrap();
        let stored: String = row.try_get_by_index(0).unwrap();
        assert_eq!(stored.len(), 64);
        assert_ne!(stored, token.as_str());
        assert!(!format!("{token:?}").contains(token.as_str()));
    }
}

pub(super) async fn roles_on_single_sites_stay_inside_the_account(db: Db) {
    let (one, two) = (account(&db, "a").await, account(&db, "b").await);
    let bob = user(&db, one, "bob@x.y", None).await;
    let own = site(&db, one, NewSite::named("own")).await.unwrap().id;
    let foreign = site(&db, two, NewSite::named("foreign")).await.unwrap().id;
    assert_eq!(users::role(db.read(), one, bob).await.unwrap(), Some(None));
    assert_eq!(users::role(db.read(), two, bob).await.unwrap(), None);
    let replace = async |roles: BTreeMap<_, _>| {
        write(&db, move |tx| {
            Box::pin(async move { site_roles::replace(tx, one, bob, &roles, NOW).await })
        })
        .await
    };
    let wanted = BTreeMap::from([(own, Role::Marketing)]);
    replace(wanted.clone()).await.unwrap();
    let missing = replace(BTreeMap::from([
        (own, Role::Viewer),
        (foreign, Role::Admin),
    ]))
    .await;
    assert!(matches!(missing, Err(StoreError::NotFound { .. })));
    assert!(is_invalid(
        &replace(BTreeMap::from([(own, Role::Owner)])).await
    ));
    let kept = site_roles::of_user(db.read(), one, bob).await.unwrap();
    assert_eq!(kept, wanted, "a refused change leaves everything as it was");
    let elsewhere = site_roles::of_user(db.read(), two, bob).await.unwrap();
    assert!(elsewhere.is_empty());
    replace(BTreeMap::new()).await.unwrap();
    let none = site_roles::of_user(db.read(), one, bob).await.unwrap();
    assert!(none.is_empty());
}

pub(super) async fn an_account_keeps_an_active_owner(db: Db) {
    let owner = account(&db, "a").await;
    let ada = user(&db, owner, "ada@x.y", Some(Role::Owner)).await;
    let change = async |id: RowId, change: UserChange| {
        write(&db, move |tx| {
            Box::pin(async move { users::update(tx, owner, id, change, NOW).await })
        })
        .await
    };
    let demote = || UserChange {
        role: Some(Some(Role::Admin)),
        ..UserChange::default()
    };
    let pause = || UserChange {
        is_active: Some(false),
        ..UserChange::default()
    };
    let remove = async |id: RowId| {
        write(&db, move |tx| {
            Box::pin(async move { users::remove(tx, owner, id).await })
        })
        .await
    };
    for refused in [change(ada, demote()).await, change(ada, pause()).await] {
        assert!(matches!(refused, Err(StoreError::LastOwner)), "{refused:?}");
    }
    assert!(matches!(remove(ada).await, Err(StoreError::LastOwner)));
    let bob = user(&db, owner, "bob@x.y", Some(Role::Owner)).await;
    change(ada, demote()).await.unwrap();
    assert!(matches!(remove(bob).await, Err(StoreError::LastOwner)));
    remove(ada).await.unwrap();
    assert!(
        users::by_email(db.read(), "ada@x.y")
            .await
            .unwrap()
            .is_none()
    );
    assert!(matches!(
        remove(ada).await,
        Err(StoreError::NotFound { .. })
    ));
}
