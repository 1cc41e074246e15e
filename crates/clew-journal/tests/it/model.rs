//! Random lives of a journal on a disk that fails, is cut off and forgets, against a model.
//!
//! The oracle: what was acknowledged is stored, what is stored was sent, each once, in order; a
//! record that a reader has seen is seen again with the same number; and no alarm is raised over
//! acknowledged numbers.

use crate::{
    cases,
    ledger::{Entry, Ledger, decode},
};
use clew_journal::{
    Journal, Lsn, Options, ReadError, Reader, Recovered, Rewrite, Status, SyncPolicy,
    storage::sim::{Fault, Op, SimDisk},
};
use proptest::{prelude::*, test_runner::RngSeed};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

#[derive(Clone, Debug)]
enum Step {
    /// Batches of so many new ids that share a commit group, and how many old unknown ones to
    /// send again with them.
    Group {
        batches: Vec<u8>,
        retries: u8,
    },
    /// Sends ids again that were acknowledged.
    Repeat(u8),
    Seal,
    /// Drops every record of a segment whose first id is divisible by this.
    Erase {
        segment: u8,
        divisor: u64,
    },
    Fail(Op, u8, u8),
    /// The process or the machine stops in the middle of the so-manieth operation.
    StopIn(u8, End),
    /// Restarts, and may stop again in the middle of the recovery's operations.
    Restart(End, Option<u8>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Close,
    Kill,
    PowerCut,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let op = prop::sample::select(vec![
        Op::Write,
        Op::Sync,
        Op::Sync,
        Op::SetLen,
        Op::Create,
        Op::Open,
        Op::Rename,
        Op::SyncDir,
    ]);
    let end = prop::sample::select(vec![End::Close, End::Kill, End::PowerCut, End::PowerCut]);
    let step = prop_oneof![
        8 => (prop::collection::vec(1..4u8, 1..5), 0..4u8)
            .prop_map(|(batches, retries)| Step::Group { batches, retries }),
        1 => (1..5u8).prop_map(Step::Repeat),
        1 => Just(Step::Seal),
        1 => (any::<u8>(), 2..5u64).prop_map(|(segment, divisor)| Step::Erase { segment, divisor }),
        3 => (op, 0..3u8, 1..4u8).prop_map(|(op, after, times)| Step::Fail(op, after, times)),
        2 => (1..12u8, end.clone()).prop_map(|(ops, end)| Step::StopIn(ops, end)),
        3 => (end, prop::option::of(1..10u8)).prop_map(|(end, stop)| Step::Restart(end, stop)),
    ];
    prop::collection::vec(step, 1..40)
}

/// What the clients know, and what readers have seen.
#[derive(Default)]
struct Model {
    next_id: u64,
    acked: BTreeSet<u64>,
    unknown: BTreeSet<u64>,
    erased: BTreeSet<u64>,
    seen: BTreeMap<u64, Vec<u64>>,
}

struct Life {
    disk: SimDisk,
    options: Options,
    journal: Option<Journal<Ledger>>,
    follower: Option<Reader>,
    model: Model,
    stop: End,
    again: Option<u8>,
    runtime: tokio::runtime::Runtime,
}

impl Life {
    fn new(seed: u64, sync: SyncPolicy) -> Self {
        let options = Options {
            segment_bytes: 16 << 10,
            sync,
            ..Options::new("/journal")
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let mut life = Self {
            disk: SimDisk::new(seed),
            options,
            journal: None,
            follower: None,
            model: Model::default(),
            stop: End::PowerCut,
            again: None,
            runtime,
        };
        life.start();
        life
    }

    fn start(&mut self) {
        let recovered = self.recover();
        for damage in &recovered.report().damage {
            let range = span(damage.lost);
            let acked = |ids: &Vec<u64>| ids.iter().any(|id| self.model.acked.contains(id));
            let hit = self.model.seen.range(range).any(|(_, ids)| acked(ids));
            assert!(
                damage.last_group && !hit,
                "acknowledged records damaged: {damage:?}"
            );
        }
        self.model.check(recovered.reader(Lsn(0)), true);
        let ledger = Ledger::replay(recovered.reader(Lsn(0)));
        let (journal, report) = recovered.start(ledger).unwrap();
        self.follower = Some(journal.reader(report.last));
        self.journal = Some(journal);
    }

    fn recover(&mut self) -> Recovered {
        if let Some(ops) = self.again.take() {
            self.disk.stop_in(u64::from(ops));
        }
        loop {
            let storage = Arc::new(self.disk.clone());
            match Recovered::open_on(storage, self.options.clone()) {
                Ok(recovered) => return recovered,
                Err(_) if self.disk.is_off() => self.disk = self.disk.after_power_cut(),
                Err(error) => panic!("{error}"),
            }
        }
    }

    fn restart(&mut self, end: End) {
        let disk = match end {
            End::Close if !self.disk.is_off() => {
                self.journal.take().unwrap().close();
                self.disk.after_kill()
            }
            End::PowerCut => self.disk.after_power_cut(),
            End::Close | End::Kill => self.disk.after_kill(),
        };
        self.follower = None;
        self.journal = None;
        self.disk = disk;
        self.start();
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Group { batches, retries } => self.send(batches, *retries),
            Step::Repeat(n) => {
                let ids: Vec<u64> = self
                    .model
                    .acked
                    .iter()
                    .rev()
                    .take(*n as usize)
                    .copied()
                    .collect();
                let ids = ids.into_iter().filter(|id| !self.model.erased.contains(id));
                let batch = ids.collect();
                self.append(vec![batch]);
            }
            Step::Seal => drop(self.journal().seal()),
            Step::Erase { segment, divisor } => self.erase(*segment, *divisor),
            Step::Fail(op, after, times) => self.disk.arm(Fault {
                op: *op,
                after: u64::from(*after),
                times: u64::from(*times),
                errno: if times % 2 == 0 { 28 } else { 5 },
            }),
            Step::StopIn(ops, end) => {
                self.disk.stop_in(u64::from(*ops));
                self.stop = *end;
            }
            Step::Restart(end, stop) => {
                self.again = *stop;
                self.restart(*end);
            }
        }
        if self.disk.is_off() {
            self.restart(self.stop);
        }
        let follower = self.follower.as_mut().unwrap();
        self.model.check(follower, false);
    }

