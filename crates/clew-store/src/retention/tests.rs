//! Files against the table they come from, and against what may happen to them.

use super::{Archived, FileName, Files, RetentionError, Run};
use crate::blobs::{BlobKey, Blobs, LocalBlobs};
use crate::conformance::events::{OTHER, SITE, START, pageview, record};
use crate::events::{
    Deletion, DuckOptions, DuckStore, EventRow, EventStore, Projection, Scan, Wanted, column_names,
};
use bytes::Bytes;
use clew_core::model::{EpochMs, ImportId, SiteId, StoredEvent, UserKey, Watermark};
use jiff::tz::TimeZone;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::RowAccessor;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use tempfile::TempDir;

struct World {
    store: DuckStore,
    blobs: Arc<LocalBlobs>,
    files: Files,
    dir: TempDir,
}

fn world() -> World {
    let dir = TempDir::new().unwrap();
    let (store, _) = DuckStore::open(DuckOptions::new(dir.path().join("events"))).unwrap();
    let blobs = Arc::new(LocalBlobs::open(&dir.path().join("blobs")).unwrap());
    World {
        store,
        files: Files::new(blobs.clone()),
        blobs,
        dir,
    }
}

fn run(number: u64, before: i64, through: u64) -> Run {
    Run {
        site: SITE,
        zone: TimeZone::UTC,
        number,
        mark: Watermark {
            before: EpochMs(before),
            through,
        },
    }
}

/// An event with something in every kind of column.
fn rich(n: u64, time_ms: i64) -> StoredEvent {
    StoredEvent {
        time_ms,
        user_key: n
            .is_multiple_of(2)
            .then(|| UserKey::from_u128(u128::from(n))),
        title: format!("Größe „{n}“ =1+1\u{202e}"),
        props: [("plan".to_owned(), format!("p{n}"))].into(),
        numbers: [("price".to_owned(), n as f64 / 3.0)].into(),
        value_minor: -(n as i64),
        currency: "EUR".into(),
        scroll_percent: 50,
        unverified_origin: true,
        ..pageview(n)
    }
}

async fn fill(store: &DuckStore, events: Vec<StoredEvent>) {
    let batch = Projection {
        after: 0,
        cursor: 2,
        records: vec![record(1, SITE, events.clone()), record(2, OTHER, events)],
        ..Projection::default()
    };
    store.append(batch).await.unwrap();
}

async fn rows_of(files: &Files, site: SiteId) -> Vec<EventRow> {
    let mut rows = Vec::new();
    for name in files.list(site).await.unwrap() {
        rows.extend(files.read(&name).await.unwrap());
    }
    rows.sort_by_key(EventRow::place);
    rows
}

async fn stored(store: &DuckStore, mark: Watermark) -> Vec<EventRow> {
    let scan = Scan {
        site: SITE,
        wanted: Wanted::Expired(mark),
        through: mark.through,
        after: None,
    };
    store.scan(&scan).await.unwrap()
}

const DAY: i64 = EpochMs::DAY;

#[tokio::test]
async fn a_run_writes_what_leaves_by_month_and_nothing_else() {
    let World {
        store,
        files,
        dir: _dir,
        ..
    } = world();
    // START is the 1st of March: two events in February, two in March, one stays.
    let times = [-2 * DAY, -DAY, 0, DAY, 5 * DAY];
    let events = (0u64..).zip(times).map(|(n, t)| rich(n, START + t));
    fill(&store, events.collect()).await;
    let run = run(1, START + 2 * DAY, 2);
    let leaving = stored(&store, run.mark).await;
    let done = files.archive(&store, run.clone()).await.unwrap();
    assert_eq!(done, Archived { rows: 4, files: 2 });
    let names: Vec<_> = files.list(SITE).await.unwrap();
    let months: Vec<_> = names
        .iter()
        .map(|n| (n.month.as_str(), n.run, n.part))
        .collect();
    assert_eq!(months, [("2026-02", 1, 1), ("2026-03", 1, 1)]);
    assert_eq!(rows_of(&files, SITE).await, leaving);
    assert!(files.list(OTHER).await.unwrap().is_empty());

    // Again, as after a crash before the commit: the same files, not more.
    assert_eq!(files.archive(&store, run).await.unwrap(), done);
    assert_eq!(files.list(SITE).await.unwrap(), names);
}

