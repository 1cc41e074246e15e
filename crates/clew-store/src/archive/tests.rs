//! Archive and history over a real journal in a folder, with blob stores that fail.

use super::*;
use crate::blobs::{BlobInfo, LocalBlobs};
use clew_journal::{Header, Journal, Lsn, Open, Options, SyncPolicy};
use parking_lot::Mutex;
use std::path::Path;
use tokio::runtime::Handle;

const NODE: u32 = 5;

/// Small segments, so that a few dozen records fill several.
fn options(dir: &Path, not_before: u64) -> Options {
    Options {
        node: NODE,
        segment_bytes: 12_000,
        sync: SyncPolicy::Never,
        not_before: Lsn(not_before),
        ..Options::new(dir.join("journal"))
    }
}

fn journal(dir: &Path) -> Journal<Open> {
    Journal::open(options(dir, 0), Open).unwrap().0
}

async fn append(journal: &Journal<Open>, count: usize) {
    for i in 0..count {
        let header = Header {
            kind: 1,
            schema: 1,
            received_ms: i as i64,
            site: [9; 16],
        };
        let payload = blake3::hash(&i.to_le_bytes()).as_bytes().repeat(12);
        journal.append((header, payload)).await.unwrap();
    }
}

async fn archive_sealed(archive: &Archive, journal: &Journal<Open>) -> Vec<ArchivedSegment> {
    let mut archived = Vec::new();
    for segment in journal.segments().iter().filter(|s| s.sealed) {
        let reader = journal.reader(Lsn(segment.first.0 - 1));
        archived.extend(
            archive
                .put(reader, segment.first.0, segment.last.0)
                .await
                .unwrap(),
        );
    }
    archived
}

fn local(dir: &Path) -> Archive {
    Archive::new(
        Arc::new(LocalBlobs::open(&dir.join("blobs")).unwrap()),
        NODE,
    )
}

/// Everything the history yields: records' numbers, and gaps.
async fn replay(
    archive: &Archive,
    journal: &Journal<Open>,
    after: u64,
) -> (Vec<Record>, Vec<(u64, u64)>) {
    let (archive, journal) = (archive.clone(), journal.clone());
    let runtime = Handle::current();
    let read = move || {
        let (mut records, mut gaps) = (Vec::new(), Vec::new());
        for item in History::new(archive, runtime, Lsn(after), |after| journal.reader(after)) {
            match item {
                Ok(record) => records.push(record),
                Err(HistoryError::Gap(from, to)) => gaps.push((from.0, to.0)),
                Err(error) => panic!("{error:?}"),
            }
        }
        (records, gaps)
    };
    tokio::task::spawn_blocking(read).await.unwrap()
}

fn lsns(records: &[Record]) -> Vec<u64> {
    records.iter().map(|record| record.lsn.0).collect()
}

#[tokio::test]
async fn history_is_the_same_wherever_the_records_lie() {
    let dir = tempfile::tempdir().unwrap();
    let (journal, archive) = (journal(dir.path()), local(dir.path()));
    append(&journal, 200).await;
    let (original, gaps) = replay(&archive, &journal, 0).await;
    assert_eq!((lsns(&original), gaps), ((1..=200).collect(), vec![]));

    let archived = archive_sealed(&archive, &journal).await;
    assert!(archived.len() >= 4, "{archived:?}");
    assert_eq!(
        replay(&archive, &journal, 0).await,
        (original.clone(), vec![])
    );

    let sealed: Vec<_> = journal
        .segments()
        .into_iter()
        .filter(|s| s.sealed)
        .collect();
    for segment in [&sealed[0], &sealed[1], &sealed[3]] {
        journal.remove_sealed(segment.id).unwrap();
        assert_eq!(
            replay(&archive, &journal, 0).await,
            (original.clone(), vec![])
        );
    }
    for after in [
        0,
        1,
        sealed[0].last.0,
        sealed[1].last.0 - 1,
        sealed[3].first.0,
        199,
        200,
    ] {
        let (records, gaps) = replay(&archive, &journal, after).await;
        assert_eq!(
            (records.as_slice(), gaps),
            (&original[after as usize..], vec![]),
            "after {after}"
        );
    }
}

