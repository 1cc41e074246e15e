//! A broken file costs a rebuild, never an answer and never more than one process.

use super::child::{self, RECORDS, SET_ASIDE, SOUND};
use super::open;
use crate::conformance::events::projection;
use crate::events::{DuckOptions, DuckStore, EventStore, EventStoreError, Opened};
use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// A closed store with [`RECORDS`] records.
async fn filled(dir: &Path) -> PathBuf {
    let (store, _) = open(dir);
    store.append(projection(0, RECORDS)).await.unwrap();
    let file = store.file();
    store.close().await.unwrap();
    file
}

/// Inspects the damaged store in processes of their own. At most the first may die.
fn survives(dir: &Path) -> i32 {
    for attempt in 1..=2 {
        let output = child::command("inspect", dir).output().unwrap();
        match output.status.code() {
            Some(code @ (SOUND | SET_ASIDE)) => return code,
            Some(101) => panic!("{}", String::from_utf8_lossy(&output.stderr)),
            died => assert_eq!(attempt, 1, "died twice, the second time with {died:?}"),
        }
    }
    unreachable!("the loop returns or panics");
}

fn set_aside_files(dir: &Path) -> usize {
    let names = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    names
        .filter(|name| name.to_string_lossy().contains("broken"))
        .count()
}

#[tokio::test]
async fn a_sound_file_is_opened_as_it_is() {
    let dir = TempDir::new().unwrap();
    filled(dir.path()).await;
    assert_eq!(survives(dir.path()), SOUND);
    assert_eq!(set_aside_files(dir.path()), 0);
}

#[tokio::test]
async fn a_deleted_file_starts_empty() {
    let dir = TempDir::new().unwrap();
    fs::remove_file(filled(dir.path()).await).unwrap();
    let (store, report) = open(dir.path());
    assert_eq!((report.outcome, report.cursor), (Opened::Created, 0));
    store.close().await.unwrap();
}

#[tokio::test]
async fn garbage_is_set_aside() {
    let dir = TempDir::new().unwrap();
    let file = filled(dir.path()).await;
    fs::write(&file, "this is no database".repeat(1_000)).unwrap();
    assert_eq!(survives(dir.path()), SET_ASIDE);
    assert_eq!(set_aside_files(dir.path()), 1);
}

#[tokio::test]
async fn an_empty_file_is_replaced() {
    let dir = TempDir::new().unwrap();
    let file = filled(dir.path()).await;
    fs::write(&file, "").unwrap();
    assert_eq!(survives(dir.path()), SET_ASIDE);
}

#[tokio::test]
async fn a_truncated_file_gives_the_truth_or_is_set_aside() {
    let dir = TempDir::new().unwrap();
    let whole = fs::read(filled(dir.path()).await).unwrap();
    for keep in [
        1,
        4_096,
        8_192,
        12_288,
        whole.len() / 3,
        whole.len() / 2,
        whole.len() - 1,
    ] {
        let dir = TempDir::new().unwrap();
        fs::write(dir.path().join("events.duckdb"), &whole[..keep]).unwrap();
        survives(dir.path());
    }
}

#[tokio::test]
async fn flipped_bytes_give_the_truth_or_are_set_aside() {
    let dir = TempDir::new().unwrap();
    let whole = fs::read(filled(dir.path()).await).unwrap();
    let mut set_aside = 0;
    for step in 0..16 {
        let dir = TempDir::new().unwrap();
        let mut bytes = whole.clone();
        let start = whole.len() / 16 * step + 37 * step;
        for byte in &mut bytes[start..(start + 64).min(whole.len())] {
            *byte ^= 0x5A;
        }
        fs::write(dir.path().join("events.duckdb"), bytes).unwrap();
        set_aside += usize::from(survives(dir.path()) == SET_ASIDE);
    }
    assert!(
        set_aside > 3,
        "damage to blocks in use must be noticed, not only {set_aside} times"
    );
}

#[tokio::test]
async fn a_torn_log_gives_the_truth_or_is_set_aside() {
    let dir = TempDir::new().unwrap();
    let (store, _) = open(dir.path());
    for after in (0..RECORDS).step_by(100) {
        store.append(projection(after, 100)).await.unwrap();
    }
    let file = fs::read(store.file()).unwrap();
    let log = fs::read(dir.path().join("events.duckdb.wal")).unwrap();
    store.close().await.unwrap();
    assert!(log.len() > 10_000, "the log holds the rows");
    for step in 1..8 {
        for flip in [false, true] {
            let dir = TempDir::new().unwrap();
            let mut log = log.clone();
            let place = log.len() / 8 * step;
            if flip {
                log[place] ^= 0xFF;
            } else {
                log.truncate(place);
            }
            fs::write(dir.path().join("events.duckdb"), &file).unwrap();
            fs::write(dir.path().join("events.duckdb.wal"), log).unwrap();
            survives(dir.path());
        }
    }
}