#[tokio::test]
async fn another_reader_finds_the_documented_columns_and_values() {
    let World {
        store,
        files,
        blobs,
        dir: _dir,
    } = world();
    fill(&store, (0..3).map(|n| rich(n, START)).collect()).await;
    files.archive(&store, run(1, START + 1, 2)).await.unwrap();
    let key = BlobKey::new(format!("retention/{SITE}/2026-03-run1-1.parquet")).unwrap();
    // The plain record reader knows nothing of Arrow or of our columns.
    let file = SerializedFileReader::new(blobs.get(&key).await.unwrap()).unwrap();
    let schema = file
        .metadata()
        .file_metadata()
        .schema_descr()
        .root_schema()
        .clone();
    let names: Vec<_> = schema
        .get_fields()
        .iter()
        .map(|field| field.name())
        .collect();
    let documented: Vec<_> = column_names().collect();
    assert_eq!(names, documented);
    let place = |name| names.iter().position(|known| *known == name).unwrap();
    let mut found = Vec::new();
    for row in file.get_row_iter(None).unwrap() {
        let row = row.unwrap();
        let site = row.get_bytes(place("site")).unwrap().data().to_vec();
        assert_eq!(site, SITE.to_bytes());
        assert_eq!(row.get_map(place("props")).unwrap().len(), 1);
        let title = row.get_string(place("title")).unwrap().clone();
        found.push((row.get_long(place("time_ms")).unwrap(), title));
    }
    let expected = |n| (START, rich(n, START).title);
    assert_eq!(found, [expected(0), expected(1), expected(2)]);
}

#[tokio::test]
async fn what_an_interrupted_run_left_goes_and_what_counts_stays() {
    let World {
        store,
        files,
        dir: _dir,
        ..
    } = world();
    fill(
        &store,
        (0..4).map(|n| rich(n, START + n as i64 * DAY)).collect(),
    )
    .await;
    files.archive(&store, run(1, START + 1, 2)).await.unwrap();
    let counted = files.list(SITE).await.unwrap();
    // Run 2 was cut short; when it is tried again, less leaves: somebody was erased meanwhile.
    let mut wide = run(2, START + 3 * DAY, 2);
    wide.zone = TimeZone::get("Pacific/Kiritimati").unwrap();
    files.archive(&store, wide).await.unwrap();
    assert!(files.list(SITE).await.unwrap().len() > counted.len());
    assert!(files.sweep(SITE, 1).await.unwrap() > 0);
    assert_eq!(files.list(SITE).await.unwrap(), counted);
    assert_eq!(files.sweep(SITE, 1).await.unwrap(), 0);
}

#[tokio::test]
async fn a_file_that_does_not_hold_what_was_written_is_refused() {
    let World {
        store,
        files,
        blobs,
        dir: _dir,
    } = world();
    fill(&store, (0..50).map(|n| rich(n, START)).collect()).await;
    files.archive(&store, run(1, START + 1, 2)).await.unwrap();
    let name: FileName = files.list(SITE).await.unwrap().remove(0);
    let key = name.key().unwrap();
    let whole = blobs.get(&key).await.unwrap();
    let mut damaged = 0;
    for at in (4..whole.len() - 8).step_by(whole.len() / 60) {
        let mut bytes = whole.to_vec();
        bytes[at] ^= 0x10;
        blobs.put(&key, Bytes::from(bytes)).await.unwrap();
        match files.read(&name).await {
            Err(RetentionError::File { .. }) => damaged += 1,
            // Statistics and padding may change without changing a row.
            Ok(rows) => assert_eq!(rows.len(), 50),
            Err(other) => panic!("{other}"),
        }
    }
    assert!(damaged > 20, "{damaged}");
    blobs
        .put(&key, whole.slice(..whole.len() / 2))
        .await
        .unwrap();
    assert!(files.read(&name).await.is_err());
}

