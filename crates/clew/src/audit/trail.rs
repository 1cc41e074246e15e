//! The audit log of one installation, with its seal and its anchor.

use super::{Anchor, AnchorError};
use crate::secrets::MasterKey;
use clew_store::relational::audit::{self, Link, SealKey, Verification};
use clew_store::relational::{Db, StoreError};
use std::path::Path;
use tokio::sync::Mutex;

#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Anchor(#[from] AnchorError),
    #[error("a worker thread failed")]
    Worker(#[from] tokio::task::JoinError),
}

/// Seals what the database writes, and can say whether it is still all there.
#[derive(Debug)]
pub struct AuditTrail {
    db: Db,
    key: SealKey,
    anchor: Anchor,
    /// What the anchor says; one writer at a time.
    noted: Mutex<Option<Link>>,
}

impl AuditTrail {
    /// Has `db` seal its audit log from now on. Only a log that was never sealed and never noted
    /// is taken as it stands.
    pub async fn open(db: &Db, master: &MasterKey, key_file: &Path) -> Result<Self, AuditError> {
        let key = master.audit_key();
        db.seal_audit_with(key.clone());
        let trail = Self::of(db, key, key_file)?;
        if trail.noted.lock().await.is_none() {
            let key = trail.key.clone();
            let adopt =
                db.write_tx(move |tx| Box::pin(async move { audit::adopt(tx, &key).await }));
            adopt.await?;
            trail.note().await?;
        }
        Ok(trail)
    }

    /// For looking only: seals nothing.
    pub fn inspect(db: &Db, master: &MasterKey, key_file: &Path) -> Result<Self, AuditError> {
        Self::of(db, master.audit_key(), key_file)
    }

    fn of(db: &Db, key: SealKey, key_file: &Path) -> Result<Self, AuditError> {
        let anchor = Anchor::beside(key_file);
        Ok(Self {
            noted: Mutex::new(anchor.read()?),
            db: db.clone(),
            key,
            anchor,
        })
    }

    /// Reads the whole log.
    pub async fn verify(&self) -> Result<Verification, AuditError> {
        let noted = *self.noted.lock().await;
        let db = self.db.read();
        // Just upgraded, and no server has run since: there is nothing to hold it against.
        let is_new = noted.is_none() && !audit::is_sealed(db).await?;
        let key = (!is_new).then_some(&self.key);
        Ok(audit::verify(db, key, noted).await?)
    }

