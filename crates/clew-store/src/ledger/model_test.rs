//! The ledger against a plain set, under random groups, flushes, merges and crashes.
#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;
use std::collections::HashMap;

const HOUR: i64 = 3_600_000;
const START: i64 = 1_763_000_000_000;

#[derive(Clone, Debug)]
enum Step {
    /// Keys to admit, commit or abort, hours that pass before.
    Group {
        keys: Vec<u16>,
        commit: bool,
        hours: i64,
    },
    /// Wait until the writer has caught up.
    Settle,
    /// Stop without writing anything and start again; with the manifest cut or a run damaged.
    Crash(Damage),
    Close,
}

#[derive(Clone, Copy, Debug)]
enum Damage {
    None,
    Manifest,
    Run(usize),
}

/// The journal: what was durably written, in order.
#[derive(Default)]
struct Oracle {
    records: Vec<(u64, i64, Vec<LedgerKey>)>,
    received: HashMap<u16, i64>,
}

/// A folder whose syncs cost nothing where the system has one: what is tested here is what happens
/// between them.
pub(super) fn fast_dir() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() {
        memory.to_owned()
    } else {
        std::env::temp_dir()
    };
    tempfile::tempdir_in(base).unwrap()
}

/// Every third key carries the hour of its first use, the others none or a far one.
fn key(n: u16) -> LedgerKey {
    let hash = blake3::hash(&n.to_le_bytes());
    let hash = u128::from_le_bytes(*hash.as_bytes().first_chunk().unwrap()) & !0xffff;
    let hour = match n % 3 {
        0 => LedgerKey::hour_of(START + i64::from(n) * HOUR / 16),
        1 => 0,
        _ => n,
    };
    LedgerKey::from_u128(hash | u128::from(hour))
}

fn options() -> LedgerOptions {
    LedgerOptions {
        flush_keys: 20,
        max_keys: 100_000,
        expiry_grace: Duration::ZERO,
        memory_bytes: 16 << 20,
        ..LedgerOptions::default()
    }
}

fn start(dir: &Path, oracle: &Oracle) -> Ledger {
    let (mut ledger, after) = Ledger::open(dir, options()).unwrap();
    for (lsn, at, keys) in oracle.records.iter().filter(|r| r.0 > after) {
        ledger.replay(*lsn, *at, keys.iter().copied()).unwrap();
    }
    ledger
}

fn damage(dir: &Path, damage: Damage) {
    let flip = |path: &Path, at: usize| {
        let mut bytes = std::fs::read(path).unwrap();
        let at = at % bytes.len();
        bytes[at] ^= 0x40;
        std::fs::write(path, bytes).unwrap();
    };
    match damage {
        Damage::Manifest if dir.join("MANIFEST").exists() => flip(&dir.join("MANIFEST"), 30),
        Damage::None | Damage::Manifest => {}
        Damage::Run(seed) => {
            let mut runs: Vec<_> = std::fs::read_dir(dir)
                .unwrap()
                .map(|f| f.unwrap().path())
                .filter(|p| p.extension().is_some_and(|e| e == "run"))
                .collect();
            runs.sort();
            if !runs.is_empty() {
                // Headers are verified when a run is opened; pages only when they are read.
                flip(&runs[seed % runs.len()], seed % 4096);
            }
        }
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let group = (
        prop::collection::vec(0..400_u16, 1..30),
        prop::bool::weighted(0.85),
        0..6_i64,
    )
        .prop_map(|(keys, commit, hours)| Step::Group {
            keys,
            commit,
            hours,
        });
    let crash = prop_oneof![
        3 => Just(Damage::None),
        1 => Just(Damage::Manifest),
        1 => any::<usize>().prop_map(Damage::Run),
    ];
    let step = prop_oneof![
        16 => group,
        2 => Just(Step::Settle),
        2 => crash.prop_map(Step::Crash),
        1 => Just(Step::Close),
    ];
    prop::collection::vec(step, 1..60)
}

fn run(steps: Vec<Step>) {
    let dir = fast_dir();
    let mut oracle = Oracle::default();
    let mut ledger = start(dir.path(), &oracle);
    let (mut now, mut lsn) = (START, 0);
    for step in steps {
        match step {
            Step::Group {
                keys,
                commit,
                hours,
            } => {
                now += hours * HOUR;
                let mut group: Vec<u16> = Vec::new();
                for n in keys {
                    let admission = ledger.admit(key(n), now).unwrap();
                    let known = oracle.received.get(&n);
                    let must_know =
                        group.contains(&n) || known.is_some_and(|at| now - at <= 7 * 24 * HOUR);
                    assert!(
                        !must_know || admission == Admission::Seen,
                        "key {n} counted twice"
                    );
                    assert!(
                        known.is_some() || group.contains(&n) || admission == Admission::Fresh,
                        "key {n} lost"
                    );
                    if admission == Admission::Fresh {
                        group.push(n);
                    }
                }
                if commit {
                    lsn += 1;
                    oracle
                        .records
                        .push((lsn, now, group.iter().map(|&n| key(n)).collect()));
                    oracle.received.extend(group.iter().map(|&n| (n, now)));
                    ledger.commit(lsn, now);
                } else {
                    ledger.abort();
                }
            }
            Step::Settle => ledger.wait_for_writer().unwrap(),
            Step::Crash(kind) => {
                drop(ledger);
                damage(dir.path(), kind);
                ledger = start(dir.path(), &oracle);
            }
            Step::Close => {
                ledger.close().unwrap();
                let (reopened, after) = Ledger::open(dir.path(), options()).unwrap();
                assert_eq!(after, lsn, "a closed ledger needs no replay");
                ledger = reopened;
            }
        }
        assert!(ledger.monitor().flushed_lsn() <= lsn);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_key_is_counted_twice_in_seven_days_and_no_fresh_key_is_refused(steps in steps()) {
        run(steps);
    }
}
