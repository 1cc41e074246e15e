//! What a ledger promises, case by case.
#![allow(clippy::unwrap_used)]

use super::model_test::fast_dir;
use super::*;
use clew_core::model::id::{EventId, SiteId};
use std::path::PathBuf;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const NOW: i64 = 1_763_000_000_000;

fn options() -> LedgerOptions {
    LedgerOptions {
        flush_keys: 100,
        max_keys: 400,
        memory_bytes: 16 << 20,
        expiry_grace: Duration::ZERO,
        ..LedgerOptions::default()
    }
}

/// Key of a UUIDv7 made at `at`.
fn key(n: u64, at: i64) -> LedgerKey {
    let id = ((at as u128) << 80) | (7 << 76) | (0b10 << 62) | u128::from(n);
    LedgerKey::of(SiteId::from_u128(1), EventId::from_u128(id))
}

fn open(dir: &Path) -> Ledger {
    Ledger::open(dir, options()).unwrap().0
}

/// Admits `keys` as one group each of 50 and waits until everything is written.
fn fill(ledger: &mut Ledger, lsn: &mut u64, keys: impl Iterator<Item = LedgerKey>, at: i64) {
    for group in keys.collect::<Vec<_>>().chunks(50) {
        for &key in group {
            ledger.admit(key, at).unwrap();
        }
        *lsn += 1;
        ledger.commit(*lsn, at);
        ledger.wait_for_writer().unwrap();
    }
}

