//! Sites, hosts, settings and the policies that the edge caches.

use super::{NOW, account, is_conflict, is_invalid, is_missing, site, write};
use crate::relational::settings::{self, RetentionAction, SiteSettings};
use crate::relational::sites::{self, NewSite, SiteChange};
use crate::relational::{Db, StoreError, SubjectKind, domains, erasures, policies};
use clew_core::model::id::RowId;
use clew_core::model::site::{IpPolicy, Profile};
use clew_core::model::{PersonHash, SiteId};
use sea_orm::ConnectionTrait as _;
use std::collections::BTreeSet;

fn shop() -> NewSite {
    NewSite {
        slug: Some("shop".into()),
        domains: vec!["WWW.Shop.example:443".into(), "*.shop.example".into()],
        time_zone: "Europe/Berlin".into(),
        profile: Profile::Standard,
        ip: IpPolicy::Truncated,
        ..NewSite::named(" The shop ")
    }
}

pub(super) async fn a_site_comes_back_as_it_was_made(db: Db) {
    let owner = account(&db, "a").await;
    let made = site(&db, owner, shop()).await.unwrap();
    assert_eq!(made.name, "The shop");
    assert_eq!(made.domains, ["*.shop.example", "shop.example"]);
    assert_eq!(
        (made.profile, made.ip),
        (Profile::Standard, IpPolicy::Truncated)
    );
    assert!(made.write_key.starts_with("pk_") && made.is_active);
    assert_eq!(made.created_at, NOW);
    for name in [made.id.to_string().as_str(), "shop"] {
        assert_eq!(sites::find(db.read(), owner, name).await.unwrap(), made);
    }
    assert_eq!(sites::list(db.read(), owner).await.unwrap(), [made]);
}

pub(super) async fn a_host_belongs_to_one_site(db: Db) {
    let owner = account(&db, "a").await;
    let first = site(&db, owner, shop()).await.unwrap();
    let thief = NewSite {
        domains: vec!["shop.example".into()],
        ..NewSite::named("thief")
    };
    assert!(is_conflict(&site(&db, owner, thief).await, "domain"));
    assert_eq!(
        sites::list(db.read(), owner).await.unwrap().len(),
        1,
        "nothing of it may stay"
    );
    let same_slug = NewSite {
        slug: Some("shop".into()),
        ..NewSite::named("copy")
    };
    assert!(is_conflict(&site(&db, owner, same_slug).await, "slug"));
    let same_id = NewSite {
        id: Some(first.id),
        ..NewSite::named("copy")
    };
    assert!(is_conflict(&site(&db, owner, same_id).await, "site id"));
    let again = write(&db, move |tx| {
        Box::pin(async move { domains::add(tx, first.id, "shop.example", NOW).await })
    });
    assert_eq!(again.await.unwrap(), "shop.example");
}

pub(super) async fn a_deleted_site_frees_its_hosts_and_slug(db: Db) {
    let owner = account(&db, "a").await;
    let telling = NewSite {
        settings: SiteSettings {
            event_retention_days: 33,
            retention_action: RetentionAction::Delete,
            blocked_ips: vec!["203.0.113.7".into()],
            ..SiteSettings::default()
        },
        ..shop()
    };
    let id = site(&db, owner, telling).await.unwrap().id;
    let delete = || {
        write(&db, move |tx| {
            Box::pin(async move { sites::delete(tx, owner, id, NOW).await })
        })
    };
    delete().await.unwrap();
    assert!(is_missing(&sites::get(db.read(), owner, id).await));
    assert!(
        is_missing(&delete().await),
        "a tombstone cannot be deleted again"
    );
    assert!(policies::all(db.read()).await.unwrap().is_empty());
    what_stays_is_enough_to_let_its_events_go(&db, owner, id).await;
    site(&db, owner, shop()).await.unwrap();
    let reused = NewSite {
        id: Some(id),
        ..NewSite::named("ghost")
    };
    assert!(
        is_conflict(&site(&db, owner, reused).await, "site id"),
        "tombstones keep their id"
    );
}

