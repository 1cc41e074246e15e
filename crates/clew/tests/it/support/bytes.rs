//! Looks for text and ids in every byte that a server has left on disk: files as they lie, archived
//! segments unpacked, and every column of the event store, which packs its strings.

use clew_store::archive::Archive;
use clew_store::blobs::LocalBlobs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Something that must not be found, in every shape in which it is stored.
#[derive(Clone, Debug)]
pub(crate) struct Needle {
    pub(crate) name: String,
    shapes: Vec<Vec<u8>>,
}

impl Needle {
    pub(crate) fn text(text: &str) -> Self {
        Self {
            name: text.to_owned(),
            shapes: vec![text.as_bytes().to_vec()],
        }
    }

    pub(crate) fn bytes(name: &str, bytes: &[u8]) -> Self {
        Self {
            name: name.to_owned(),
            shapes: vec![bytes.to_vec()],
        }
    }

    /// A 128-bit id as text, and as bytes of either order, whole and by halves.
    pub(crate) fn id(name: &str, id: u128) -> Self {
        let uuid = uuid::Uuid::from_u128(id);
        let (hi, lo) = ((id >> 64) as u64, id as u64);
        Self {
            name: name.to_owned(),
            shapes: vec![
                uuid.to_string().into_bytes(),
                uuid.simple().to_string().into_bytes(),
                id.to_be_bytes().to_vec(),
                id.to_le_bytes().to_vec(),
                hi.to_le_bytes().to_vec(),
                lo.to_le_bytes().to_vec(),
            ],
        }
    }

    fn is_in(&self, bytes: &[u8]) -> bool {
        self.shapes
            .iter()
            .any(|shape| memchr::memmem::find(bytes, shape).is_some())
    }
}

/// Where anything of this stands, as `file: needle`. The server must have stopped.
pub(crate) async fn find(data: &Path, needles: &[Needle]) -> Vec<String> {
    let mut found = Vec::new();
    let mut look = |place: String, bytes: &[u8]| {
        let here = needles.iter().filter(|needle| needle.is_in(bytes));
        found.extend(here.map(|needle| format!("{place}: {}", needle.name)));
    };
    let mut files = Vec::new();
    collect(data, &mut files);
    for path in files {
        look(path.display().to_string(), &std::fs::read(&path).unwrap());
    }
    for (place, bytes) in unpacked(data).await {
        look(place, &bytes);
    }
    for (place, text) in rows(data) {
        look(place, text.as_bytes());
    }
    found
}

/// The files of the running server, as they lie.
pub(crate) fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            collect(&entry.path(), files);
        } else if kind.is_file() {
            files.push(entry.path());
        }
    }
}

async fn unpacked(data: &Path) -> Vec<(String, Vec<u8>)> {
    let blobs = LocalBlobs::open(&data.join("blobs")).unwrap();
    let archive = Archive::new(Arc::new(blobs), 1);
    let mut all = Vec::new();
    for segment in archive.list().await.unwrap() {
        let reader = archive.open(&segment).await.unwrap();
        for record in reader {
            let record = record.unwrap();
            let place = format!("archived record {}", record.lsn.0);
            all.push((place, record.payload.to_vec()));
        }
    }
    all
}

/// Every row of every table, as text.
fn rows(data: &Path) -> Vec<(String, String)> {
    let file = data.join("events/events.duckdb");
    let connection = duckdb::Connection::open(&file).unwrap();
    let texts = |sql: &str| -> Vec<String> {
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    };
    let tables = texts("SELECT table_name FROM duckdb_tables()");
    assert!(tables.len() > 5, "{tables:?}");
    let mut all = Vec::new();
    for table in tables {
        for row in texts(&format!("SELECT t::VARCHAR FROM {table} AS t")) {
            all.push((format!("event store, {table}"), row));
        }
    }
    all
}
