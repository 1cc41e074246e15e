//! The audit log: one chain, whoever writes at once, and whoever tampers with it.

use super::{NOW, write};
use crate::relational::audit::{self, Actor, Break, BreakKind, Entry, Link, SealKey, Verification};
use crate::relational::{Db, Result, StoreError, Tx};
use clew_core::model::id::RowId;
use parking_lot::Mutex;
use sea_orm::{ConnectionTrait as _, DbBackend};
use std::sync::Arc;

const OWNER: RowId = RowId::from_u128(5);

fn key() -> SealKey {
    SealKey::new([7; 32])
}

fn entry(number: i64) -> Entry {
    Entry {
        account: Some(OWNER),
        site: None,
        actor: Actor::System,
        action: "site.update".into(),
        subject_kind: "site".into(),
        subject_id: number.to_string(),
        detail: None,
        request_id: None,
        at: NOW.plus(number),
    }
}

async fn append(db: &Db, number: i64) {
    let work = write(db, move |tx| {
        Box::pin(async move {
            audit::append(tx, entry(number));
            Ok(())
        })
    });
    work.await.unwrap();
}

/// Ten entries under a sealed head.
async fn sealed(db: &Db) {
    db.seal_audit_with(key());
    let head = write(db, |tx| {
        Box::pin(async move { audit::adopt(tx, &key()).await })
    });
    assert_eq!(head.await.unwrap(), Link::default());
    for number in 1..=10 {
        append(db, number).await;
    }
}

async fn check(db: &Db) -> Verification {
    audit::verify(db.read(), Some(&key()), None).await.unwrap()
}

pub(super) async fn a_thousand_concurrent_entries_form_one_chain(db: Db) {
    sealed(&db).await;
    let writers = (0..100).map(|writer| {
        let db = db.clone();
        tokio::spawn(async move {
            for number in 0..5 {
                let work = write(&db, move |tx| {
                    Box::pin(async move {
                        audit::append(tx, entry(writer * 100 + number));
                        audit::append(tx, entry(writer * 100 + number + 50));
                        Ok(())
                    })
                });
                work.await.unwrap();
            }
        })
    });
    for writer in futures::future::join_all(writers).await {
        writer.unwrap();
    }
    let found = check(&db).await;
    assert_eq!((found.entries, found.broken), (1_010, None));
    let listed = audit::list(db.read(), OWNER, None, 2_000).await.unwrap();
    assert_eq!(listed.len(), 1_010);
    assert_eq!(listed[0].link, found.head);
}

pub(super) async fn an_entry_exists_exactly_if_its_cause_does(db: Db) {
    sealed(&db).await;
    let failed: Result<()> = write(&db, |tx| {
        Box::pin(async move {
            audit::append(tx, entry(11));
            Err(StoreError::LastOwner)
        })
    })
    .await;
    assert!(failed.is_err());
    append(&db, 12).await;
    let found = check(&db).await;
    assert_eq!((found.entries, found.broken), (11, None));
    let newest = audit::list(db.read(), OWNER, None, 1).await.unwrap();
    assert_eq!(newest[0].entry, entry(12));
}

pub(super) async fn a_broken_seal_stays_broken_while_the_log_goes_on(db: Db) {
    sealed(&db).await;
    let work = write(&db, |tx| {
        Box::pin(async move {
            run(tx, "DELETE FROM audit_log WHERE seq > 6; UPDATE audit_head SET seq = 6, hash = (SELECT hash FROM audit_log WHERE seq = 6)").await
        })
    });
    work.await.unwrap();
    for number in 0..3 {
        append(&db, number).await;
    }
    let found = check(&db).await;
    let broken = Break {
        seq: 9,
        kind: BreakKind::Unsealed,
    };
    assert_eq!((found.entries, found.broken), (9, Some(broken)));
    let work = write(&db, |tx| {
        Box::pin(async move { run(tx, "DELETE FROM audit_head").await })
    });
    work.await.unwrap();
    append(&db, 4).await;
    let found = check(&db).await;
    assert_eq!(found.entries, 10);
    assert_eq!(found.broken.unwrap().kind, BreakKind::Unsealed);
}

/// Statements, where the break is, and how.
type Tampering = (String, u64, BreakKind);

