//! The job table.

use super::{NOW, is_conflict, is_missing, write};
use crate::relational::jobs::{self, Claim, Claimed, Enqueued, JobFilter, NewJob, Retried};
use crate::relational::{Db, JobState, Result, StoreError, accounts};
use clew_core::model::id::RowId;
use clew_core::model::{EpochMs, SiteId};
use std::collections::HashSet;

const LEASE_MS: i64 = 30_000;

fn mail(payload: &str) -> NewJob {
    NewJob::now("mail", payload, NOW)
}

fn merging(payload: &str, run_at: EpochMs) -> NewJob {
    NewJob {
        merge_key: Some("person 1".into()),
        run_at,
        ..mail(payload)
    }
}

async fn enqueue(db: &Db, job: NewJob) -> Enqueued {
    write(db, move |tx| {
        Box::pin(async move { jobs::enqueue(tx, job, NOW).await })
    })
    .await
    .unwrap()
}

async fn claim(db: &Db, limit: u64, now: EpochMs) -> Vec<Claimed> {
    let work = write(db, move |tx| {
        Box::pin(async move {
            jobs::claim(
                tx,
                &Claim {
                    kinds: &["mail"],
                    limit,
                    lease_ms: LEASE_MS,
                },
                now,
            )
            .await
        })
    });
    work.await.unwrap()
}

async fn complete(db: &Db, job: &Claimed, now: EpochMs) -> Result<()> {
    let lease = job.lease;
    write(db, move |tx| {
        Box::pin(async move { jobs::complete(tx, lease, now).await })
    })
    .await
}

async fn fail(db: &Db, job: &Claimed, retry_at: Option<EpochMs>) -> Result<Retried> {
    let lease = job.lease;
    write(db, move |tx| {
        Box::pin(async move { jobs::fail(tx, lease, "no", retry_at, NOW).await })
    })
    .await
}

async fn state(db: &Db, id: RowId) -> JobState {
    jobs::get(db.read(), None, id).await.unwrap().state
}

pub(super) async fn a_job_exists_exactly_if_its_cause_does(db: Db) {
    let added = db.jobs_added();
    for cause_works in [false, true] {
        let work = write(&db, move |tx| {
            Box::pin(async move {
                accounts::create(tx, "cause", NOW).await?;
                jobs::enqueue(tx, mail("{}"), NOW).await?;
                if cause_works {
                    Ok(())
                } else {
                    Err(StoreError::NotFound { what: "cause" })
                }
            })
        });
        assert_eq!(work.await.is_ok(), cause_works);
        assert_eq!(claim(&db, 10, NOW).await.len(), usize::from(cause_works));
        assert_eq!(added.has_changed().unwrap(), cause_works);
    }
}

pub(super) async fn jobs_wait_for_their_time_and_go_by_priority(db: Db) {
    let later = enqueue(
        &db,
        NewJob {
            run_at: NOW.plus(10),
            ..mail("later")
        },
    )
    .await
    .id;
    let low = enqueue(&db, mail("low")).await.id;
    let high = enqueue(
        &db,
        NewJob {
            priority: 5,
            ..mail("high")
        },
    )
    .await
    .id;
    enqueue(&db, NewJob::now("other", "", NOW)).await;
    assert_eq!(
        jobs::next_due(db.read(), &["mail"]).await.unwrap(),
        Some(NOW)
    );
    let ids = |claimed: Vec<Claimed>| claimed.into_iter().map(|j| j.id).collect::<Vec<_>>();
    assert_eq!(ids(claim(&db, 1, NOW).await), [high]);
    assert_eq!(ids(claim(&db, 10, NOW).await), [low]);
    assert_eq!(ids(claim(&db, 10, NOW.plus(9)).await), []);
    assert_eq!(
        jobs::next_due(db.read(), &["mail"]).await.unwrap(),
        Some(NOW.plus(10))
    );
    assert_eq!(ids(claim(&db, 10, NOW.plus(10)).await), [later]);
    assert_eq!(jobs::next_due(db.read(), &["nothing"]).await.unwrap(), None);
}

pub(super) async fn two_workers_never_hold_one_job(db: Db) {
    for _ in 0..40 {
        enqueue(&db, mail("{}")).await;
    }
    let workers = (0..8).map(|_| {
        let db = db.clone();
        tokio::spawn(async move {
            let mut mine = Vec::new();
            loop {
                let claimed = claim(&db, 3, NOW).await;
                if claimed.is_empty() {
                    return mine;
                }
                mine.extend(claimed.into_iter().map(|j| j.id));
            }
        })
    });
    let mut held = Vec::new();
    for worker in futures::future::join_all(workers).await {
        held.extend(worker.unwrap());
    }
    assert_eq!(held.iter().collect::<HashSet<_>>().len(), held.len());
    // A worker may stop early while others hold locks; nothing is lost by that.
    assert_eq!(held.len() + claim(&db, 100, NOW).await.len(), 40);
}

