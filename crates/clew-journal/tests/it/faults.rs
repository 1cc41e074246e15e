//! Disks that are full, failing, slow to recover, or in use.

use crate::ledger::{Entry, HEADER, Ledger};
use clew_journal::{
    AppendError, Gate, Header, Journal, Lsn, Open, OpenError, Options, Recovered, SegmentError,
    SegmentId, Status,
    storage::sim::{Fault, Op, SimDisk},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

const EIO: i32 = 5;

fn open(disk: &SimDisk) -> Journal<Open> {
    let options = Options::new("/journal");
    Journal::open_on(Arc::new(disk.clone()), options, Open)
        .unwrap()
        .0
}

async fn append(journal: &Journal<Open>, payload: &[u8]) -> Result<u64, AppendError> {
    journal
        .append((HEADER, payload.to_vec()))
        .await
        .map(|done| done.lsn.unwrap().0)
}

fn texts(journal: &Journal<Open>) -> Vec<(u64, Vec<u8>)> {
    journal
        .reader(Lsn(0))
        .map(Result::unwrap)
        .map(|r| (r.lsn.0, r.payload.to_vec()))
        .collect()
}

async fn until(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "waited in vain: {what}"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_full_disk_refuses_at_once_keeps_reading_and_heals_by_itself() {
    let disk = SimDisk::new(1);
    let journal = open(&disk);
    append(&journal, b"before").await.unwrap();
    disk.set_capacity(9000);
    let refused = append(&journal, &[0; 4000]).await;
    assert!(matches!(refused, Err(AppendError::Full)), "{refused:?}");
    assert!(matches!(journal.status(), Status::ReadOnly { .. }));
    let start = Instant::now();
    assert!(matches!(
        append(&journal, b"x").await,
        Err(AppendError::Full)
    ));
    assert!(start.elapsed() < Duration::from_secs(1));
    assert_eq!(texts(&journal), [(1, b"before".to_vec())]);
    // Without a single append, only by the clock.
    disk.set_capacity(u64::MAX);
    until("healing", || journal.status() == Status::Healthy).await;
    assert_eq!(append(&journal, b"after").await.unwrap(), 2);
    assert_eq!(
        texts(&journal),
        [(1, b"before".to_vec()), (2, b"after".to_vec())]
    );
}

#[tokio::test]
async fn a_full_disk_at_start_opens_read_only_and_heals() {
    let disk = SimDisk::new(1);
    disk.set_capacity(100);
    let journal = open(&disk);
    assert!(matches!(
        append(&journal, b"x").await,
        Err(AppendError::Full)
    ));
    disk.set_capacity(u64::MAX);
    until("healing", || journal.status() == Status::Healthy).await;
    assert_eq!(append(&journal, b"x").await.unwrap(), 1);
}

#[tokio::test]
async fn little_room_is_not_mistaken_for_enough() {
    let disk = SimDisk::new(1);
    let journal = open(&disk);
    append(&journal, b"before").await.unwrap();
    disk.set_capacity(9000);
    append(&journal, &[0; 4000]).await.unwrap_err();
    // Room for a new segment's header, not for a day's work.
    disk.set_capacity(60_000);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(
        matches!(journal.status(), Status::ReadOnly { .. }),
        "would only fail again"
    );
}

#[tokio::test]
async fn a_failed_sync_is_answered_with_an_error_and_never_tried_again() {
    let disk = SimDisk::new(7);
    let journal = open(&disk);
    append(&journal, b"one").await.unwrap();
    disk.arm(Fault {
        op: Op::Sync,
        after: 0,
        times: 1,
        errno: EIO,
    });
    let failed = append(&journal, b"lost").await;
    assert!(matches!(failed, Err(AppendError::Failed(_))), "{failed:?}");
    until("a new segment", || journal.status() == Status::Healthy).await;
    assert_eq!(append(&journal, b"two").await.unwrap(), 2);
    assert_eq!(
        journal.segments().len(),
        2,
        "the segment whose sync failed is over"
    );
    let expected = [(1, b"one".to_vec()), (2, b"two".to_vec())];
    assert_eq!(texts(&journal), expected);
    drop(journal);
    assert_eq!(texts(&open(&disk.after_power_cut())), expected);
}

#[tokio::test]
async fn a_failed_tail_that_cannot_be_cut_off_still_never_comes_back() {
    for op in [Op::SetLen, Op::Open] {
        let disk = SimDisk::new(7);
        let journal = open(&disk);
        append(&journal, b"one").await.unwrap();
        disk.arm(Fault {
            op: Op::Sync,
            after: 0,
            times: 1,
            errno: EIO,
        });
        disk.arm(Fault {
            op,
            after: 0,
            times: 1,
            errno: EIO,
        });
        append(&journal, b"lost").await.unwrap_err();
        until("a new segment", || journal.status() == Status::Healthy).await;
        append(&journal, b"two").await.unwrap();
        drop(journal);
        // The page cache still holds the bytes of the failed record.
        let expected = [(1, b"one".to_vec()), (2, b"two".to_vec())];
        let killed = disk.after_kill();
        assert_eq!(texts(&open(&killed)), expected);
        assert_eq!(texts(&open(&killed.after_power_cut())), expected);
    }
}

#[tokio::test]
async fn all_entries_of_a_failed_group_are_refused_and_forgotten() {
    let disk = SimDisk::new(3);
    let storage = Arc::new(disk.clone());
    let (journal, _) =
        Journal::open_on(storage, Options::new("/journal"), Ledger::default()).unwrap();
    disk.arm(Fault {
        op: Op::Write,
        after: 0,
        times: 1,
        errno: EIO,
    });
    let (held, is_held) = mpsc::channel();
    let (let_go, release) = mpsc::channel();
    let hold = tokio::spawn({
        let journal = journal.clone();
        async move { journal.append(Entry::Hold { held, release }).await }
    });
    tokio::task::yield_now().await;
    is_held.recv().unwrap();
    // The second and third are duplicates of the first: they must fail with it.
    let send = |ids: Vec<u64>| {
        let journal = journal.clone();
        tokio::spawn(async move { journal.append(Entry::Events(ids)).await })
    };
    let group = [send(vec![1, 2]), send(vec![1]), send(vec![2, 1])];
    tokio::task::yield_now().await;
    let_go.send(()).unwrap();
    assert_eq!(hold.await.unwrap().unwrap().lsn, None);
    for answer in group {
        assert!(matches!(answer.await.unwrap(), Err(AppendError::Failed(_))));
    }
    until("a new segment", || journal.status() == Status::Healthy).await;
    let again = journal.append(Entry::Events(vec![1])).await.unwrap();
    assert_eq!(again.lsn, Some(Lsn(1)), "the aborted ids are not known");
    let repeat = journal.append(Entry::Events(vec![1])).await.unwrap();
    assert_eq!(repeat.lsn, None);
}

#[tokio::test]
async fn one_sync_serves_everybody_who_waits() {
    let disk = SimDisk::new(3);
    let storage = Arc::new(disk.clone());
    let (journal, _) =
        Journal::open_on(storage, Options::new("/journal"), Ledger::default()).unwrap();
    let (held, is_held) = mpsc::channel();
    let (let_go, release) = mpsc::channel();
    let mut tasks = Vec::new();
    let send = |entry| {
        let journal = journal.clone();
        tokio::spawn(async move { journal.append(entry).await.unwrap() })
    };
    tasks.push(send(Entry::Hold { held, release }));
    tokio::task::yield_now().await;
    is_held.recv().unwrap();
    let before = disk.syncs();
    tasks.extend((0..100).map(|id| send(Entry::Events(vec![id]))));
    // The runtime comes back here before it has run them all.
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    let_go.send(()).unwrap();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(disk.syncs() - before, 1);
    journal.append(Entry::Events(vec![7])).await.unwrap();
    assert_eq!(
        disk.syncs() - before,
        1,
        "a group that writes nothing needs no sync"
    );
}

#[tokio::test]
async fn a_full_queue_refuses_at_once() {
    let disk = SimDisk::new(3);
    let options = Options {
        max_queue: 2,
        ..Options::new("/journal")
    };
    let (journal, _) = Journal::open_on(Arc::new(disk), options, Ledger::default()).unwrap();
    let (held, is_held) = mpsc::channel();
    let (let_go, release) = mpsc::channel();
    let send = |entry| {
        let journal = journal.clone();
        tokio::spawn(async move { journal.append(entry).await })
    };
    let hold = send(Entry::Hold { held, release });
    tokio::task::yield_now().await;
    is_held.recv().unwrap();
    let waiting = [send(Entry::Events(vec![1])), send(Entry::Events(vec![2]))];
    tokio::task::yield_now().await;
    let refused = journal.append(Entry::Events(vec![3])).await;
    assert!(matches!(refused, Err(AppendError::Backlog)), "{refused:?}");
    let_go.send(()).unwrap();
    hold.await.unwrap().unwrap();
    for task in waiting {
        task.await.unwrap().unwrap();
    }
    journal.append(Entry::Events(vec![3])).await.unwrap();
}

#[tokio::test]
async fn bytes_in_the_queue_are_bounded_too() {
    struct Stuck(mpsc::Receiver<()>, Arc<AtomicBool>);
    impl Gate for Stuck {
        type Entry = Vec<u8>;
        type Verdict = ();
        fn admit(&mut self, entry: Vec<u8>, out: &mut Vec<u8>) -> (Option<Header>, ()) {
            self.1.store(true, Ordering::SeqCst);
            self.0.recv().unwrap();
            out.extend(entry);
            (Some(HEADER), ())
        }
        fn committed(&mut self, _: Lsn) {}
        fn aborted(&mut self) {}
        fn weight(entry: &Vec<u8>) -> usize {
            entry.len()
        }
    }
    let (go, stuck) = mpsc::channel();
    let taken = Arc::new(AtomicBool::new(false));
    let options = Options {
        max_queue_bytes: 1000,
        ..Options::new("/journal")
    };
    let disk = Arc::new(SimDisk::new(3));
    let (journal, _) = Journal::open_on(disk, options, Stuck(stuck, taken.clone())).unwrap();
    let send = |bytes: usize| {
        let journal = journal.clone();
        tokio::spawn(async move { journal.append(vec![0; bytes]).await })
    };
    // Larger than the whole bound, but alone: taken at the latest when nothing else waits.
    let mut tasks = vec![send(5000)];
    until("the large one is taken", || taken.load(Ordering::SeqCst)).await;
    tasks.extend([send(600), send(400)]);
    tokio::task::yield_now().await;
    let refused = journal.append(vec![0]).await;
    assert!(matches!(refused, Err(AppendError::Backlog)), "{refused:?}");
    for _ in 0..3 {
        go.send(()).unwrap();
    }
    for task in tasks {
        task.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_gate_that_panics_leaves_nobody_waiting() {
    struct Bomb;
    impl Gate for Bomb {
        type Entry = ();
        type Verdict = ();
        fn admit(&mut self, (): (), _: &mut Vec<u8>) -> (Option<Header>, ()) {
            panic!("bomb")
        }
        fn committed(&mut self, _: Lsn) {}
        fn aborted(&mut self) {}
    }
    let disk = Arc::new(SimDisk::new(3));
    let (journal, _) = Journal::open_on(disk, Options::new("/journal"), Bomb).unwrap();
    let answer = journal.append(()).await;
    assert!(matches!(answer, Err(AppendError::Closed)), "{answer:?}");
    until("closing", || journal.seal().is_err()).await;
    assert!(matches!(journal.append(()).await, Err(AppendError::Closed)));
    assert!(
        matches!(journal.status(), Status::ReadOnly { .. }),
        "health must show it"
    );
}

#[test]
fn a_folder_is_open_once_and_belongs_to_one_node() {
    let dir = tempfile::tempdir().unwrap();
    let first = Recovered::open(Options::new(dir.path())).unwrap();
    let second = Recovered::open(Options::new(dir.path()));
    assert!(matches!(second, Err(OpenError::Locked(_))), "{second:?}");
    let (journal, _) = first.start(Open).unwrap();
    journal.close();
    let other = Recovered::open(Options {
        node: 2,
        ..Options::new(dir.path())
    });
    assert!(matches!(
        other,
        Err(OpenError::ForeignNode {
            found: 1,
            expected: 2,
            ..
        })
    ));
}

#[tokio::test]
async fn numbers_start_behind_the_highest_one_known_elsewhere() {
    let disk = SimDisk::new(1);
    let options = Options {
        not_before: Lsn(500),
        ..Options::new("/journal")
    };
    let (journal, _) = Journal::open_on(Arc::new(disk), options, Open).unwrap();
    assert_eq!(append(&journal, b"x").await.unwrap(), 501);
    let mut reader = journal.reader(Lsn(0));
    assert_eq!(
        reader.next().unwrap().unwrap().lsn,
        Lsn(501),
        "nothing is missing in front of it"
    );
}

#[tokio::test]
async fn removed_segments_are_named_to_those_who_ask_for_them() {
    let disk = SimDisk::new(1);
    let journal = open(&disk);
    for text in [b"a", b"b", b"c"] {
        append(&journal, text).await.unwrap();
        journal.seal().unwrap();
    }
    let mut behind = journal.reader(Lsn(0));
    behind.next().unwrap().unwrap();
    let ids: Vec<SegmentId> = journal.segments().iter().map(|s| s.id).collect();
    assert!(matches!(
        journal.remove_sealed(ids[3]),
        Err(SegmentError::NotSealed(_))
    ));
    journal.remove_sealed(ids[0]).unwrap();
    journal.remove_sealed(ids[1]).unwrap();
    assert!(matches!(
        journal.remove_sealed(ids[0]),
        Err(SegmentError::Unknown(_))
    ));
    let missing = behind.next().unwrap().unwrap_err().to_string();
    assert_eq!(missing, "records 2 to 2 are not in the journal");
    assert_eq!(behind.next().unwrap().unwrap().lsn, Lsn(3));
    let mut late = journal.reader(Lsn(2));
    assert_eq!(late.next().unwrap().unwrap().lsn, Lsn(3));
    assert!(late.next().is_none());
}