async fn what_stays_is_enough_to_let_its_events_go(db: &Db, owner: RowId, id: SiteId) {
    let left = sites::deleted(db.read()).await.unwrap();
    assert_eq!((left.len(), left[0].0), (1, id));
    let tomb = left[0].1.as_ref().unwrap();
    assert_eq!((tomb.id, tomb.account), (id, owner));
    assert_eq!(tomb.time_zone, shop().time_zone);
    let expected = SiteSettings {
        event_retention_days: 33,
        retention_action: RetentionAction::Delete,
        ..SiteSettings::default()
    };
    assert_eq!(tomb.settings, expected, "and nothing else");
    let asked = erasures::unfinished(db.read()).await.unwrap();
    assert_eq!(asked.len(), 1, "deleted once, asked once");
    assert_eq!((asked[0].site, asked[0].subject), (id, SubjectKind::Site));
    assert_eq!(asked[0].persons, [PersonHash::EVERY_SUBMISSION].into());
    let look = || {
        write(db, |tx| {
            Box::pin(async move { sites::erase_what_deleted_ones_left(tx, NOW).await })
        })
    };
    look().await.unwrap();
    assert_eq!(erasures::unfinished(db.read()).await.unwrap(), asked);
    // As a version left it that erased nothing with a site.
    write(db, |tx| {
        Box::pin(async move {
            let forgotten = tx.execute_unprepared("DELETE FROM erasures").await;
            Ok(forgotten.map(drop)?)
        })
    })
    .await
    .unwrap();
    look().await.unwrap();
    let again = erasures::unfinished(db.read()).await.unwrap();
    assert_eq!((again.len(), again[0].site), (1, id));
}

/// A site that was made and deleted; its id.
async fn tombstone(db: &Db, owner: RowId) -> SiteId {
    let id = site(db, owner, shop()).await.unwrap().id;
    let delete = write(db, move |tx| {
        Box::pin(async move { sites::delete(tx, owner, id, NOW).await })
    });
    delete.await.unwrap();
    id
}

pub(super) async fn a_tombstone_that_cannot_be_read_does_not_hide_the_others(db: Db) {
    let owner = account(&db, "a").await;
    let damaged = tombstone(&db, owner).await;
    write(&db, |tx| {
        Box::pin(async move {
            for damage in [
                "UPDATE site_settings SET value = '{'",
                "UPDATE sites SET profile = 'unheard of'",
                "DELETE FROM erasures",
            ] {
                tx.execute_unprepared(damage).await?;
            }
            Ok(())
        })
    })
    .await
    .unwrap();
    let whole = tombstone(&db, owner).await;
    let mut left = sites::deleted(db.read()).await.unwrap();
    left.sort_by_key(|(id, _)| *id == whole);
    assert_eq!((left[0].0, left[1].0), (damaged, whole));
    assert!(matches!(left[0].1, Err(StoreError::Corrupt { .. })));
    assert!(left[1].1.is_ok());
    let shown = sites::tombstones(db.read(), owner).await.unwrap();
    assert_eq!(shown, [(whole, Profile::Standard)]);
    let ids = sites::tombstone_ids(db.read(), owner).await.unwrap();
    assert_eq!(ids.len(), 2, "erasures reach both");
    write(&db, |tx| {
        Box::pin(async move { sites::erase_what_deleted_ones_left(tx, NOW).await })
    })
    .await
    .unwrap();
    let asked = erasures::unfinished(db.read()).await.unwrap();
    let asked: BTreeSet<_> = asked.iter().map(|it| it.site).collect();
    assert_eq!(asked, [damaged, whole].into());
}