pub(super) async fn an_expired_lease_is_claimable_and_the_old_holder_is_refused(db: Db) {
    let id = enqueue(&db, mail("{}")).await.id;
    let first = claim(&db, 1, NOW).await.remove(0);
    assert!(claim(&db, 1, NOW.plus(LEASE_MS - 1)).await.is_empty());
    let second = claim(&db, 1, NOW.plus(LEASE_MS)).await.remove(0);
    assert_eq!(
        (second.id, second.attempt),
        (id, 2),
        "the id is the idempotency key"
    );
    assert!(matches!(
        complete(&db, &first, NOW).await,
        Err(StoreError::LeaseLost)
    ));
    assert!(matches!(
        fail(&db, &first, None).await,
        Err(StoreError::LeaseLost)
    ));
    complete(&db, &second, NOW).await.unwrap();
    assert_eq!(state(&db, id).await, JobState::Done);
    assert!(matches!(
        complete(&db, &second, NOW).await,
        Err(StoreError::LeaseLost)
    ));
}

pub(super) async fn a_heartbeat_keeps_the_lease(db: Db) {
    enqueue(&db, mail("{}")).await;
    let job = claim(&db, 1, NOW).await.remove(0);
    let (lease, until) = (job.lease, NOW.plus(3 * LEASE_MS));
    write(&db, move |tx| {
        Box::pin(async move { jobs::heartbeat(tx, lease, until).await })
    })
    .await
    .unwrap();
    assert!(claim(&db, 1, until.plus(-1)).await.is_empty());
    assert_eq!(claim(&db, 1, until).await.len(), 1);
}

pub(super) async fn a_failing_job_is_retried_until_it_is_dead(db: Db) {
    let id = enqueue(
        &db,
        NewJob {
            max_attempts: 2,
            ..mail("{}")
        },
    )
    .await
    .id;
    let first = claim(&db, 1, NOW).await.remove(0);
    let retry_at = NOW.plus(500);
    assert_eq!(
        fail(&db, &first, Some(retry_at)).await.unwrap(),
        Retried::Later(retry_at)
    );
    assert!(claim(&db, 1, NOW).await.is_empty());
    let second = claim(&db, 1, retry_at).await.remove(0);
    assert_eq!(
        fail(&db, &second, Some(retry_at)).await.unwrap(),
        Retried::Dead
    );
    let dead = jobs::get(db.read(), None, id).await.unwrap();
    assert_eq!(
        (dead.state, dead.attempts, dead.last_error.as_deref()),
        (JobState::Dead, 2, Some("no"))
    );
    assert!(claim(&db, 1, NOW.plus(EpochMs::DAY)).await.is_empty());

    let revive = || {
        write(&db, move |tx| {
            Box::pin(async move { jobs::retry_dead(tx, None, id, NOW).await })
        })
    };
    revive().await.unwrap();
    assert!(is_missing(&revive().await));
    assert_eq!(claim(&db, 1, NOW).await.remove(0).attempt, 1);
}

pub(super) async fn a_job_that_kills_its_worker_is_buried(db: Db) {
    let id = enqueue(
        &db,
        NewJob {
            max_attempts: 3,
            ..mail("{}")
        },
    )
    .await
    .id;
    let mut now = NOW;
    for attempt in 1..=3 {
        assert_eq!(claim(&db, 1, now).await[0].attempt, attempt);
        now = now.plus(LEASE_MS);
    }
    assert!(claim(&db, 1, now).await.is_empty());
    assert_eq!(state(&db, id).await, JobState::Dead);
}

pub(super) async fn a_pending_job_absorbs_newer_ones_of_its_key(db: Db) {
    let latest = NOW.plus(1_000);
    let first = NewJob {
        run_at_latest: Some(latest),
        priority: 3,
        ..merging("1", NOW.plus(400))
    };
    let first = enqueue(&db, first).await;
    let second = enqueue(&db, merging("2", NOW.plus(800))).await;
    assert_eq!(
        (first.merged, second),
        (
            false,
            Enqueued {
                id: first.id,
                merged: true
            }
        )
    );
    let job = jobs::get(db.read(), None, first.id).await.unwrap();
    assert_eq!(
        (job.payload.as_str(), job.run_at, job.priority),
        ("2", NOW.plus(800), 3)
    );
    enqueue(&db, merging("3", NOW.plus(5_000))).await;
    let job = jobs::get(db.read(), None, first.id).await.unwrap();
    assert_eq!(
        job.run_at, latest,
        "newer jobs may not push it away for ever"
    );
    let other_kind = NewJob {
        kind: "other".into(),
        ..merging("x", NOW)
    };
    assert!(!enqueue(&db, other_kind).await.merged);
    assert!(
        !enqueue(
            &db,
            NewJob {
                merge_key: Some("person 2".into()),
                ..mail("y")
            }
        )
        .await
        .merged
    );
}