#[tokio::test]
async fn a_lost_journal_folder_is_read_from_the_archive() {
    let dir = tempfile::tempdir().unwrap();
    let archive = local(dir.path());
    let first = journal(dir.path());
    append(&first, 100).await;
    first.seal().unwrap();
    archive_sealed(&archive, &first).await;
    let (original, _) = replay(&archive, &first, 0).await;
    first.close();
    std::fs::remove_dir_all(dir.path().join("journal")).unwrap();
    let second = Journal::open(options(dir.path(), 100), Open).unwrap().0;
    assert_eq!(replay(&archive, &second, 0).await, (original, vec![]));
    append(&second, 3).await;
    assert_eq!(
        lsns(&replay(&archive, &second, 98).await.0),
        [99, 100, 101, 102, 103]
    );
}

#[tokio::test]
async fn a_segment_that_is_nowhere_is_a_gap_with_its_numbers() {
    let dir = tempfile::tempdir().unwrap();
    let (journal, archive) = (journal(dir.path()), local(dir.path()));
    append(&journal, 200).await;
    let archived = archive_sealed(&archive, &journal).await;
    for segment in journal.segments().iter().filter(|s| s.sealed) {
        journal.remove_sealed(segment.id).unwrap();
    }
    for lost in [0, 2] {
        archive
            .blobs
            .delete(&archived[lost].key().unwrap())
            .await
            .unwrap();
    }
    let (records, gaps) = replay(&archive, &journal, 0).await;
    let range = |i: usize| (archived[i].first_lsn, archived[i].last_lsn);
    assert_eq!(gaps, [range(0), range(2)]);
    let expected = (1..=200).filter(|lsn| !gaps.iter().any(|(a, b)| (a..=b).contains(&lsn)));
    assert_eq!(lsns(&records), expected.collect::<Vec<_>>());
}

#[tokio::test]
async fn putting_twice_stores_once_and_refuses_a_damaged_object() {
    let dir = tempfile::tempdir().unwrap();
    let (journal, archive) = (journal(dir.path()), local(dir.path()));
    append(&journal, 60).await;
    let once = archive_sealed(&archive, &journal).await;
    assert_eq!(archive_sealed(&archive, &journal).await, once);
    assert_eq!(archive.list().await.unwrap(), once);

    let file = dir
        .path()
        .join("blobs")
        .join(once[0].key().unwrap().as_str());
    let mut bytes = std::fs::read(&file).unwrap();
    let at = bytes.len() - 5;
    bytes[at] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    let again = archive
        .put(journal.reader(Lsn(0)), once[0].first_lsn, once[0].last_lsn)
        .await;
    assert!(
        matches!(again, Err(ArchiveError::Damaged { .. })),
        "{again:?}"
    );
}

#[tokio::test]
async fn a_rewrite_drops_and_replaces_keeps_the_numbers_and_leaves_no_old_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let (journal, archive) = (journal(dir.path()), local(dir.path()));
    append(&journal, 60).await;
    let segment = archive_sealed(&archive, &journal).await.remove(0);
    let judge = |record: &Record| match record.lsn.0 {
        2 => Rewrite::Drop,
        3 => Rewrite::Replace(b"gone".to_vec()),
        _ => Rewrite::Keep,
    };
    let done = archive.rewrite(&segment, judge).await.unwrap();
    assert_eq!((done.dropped, done.replaced), (1, 1));
    let current = archive.list().await.unwrap().remove(0);
    assert_eq!(
        (current.first_lsn, current.last_lsn, current.generation),
        (1, segment.last_lsn, 1)
    );
    assert!(
        !dir.path()
            .join("blobs")
            .join(segment.key().unwrap().as_str())
            .exists()
    );

    journal.remove_sealed(journal.segments()[0].id).unwrap();
    let (records, gaps) = replay(&archive, &journal, 0).await;
    assert_eq!(
        (lsns(&records)[..3].to_vec(), gaps),
        (vec![1, 3, 4], vec![])
    );
    assert_eq!(records[1].payload, "gone");

    let untouched = archive.rewrite(&current, |_| Rewrite::Keep).await.unwrap();
    assert_eq!(untouched, Rewritten::default());
    assert_eq!(archive.list().await.unwrap()[0], current);
}