fn wait_until(ledger: &Ledger, what: impl Fn(&LedgerStats) -> bool) -> LedgerStats {
    for _ in 0..2_000 {
        let stats = ledger.monitor().stats();
        if what(&stats) {
            return stats;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("never: {:?}", ledger.monitor().stats());
}

fn run_files(dir: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(dir)
        .unwrap()
        .map(|file| file.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|e| e == "run"))
        .collect()
}

#[test]
fn an_aborted_group_was_never_there_and_a_refused_entry_takes_only_its_own_keys_back() {
    let dir = fast_dir();
    let mut ledger = open(dir.path());
    assert_eq!(ledger.admit(key(1, NOW), NOW).unwrap(), Admission::Fresh);
    assert_eq!(ledger.admit(key(1, NOW), NOW).unwrap(), Admission::Seen);
    ledger.abort();
    assert_eq!(ledger.admit(key(1, NOW), NOW).unwrap(), Admission::Fresh);
    let mark = ledger.mark();
    assert_eq!(ledger.admit(key(2, NOW), NOW).unwrap(), Admission::Fresh);
    ledger.rollback(mark);
    ledger.commit(1, NOW);
    assert_eq!(ledger.admit(key(1, NOW), NOW).unwrap(), Admission::Seen);
    assert_eq!(ledger.admit(key(2, NOW), NOW).unwrap(), Admission::Fresh);
}

#[test]
fn keys_are_forgotten_after_the_window_and_not_before() {
    let dir = fast_dir();
    let mut ledger = open(dir.path());
    let mut lsn = 0;
    fill(&mut ledger, &mut lsn, (0..200).map(|n| key(n, NOW)), NOW);
    let later = NOW + 7 * DAY + HOUR;
    fill(
        &mut ledger,
        &mut lsn,
        (200..300).map(|n| key(n, later)),
        later,
    );
    assert_eq!(ledger.admit(key(5, NOW), later).unwrap(), Admission::Seen);
    ledger.abort();
    let gone = later + 2 * HOUR;
    fill(
        &mut ledger,
        &mut lsn,
        (300..400).map(|n| key(n, gone)),
        gone,
    );
    wait_until(&ledger, |stats| stats.keys_on_disk <= 200);
    ledger.refresh();
    assert_eq!(ledger.admit(key(5, NOW), gone).unwrap(), Admission::Fresh);
    assert_eq!(
        ledger.admit(key(205, later), gone).unwrap(),
        Admission::Seen
    );
}

#[test]
fn a_clock_that_jumps_ahead_for_a_moment_makes_the_ledger_forget_nothing() {
    let dir = fast_dir();
    let options = LedgerOptions {
        expiry_grace: Duration::from_hours(1),
        ..options()
    };
    let mut ledger = Ledger::open(dir.path(), options).unwrap().0;
    let mut lsn = 0;
    fill(&mut ledger, &mut lsn, (0..200).map(|n| key(n, NOW)), NOW);
    let jumped = NOW + 3650 * DAY;
    fill(
        &mut ledger,
        &mut lsn,
        (200..400).map(|n| key(n, jumped)),
        jumped,
    );
    fill(&mut ledger, &mut lsn, (400..600).map(|n| key(n, NOW)), NOW);
    for n in 0..200 {
        assert_eq!(ledger.admit(key(n, NOW), NOW).unwrap(), Admission::Seen);
    }
    for n in 200..400 {
        assert_eq!(ledger.admit(key(n, jumped), NOW).unwrap(), Admission::Seen);
    }
}

#[test]
fn a_late_retry_of_an_early_or_timeless_key_is_seen() {
    let dir = fast_dir();
    let mut ledger = open(dir.path());
    let mut lsn = 0;
    let early = |n| key(n, NOW - 5 * DAY);
    let timeless =
        |n: u64| LedgerKey::of(SiteId::from_u128(1), EventId::hashed(&[&n.to_le_bytes()]));
    fill(
        &mut ledger,
        &mut lsn,
        (0..200).map(early).chain((0..200).map(timeless)),
        NOW,
    );
    let later = NOW + 6 * DAY;
    for n in 0..200 {
        assert_eq!(ledger.admit(early(n), later).unwrap(), Admission::Seen);
        assert_eq!(ledger.admit(timeless(n), later).unwrap(), Admission::Seen);
        assert_eq!(
            ledger.admit(early(n + 1_000), later).unwrap(),
            Admission::Fresh
        );
    }
}

#[test]
fn a_page_that_rots_in_use_is_refused_and_the_next_start_rebuilds() {
    let dir = fast_dir();
    let mut ledger = open(dir.path());
    let mut lsn = 0;
    fill(&mut ledger, &mut lsn, (0..100).map(|n| key(n, NOW)), NOW);
    let file = run_files(dir.path()).remove(0);
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[4096 + 50] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    assert!(matches!(
        ledger.admit(key(1, NOW), NOW),
        Err(LedgerError::Run { .. })
    ));
    assert_eq!(ledger.mark(), Mark(0), "nothing stays staged");
    assert_eq!(
        ledger.admit(key(1_000, NOW), NOW).unwrap(),
        Admission::Fresh
    );
    assert!(wait_until(&ledger, |stats| stats.damaged).damaged);
    fill(
        &mut ledger,
        &mut lsn,
        (1_000..1_200).map(|n| key(n, NOW)),
        NOW,
    );
    drop(ledger);
    let (ledger, after) = Ledger::open(dir.path(), options()).unwrap();
    assert_eq!(after, 0, "everything is replayed");
    assert_eq!(ledger.monitor().stats().runs, 0);
}

#[test]
fn a_missing_run_or_a_deleted_folder_brings_the_replay_back_to_where_it_is_needed() {
    let dir = fast_dir();
    let mut ledger = open(dir.path());
    let mut lsn = 0;
    fill(&mut ledger, &mut lsn, (0..100).map(|n| key(n, NOW)), NOW);
    let first = run_files(dir.path());
    fill(&mut ledger, &mut lsn, (100..200).map(|n| key(n, NOW)), NOW);
    drop(ledger);
    let second: Vec<_> = run_files(dir.path())
        .into_iter()
        .filter(|f| !first.contains(f))
        .collect();
    std::fs::remove_file(&second[0]).unwrap();
    assert_eq!(Ledger::open(dir.path(), options()).unwrap().1, 2);
    std::fs::remove_dir_all(dir.path()).unwrap();
    assert_eq!(Ledger::open(dir.path(), options()).unwrap().1, 0);
}

#[test]
fn a_disk_that_refuses_ends_in_backlog_and_heals_by_itself() {
    let dir = fast_dir();
    let mut ledger = open(dir.path());
    // A folder where the next manifest has to go: every write fails until it is gone.
    let obstacle = dir.path().join("MANIFEST.next");
    std::fs::create_dir(&obstacle).unwrap();
    let mut lsn = 0;
    let mut refused = None;
    for n in 0..2_000 {
        match ledger.admit(key(n, NOW), NOW) {
            Ok(_) => {
                lsn += 1;
                ledger.commit(lsn, NOW);
            }
            Err(error) => {
                refused = Some((n, error));
                break;
            }
        }
    }
    let (n, error) = refused.expect("memory is bounded");
    assert!(matches!(error, LedgerError::Backlog), "{error:?}");
    assert!(n <= 2 * 400, "{n} keys were held");
    assert_eq!(
        ledger.admit(key(0, NOW), NOW).unwrap(),
        Admission::Seen,
        "known keys are still known"
    );
    assert_eq!(ledger.monitor().flushed_lsn(), 0, "nothing is durable yet");
    wait_until(&ledger, |stats| stats.write_error.is_some());
    std::fs::remove_dir(&obstacle).unwrap();
    let stats = wait_until(&ledger, |stats| stats.write_error.is_none());
    assert!(stats.flushed_lsn > 0);
    ledger.commit(lsn, NOW);
    assert_eq!(
        ledger.admit(key(n, NOW), NOW).unwrap(),
        Admission::Fresh,
        "what was refused may come again"
    );
}

#[test]
fn failed_attempts_to_write_a_table_leave_no_run_files() {
    let dir = fast_dir();
    let (store, _) = Store::open(dir.path(), options()).unwrap();
    let mut table = KeyTable::new(0, 10);
    // One key of each family: two runs.
    table.insert(key(1, NOW).as_u128(), NOW);
    table.insert(key(2, NOW - 5 * DAY).as_u128(), NOW);
    table.commit(1);
    // A folder where the second run has to go.
    let second = dir.path().join(format!("{:016x}.run", 2));
    std::fs::create_dir(&second).unwrap();
    store.flush(&table).unwrap_err();
    assert_eq!(run_files(dir.path()), std::slice::from_ref(&second));
    std::fs::remove_dir(&second).unwrap();
    // The same for the manifest, after both runs.
    let manifest = dir.path().join("MANIFEST.next");
    std::fs::create_dir(&manifest).unwrap();
    for _ in 0..3 {
        store.flush(&table).unwrap_err();
        assert!(run_files(dir.path()).is_empty());
    }
    std::fs::remove_dir(&manifest).unwrap();
    store.flush(&table).unwrap();
    assert_eq!((run_files(dir.path()).len(), store.stats().runs), (2, 2));
}

#[test]
fn memory_stays_below_its_limit_whatever_is_on_disk() {
    let dir = fast_dir();
    let options = LedgerOptions {
        flush_keys: 20_000,
        max_keys: 28_000,
        memory_bytes: 10_200_000,
        ..options()
    };
    let budget = options.filter_bytes();
    let mut ledger = Ledger::open(dir.path(), options).unwrap().0;
    let at = |n: u64| NOW + (n / 100_000) as i64 * DAY;
    for n in 0..500_000_u64 {
        ledger.admit(key(n, at(n)), at(n)).unwrap();
        if n % 5_000 == 4_999 {
            ledger.commit(n / 5_000 + 1, at(n));
            if ledger.frozen.is_some() && ledger.table.len() >= 20_000 {
                ledger.wait_for_writer().unwrap();
            }
            assert!(ledger.monitor().stats().filter_bytes <= budget);
        }
    }
    let stats = ledger.monitor().stats();
    assert!(stats.keys_on_disk > 400_000);
    assert!(
        budget < stats.keys_on_disk * 12 / 8,
        "the filters do not all fit: {budget}"
    );
    for n in (0..500_000).step_by(997) {
        assert_eq!(
            ledger.admit(key(n, at(n)), at(500_000)).unwrap(),
            Admission::Seen
        );
    }
}

#[test]
fn a_past_day_ends_as_one_run() {
    let dir = fast_dir();
    let mut ledger = open(dir.path());
    let mut lsn = 0;
    for day in 0..4 {
        let at = NOW + day * DAY;
        let numbers = day as u64 * 1_000..day as u64 * 1_000 + 700;
        fill(&mut ledger, &mut lsn, numbers.map(|n| key(n, at)), at);
    }
    let now = NOW + 4 * DAY;
    fill(
        &mut ledger,
        &mut lsn,
        (9_000..9_100).map(|n| key(n, now)),
        now,
    );
    let stats = wait_until(&ledger, |stats| stats.runs == 5);
    assert_eq!(stats.keys_on_disk, 4 * 700 + 100);
    assert_eq!(run_files(dir.path()).len(), 5);
}

#[test]
fn catching_up_decodes_the_ids_of_a_batch_and_skips_what_has_expired() {
    use clew_core::model::record::{BatchIds, IdOnly};
    use prost::Message as _;
    let dir = fast_dir();
    let mut ledger = open(dir.path());
    let site = SiteId::from_u128(1);
    let id = |n: u128| IdOnly {
        event_id: EventId::from_u128(n),
    };
    let batch = |events: &[u128], quarantined: &[u128]| BatchIds {
        events: events.iter().map(|&n| id(n)).collect(),
        quarantined: quarantined.iter().map(|&n| id(n)).collect(),
        erased: vec![LedgerKey::of(site, EventId::from_u128(77))],
    };
    let record = |lsn, received_ms, kind, batch: &BatchIds| {
        Ok::<_, std::io::Error>(LedgerRecord {
            lsn,
            kind,
            received_ms,
            site,
            payload: batch.encode_to_vec(),
        })
    };
    let records = [
        record(1, NOW - 30 * DAY, 1, &batch(&[1], &[])),
        record(2, NOW, 1, &batch(&[2, 3], &[4])),
        record(3, NOW, 2, &batch(&[5], &[])),
        record(4, NOW, 200, &batch(&[6], &[])),
    ];
    let done = catch_up(&mut ledger, records, NOW - 8 * DAY).unwrap();
    assert_eq!(
        done,
        CaughtUp {
            records: 4,
            keys: 6,
            last_lsn: 4
        }
    );
    let seen = |ledger: &mut Ledger, n| {
        ledger
            .admit(LedgerKey::of(site, EventId::from_u128(n)), NOW)
            .unwrap()
    };
    for n in [2, 3, 5, 77] {
        assert_eq!(seen(&mut ledger, n), Admission::Seen);
    }
    // The event that was quarantined is known as such; sent again and put right, it is new.
    let quarantined = LedgerKey::of_quarantined(site, EventId::from_u128(4));
    assert_eq!(ledger.admit(quarantined, NOW).unwrap(), Admission::Seen);
    for n in [1, 4, 6] {
        assert_eq!(seen(&mut ledger, n), Admission::Fresh);
    }
    let torn = Ok::<_, std::io::Error>(LedgerRecord {
        lsn: 5,
        kind: 1,
        received_ms: NOW,
        site,
        payload: vec![10, 200],
    });
    assert!(matches!(
        catch_up(&mut ledger, [torn], 0),
        Err(CatchUpError::Payload { lsn: 5, .. })
    ));
}
