//! The runner against a real table (SQLite; the table's own suite runs on PostgreSQL too).

use super::schedule::Scheduled;
use super::{Context, Job, JobError, Options, Registry, Runner, SCHEDULES, new_job};
use crate::admin::lock::DataLock;
use crate::app::App;
use crate::config::{Config, Overrides};
use clew_core::model::EpochMs;
use clew_core::model::id::RowId;
use clew_store::relational::jobs::backoff::Backoff;
use clew_store::relational::jobs::{self, NewJob};
use clew_store::relational::{Db, JobState, accounts};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

fn now() -> EpochMs {
    EpochMs(jiff::Timestamp::now().as_millisecond())
}

/// What the test job does, and what it saw.
#[derive(Debug, Default)]
struct Probe {
    seen: parking_lot::Mutex<Vec<(RowId, u16)>>,
    running: AtomicUsize,
    most: AtomicUsize,
    gate: Notify,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum Act {
    Succeed,
    FailOnce,
    GiveUp,
    PanicOnce,
    WaitForGate,
    Sleep(u64),
    WriteAndComplete { fail_after: bool },
}

#[derive(Debug, Serialize, Deserialize)]
struct Test(Act);

impl Job<Probe> for Test {
    const KIND: &'static str = "test";
    const BACKOFF: Backoff = Backoff {
        base_ms: 1,
        cap_ms: 1,
    };

    async fn run(self, context: Context<Probe>) -> Result<(), JobError> {
        let probe = context.services.clone();
        probe.seen.lock().push((context.id, context.attempt));
        let running = probe.running.fetch_add(1, Ordering::SeqCst) + 1;
        probe.most.fetch_max(running, Ordering::SeqCst);
        let result = act(self.0, &context).await;
        probe.running.fetch_sub(1, Ordering::SeqCst);
        result
    }
}

async fn act(act: Act, context: &Context<Probe>) -> Result<(), JobError> {
    let first = context.attempt == 1;
    match act {
        Act::FailOnce if first => return Err(std::io::Error::other("not yet").into()),
        Act::GiveUp => return Err(JobError::GiveUp(anyhow::anyhow!("never"))),
        Act::PanicOnce if first => panic!("on purpose"),
        Act::WaitForGate => context.services.gate.notified().await,
        Act::Sleep(ms) => tokio::time::sleep(Duration::from_millis(ms)).await,
        Act::WriteAndComplete { fail_after } => {
            let own = context.clone();
            let work = context.db.write_tx(move |tx| {
                Box::pin(async move {
                    accounts::create(tx, "effect", now()).await?;
                    own.complete_in(tx).await
                })
            });
            work.await?;
            if fail_after {
                return Err(std::io::Error::other("after the effect").into());
            }
        }
        Act::Succeed | Act::FailOnce | Act::PanicOnce => {}
    }
    Ok(())
}

struct Rig {
    db: Db,
    probe: Arc<Probe>,
    shutdown: CancellationToken,
    runners: Vec<JoinHandle<()>>,
}

impl Rig {
    async fn start(path: &Path, runners: usize, options: Options) -> Self {
        let db = Db::open_sqlite(path).await.unwrap();
        let mut rig = Self {
            db,
            probe: Arc::default(),
            shutdown: CancellationToken::new(),
            runners: Vec::new(),
        };
        for _ in 0..runners {
            rig.add_runner(options.clone(), &[], now);
        }
        rig
    }

    fn add_runner(
        &mut self,
        options: Options,
        schedules: &'static [Scheduled],
        clock: fn() -> EpochMs,
    ) {
        let registry = Registry::new().job::<Test>();
        let runner = Runner::new(
            self.db.clone(),
            self.probe.clone(),
            registry,
            options,
            clock,
        );
        let shutdown = self.shutdown.clone();
        self.runners.push(tokio::spawn(async move {
            runner.run(schedules, shutdown).await.unwrap();
        }));
    }

    async fn enqueue(&self, act: Act) -> RowId {
        let job = new_job::<Probe, _>(&Test(act), now()).unwrap();
        self.enqueue_row(job).await
    }

