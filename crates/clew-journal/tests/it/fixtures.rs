//! Segments written by earlier versions decode for ever, byte for byte.
//!
//! A new format version gets a new folder beside the old ones; files that are here never change.

use clew_journal::{Lsn, Reader};
use std::{fmt::Write, fs, path::Path};

/// One line a record: every field, the payload in hexadecimal.
fn print(reader: Reader) -> String {
    let mut text = String::new();
    for record in reader {
        let r = record.unwrap();
        let h = r.header;
        let (lsn, node, kind, schema, at) = (r.lsn, r.node, h.kind, h.schema, h.received_ms);
        write!(
            text,
            "lsn={lsn} node={node} kind={kind} schema={schema} received_ms={at}"
        )
        .unwrap();
        for (name, bytes) in [("site", &h.site[..]), ("payload", &r.payload)] {
            write!(text, " {name}=").unwrap();
            for byte in bytes {
                write!(text, "{byte:02x}").unwrap();
            }
        }
        text.push('\n');
    }
    text
}

#[test]
fn every_committed_segment_still_decodes() {
    let root =
        Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("../../fixtures/journal");
    let mut versions = 0;
    for version in fs::read_dir(root).unwrap() {
        let dir = version.unwrap().path();
        // A version that changed payloads only has no segments: the journal cannot tell.
        if !dir.join("expected.txt").exists() {
            continue;
        }
        let expected = fs::read_to_string(dir.join("expected.txt")).unwrap();
        assert_eq!(
            print(Reader::open_dir(&dir, Lsn(0)).unwrap()),
            expected,
            "{}",
            dir.display()
        );
        versions += 1;
    }
    assert!(versions >= 1);
}