pub(super) async fn jobs_of_one_key_run_one_after_another(db: Db) {
    let older = enqueue(&db, merging("old", NOW)).await.id;
    let running = claim(&db, 10, NOW).await.remove(0);
    let newer = enqueue(&db, merging("new", NOW)).await;
    assert!(
        !newer.merged && newer.id != older,
        "a running job has seen its payload already"
    );
    assert!(claim(&db, 10, NOW).await.is_empty());
    complete(&db, &running, NOW).await.unwrap();
    assert_eq!(claim(&db, 10, NOW).await[0].payload, "new");
}

pub(super) async fn a_retry_gives_way_to_a_newer_job(db: Db) {
    let older = enqueue(&db, merging("old", NOW)).await.id;
    let running = claim(&db, 1, NOW).await.remove(0);
    enqueue(&db, merging("new", NOW)).await;
    assert_eq!(
        fail(&db, &running, Some(NOW)).await.unwrap(),
        Retried::Merged
    );
    assert_eq!(state(&db, older).await, JobState::Merged);
    let newer = claim(&db, 10, NOW).await;
    assert_eq!(
        newer.iter().map(|j| j.payload.as_str()).collect::<Vec<_>>(),
        ["new"]
    );
    assert!(matches!(
        fail(&db, &newer[0], Some(NOW)).await.unwrap(),
        Retried::Later(_)
    ));
    assert!(
        enqueue(&db, merging("newest", NOW)).await.merged,
        "a waiting retry absorbs again"
    );
}

pub(super) async fn a_released_job_keeps_its_attempts(db: Db) {
    enqueue(&db, mail("{}")).await;
    let lease = claim(&db, 1, NOW).await.remove(0).lease;
    write(&db, move |tx| {
        Box::pin(async move { jobs::release(tx, lease, NOW).await })
    })
    .await
    .unwrap();
    assert_eq!(claim(&db, 1, NOW).await.remove(0).attempt, 1);
}

pub(super) async fn a_dead_job_does_not_come_back_beside_a_pending_one(db: Db) {
    let dead = enqueue(&db, merging("old", NOW)).await.id;
    let job = claim(&db, 1, NOW).await.remove(0);
    fail(&db, &job, None).await.unwrap();
    enqueue(&db, merging("new", NOW)).await;
    let revive = write(&db, move |tx| {
        Box::pin(async move { jobs::retry_dead(tx, None, dead, NOW).await })
    });
    assert!(is_conflict(&revive.await, "merge key"));
}

pub(super) async fn finished_jobs_are_pruned_by_age(db: Db) {
    for age in 0..5 {
        enqueue(&db, mail("{}")).await;
        let job = claim(&db, 1, NOW).await.remove(0);
        complete(&db, &job, NOW.plus(age)).await.unwrap();
    }
    enqueue(&db, mail("pending")).await;
    let prune = |state, limit| {
        write(&db, move |tx| {
            Box::pin(async move { jobs::prune(tx, state, NOW.plus(3), limit).await })
        })
    };
    assert_eq!(prune(JobState::Dead, 10).await.unwrap(), 0);
    assert_eq!(prune(JobState::Done, 2).await.unwrap(), 2);
    assert_eq!(prune(JobState::Done, 2).await.unwrap(), 1);
    let counts = jobs::counts(db.read()).await.unwrap();
    let counts: Vec<_> = counts.into_iter().map(|c| (c.state, c.count)).collect();
    assert_eq!(counts, [(JobState::Pending, 1), (JobState::Done, 2)]);
}

pub(super) async fn jobs_of_other_sites_are_out_of_reach(db: Db) {
    let (own, other) = (Some(SiteId::from_u128(1)), Some(SiteId::from_u128(2)));
    let id = enqueue(
        &db,
        NewJob {
            site: own,
            ..mail("{}")
        },
    )
    .await
    .id;
    assert!(jobs::get(db.read(), own, id).await.is_ok());
    for stranger in [other, None] {
        assert!(is_missing(&jobs::get(db.read(), stranger, id).await));
        let filter = JobFilter {
            site: stranger,
            kind: None,
            state: None,
            limit: 10,
        };
        assert!(jobs::list(db.read(), &filter).await.unwrap().is_empty());
    }
    let filter = JobFilter {
        site: own,
        kind: Some("mail".into()),
        state: Some(JobState::Pending),
        limit: 10,
    };
    assert_eq!(jobs::list(db.read(), &filter).await.unwrap().len(), 1);
}