#[tokio::test]
async fn a_marker_sets_even_a_sound_file_aside_unopened() {
    let dir = TempDir::new().unwrap();
    let file = filled(dir.path()).await;
    let before = fs::read(&file).unwrap();
    fs::write(dir.path().join("events.duckdb.opening"), "").unwrap();
    let (store, report) = open(dir.path());
    let Opened::SetAside {
        file: aside,
        reason,
    } = report.outcome
    else {
        panic!("opened a file that a process died on");
    };
    assert_eq!(report.cursor, 0);
    assert!(reason.contains("opened"), "{reason}");
    assert_eq!(fs::read(aside).unwrap(), before);
    assert_eq!(store.status().await.unwrap().set_aside, [reason]);
    assert!(!dir.path().join("events.duckdb.opening").exists());
    store.close().await.unwrap();
}

#[tokio::test]
async fn only_the_newest_broken_files_are_kept_and_compaction_removes_them() {
    let dir = TempDir::new().unwrap();
    for _ in 0..4 {
        filled(dir.path()).await;
        fs::write(dir.path().join("events.duckdb.opening"), "").unwrap();
        let (store, _) = open(dir.path());
        store.close().await.unwrap();
    }
    assert_eq!(set_aside_files(dir.path()), 2);
    let (store, _) = open(dir.path());
    store.compact().await.unwrap();
    assert_eq!(set_aside_files(dir.path()), 0);
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_file_of_another_version_is_set_aside() {
    let dir = TempDir::new().unwrap();
    let file = filled(dir.path()).await;
    let connection = duckdb::Connection::open(&file).unwrap();
    connection
        .execute_batch("INSERT INTO meta VALUES (999)")
        .unwrap();
    drop(connection);
    let (store, report) = open(dir.path());
    assert!(
        matches!(&report.outcome, Opened::SetAside { reason, .. } if reason.contains("999")),
        "{report:?}"
    );
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_store_that_cannot_be_created_is_an_error_not_a_loss() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("occupied");
    fs::write(&file, "a file where the folder should be").unwrap();
    let error = DuckStore::open(DuckOptions::new(&file)).unwrap_err();
    assert!(matches!(error, EventStoreError::Io(_)), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn overwritten_bytes_under_a_running_store_heal_without_a_restart() {
    heals_after(|file| {
        let length = file.metadata().unwrap().len();
        for place in (12_288..length - 64).step_by(1_024) {
            file.seek(SeekFrom::Start(place)).unwrap();
            file.write_all(&[0xA5; 64]).unwrap();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_cut_under_a_running_store_heals_without_a_restart() {
    heals_after(|file| file.set_len(4_096).unwrap()).await;
}

async fn heals_after(harm: impl FnOnce(&mut fs::File)) {
    let dir = TempDir::new().unwrap();
    let file = filled(dir.path()).await;
    let (store, _) = open(dir.path());
    harm(&mut OpenOptions::new().write(true).open(&file).unwrap());
    let query = crate::events::EventQuery {
        sites: vec![crate::conformance::events::SITE],
        ..Default::default()
    };
    let error = store.list(&query).await.unwrap_err();
    assert!(matches!(error, EventStoreError::SetAside(_)), "{error}");
    assert!(error.is_temporary());
    // The projector's next append is refused with the place to start again from.
    let error = store.append(projection(RECORDS, 1)).await.unwrap_err();
    assert!(
        matches!(error, EventStoreError::Gap { cursor: 0, .. }),
        "{error}"
    );
    store.append(projection(0, RECORDS)).await.unwrap();
    let status = store.status().await.unwrap();
    assert_eq!((status.events, status.set_aside.len()), (RECORDS, 1));
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_in_the_middle_loses_nothing_and_doubles_nothing() {
    let dir = TempDir::new().unwrap();
    for cycle in 0..8_u64 {
        let mut child = child::command("append", dir.path()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let acknowledged = |line: &String| line.strip_prefix("acknowledged ")?.parse::<u64>().ok();
        let mut last = 0;
        let commits = lines.by_ref().map_while(Result::ok);
        for cursor in commits
            .filter_map(|line| acknowledged(&line))
            .take(3 + cycle as usize)
        {
            last = cursor;
        }
        std::thread::sleep(Duration::from_millis(cycle * 7 % 23));
        child.kill().unwrap();
        child.wait().unwrap();
        let rest = lines.map_while(Result::ok);
        last = rest
            .filter_map(|line| acknowledged(&line))
            .last()
            .unwrap_or(last);

        let (store, report) = open(dir.path());
        assert_eq!(report.outcome, Opened::Existing);
        assert!(report.cursor >= last, "{} is behind {last}", report.cursor);
        let status = store.status().await.unwrap();
        assert_eq!(
            (status.events, status.cursor),
            (report.cursor, report.cursor)
        );
        store.close().await.unwrap();
    }
}