    fn journal(&self) -> &Journal<Ledger> {
        self.journal.as_ref().unwrap()
    }

    fn send(&mut self, batches: &[u8], retries: u8) {
        let model = &mut self.model;
        let again: Vec<u64> = model
            .unknown
            .iter()
            .take(retries as usize)
            .copied()
            .collect();
        let mut groups = Vec::new();
        for size in batches {
            let first = model.next_id;
            model.next_id += u64::from(*size);
            groups.push((first..model.next_id).collect::<Vec<_>>());
        }
        // The same ids twice in one group: only one of them may be written.
        groups.push(again.clone());
        groups.push(again);
        self.append(groups);
    }

    /// Puts all batches into one commit group and notes the answers.
    fn append(&mut self, batches: Vec<Vec<u64>>) {
        self.wait_until_healthy();
        self.model.unknown.extend(
            batches
                .iter()
                .flatten()
                .filter(|id| !self.model.acked.contains(id)),
        );
        let journal = self.journal().clone();
        let answers = self.runtime.block_on(async {
            let (held, is_held) = mpsc::channel();
            let (let_go, release) = mpsc::channel();
            let hold = tokio::spawn({
                let journal = journal.clone();
                async move { journal.append(Entry::Hold { held, release }).await }
            });
            tokio::task::yield_now().await;
            let holding = is_held.recv_timeout(Duration::from_secs(5)).is_ok();
            let mut tasks = Vec::new();
            for ids in batches {
                let journal = journal.clone();
                tasks.push(tokio::spawn(async move {
                    (ids.clone(), journal.append(Entry::Events(ids)).await)
                }));
            }
            tokio::task::yield_now().await;
            if holding {
                let_go.send(()).unwrap();
            }
            drop(hold.await.unwrap());
            let mut answers = Vec::new();
            for task in tasks {
                answers.push(task.await.unwrap());
            }
            answers
        });
        for (ids, answer) in answers {
            if answer.is_ok() {
                self.model.unknown.retain(|id| !ids.contains(id));
                self.model.acked.extend(ids);
            }
        }
    }

