//! Many writers and readers at once, on a real folder.

use crate::ledger::HEADER;
use clew_journal::{Journal, Lsn, Open, Options, Reader, Rewrite};
use std::collections::{BTreeMap, BTreeSet};

const WRITERS: u64 = 64;
const EACH: u64 = 50;

fn payload(writer: u64, n: u64) -> Vec<u8> {
    let mut bytes = [writer.to_le_bytes(), n.to_le_bytes()].concat();
    bytes.resize(200 + (n as usize * 37) % 300, writer as u8);
    bytes
}

/// Follows the journal until `count` records were read.
fn follow(mut reader: Reader, count: u64) -> Vec<(u64, Vec<u8>)> {
    let mut read = Vec::new();
    while (read.len() as u64) < count {
        match reader.next() {
            Some(record) => {
                let record = record.unwrap();
                read.push((record.lsn.0, record.payload.to_vec()));
            }
            None => std::thread::sleep(std::time::Duration::from_millis(1)),
        }
    }
    read
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_writers_get_distinct_numbers_and_readers_see_their_order() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options {
        segment_bytes: 64 << 10,
        ..Options::new(dir.path())
    };
    let (journal, _) = Journal::open(options, Open).unwrap();
    let reader = journal.reader(Lsn(0));
    let reading = std::thread::spawn(move || follow(reader, WRITERS * EACH));
    let rewriting = std::thread::spawn({
        let journal = journal.clone();
        move || {
            // Keeps all, while others read and append: nothing may change for them.
            for _ in 0..20 {
                let id = journal.segments()[0].id;
                journal
                    .rewrite(id, |r| Rewrite::Replace(r.payload.to_vec()))
                    .unwrap();
            }
        }
    });
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        let journal = journal.clone();
        writers.push(tokio::spawn(async move {
            let mut acked = Vec::new();
            for n in 0..EACH {
                let done = journal.append((HEADER, payload(writer, n))).await.unwrap();
                acked.push((done.lsn.unwrap().0, payload(writer, n)));
            }
            acked
        }));
    }
    let mut acked = BTreeMap::new();
    for writer in writers {
        let own = writer.await.unwrap();
        assert!(
            own.is_sorted_by_key(|(lsn, _)| *lsn),
            "a writer's own records keep their order"
        );
        for (lsn, payload) in own {
            assert!(
                acked.insert(lsn, payload).is_none(),
                "LSN {lsn} was given out twice"
            );
        }
    }
    let numbers: BTreeSet<u64> = acked.keys().copied().collect();
    assert_eq!(numbers, (1..=WRITERS * EACH).collect());
    rewriting.join().unwrap();
    assert_eq!(
        reading.join().unwrap(),
        acked.clone().into_iter().collect::<Vec<_>>()
    );
    assert!(journal.segments().len() > 5);
    journal.close();
    let reopened = Reader::open_dir(dir.path(), Lsn(0)).unwrap();
    let stored: BTreeMap<u64, Vec<u8>> = reopened
        .map(Result::unwrap)
        .map(|r| (r.lsn.0, r.payload.to_vec()))
        .collect();
    assert_eq!(stored, acked);
}
