//! The journal on a real folder.

use crate::ledger::HEADER;
use clew_journal::{Journal, Lsn, Open, Options, Reader, Rewrite, Status};
use std::path::Path;

pub(crate) fn payloads(reader: Reader) -> Vec<(u64, String)> {
    let text = |r: clew_journal::Record| (r.lsn.0, String::from_utf8(r.payload.to_vec()).unwrap());
    reader.map(|r| text(r.unwrap())).collect()
}

fn open(dir: &Path) -> Journal<Open> {
    let (journal, report) = Journal::open(Options::new(dir), Open).unwrap();
    assert!(!report.alarm(), "{report:?}");
    journal
}

async fn append(journal: &Journal<Open>, text: &str) -> u64 {
    journal
        .append((HEADER, text.as_bytes().to_vec()))
        .await
        .unwrap()
        .lsn
        .unwrap()
        .0
}

#[tokio::test]
async fn appended_records_are_read_back_in_order_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path());
    assert_eq!(append(&journal, "a").await, 1);
    assert_eq!(append(&journal, "b").await, 2);
    assert_eq!(*journal.durable().borrow(), Lsn(2));
    journal.close();
    let journal = open(dir.path());
    assert_eq!(append(&journal, "c").await, 3);
    let expected = vec![(2, "b".into()), (3, "c".into())];
    assert_eq!(payloads(journal.reader(Lsn(1))), expected);
    assert_eq!(
        payloads(Reader::open_dir(dir.path(), Lsn(1)).unwrap()),
        expected
    );
    assert_eq!(journal.status(), Status::Healthy);
}

#[tokio::test]
async fn a_reader_at_the_end_goes_on_when_more_is_durable() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path());
    let mut reader = journal.reader(Lsn(0));
    assert!(reader.next().is_none());
    for text in ["a", "b"] {
        append(&journal, text).await;
        assert_eq!(reader.next().unwrap().unwrap().payload, text);
        assert!(reader.next().is_none());
        journal.seal().unwrap();
    }
    assert_eq!(journal.segments().len(), 3);
}

#[tokio::test]
async fn rewriting_keeps_numbers_and_leaves_holes() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path());
    for text in ["keep", "drop", "change"] {
        append(&journal, text).await;
    }
    let id = journal.segments()[0].id;
    let mut before = journal.reader(Lsn(0));
    before.next().unwrap().unwrap();
    let done = journal.rewrite(id, |r| match &*r.payload {
        b"drop" => Rewrite::Drop,
        b"change" => Rewrite::Replace(b"changed".to_vec()),
        _ => Rewrite::Keep,
    });
    let done = done.unwrap();
    assert_eq!((done.dropped, done.replaced), (1, 1));
    assert_eq!(
        payloads(before),
        vec![(2, "drop".into()), (3, "change".into())]
    );
    let after = vec![(1, "keep".into()), (3, "changed".into())];
    assert_eq!(payloads(journal.reader(Lsn(0))), after);
    journal.close();
    let journal = open(dir.path());
    assert_eq!(payloads(journal.reader(Lsn(0))), after);
    assert_eq!(append(&journal, "next").await, 4);
}
