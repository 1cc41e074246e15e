//! Work that may end the process runs in one of its own: this test binary, started again.

use super::open;
use crate::conformance::events::{SITE, all, projection};
use crate::events::{EventQuery, EventStore, EventStoreError, Opened, Projection};
use std::path::Path;
use std::process::{Command, Stdio};

const JOB: &str = "CLEW_TEST_CHILD_JOB";
const DIR: &str = "CLEW_TEST_CHILD_DIR";
const NAME: &str = "events::tests::child::does_its_job_when_started_as_a_child";

/// Exit codes of [`inspect`].
pub(super) const SOUND: i32 = 10;
pub(super) const SET_ASIDE: i32 = 11;

/// Records in the stores that damage is done to.
pub(super) const RECORDS: u64 = 600;

/// This binary, doing `job` on `dir`.
pub(super) fn command(job: &str, dir: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([NAME, "--exact", "--nocapture", "--test-threads=1"])
        .env(JOB, job)
        .env(DIR, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn does_its_job_when_started_as_a_child() {
    let Ok(job) = std::env::var(JOB) else {
        // Started by the test runner: the job itself must find a sound store sound.
        let dir = tempfile::TempDir::new().unwrap();
        let (store, _) = open(dir.path());
        store.append(projection(0, RECORDS)).await.unwrap();
        store.close().await.unwrap();
        assert_eq!(inspect(dir.path()).await, SOUND);
        return;
    };
    let dir = std::env::var(DIR).unwrap();
    match job.as_str() {
        "append" => append_for_ever(Path::new(&dir)).await,
        "inspect" => std::process::exit(inspect(Path::new(&dir)).await),
        other => panic!("no job {other}"),
    }
}

/// Appends until killed and says after each commit how far it is.
async fn append_for_ever(dir: &Path) {
    let (store, report) = open(dir);
    let mut cursor = report.cursor;
    loop {
        store.append(projection(cursor, 40)).await.unwrap();
        cursor += 40;
        println!("acknowledged {cursor}");
        if cursor.is_multiple_of(400) {
            store.checkpoint().await.unwrap();
        }
    }
}

/// Opens a store that held [`RECORDS`] records before it was damaged. Whatever it answers must be
/// the truth about some prefix of them, and the rest can be appended.
async fn inspect(dir: &Path) -> i32 {
    let (store, report) = open(dir);
    let mut outcome = match report.outcome {
        Opened::Existing => SOUND,
        Opened::Created | Opened::SetAside { .. } => SET_ASIDE,
    };
    let query = EventQuery {
        sites: vec![SITE],
        limit: 1_000,
        ..EventQuery::default()
    };
    match store.list(&query).await {
        Ok(page) => check_prefix(&page.events, report.cursor),
        Err(EventStoreError::SetAside(_)) => outcome = SET_ASIDE,
        Err(error) => panic!("{error}"),
    }
    // The projector's way back: read on from wherever the store is now.
    loop {
        let cursor = store.cursor().await.unwrap();
        let rest: Projection = projection(cursor, RECORDS + 1 - cursor);
        match store.append(rest).await {
            Ok(_) => break,
            Err(EventStoreError::SetAside(_) | EventStoreError::Gap { .. }) => outcome = SET_ASIDE,
            Err(error) => panic!("{error}"),
        }
    }
    let rows = all(&store, SITE).await;
    check_prefix(&rows, RECORDS + 1);
    match store.close().await {
        Ok(()) => outcome,
        // Damage that shows when the log is folded in: the next start begins anew.
        Err(EventStoreError::SetAside(_)) => {
            let (store, report) = open(dir);
            assert_eq!(report.cursor, 0);
            store.close().await.unwrap();
            SET_ASIDE
        }
        Err(error) => panic!("{error}"),
    }
}

fn check_prefix(rows: &[crate::events::EventRow], cursor: u64) {
    let expected = projection(0, cursor);
    assert_eq!(rows.len() as u64, cursor, "every record once");
    for (row, record) in rows.iter().rev().zip(&expected.records) {
        assert_eq!(row.event, record.batch.events[0]);
    }
}
