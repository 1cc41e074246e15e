//! One Parquet file: written row group by row group, read back as rows.
//!
//! The metadata says what it holds (`clew.site`, `clew.month`, `clew.run`, `clew.rows`) and carries
//! a BLAKE3 checksum over the rows themselves (`clew.blake3`), so that a faithful copy can be told
//! from a file that merely opens.

use super::name::FileName;
use crate::events::{EventRow, EventStoreError, ROW_SCHEMA, batch_rows, record_batch};
use arrow::error::ArrowError;
use bytes::Bytes;
use clew_core::model::ImportId;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use prost::Message as _;
use std::sync::Arc;

/// Rows of one row group, encoded in memory.
const GROUP_ROWS: usize = 16_384;
/// Rows handed over at once.
const SLICE_ROWS: usize = 2_048;

const ROWS: &str = "clew.rows";
const CHECKSUM: &str = "clew.blake3";

#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error(transparent)]
    Parquet(#[from] ParquetError),
    #[error(transparent)]
    Arrow(#[from] ArrowError),
    #[error(transparent)]
    Rows(#[from] EventStoreError),
    #[error("it does not hold the rows that were written")]
    Unfaithful,
}

/// A file that is being written.
pub(super) struct Content {
    writer: ArrowWriter<Vec<u8>>,
    pub(super) rows: u64,
    checksum: Checksum,
}

/// A whole file and what must be found in it.
pub(super) struct Finished {
    pub(super) object: Bytes,
    pub(super) rows: u64,
    pub(super) checksum: [u8; 32],
}

impl Content {
    pub(super) fn new(name: &FileName) -> Result<Self, FileError> {
        let facts = [
            ("clew.site", name.site.to_string()),
            ("clew.month", name.month.clone()),
            ("clew.run", name.run.to_string()),
        ];
        let facts = facts.map(|(key, value)| KeyValue::new(key.to_owned(), value));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_key_value_metadata(Some(facts.into()))
            .build();
        let writer = ArrowWriter::try_new(Vec::new(), Arc::clone(&ROW_SCHEMA), Some(properties))?;
        Ok(Self {
            writer,
            rows: 0,
            checksum: Checksum::default(),
        })
    }

    pub(super) fn push(&mut self, rows: &[EventRow]) -> Result<(), FileError> {
        for slice in rows.chunks(SLICE_ROWS) {
            let slice: Vec<_> = slice.iter().map(EventRow::borrow).collect();
            self.writer.write(&record_batch(&slice)?)?;
        }
        for row in rows {
            self.checksum.add(row);
        }
        self.rows += rows.len() as u64;
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Finished, FileError> {
        let checksum = self.checksum.finish();
        for (key, value) in [
            (ROWS, self.rows.to_string()),
            (CHECKSUM, hex::encode(checksum)),
        ] {
            let fact = KeyValue::new(key.to_owned(), value);
            self.writer.append_key_value_metadata(fact);
        }
        Ok(Finished {
            object: self.writer.into_inner()?.into(),
            rows: self.rows,
            checksum,
        })
    }
}

/// The rows of a file that holds what its own metadata says.
pub(super) fn decode(object: Bytes) -> Result<Vec<EventRow>, FileError> {
    let mut all = Vec::new();
    let mut checksum = Checksum::default();
    let said = each_batch(object, |rows| {
        for row in &rows {
            checksum.add(row);
        }
        all.extend(rows);
    })?;
    if said == (all.len() as u64, checksum.finish()) {
        Ok(all)
    } else {
        Err(FileError::Unfaithful)
    }
}

/// Whether a file holds these rows; a batch at a time.
pub(super) fn verify(object: Bytes, rows: u64, checksum: [u8; 32]) -> Result<(), FileError> {
    let (mut read, mut sum) = (0, Checksum::default());
    let said = each_batch(object, |rows| {
        read += rows.len() as u64;
        for row in &rows {
            sum.add(row);
        }
    })?;
    let expected = (rows, checksum);
    if said == expected && (read, sum.finish()) == expected {
        Ok(())
    } else {
        Err(FileError::Unfaithful)
    }
}

/// Reads the file; returns what its metadata says of rows and checksum.
fn each_batch(
    object: Bytes,
    mut see: impl FnMut(Vec<EventRow>),
) -> Result<(u64, [u8; 32]), FileError> {
    let file = ParquetRecordBatchReaderBuilder::try_new(object)?;
    let facts = file.metadata().file_metadata().key_value_metadata();
    let fact = |key: &str| {
        let found = facts?.iter().find(|fact| fact.key == key)?;
        found.value.clone()
    };
    let rows = fact(ROWS).and_then(|rows| rows.parse().ok());
    let mut checksum = [0; 32];
    let read = fact(CHECKSUM).map(|text| hex::decode_to_slice(text, &mut checksum));
    let (Some(rows), Some(Ok(()))) = (rows, read) else {
        return Err(FileError::Unfaithful);
    };
    for batch in file.with_batch_size(SLICE_ROWS).build()? {
        see(batch_rows(&batch?)?);
    }
    Ok((rows, checksum))
}

/// Over the rows in their order, as the journal would hold them.
#[derive(Default)]
struct Checksum {
    hasher: blake3::Hasher,
    bytes: Vec<u8>,
}

impl Checksum {
    fn add(&mut self, row: &EventRow) {
        let bytes = &mut self.bytes;
        bytes.clear();
        bytes.extend_from_slice(&row.site.to_bytes());
        bytes.extend_from_slice(&row.lsn.to_be_bytes());
        bytes.extend_from_slice(&row.index.to_be_bytes());
        bytes.push(row.kind);
        bytes.extend_from_slice(&row.received_ms.to_be_bytes());
        bytes.extend_from_slice(&row.import.map_or([0; 16], ImportId::to_bytes));
        // Length first, so that no two lists of rows look alike. Encoding into memory cannot fail.
        bytes.extend_from_slice(&(row.event.encoded_len() as u64).to_be_bytes());
        bytes.extend_from_slice(&row.event.encode_to_vec());
        self.hasher.update(bytes);
    }

    fn finish(&self) -> [u8; 32] {
        *self.hasher.finalize().as_bytes()
    }
}