pub(super) async fn what_is_submitted_behind_the_erasure_of_a_deleted_site_is_erased_anew(db: Db) {
    let owner = account(&db, "a").await;
    let gone = tombstone(&db, owner).await;
    let living = site(&db, owner, NewSite::named("living")).await.unwrap().id;
    let bring = |lsn: u64| {
        write(&db, move |tx| {
            Box::pin(async move {
                let submitted = [(gone, lsn), (living, lsn)].into();
                sites::erase_late_submissions(tx, &submitted, NOW).await
            })
        })
    };
    assert!(
        !bring(7).await.unwrap(),
        "the one that was asked for reaches it"
    );
    let first = erasures::unfinished(db.read()).await.unwrap().remove(0);
    write(&db, move |tx| {
        Box::pin(async move {
            erasures::replayed(tx, gone, first.id, first.persons.clone(), 10, NOW).await?;
            erasures::finish(tx, &first, "{}", NOW).await
        })
    })
    .await
    .unwrap();
    assert!(!bring(9).await.unwrap());
    assert!(bring(11).await.unwrap());
    assert!(!bring(12).await.unwrap(), "one of them is enough");
    let asked = erasures::unfinished(db.read()).await.unwrap();
    let asked: Vec<_> = asked.iter().map(|it| (it.site, &it.persons)).collect();
    assert_eq!(asked, [(gone, &[PersonHash::EVERY_SUBMISSION].into())]);
}

pub(super) async fn an_update_changes_what_it_names(db: Db) {
    let owner = account(&db, "a").await;
    let before = site(&db, owner, shop()).await.unwrap();
    let id = before.id;
    let change = SiteChange {
        name: Some("New".into()),
        slug: Some(None),
        ..SiteChange::default()
    };
    let after = write(&db, move |tx| {
        Box::pin(async move { sites::update(tx, owner, id, change, NOW.plus(5)).await })
    });
    let after = after.await.unwrap();
    assert_eq!(
        after,
        sites::Site {
            name: "New".into(),
            slug: None,
            updated_at: NOW.plus(5),
            ..before
        }
    );
    let off = SiteChange {
        is_active: Some(false),
        profile: Some(Profile::Standard),
        ip: Some(IpPolicy::Full),
        time_zone: Some("Asia/Tokyo".into()),
        ..SiteChange::default()
    };
    let off = write(&db, move |tx| {
        Box::pin(async move { sites::update(tx, owner, id, off, NOW).await })
    })
    .await
    .unwrap();
    assert_eq!(
        (off.is_active, off.profile, off.ip, off.time_zone.as_str()),
        (false, Profile::Standard, IpPolicy::Full, "Asia/Tokyo")
    );
    let exempt = SiteChange {
        profile: Some(Profile::Exempt),
        ..SiteChange::default()
    };
    let refused = write(&db, move |tx| {
        Box::pin(async move { sites::update(tx, owner, id, exempt, NOW).await })
    });
    assert!(matches!(
        refused.await,
        Err(StoreError::Invalid { what: "ip", .. })
    ));
    let kept = sites::get(db.read(), owner, id).await.unwrap();
    assert_eq!(kept, off, "a refused change changes nothing");
}

pub(super) async fn bad_values_are_refused_before_they_are_stored(db: Db) {
    let owner = account(&db, "a").await;
    let id_like = SiteId::from_u128(7).to_string();
    for bad in [
        NewSite::named("  "),
        NewSite::named("a\u{7}b"),
        NewSite {
            slug: Some("Shop".into()),
            ..NewSite::named("s")
        },
        NewSite {
            slug: Some("-x".into()),
            ..NewSite::named("s")
        },
        NewSite {
            slug: Some(id_like),
            ..NewSite::named("s")
        },
        NewSite {
            time_zone: "Mars/Base".into(),
            ..NewSite::named("s")
        },
        NewSite {
            domains: vec!["a b".into()],
            ..NewSite::named("s")
        },
    ] {
        assert!(is_invalid(&site(&db, owner, bad.clone()).await), "{bad:?}");
    }
    assert!(sites::list(db.read(), owner).await.unwrap().is_empty());
}