/// How a put goes wrong.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// The process dies (or the network goes) with this many bytes stored.
    Torn(usize),
    /// Says "done", but a byte of what it stored is another.
    Flipped(usize),
    Nothing,
}

/// A store without atomic puts that fails as told.
#[derive(Debug)]
struct Faulty {
    inner: LocalBlobs,
    fault: Mutex<Fault>,
}

#[async_trait::async_trait]
impl Blobs for Faulty {
    async fn put(&self, key: &BlobKey, content: Bytes) -> Result<(), BlobError> {
        let fault = *self.fault.lock();
        match fault {
            Fault::Nothing => self.inner.put(key, content).await,
            Fault::Torn(at) => {
                self.inner
                    .put(key, content.slice(..at.min(content.len())))
                    .await?;
                Err(BlobError::Store {
                    doing: "put",
                    what: key.to_string(),
                    source: "cut off".into(),
                })
            }
            Fault::Flipped(at) => {
                let mut bytes = content.to_vec();
                let at = at % bytes.len();
                bytes[at] ^= 8;
                self.inner.put(key, bytes.into()).await
            }
        }
    }

    async fn get(&self, key: &BlobKey) -> Result<Bytes, BlobError> {
        self.inner.get(key).await
    }

    async fn list(&self, folder: &BlobKey) -> Result<Vec<BlobInfo>, BlobError> {
        self.inner.list(folder).await
    }

    async fn delete(&self, key: &BlobKey) -> Result<(), BlobError> {
        self.inner.delete(key).await
    }
}

#[tokio::test]
async fn no_failed_put_is_ever_listed_as_archived_and_the_next_one_heals() {
    let dir = tempfile::tempdir().unwrap();
    let journal = journal(dir.path());
    append(&journal, 40).await;
    let segment = journal.segments().remove(0);
    let put = |archive: Archive| {
        let reader = journal.reader(Lsn(0));
        async move { archive.put(reader, segment.first.0, segment.last.0).await }
    };
    let size = {
        let other = tempfile::tempdir().unwrap();
        put(local(other.path())).await.unwrap().unwrap().bytes as usize
    };
    for at in (0..size).step_by(size / 25).chain([size - 1]) {
        for fault in [Fault::Torn(at), Fault::Flipped(at)] {
            let inner = LocalBlobs::open(&dir.path().join("blobs")).unwrap();
            let blobs = Arc::new(Faulty {
                inner,
                fault: Mutex::new(fault),
            });
            let archive = Archive::new(blobs.clone(), NODE);
            put(archive.clone()).await.unwrap_err();
            assert_eq!(archive.list().await.unwrap(), [], "{fault:?}");
            *blobs.fault.lock() = Fault::Nothing;
            let stored = put(archive.clone()).await.unwrap().unwrap();
            archive.check(&stored).await.unwrap();
            assert_eq!(
                archive.list().await.unwrap(),
                std::slice::from_ref(&stored),
                "{fault:?}"
            );
            archive.sweep().await.unwrap();
            archive.blobs.delete(&stored.key().unwrap()).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_failed_rewrite_leaves_the_old_segment_in_place() {
    let dir = tempfile::tempdir().unwrap();
    let journal = journal(dir.path());
    append(&journal, 40).await;
    let inner = LocalBlobs::open(&dir.path().join("blobs")).unwrap();
    let blobs = Arc::new(Faulty {
        inner,
        fault: Mutex::new(Fault::Nothing),
    });
    let archive = Archive::new(blobs.clone(), NODE);
    let segment = archive_sealed(&archive, &journal).await.remove(0);
    *blobs.fault.lock() = Fault::Torn(100);
    archive
        .rewrite(&segment, |_| Rewrite::Drop)
        .await
        .unwrap_err();
    assert_eq!(archive.list().await.unwrap()[0], segment);
    assert_eq!(archive.sweep().await.unwrap(), 1);
    archive.check(&segment).await.unwrap();
}