    fn wait_until_healthy(&self) {
        let patience = Instant::now() + Duration::from_millis(150);
        while self.journal().status() != Status::Healthy && Instant::now() < patience {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn erase(&mut self, segment: u8, divisor: u64) {
        let segments = self.journal().segments();
        let id = segments[segment as usize % segments.len()].id;
        let mut gone = Vec::new();
        let done = self.journal().rewrite(id, |record| {
            let ids = decode(&record.payload);
            if ids[0].is_multiple_of(divisor) {
                gone.extend(ids);
                Rewrite::Drop
            } else {
                Rewrite::Keep
            }
        });
        // A rewrite that failed may still have happened: from here on either is right.
        self.model.unknown.retain(|id| !gone.contains(id));
        self.model.erased.extend(gone.iter().copied());
        if done.is_ok() {
            let records = self.journal().reader(Lsn(0));
            let left: BTreeSet<u64> = records.flatten().flat_map(|r| decode(&r.payload)).collect();
            assert!(
                gone.iter().all(|id| !left.contains(id)),
                "erased ids are still read"
            );
        }
    }
}

impl Model {
    /// Holds a reader's records against everything known; `whole`: it started at the beginning.
    fn check(
        &mut self,
        reader: impl IntoIterator<Item = Result<clew_journal::Record, ReadError>>,
        whole: bool,
    ) {
        let mut last = 0;
        let mut stored: HashMap<u64, u64> = HashMap::new();
        for item in reader {
            let record = match item {
                Ok(record) => record,
                Err(ReadError::Damaged { lost, .. }) if whole => {
                    assert!(
                        self.seen.range(span(lost)).next().is_none(),
                        "seen records lost"
                    );
                    continue;
                }
                Err(error) => panic!("{error}"),
            };
            let lsn = record.lsn.0;
            assert!(lsn > last, "order: {lsn} after {last}");
            last = lsn;
            let ids = decode(&record.payload);
            for id in &ids {
                assert!(*id < self.next_id, "{id} was never sent");
                let twice = stored.insert(*id, lsn);
                assert!(twice.is_none(), "{id} is stored at {twice:?} and {lsn}");
            }
            if let Some(before) = self.seen.insert(lsn, ids.clone()) {
                assert_eq!(before, ids, "LSN {lsn} changed its content");
            }
        }
        if whole {
            let gone: Vec<_> = self
                .acked
                .iter()
                .filter(|id| !stored.contains_key(id) && !self.erased.contains(id))
                .collect();
            assert!(gone.is_empty(), "acknowledged and lost: {gone:?}");
            for (lsn, ids) in &self.seen {
                let kept = ids
                    .iter()
                    .all(|id| stored.get(id) == Some(lsn) || self.erased.contains(id));
                assert!(kept, "LSN {lsn} was read before and is gone");
            }
        }
    }
}

/// LSNs as a range, empty for none.
fn span(lost: Option<(Lsn, Lsn)>) -> std::ops::Range<u64> {
    lost.map_or(0..0, |(from, to)| from.0..to.0 + 1)
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: cases(200, 20_000),
        rng_seed: RngSeed::Fixed(0x00c1_e300),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn acknowledged_records_survive_any_life(seed in any::<u64>(), steps in steps()) {
        let mut life = Life::new(seed, SyncPolicy::Durable);
        for step in &steps {
            life.step(step);
        }
        life.restart(End::PowerCut);
        life.restart(End::Kill);
    }
}

#[test]
fn without_syncs_every_power_cut_is_caught_losing_data() {
    for seed in 0..u64::from(cases(50, 1000)) {
        let mut life = Life::new(seed, SyncPolicy::Never);
        for _ in 0..10 {
            life.send(&[3, 2], 0);
        }
        let sent = life.model.acked.len();
        assert_eq!(sent, 50);
        let caught =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| life.restart(End::PowerCut)));
        assert!(
            caught.is_err(),
            "seed {seed}: nothing was synced, yet nothing seems lost"
        );
    }
}