#[tokio::test]
async fn rows_can_be_taken_out_and_an_empty_file_goes() {
    let World {
        store, files, dir, ..
    } = world();
    let events = (0..20).map(|n| rich(n, START + (n as i64 - 10) * DAY));
    fill(&store, events.collect()).await;
    files
        .archive(&store, run(1, START + 9 * DAY, 2))
        .await
        .unwrap();
    let before = rows_of(&files, SITE).await;
    let _held = files.lock().await;
    let even = |row: &EventRow| row.event.user_key.is_none();
    assert_eq!(files.rewrite(SITE, even).await.unwrap(), 10);
    let mut expected = before;
    expected.retain(even);
    assert_eq!(rows_of(&files, SITE).await, expected);
    assert_eq!(files.rewrite(SITE, even).await.unwrap(), 0);
    assert_eq!(files.rewrite(SITE, |_| false).await.unwrap(), 9);
    assert!(files.list(SITE).await.unwrap().is_empty());
    let folder = dir.path().join("blobs/retention").join(SITE.to_string());
    let left = std::fs::read_dir(folder).map_or(0, Iterator::count);
    assert_eq!(left, 0);
}

/// Times from eight days before the boundary to eight after it, and records of both kinds.
fn batch() -> impl Strategy<Value = Vec<(bool, i64, Vec<i64>)>> {
    let times = prop::collection::vec(-8 * DAY..8 * DAY, 1..6);
    prop::collection::vec((any::<bool>(), -3 * DAY..3 * DAY, times), 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever is there: files and store together hold every event once, the store nothing before
    /// the boundary, and a store made anew from the same records is the same.
    #[test]
    fn leaving_is_exact_and_a_rebuild_agrees(
        records in batch(), again in batch(), boundary in -4 * DAY..4 * DAY,
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(exact(records, again, boundary));
    }
}

async fn exact(
    records: Vec<(bool, i64, Vec<i64>)>,
    again: Vec<(bool, i64, Vec<i64>)>,
    boundary: i64,
) {
    let World {
        store,
        files,
        dir: _dir,
        ..
    } = world();
    let mut lsn = 0;
    let mut history: Vec<Projection> = Vec::new();
    let mut mark = Watermark::default();
    let mut reference: BTreeSet<(u64, u32)> = BTreeSet::new();
    let mut gone: BTreeSet<(u64, u32)> = BTreeSet::new();
    for (number, part) in (1u64..).zip([records, again]) {
        let after = lsn;
        let mut batch = Projection {
            after,
            ..Projection::default()
        };
        for (imported, received, times) in part {
            lsn += 1;
            let site = if lsn % 5 == 4 { OTHER } else { SITE };
            let events = times.iter().map(|t| rich(lsn, START + t)).collect();
            let mut one = record(lsn, site, events);
            one.received_ms = START + received;
            if imported {
                one.kind = 2;
                one.batch.import_id = Some(ImportId::from_u128(1));
            }
            if site == SITE {
                let all = (0..).zip(&one.batch.events);
                reference.extend(all.map(|(index, _)| (lsn, index)));
            }
            batch.records.push(one);
        }
        batch.cursor = lsn;
        history.push(batch.clone());
        store.append(batch).await.unwrap();
        // The second run's boundary is a day later.
        mark = Watermark {
            before: EpochMs(START + boundary + number as i64 * DAY),
            through: lsn,
        };
        for row in stored(&store, mark).await {
            let counted = if row.kind == 2 {
                row.received_ms
            } else {
                row.event.time_ms
            };
            assert!(counted < mark.before.0);
            gone.insert((row.lsn, row.index));
        }
        let run = Run {
            site: SITE,
            zone: TimeZone::UTC,
            number,
            mark,
        };
        files.archive(&store, run).await.unwrap();
        store
            .delete(Deletion::Expired { site: SITE, mark })
            .await
            .unwrap();
    }
    let places = |rows: &[EventRow]| rows.iter().map(|r| (r.lsn, r.index)).collect::<Vec<_>>();
    let archived = places(&rows_of(&files, SITE).await);
    assert_eq!(
        archived,
        gone.iter().copied().collect::<Vec<_>>(),
        "each once"
    );
    let kept = crate::conformance::events::all(&store, SITE).await;
    let kept_places: BTreeSet<_> = places(&kept).into_iter().collect();
    assert!(kept_places.is_disjoint(&gone));
    assert_eq!(&kept_places | &gone, reference);

    let others = crate::conformance::events::all(&store, OTHER).await;
    let rebuilt = store.rebuild().unwrap();
    for mut batch in history {
        batch.left = Arc::new([(SITE, mark)].into());
        rebuilt.append(batch).await.unwrap();
    }
    rebuilt.finish().await.unwrap();
    assert_eq!(crate::conformance::events::all(&store, SITE).await, kept);
    assert_eq!(crate::conformance::events::all(&store, OTHER).await, others);
    store.close().await.unwrap();
}
