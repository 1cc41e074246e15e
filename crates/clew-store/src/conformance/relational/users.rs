//! Users and memberships.

use super::{NOW, account, is_conflict, is_invalid, write};
use crate::relational::users::{self, NewUser, User, UserChange};
use crate::relational::{Db, Result, Role, password, user_sessions};
use clew_core::model::id::RowId;

fn ada() -> NewUser {
    NewUser {
        email: " Ada@Example.com ".into(),
        name: "Ada".into(),
        password: None,
        role: Some(Role::Owner),
    }
}

async fn user(db: &Db, account: RowId, new: NewUser) -> Result<User> {
    write(db, move |tx| {
        Box::pin(async move { users::create(tx, account, new, NOW).await })
    })
    .await
}

pub(super) async fn a_user_comes_back_by_address_in_any_case(db: Db) {
    let owner = account(&db, "a").await;
    let made = user(&db, owner, ada()).await.unwrap();
    assert_eq!(made.email, "ada@example.com");
    let found = users::by_email(db.read(), "ADA@example.COM")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (found.id, found.name.as_str(), found.is_active),
        (made.id, "Ada", true)
    );
    assert!(
        users::by_email(db.read(), "bob@example.com")
            .await
            .unwrap()
            .is_none()
    );
    for email in ["", "ada", "@x", "a@", "a b@x.y", "a@b@c"] {
        let bad = NewUser {
            email: email.into(),
            ..ada()
        };
        assert!(is_invalid(&user(&db, owner, bad).await), "{email}");
    }
}

pub(super) async fn an_address_belongs_to_one_user(db: Db) {
    let (one, two) = (account(&db, "a").await, account(&db, "b").await);
    user(&db, one, ada()).await.unwrap();
    assert!(is_conflict(&user(&db, two, ada()).await, "e-mail address"));
    assert!(users::list(db.read(), two).await.unwrap().is_empty());
}

pub(super) async fn a_role_can_be_replaced_and_is_per_account(db: Db) {
    let (one, two) = (account(&db, "a").await, account(&db, "b").await);
    let id = user(&db, one, ada()).await.unwrap().id;
    for role in [Role::Viewer, Role::Marketing] {
        write(&db, move |tx| {
            Box::pin(async move { users::set_role(tx, two, id, Some(role), NOW).await })
        })
        .await
        .unwrap();
    }
    assert_eq!(
        users::role(db.read(), one, id).await.unwrap(),
        Some(Some(Role::Owner))
    );
    assert_eq!(
        users::role(db.read(), two, id).await.unwrap(),
        Some(Some(Role::Marketing))
    );
    assert_eq!(users::memberships(db.read(), id).await.unwrap().len(), 2);
    let listed = users::list(db.read(), two).await.unwrap();
    assert_eq!(
        listed.iter().map(|(u, r)| (u.id, *r)).collect::<Vec<_>>(),
        [(id, Some(Role::Marketing))]
    );
}

pub(super) async fn setting_a_password_revokes_tokens(db: Db) {
    let owner = account(&db, "a").await;
    let id = user(&db, owner, ada()).await.unwrap().id;
    let hash = password::hash("correct horse").await.unwrap();
    write(&db, move |tx| {
        Box::pin(async move { users::set_password(tx, id, hash, NOW).await })
    })
    .await
    .unwrap();
    let stored = users::get(db.read(), id).await.unwrap();
    assert_eq!(stored.token_epoch, 1);
    assert!(
        password::verify("correct horse", stored.password)
            .await
            .unwrap()
    );
}

pub(super) async fn another_role_and_a_pause_revoke_tokens(db: Db) {
    let owner = account(&db, "a").await;
    user(&db, owner, ada()).await.unwrap();
    let bob = NewUser {
        email: "bob@example.com".into(),
        role: Some(Role::Viewer),
        ..ada()
    };
    let id = user(&db, owner, bob).await.unwrap().id;
    let changes = [
        (|change| change.name = Some("Bob".into())) as fn(&mut UserChange),
        |change| change.role = Some(Some(Role::Viewer)),
        |change| change.role = Some(Some(Role::Marketing)),
        |change| change.is_active = Some(false),
        |change| change.is_active = Some(false),
    ];
    for (make, expected) in changes.into_iter().zip([0, 0, 1, 2, 2]) {
        let mut change = UserChange::default();
        make(&mut change);
        write(&db, move |tx| {
            Box::pin(async move { users::update(tx, owner, id, change, NOW).await })
        })
        .await
        .unwrap();
        let epoch = users::get(db.read(), id).await.unwrap().token_epoch;
        assert_eq!(epoch, expected);
    }
    write(&db, move |tx| {
        Box::pin(async move { user_sessions::revoke_all(tx, id, None).await })
    })
    .await
    .unwrap();
    assert_eq!(users::get(db.read(), id).await.unwrap().token_epoch, 3);
}
