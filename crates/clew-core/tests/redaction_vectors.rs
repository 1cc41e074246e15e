//! `fixtures/redact/vectors.json`: what browser and server must both make of the same texts.
//!
//! The browser names the kind it found; here every kind has one mark.

use clew_core::redact::{ADDRESS_MARK, MARK, is_secret_name, redact_address, redact_text};
use std::path::Path;

#[derive(serde::Deserialize)]
struct Vector {
    kind: String,
    input: String,
    expected: String,
    why: String,
}

const KINDS: [&str; 6] = [
    "[email]",
    "[card]",
    "[ssn]",
    "[iban]",
    "[passport]",
    "[secret]",
];

fn marked(expected: &str, mark: &str) -> String {
    KINDS
        .iter()
        .fold(expected.to_owned(), |text, kind| text.replace(kind, mark))
}

#[test]
fn browser_and_server_agree() {
    let folder = std::env::var("CARGO_MANIFEST_DIR").expect("cargo names the folder");
    let path = Path::new(&folder).join("../../fixtures/redact/vectors.json");
    let vectors: Vec<Vector> =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(vectors.len() > 100);
    let wrong: Vec<_> = vectors
        .iter()
        .filter_map(|v| {
            let (got, expected) = match v.kind.as_str() {
                "text" => (
                    redact_text(&v.input).into_owned(),
                    marked(&v.expected, MARK),
                ),
                "url" => (
                    redact_address(&v.input).into_owned(),
                    marked(&v.expected, ADDRESS_MARK),
                ),
                "field" if is_secret_name(&v.input) => ("secret".to_owned(), v.expected.clone()),
                "field" => ("open".to_owned(), v.expected.clone()),
                kind => panic!("{kind}"),
            };
            (got != expected)
                .then(|| format!("{} ({}): {got} instead of {expected}", v.input, v.why))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
