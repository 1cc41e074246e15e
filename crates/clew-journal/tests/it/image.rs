//! Journals as bytes: built once, then damaged in any number of ways.

use crate::ledger::HEADER;
use clew_journal::{
    Journal, Lsn, Open, Options, ReadError, Record, Recovered, SegmentId, record::HEAD_LEN,
    segment::HEADER_LEN, storage::sim::SimDisk,
};
use std::{ops::Range, path::PathBuf, sync::Arc};

/// A clean journal and where each of its records lies.
pub(crate) struct Image {
    pub(crate) files: Vec<(PathBuf, Vec<u8>)>,
    pub(crate) records: Vec<Placed>,
}

/// Where the record with LSN `index + 1` lies.
pub(crate) struct Placed {
    pub(crate) file: usize,
    pub(crate) bytes: Range<usize>,
    pub(crate) payload: Vec<u8>,
}

/// What a start on an image gave.
pub(crate) struct Start {
    pub(crate) recovered: Recovered,
    pub(crate) disk: SimDisk,
    pub(crate) records: Vec<Record>,
    pub(crate) errors: Vec<ReadError>,
}

pub(crate) fn options(segment_bytes: u64) -> Options {
    Options {
        segment_bytes,
        ..Options::new("/journal")
    }
}

pub(crate) fn payload(lsn: u64, size: usize) -> Vec<u8> {
    (0..size).map(|i| (i as u64 * 31 + lsn * 7) as u8).collect()
}

/// Appends outside of any runtime.
pub(crate) fn append(journal: &Journal<Open>, payload: &[u8]) -> Lsn {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let done = runtime.block_on(journal.append((HEADER, payload.to_vec())));
    done.unwrap().lsn.unwrap()
}

impl Image {
    /// Appends records of these sizes one by one.
    pub(crate) fn build(segment_bytes: u64, sizes: impl IntoIterator<Item = usize>) -> Self {
        let disk = SimDisk::new(1);
        let storage = Arc::new(disk.clone());
        let (journal, _) = Journal::open_on(storage, options(segment_bytes), Open).unwrap();
        let mut records = Vec::new();
        for (i, size) in sizes.into_iter().enumerate() {
            let payload = payload(i as u64 + 1, size);
            append(&journal, &payload);
            let segments = journal.segments();
            let end = segments[segments.len() - 1].bytes as usize;
            let bytes = end - size - HEAD_LEN..end;
            records.push(Placed {
                file: segments.len() - 1,
                bytes,
                payload,
            });
        }
        let paths = journal.segments().into_iter().map(|s| s.path);
        let files = paths
            .map(|path| (path.clone(), disk.read(&path).unwrap()))
            .collect();
        Self { files, records }
    }

    pub(crate) fn start(&self) -> Start {
        let disk = SimDisk::new(2);
        for (path, bytes) in &self.files {
            disk.plant(path, bytes);
        }
        let recovered = Recovered::open_on(Arc::new(disk.clone()), options(1 << 20)).unwrap();
        let (mut records, mut errors) = (Vec::new(), Vec::new());
        for item in recovered.reader(Lsn(0)) {
            match item {
                Ok(record) => records.push(record),
                Err(error) => errors.push(error),
            }
        }
        Start {
            recovered,
            disk,
            records,
            errors,
        }
    }

    /// Whether `record` is, byte for byte, what was appended.
    pub(crate) fn has(&self, record: &Record) -> bool {
        let placed = self.records.get(record.lsn.0 as usize - 1);
        record.header == HEADER && placed.is_some_and(|p| *p.payload == *record.payload)
    }

    pub(crate) fn last_file(&self) -> usize {
        self.files.len() - 1
    }
}

pub(crate) fn first_segment() -> PathBuf {
    PathBuf::from("/journal").join(SegmentId(1).file_name())
}

#[test]
fn an_undamaged_image_gives_back_every_record() {
    let image = Image::build(16 << 10, (0..60).map(|i| i * 37 % 900));
    assert!(image.files.len() > 2, "several segments");
    assert_eq!(image.records[0].bytes.start as u64, HEADER_LEN);
    let start = image.start();
    assert!(!start.recovered.report().alarm());
    assert!(start.errors.is_empty());
    assert_eq!(start.records.len(), 60);
    assert!(start.records.iter().all(|record| image.has(record)));
}
