//! A new store takes the old one's place while questions are being asked.

use super::open;
use crate::conformance::events::{SITE, all, projection};
use crate::events::{EventQuery, EventStore, EventStoreError};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::TempDir;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_gives_the_same_answers_and_the_old_store_answers_meanwhile() {
    let dir = TempDir::new().unwrap();
    let (store, _) = open(dir.path());
    store.append(projection(0, 500)).await.unwrap();
    let before = all(&store, SITE).await;

    let stop = Arc::new(AtomicBool::new(false));
    let asker = {
        let (store, stop, before) = (store.clone(), Arc::clone(&stop), before.clone());
        tokio::spawn(async move {
            let mut asked = 0;
            while !stop.load(Ordering::Relaxed) {
                assert_eq!(all(&store, SITE).await, before);
                asked += 1;
            }
            asked
        })
    };
    let rebuild = store.rebuild().unwrap();
    for after in (0..500).step_by(50) {
        rebuild.append(projection(after, 50)).await.unwrap();
    }
    assert_eq!(rebuild.finish().await.unwrap(), 500);
    assert_eq!(all(&store, SITE).await, before);
    stop.store(true, Ordering::Relaxed);
    assert!(asker.await.unwrap() > 0);

    store.append(projection(500, 1)).await.unwrap();
    store.close().await.unwrap();
    let (store, report) = open(dir.path());
    assert_eq!(report.cursor, 501);
    assert_eq!(all(&store, SITE).await.len(), 501);
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_rebuild_that_ends_earlier_sends_the_projector_back() {
    let dir = TempDir::new().unwrap();
    let (store, _) = open(dir.path());
    store.append(projection(0, 20)).await.unwrap();
    let rebuild = store.rebuild().unwrap();
    rebuild.append(projection(0, 12)).await.unwrap();
    assert_eq!(rebuild.finish().await.unwrap(), 12);
    let error = store.append(projection(20, 1)).await.unwrap_err();
    assert!(
        matches!(
            error,
            EventStoreError::Gap {
                after: 20,
                cursor: 12
            }
        ),
        "{error}"
    );
    assert_eq!(store.append(projection(12, 9)).await.unwrap().rows, 9);
    store.close().await.unwrap();
}

#[tokio::test]
async fn an_abandoned_rebuild_changes_nothing() {
    let dir = TempDir::new().unwrap();
    let (store, _) = open(dir.path());
    store.append(projection(0, 3)).await.unwrap();
    let rebuild = store.rebuild().unwrap();
    rebuild.append(projection(0, 1)).await.unwrap();
    drop(rebuild);
    assert_eq!(all(&store, SITE).await.len(), 3);
    store.close().await.unwrap();
    let (store, report) = open(dir.path());
    assert_eq!(report.cursor, 3);
    assert!(
        !dir.path().join("events.rebuild").exists(),
        "leftovers go at the next start"
    );
    store.close().await.unwrap();
}

#[tokio::test]
async fn compaction_takes_deleted_bytes_off_the_disk() {
    const CANARY: &str = "canary-7f3a91c2-do-not-keep-me";
    let dir = TempDir::new().unwrap();
    let (store, _) = open(dir.path());
    let mut batch = projection(0, 400);
    for record in &mut batch.records {
        record.batch.events[0].title = "kept".into();
    }
    let marked = &mut batch.records[123].batch.events[0];
    marked.title = CANARY.into();
    marked.props.insert("mail".into(), CANARY.into());
    let event = marked.event_id;
    store.append(batch).await.unwrap();
    store.checkpoint().await.unwrap();
    assert!(holds(dir.path(), CANARY), "else this test proves nothing");

    let deletion = crate::events::Deletion::Events {
        site: SITE,
        events: vec![event],
    };
    assert_eq!(store.delete(deletion).await.unwrap(), 1);
    store.compact().await.unwrap();
    assert!(!holds(dir.path(), CANARY));
    let query = EventQuery {
        sites: vec![SITE],
        limit: 1_000,
        ..EventQuery::default()
    };
    assert_eq!(store.list(&query).await.unwrap().events.len(), 399);
    store.close().await.unwrap();
    assert!(!holds(dir.path(), CANARY));
}

fn holds(dir: &std::path::Path, text: &str) -> bool {
    std::fs::read_dir(dir).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        path.is_file() && {
            let bytes = std::fs::read(path).unwrap();
            bytes
                .windows(text.len())
                .any(|window| window == text.as_bytes())
        }
    })
}