    /// Notes the end of the log outside the database, if it has moved on in the same chain.
    pub async fn note(&self) -> Result<(), AuditError> {
        let mut noted = self.noted.lock().await;
        let from = noted.unwrap_or_default();
        let Some(end) = audit::head_behind(self.db.read(), &self.key, &from).await? else {
            return Ok(());
        };
        let anchor = self.anchor.clone();
        tokio::task::spawn_blocking(move || anchor.write(&end)).await??;
        *noted = Some(end);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clew_core::model::EpochMs;
    use clew_store::relational::ConnectionTrait as _;
    use clew_store::relational::audit::{Actor, BreakKind, Entry};
    use std::path::PathBuf;

    struct World {
        folder: tempfile::TempDir,
    }

    impl World {
        async fn open(&self) -> (Db, AuditTrail) {
            let db = Db::open_sqlite(&self.folder.path().join("db"))
                .await
                .unwrap();
            let (master, path) = (MasterKey::from_bytes([1; 32]), self.key());
            let trail = AuditTrail::open(&db, &master, &path).await.unwrap();
            (db, trail)
        }

        fn key(&self) -> PathBuf {
            self.folder.path().join("clew.key")
        }
    }

    async fn append(db: &Db, count: usize) {
        for _ in 0..count {
            let entry = Entry {
                account: None,
                site: None,
                actor: Actor::System,
                action: "a.b".into(),
                subject_kind: "a".into(),
                subject_id: String::new(),
                detail: None,
                request_id: None,
                at: EpochMs(1),
            };
            let work = db.write_tx(move |tx| {
                Box::pin(async move {
                    audit::append(tx, entry);
                    Ok(())
                })
            });
            work.await.unwrap();
        }
    }

    async fn tamper(db: &Db, sql: &'static str) {
        let work = db.write_tx(move |tx| {
            Box::pin(async move { Ok(tx.execute_unprepared(sql).await.map(drop)?) })
        });
        work.await.unwrap();
    }

    fn kind(found: &Verification) -> Option<BreakKind> {
        found.broken.map(|broken| broken.kind)
    }

    #[tokio::test]
    async fn a_log_is_sound_over_restarts() {
        let world = World {
            folder: tempfile::tempdir().unwrap(),
        };
        for round in 1..=3 {
            let (db, trail) = world.open().await;
            append(&db, 2).await;
            trail.note().await.unwrap();
            let found = trail.verify().await.unwrap();
            assert_eq!((found.entries, found.broken), (2 * round, None));
            db.close().await.unwrap();
        }
    }

    /// An old copy of the database has a right seal; only the anchor tells. Going on with it does
    /// not cover it up.
    #[tokio::test]
    async fn an_older_copy_of_the_database_is_recognised_for_ever() {
        let world = World {
            folder: tempfile::tempdir().unwrap(),
        };
        let (db, trail) = world.open().await;
        append(&db, 3).await;
        db.close().await.unwrap();
        drop(trail);
        let path = world.folder.path().join("db");
        let old = std::fs::read(&path).unwrap();
        let (db, trail) = world.open().await;
        append(&db, 3).await;
        trail.note().await.unwrap();
        db.close().await.unwrap();
        std::fs::write(&path, old).unwrap();
        for suffix in ["db-wal", "db-shm"] {
            drop(std::fs::remove_file(world.folder.path().join(suffix)));
        }
        let (db, trail) = world.open().await;
        let found = trail.verify().await.unwrap();
        assert_eq!(
            (found.entries, kind(&found)),
            (3, Some(BreakKind::RolledBack))
        );
        append(&db, 9).await;
        trail.note().await.unwrap();
        let found = trail.verify().await.unwrap();
        assert_eq!(kind(&found), Some(BreakKind::Altered), "at the anchor");
        db.close().await.unwrap();
    }

    /// Looking at an upgraded database that no server has sealed yet is no alarm.
    #[tokio::test]
    async fn a_log_that_was_never_sealed_is_only_read() {
        let world = World {
            folder: tempfile::tempdir().unwrap(),
        };
        let db = Db::open_sqlite(&world.folder.path().join("db"))
            .await
            .unwrap();
        append(&db, 2).await;
        let master = MasterKey::from_bytes([1; 32]);
        let trail = AuditTrail::inspect(&db, &master, &world.key()).unwrap();
        let found = trail.verify().await.unwrap();
        assert_eq!((found.entries, found.broken), (2, None));
        tamper(&db, "UPDATE audit_log SET action = 'x' WHERE seq = 1").await;
        let found = trail.verify().await.unwrap();
        assert_eq!(kind(&found), Some(BreakKind::Altered));
        db.close().await.unwrap();
    }

    /// Without a seal and with an anchor: a restart must not bless what it finds.
    #[tokio::test]
    async fn a_removed_seal_is_not_made_anew_by_a_restart() {
        let world = World {
            folder: tempfile::tempdir().unwrap(),
        };
        let (db, trail) = world.open().await;
        append(&db, 3).await;
        trail.note().await.unwrap();
        tamper(&db, "UPDATE audit_head SET seal = NULL").await;
        db.close().await.unwrap();
        let (db, trail) = world.open().await;
        append(&db, 1).await;
        let found = trail.verify().await.unwrap();
        assert_eq!(kind(&found), Some(BreakKind::Unsealed));
        db.close().await.unwrap();
    }
}