    async fn enqueue_row(&self, job: NewJob) -> RowId {
        let work = self
            .db
            .write_tx(move |tx| Box::pin(async move { jobs::enqueue(tx, job, now()).await }));
        work.await.unwrap().id
    }

    async fn job(&self, id: RowId) -> jobs::Job {
        jobs::get(self.db.read(), None, id).await.unwrap()
    }

    /// Waits for a state: the longest a case may take, not how long it takes.
    async fn reaches(&self, id: RowId, state: JobState) {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
        while self.job(id).await.state != state {
            assert!(
                tokio::time::Instant::now() < deadline,
                "{:?}",
                self.job(id).await
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn stop(&mut self) {
        self.shutdown.cancel();
        for runner in self.runners.drain(..) {
            runner.await.unwrap();
        }
    }

    fn attempts(&self, id: RowId) -> Vec<u16> {
        let seen = self.probe.seen.lock();
        seen.iter()
            .filter(|(seen, _)| *seen == id)
            .map(|(_, attempt)| *attempt)
            .collect()
    }
}

/// Polling is so slow that only a wake-up explains a job that ran.
fn patient() -> Options {
    Options {
        poll: Duration::from_hours(1),
        ..Options::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_committed_job_runs_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut rig = Rig::start(&folder.path().join("db"), 1, patient()).await;
    for _ in 0..3 {
        let id = rig.enqueue(Act::Succeed).await;
        rig.reaches(id, JobState::Done).await;
        assert_eq!(rig.attempts(id), [1]);
    }
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delayed_job_wakes_the_runner_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let mut rig = Rig::start(&folder.path().join("db"), 1, patient()).await;
    let mut job = new_job::<Probe, _>(&Test(Act::Succeed), now()).unwrap();
    job.run_at = now().plus(300);
    let (earliest, id) = (job.run_at, rig.enqueue_row(job).await);
    rig.reaches(id, JobState::Done).await;
    assert!(now() >= earliest);
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn errors_and_panics_are_retried_and_giving_up_is_final() {
    let folder = tempfile::tempdir().unwrap();
    let mut rig = Rig::start(&folder.path().join("db"), 1, patient()).await;
    let (failing, panicking) = (
        rig.enqueue(Act::FailOnce).await,
        rig.enqueue(Act::PanicOnce).await,
    );
    let hopeless = rig.enqueue(Act::GiveUp).await;
    let mut unreadable = NewJob::now("test", "not json", now());
    unreadable.max_attempts = 5;
    let unreadable = rig.enqueue_row(unreadable).await;
    rig.reaches(failing, JobState::Done).await;
    rig.reaches(panicking, JobState::Done).await;
    rig.reaches(hopeless, JobState::Dead).await;
    rig.reaches(unreadable, JobState::Dead).await;
    assert_eq!(
        (rig.attempts(failing), rig.attempts(panicking)),
        (vec![1, 2], vec![1, 2])
    );
    assert_eq!(rig.attempts(hopeless), [1]);
    assert_eq!(rig.job(hopeless).await.last_error.as_deref(), Some("never"));
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_runners_share_the_work_within_their_limits() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        concurrency: 2,
        ..patient()
    };
    let mut rig = Rig::start(&folder.path().join("db"), 2, options).await;
    let mut ids = Vec::new();
    for _ in 0..20 {
        ids.push(rig.enqueue(Act::Sleep(10)).await);
    }
    for id in ids {
        rig.reaches(id, JobState::Done).await;
        assert_eq!(rig.attempts(id), [1]);
    }
    assert!(rig.probe.most.load(Ordering::SeqCst) <= 4);
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shutdown_waits_for_running_jobs_and_hands_back_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        drain: Duration::from_millis(400),
        ..patient()
    };
    let mut rig = Rig::start(&folder.path().join("db"), 1, options).await;
    let (short, endless) = (
        rig.enqueue(Act::Sleep(150)).await,
        rig.enqueue(Act::WaitForGate).await,
    );
    rig.reaches(short, JobState::Running).await;
    rig.reaches(endless, JobState::Running).await;
    rig.stop().await;
    assert_eq!(rig.job(short).await.state, JobState::Done);
    let back = rig.job(endless).await;
    assert_eq!((back.state, back.attempts), (JobState::Pending, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_job_keeps_its_lease() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        lease: Duration::from_millis(300),
        poll: Duration::from_millis(20),
        ..Options::default()
    };
    let mut rig = Rig::start(&folder.path().join("db"), 2, options).await;
    let id = rig.enqueue(Act::Sleep(1_500)).await;
    rig.reaches(id, JobState::Done).await;
    assert_eq!(rig.attempts(id), [1]);
    rig.stop().await;
}

/// The first process is torn down in the middle of a job, without a word to the database.
#[test]
fn a_killed_process_leaves_its_jobs_to_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let options = Options {
        lease: Duration::from_millis(200),
        poll: Duration::from_millis(20),
        ..Options::default()
    };
    let first = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let id = first.block_on(async {
        let rig = Rig::start(&path, 1, options.clone()).await;
        let id = rig.enqueue(Act::WaitForGate).await;
        rig.reaches(id, JobState::Running).await;
        id
    });
    first.shutdown_timeout(Duration::from_secs(5));

    let second = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    second.block_on(async {
        let mut rig = Rig::start(&path, 1, options).await;
        while rig.attempts(id).is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(rig.attempts(id), [2], "same id, next attempt");
        rig.probe.gate.notify_one();
        rig.reaches(id, JobState::Done).await;
        rig.stop().await;
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn effects_in_the_completing_transaction_happen_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut rig = Rig::start(&folder.path().join("db"), 1, patient()).await;
    for fail_after in [false, true] {
        let id = rig.enqueue(Act::WriteAndComplete { fail_after }).await;
        rig.reaches(id, JobState::Done).await;
        assert_eq!(rig.attempts(id), [1]);
    }
    rig.stop().await;
    assert_eq!(accounts::list(rig.db.read()).await.unwrap().len(), 2);
}

static CLOCK: AtomicI64 = AtomicI64::new(1_790_000_000_000);

fn moved_by_hand() -> EpochMs {
    EpochMs(CLOCK.load(Ordering::SeqCst))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_schedule_ticks_once_for_all_runners() {
    const HOURLY: &[Scheduled] = &[Scheduled {
        name: "hourly",
        kind: "test",
        cron: "0 * * * *",
        payload: r#""Succeed""#,
    }];
    let folder = tempfile::tempdir().unwrap();
    let mut rig = Rig::start(&folder.path().join("db"), 0, patient()).await;
    for _ in 0..3 {
        rig.add_runner(
            Options {
                poll: Duration::from_millis(10),
                ..patient()
            },
            HOURLY,
            moved_by_hand,
        );
    }
    let seen = || rig.probe.seen.lock().len();
    for ticks in 1..=3 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        CLOCK.fetch_add(EpochMs::HOUR, Ordering::SeqCst);
        while seen() < ticks {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(seen(), ticks);
    }
    rig.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_scheduled_has_a_handler_that_accepts_its_payload() {
    let names: BTreeMap<_, _> = SCHEDULES.iter().map(|s| (s.name, s.kind)).collect();
    assert_eq!(names.len(), SCHEDULES.len());
    let folder = tempfile::tempdir().unwrap();
    let overrides = Overrides {
        data_dir: Some(folder.path().join("data")),
        ..Overrides::default()
    };
    let config = Config::from_sources(&overrides, |_| None).unwrap();
    let lock = DataLock::take(&config.data_dir).unwrap();
    // The app's own runner does the work.
    let app = App::open(config, lock).await.unwrap();
    while app.events().is_err() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let mut enqueued = Vec::new();
    for scheduled in SCHEDULES {
        let job = NewJob::now(scheduled.kind, scheduled.payload, now());
        let work = app
            .db
            .write_tx(move |tx| Box::pin(async move { jobs::enqueue(tx, job, now()).await }));
        enqueued.push(work.await.unwrap().id);
    }
    for id in enqueued {
        loop {
            let job = jobs::get(app.db.read(), None, id).await.unwrap();
            assert_eq!(job.last_error, None, "{}", job.kind);
            if job.state == JobState::Done {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    app.close().await;
}
