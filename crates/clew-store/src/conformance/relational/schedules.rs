//! Cron schedules.

use super::{NOW, is_invalid, write};
use crate::relational::jobs::schedules::{self, Schedule, next_tick};
use crate::relational::jobs::{self, Enqueued};
use crate::relational::{Db, JobState, Result};
use clew_core::model::EpochMs;

fn nightly() -> Schedule {
    Schedule {
        name: "nightly".into(),
        kind: "prune".into(),
        cron: "0 3 * * *".into(),
        time_zone: "UTC".into(),
        payload: "{}".into(),
    }
}

async fn ensure(db: &Db, schedule: Schedule, now: EpochMs) -> Result<()> {
    write(db, move |tx| {
        Box::pin(async move { schedules::ensure(tx, &schedule, now).await })
    })
    .await
}

async fn tick(db: &Db, now: EpochMs) -> Vec<Enqueued> {
    write(db, move |tx| {
        Box::pin(async move { schedules::tick(tx, &["prune"], now).await })
    })
    .await
    .unwrap()
}

async fn due(db: &Db) -> EpochMs {
    schedules::next_due(db.read(), &["prune"])
        .await
        .unwrap()
        .unwrap()
}

pub(super) async fn a_tick_makes_one_job_however_many_runners_look(db: Db) {
    ensure(&db, nightly(), NOW).await.unwrap();
    assert!(tick(&db, NOW).await.is_empty());
    let mut ticks = 0;
    for _ in 0..3 {
        let now = due(&db).await;
        let runners = (0..6).map(|_| {
            let db = db.clone();
            tokio::spawn(async move { tick(&db, now).await.len() })
        });
        for made in futures::future::join_all(runners).await {
            ticks += made.unwrap();
        }
        assert_eq!(due(&db).await, now.plus(EpochMs::DAY));
    }
    assert_eq!(ticks, 3);
    let counts = jobs::counts(db.read()).await.unwrap();
    assert_eq!((counts[0].state, counts[0].count), (JobState::Pending, 3));
}

pub(super) async fn missed_ticks_come_as_one(db: Db) {
    ensure(&db, nightly(), NOW).await.unwrap();
    let late = NOW.plus(10 * EpochMs::DAY);
    assert_eq!(tick(&db, late).await.len(), 1);
    assert!(tick(&db, late).await.is_empty());
    assert_eq!(due(&db).await, next_tick("0 3 * * *", "UTC", late).unwrap());
}

pub(super) async fn a_restart_keeps_the_next_tick_and_a_change_moves_it(db: Db) {
    ensure(&db, nightly(), NOW).await.unwrap();
    let first = due(&db).await;
    let later = first.plus(EpochMs::HOUR);
    ensure(&db, nightly(), later).await.unwrap();
    assert_eq!(
        due(&db).await,
        first,
        "a tick that was missed over a restart still comes"
    );
    let hourly = Schedule {
        cron: "0 * * * *".into(),
        ..nightly()
    };
    ensure(&db, hourly, later).await.unwrap();
    assert_eq!(
        due(&db).await,
        next_tick("0 * * * *", "UTC", later).unwrap()
    );
    let broken = Schedule {
        cron: "never".into(),
        ..nightly()
    };
    assert!(is_invalid(&ensure(&db, broken, NOW).await));
    assert_eq!(
        schedules::next_due(db.read(), &["other"]).await.unwrap(),
        None
    );
}