pub(super) async fn policies_hold_every_site_with_its_settings(db: Db) {
    let owner = account(&db, "a").await;
    let wanted = SiteSettings {
        require_origin: true,
        query_allow: vec!["q".into()],
        ..SiteSettings::default()
    };
    let made = site(
        &db,
        owner,
        NewSite {
            settings: wanted.clone(),
            ..shop()
        },
    )
    .await
    .unwrap();
    let hidden = site(&db, owner, NewSite::named("off")).await.unwrap().id;
    let off = SiteChange {
        is_active: Some(false),
        ..SiteChange::default()
    };
    write(&db, move |tx| {
        Box::pin(async move { sites::update(tx, owner, hidden, off, NOW).await })
    })
    .await
    .unwrap();
    assert_eq!(settings::get(db.read(), made.id).await.unwrap(), wanted);

    let all = policies::all(db.read()).await.unwrap();
    let (off, on): (Vec<_>, Vec<_>) = all.iter().partition(|entry| !entry.is_active);
    assert!(off.iter().all(|entry| entry.policy.id == hidden));
    let [entry] = on.as_slice() else {
        panic!("{all:?}")
    };
    assert_eq!((entry.policy.id, entry.account), (made.id, owner));
    assert_eq!(entry.policy.domains, made.domains);
    assert_eq!(entry.policy.time_zone.iana_name(), Some("Europe/Berlin"));
    assert!(entry.policy.require_origin && !entry.policy.honour_dnt);
    assert_eq!(
        (&entry.write_key, entry.slug.as_deref()),
        (&made.write_key, Some("shop"))
    );
}

pub(super) async fn sites_of_other_accounts_are_out_of_reach(db: Db) {
    let (owner, other) = (account(&db, "a").await, account(&db, "b").await);
    let id = site(&db, owner, shop()).await.unwrap().id;
    assert!(is_missing(&sites::get(db.read(), other, id).await));
    assert!(is_missing(&sites::find(db.read(), other, "shop").await));
    assert!(sites::list(db.read(), other).await.unwrap().is_empty());
    let change = SiteChange {
        name: Some("mine".into()),
        ..SiteChange::default()
    };
    let update = write(&db, move |tx| {
        Box::pin(async move { sites::update(tx, other, id, change, NOW).await })
    });
    assert!(is_missing(&update.await));
    let delete = write(&db, move |tx| {
        Box::pin(async move { sites::delete(tx, other, id, NOW).await })
    });
    assert!(is_missing(&delete.await));
    assert_eq!(
        sites::get(db.read(), owner, id).await.unwrap().name,
        "The shop"
    );
}

pub(super) async fn the_policy_revision_rises_with_every_change(db: Db) {
    let owner = account(&db, "a").await;
    let revision = db.policy_revision();
    let mut seen = *revision.borrow();
    let id = site(&db, owner, shop()).await.unwrap().id;
    assert!(*revision.borrow() > seen);
    seen = *revision.borrow();
    write(&db, move |tx| {
        Box::pin(async move { domains::remove(tx, id, "shop.example").await })
    })
    .await
    .unwrap();
    assert!(*revision.borrow() > seen);
    seen = *revision.borrow();
    assert!(is_conflict(&site(&db, owner, shop()).await, "slug"));
    assert_eq!(
        *revision.borrow(),
        seen,
        "what was rolled back is no change"
    );
    db.refresh().await.unwrap();
    assert_eq!(
        *revision.borrow(),
        seen,
        "the stored number is the announced one"
    );
}

pub(super) async fn changes_of_settings_at_once_all_land(db: Db) {
    let owner = account(&db, "a").await;
    let made = site(&db, owner, shop()).await.unwrap();
    let changes = (0..20).map(|i| {
        let db = db.clone();
        tokio::spawn(async move {
            let work = write(&db, move |tx| {
                Box::pin(async move {
                    sites::get_for_change(tx, owner, made.id).await?;
                    let mut settings = settings::get(tx, made.id).await?;
                    settings.query_allow.push(format!("q{i}"));
                    settings::set(tx, made.id, &settings, NOW).await
                })
            });
            work.await
        })
    });
    for change in futures::future::join_all(changes).await {
        change.unwrap().unwrap();
    }
    let settings = settings::get(db.read(), made.id).await.unwrap();
    assert_eq!(settings.query_allow.len(), 20, "{:?}", settings.query_allow);
}