fn tamperings(backend: DbBackend, anchor: &Link) -> Vec<Tampering> {
    use BreakKind::{Altered, Foreign, Missing, Truncated, Unsealed};
    let (uuid, bytes) = literals(backend);
    let id = uuid(77);
    let seventh = bytes(&key().seal(anchor));
    let mut all: Vec<(String, u64, BreakKind)> = [
        "actor_kind = 'command_line'",
        "action = 'site.updatf'",
        "subject_kind = 'key'",
        "subject_id = '5'",
        "detail = ''",
        "request_id = 'r'",
        "at = at + 1",
        "hash = (SELECT hash FROM audit_log WHERE seq = 5)",
        "prev_hash = NULL",
    ]
    .iter()
    .map(|change| {
        (
            format!("UPDATE audit_log SET {change} WHERE seq = 4"),
            4,
            Altered,
        )
    })
    .collect();
    for column in ["id", "account_id", "site_id", "actor_id"] {
        all.push((
            format!("UPDATE audit_log SET {column} = {id} WHERE seq = 4"),
            4,
            Altered,
        ));
    }
    let renumbered = "UPDATE audit_log SET seq = -(seq - 1) WHERE seq > 4; \
                      UPDATE audit_log SET seq = -seq WHERE seq < 0";
    let swapped = "UPDATE audit_log SET seq = -seq WHERE seq IN (4, 5); \
                   UPDATE audit_log SET seq = 9 + seq WHERE seq < 0";
    let columns = "account_id, actor_kind, action, subject_kind, subject_id, at";
    let more = [
        ("DELETE FROM audit_log WHERE seq = 1".into(), 1, Missing),
        ("DELETE FROM audit_log WHERE seq = 4".into(), 4, Missing),
        (
            format!("DELETE FROM audit_log WHERE seq = 4; {renumbered}"),
            4,
            Altered,
        ),
        (swapped.into(), 4, Altered),
        ("DELETE FROM audit_log WHERE seq > 6".into(), 7, Truncated),
        ("DELETE FROM audit_log".into(), 1, Truncated),
        (
            format!(
                "INSERT INTO audit_log (id, {columns}) SELECT {id}, {columns} FROM audit_log WHERE seq = 4"
            ),
            11,
            Foreign,
        ),
        (
            format!(
                "INSERT INTO audit_log (id, seq, {columns}) SELECT {id}, 11, {columns} FROM audit_log WHERE seq = 4"
            ),
            11,
            Foreign,
        ),
        (
            format!(
                "INSERT INTO audit_log (id, seq, {columns}) SELECT {id}, 0, {columns} FROM audit_log WHERE seq = 4"
            ),
            11,
            Foreign,
        ),
        ("UPDATE audit_head SET seal = NULL".into(), 10, Unsealed),
        ("DELETE FROM audit_head".into(), 10, Unsealed),
        (
            "DELETE FROM audit_log; DELETE FROM audit_head".into(),
            1,
            Unsealed,
        ),
        (
            format!("{} ; UPDATE audit_head SET seal = NULL", cut_to_six()),
            6,
            Unsealed,
        ),
        // With a seal that was once right: only what is noted outside the database tells.
        (
            format!("{}; UPDATE audit_head SET seal = {seventh}", cut_to_six()),
            7,
            BreakKind::RolledBack,
        ),
    ];
    all.extend(more);
    all
}

fn cut_to_six() -> &'static str {
    "DELETE FROM audit_log WHERE seq > 6; \
     UPDATE audit_head SET seq = 6, hash = (SELECT hash FROM audit_log WHERE seq = 6)"
}

type Literals = (fn(u128) -> String, fn(&[u8]) -> String);

fn literals(backend: DbBackend) -> Literals {
    match backend {
        DbBackend::Postgres => (
            |id| format!("'{}'", uuid::Uuid::from_u128(id)),
            |bytes| format!("'\\x{}'", hex::encode(bytes)),
        ),
        _ => (
            |id| format!("x'{id:032x}'"),
            |bytes| format!("x'{}'", hex::encode(bytes)),
        ),
    }
}

pub(super) async fn every_kind_of_tampering_is_found_and_located(db: Db) {
    sealed(&db).await;
    let listed = audit::list(db.read(), OWNER, None, 10).await.unwrap();
    let sixth = listed
        .iter()
        .find(|entry| entry.link.seq == 6)
        .unwrap()
        .link;
    let end = listed[0].link;
    for (sql, seq, kind) in tamperings(db.backend(), &sixth) {
        let anchor = (kind == BreakKind::RolledBack).then_some(end);
        let found = tamper(&db, sql.clone(), anchor).await;
        assert_eq!(found.broken, Some(Break { seq, kind }), "{sql}");
    }
    assert_eq!(check(&db).await.broken, None, "everything was rolled back");
    let anchor = Link {
        hash: [1; 32],
        ..sixth
    };
    let found = audit::verify(db.read(), Some(&key()), Some(anchor))
        .await
        .unwrap();
    let kind = BreakKind::Altered;
    assert_eq!(
        found.broken,
        Some(Break { seq: 6, kind }),
        "another history"
    );
}

/// What `verify` says of the changed log; nothing of it is kept.
async fn tamper(db: &Db, sql: String, anchor: Option<Link>) -> Verification {
    let seen = Arc::new(Mutex::new(None));
    let told = seen.clone();
    let undone: Result<()> = write(db, move |tx| {
        Box::pin(async move {
            run(tx, &sql).await?;
            *told.lock() = Some(audit::verify(tx, Some(&key()), anchor).await?);
            Err(StoreError::LastOwner)
        })
    })
    .await;
    assert!(matches!(undone, Err(StoreError::LastOwner)), "{undone:?}");
    let found = seen.lock().take();
    found.unwrap()
}

async fn run(tx: &Tx, sql: &str) -> Result<()> {
    for statement in sql.split(';') {
        tx.execute_unprepared(statement).await?;
    }
    Ok(())
}
