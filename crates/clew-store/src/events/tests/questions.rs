//! Questions have a deadline, a queue of bounded length, and no way out of the sandbox.

use crate::events::EventStoreError;
use crate::events::engine::{self, EngineOptions};
use crate::events::readers::{READERS, Readers};
use duckdb::Connection;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const SLOW: &str = "SELECT count(*) FROM range(100000000000) a WHERE hash(a.range) % 7 = 9";

fn connection(dir: &Path) -> Connection {
    let options = EngineOptions {
        file: dir.join("events.duckdb"),
        memory_bytes: 128 << 20,
        threads: 2,
    };
    engine::create(&options).unwrap()
}

fn readers(connection: &Connection, timeout: Duration) -> Arc<Readers> {
    let readers = Readers::new(timeout);
    let connections = (0..READERS).map(|_| connection.try_clone().unwrap());
    readers.refill(connections.collect());
    Arc::new(readers)
}

fn count(connection: &Connection, sql: &str) -> Result<i64, EventStoreError> {
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_question_is_interrupted_and_its_reader_works_on() {
    let dir = TempDir::new().unwrap();
    let readers = readers(&connection(dir.path()), Duration::from_millis(300));
    let started = Instant::now();
    let slow = (0..READERS).map(|_| readers.ask(|c| count(c, SLOW)));
    for answer in futures::future::join_all(slow).await {
        let error = answer.unwrap_err();
        assert!(matches!(error, EventStoreError::Timeout(_)), "{error}");
    }
    assert!(started.elapsed() < Duration::from_secs(5));
    for _ in 0..4 {
        assert_eq!(readers.ask(|c| count(c, "SELECT 42")).await.unwrap(), 42);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_abandoned_question_frees_its_reader() {
    let dir = TempDir::new().unwrap();
    let readers = readers(&connection(dir.path()), Duration::from_secs(8));
    for _ in 0..READERS {
        let readers = Arc::clone(&readers);
        let question = tokio::spawn(async move { readers.ask(|c| count(c, SLOW)).await });
        tokio::time::sleep(Duration::from_millis(200)).await;
        question.abort();
    }
    let started = Instant::now();
    assert_eq!(readers.ask(|c| count(c, "SELECT 1")).await.unwrap(), 1);
    assert!(
        started.elapsed() < Duration::from_secs(4),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panicking_question_is_an_error_and_its_reader_works_on() {
    let dir = TempDir::new().unwrap();
    let readers = readers(&connection(dir.path()), Duration::from_secs(8));
    for _ in 0..READERS {
        let answer = readers
            .ask(|_| -> Result<(), _> { panic!("on purpose") })
            .await;
        assert!(matches!(answer, Err(EventStoreError::Worker)));
    }
    for _ in 0..READERS {
        assert_eq!(readers.ask(|c| count(c, "SELECT 1")).await.unwrap(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_run_a_few_wait_and_the_rest_is_refused() {
    let dir = TempDir::new().unwrap();
    let readers = readers(&connection(dir.path()), Duration::from_millis(400));
    let many = (0..60).map(|_| readers.ask(|c| count(c, SLOW)));
    let answers = futures::future::join_all(many).await;
    let refused = |answer: &&Result<i64, _>| matches!(answer, Err(EventStoreError::Busy));
    let busy = answers.iter().filter(refused).count();
    assert!((60 - 32 - READERS..60).contains(&busy), "{busy} refused");
    assert!(answers.iter().all(Result::is_err));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_question_sees_one_state() {
    let dir = TempDir::new().unwrap();
    let writer = connection(dir.path());
    let readers = readers(&writer, Duration::from_secs(8));
    let (asked, answer) = (std::sync::mpsc::channel(), std::sync::mpsc::channel());
    let (tell, told) = asked;
    let (go, gone) = answer;
    let question = readers.ask(move |c| {
        let before = count(c, "SELECT count(*) FROM cursors")?;
        tell.send(()).unwrap();
        gone.recv().unwrap();
        Ok((before, count(c, "SELECT count(*) FROM cursors")?))
    });
    let write = tokio::task::spawn_blocking(move || {
        told.recv().unwrap();
        writer
            .execute_batch("INSERT INTO cursors VALUES (1)")
            .unwrap();
        go.send(()).unwrap();
    });
    let (seen, written) = tokio::join!(question, write);
    written.unwrap();
    assert_eq!(seen.unwrap(), (1, 1));
}

#[test]
fn no_statement_reaches_other_files_the_network_or_the_settings() {
    let dir = TempDir::new().unwrap();
    let outside = TempDir::new().unwrap();
    let secret = outside.path().join("secret.csv");
    std::fs::write(&secret, "a,b\n1,2\n").unwrap();
    let connection = connection(dir.path());
    let refused = [
        format!("SELECT * FROM read_csv('{}')", secret.display()),
        format!(
            "COPY meta TO '{}'",
            outside.path().join("out.csv").display()
        ),
        format!(
            "ATTACH '{}' AS other",
            outside.path().join("other.db").display()
        ),
        "INSTALL httpfs".to_owned(),
        "LOAD httpfs".to_owned(),
        "SELECT * FROM read_csv('https://example.com/x.csv')".to_owned(),
        "SET enable_external_access = true".to_owned(),
        "SET autoload_known_extensions = true".to_owned(),
        "SET memory_limit = '64GB'".to_owned(),
        "SET lock_configuration = false".to_owned(),
    ];
    for sql in refused {
        assert!(connection.execute_batch(&sql).is_err(), "{sql}");
    }
}

#[test]
fn columns_match_the_table() {
    let dir = TempDir::new().unwrap();
    let connection = connection(dir.path());
    let sql = "SELECT column_name, is_nullable FROM information_schema.columns \
               WHERE table_name = 'events' ORDER BY ordinal_position";
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    });
    let table: Vec<_> = rows.unwrap().map(Result::unwrap).collect();
    let columns = crate::events::columns::COLUMNS.iter();
    let ours: Vec<_> = columns
        .map(|column| {
            let nullable = if column.nullable { "YES" } else { "NO" };
            (column.name.to_owned(), nullable.to_owned())
        })
        .collect();
    assert_eq!(ours, table);
}

#[test]
fn a_checkpoint_does_not_wait_for_a_reader_and_hides_nothing_from_it() {
    let dir = TempDir::new().unwrap();
    let writer = connection(dir.path());
    let reader = writer.try_clone().unwrap();
    reader.execute_batch("BEGIN TRANSACTION READ ONLY").unwrap();
    let seen = || count(&reader, "SELECT count(*) FROM cursors").unwrap();
    assert_eq!(seen(), 1);
    writer
        .execute_batch("INSERT INTO cursors SELECT range FROM range(5000)")
        .unwrap();
    writer.execute_batch("CHECKPOINT").unwrap();
    assert_eq!(seen(), 1);
    reader.execute_batch("ROLLBACK").unwrap();
    assert_eq!(seen(), 5_001);
}
