//! Words that no SQL text of this crate may contain.
//!
//! The bundled engine has no time zones while the prebuilt one has, so a zone function works on a
//! developer's machine and fails in a release. And nothing but retention and erasure may change a
//! row that was written.

use std::fs;
use std::path::{Path, PathBuf};

/// Checked in lower case, white space squeezed.
const ZONED: &[&str] = &[
    "at time zone",
    "timestamptz",
    "timestamp_tz",
    "timestamp with time zone",
    "timetz",
    "timezone(",
    "date_trunc(",
    "current_timestamp",
    "now(",
    "current_date",
    "to_timestamp(",
    "strftime(",
];

/// In the event store and its reports only: the relational side updates rows by design.
const CHANGING: &[&str] = &[
    "primary key",
    "create index",
    "create unique index",
    "insert or replace",
    "insert or ignore",
    "on conflict",
    "update events",
    "update quarantined",
    "update sessions",
    "update cursors",
];

fn sources(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path
            .extension()
            .is_some_and(|extension| extension == "rs" || extension == "sql")
        {
            found.push(path);
        }
    }
    found
}

/// What stands between quotes, without line comments: prose may name what SQL may not.
fn squeezed(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap().to_lowercase();
    let comment = |line: &&str| line.starts_with("//") || line.starts_with("--");
    let code: Vec<_> = text
        .lines()
        .map(str::trim_start)
        .filter(|line| !comment(line))
        .collect();
    let code = code.join("\n").replace("\\\"", "").replace("'\"'", "");
    let sql_file = path.extension().is_some_and(|extension| extension == "sql");
    let literals: Vec<_> = if sql_file {
        vec![code.as_str()]
    } else {
        code.split('"').skip(1).step_by(2).collect()
    };
    let words: Vec<_> = literals
        .iter()
        .flat_map(|text| text.split_whitespace())
        .collect();
    words.join(" ")
}

fn offenders(dirs: &[&str], words: &[&str]) -> Vec<String> {
    let root = Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("src");
    let files = dirs.iter().flat_map(|dir| sources(&root.join(dir)));
    let mut found = Vec::new();
    let mut read = 0;
    for file in files.filter(|file| !file.ends_with("tests/sql_text.rs")) {
        let code = squeezed(&file);
        read += code.len();
        let hits = words.iter().filter(|word| code.contains(**word));
        found.extend(hits.map(|word| format!("{}: {word}", file.display())));
    }
    assert!(read > 2_000, "the sources were not found");
    found
}

#[test]
fn no_sql_uses_time_zones() {
    assert_eq!(
        offenders(&["events", "reports"], ZONED),
        Vec::<String>::new()
    );
}

#[test]
fn no_sql_changes_a_row() {
    assert_eq!(
        offenders(&["events", "reports"], CHANGING),
        Vec::<String>::new()
    );
}

#[test]
fn the_forbidden_words_are_recognised() {
    let dir = tempfile::TempDir::new().unwrap();
    let file = dir.path().join("bad.rs");
    fs::write(
        &file,
        "// \"now()\"\nInstant::now(); let sql = \"SELECT ts AT\n   TIME  ZONE 'UTC'\";",
    )
    .unwrap();
    let code = squeezed(&file);
    assert!(code.contains("at time zone") && !code.contains("now("));
}
