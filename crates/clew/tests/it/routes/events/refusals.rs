//! Bad input gets a clear 4xx, and the server goes on as if nothing had happened.

use crate::support::{TestApp, id, pageview};
use std::fmt::Write as _;
use std::io::Write as _;

fn gzip_bomb() -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..200 {
        gzip.write_all(&zeros).unwrap();
    }
    gzip.finish().unwrap()
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_by_name() {
    let app = TestApp::start().await;
    let good = app.batch(&[pageview(&id(1))]);
    let unknown = good.replace(&app.site, "6f6f6f6f-0000-4000-8000-000000000000");
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let too_many = app.batch(&vec![pageview(&id(1)); 501]);
    let mut invalid_utf8 = good.clone().into_bytes();
    invalid_utf8.push(0xff);
    let json = "application/json";
    let cases: Vec<(&str, Vec<u8>, &str, &str)> = vec![
        ("empty", vec![], json, ""),
        ("malformed JSON", b"{\"site_id\":".to_vec(), json, ""),
        ("not an object", b"[1,2,3]".to_vec(), json, ""),
        ("null", b"null".to_vec(), json, ""),
        ("no site", b"{\"events\":[]}".to_vec(), json, ""),
        (
            "wrong types",
            b"{\"site_id\":7,\"events\":{}}".to_vec(),
            json,
            "",
        ),
        ("deep nesting", deep.into_bytes(), json, ""),
        ("invalid UTF-8", invalid_utf8, json, ""),
        ("ten megabytes", vec![b' '; 10 << 20], json, ""),
        ("gzip bomb", gzip_bomb(), json, "gzip"),
        ("no gzip at all", good.clone().into_bytes(), json, "gzip"),
        ("unknown encoding", good.clone().into_bytes(), json, "zstd"),
        ("unknown type", good.clone().into_bytes(), "text/html", ""),
        (
            "form",
            b"a=b".to_vec(),
            "application/x-www-form-urlencoded",
            "",
        ),
        ("unknown site", unknown.into_bytes(), json, ""),
        ("501 events", too_many.into_bytes(), json, ""),
    ];
    let mut seen = String::new();
    for (name, body, content_type, encoding) in cases {
        let request = app.post(body).header("content-type", content_type);
        let reply = request.header("content-encoding", encoding).send().await;
        assert!(
            (400..500).contains(&reply.status),
            "{name}: {}",
            reply.text()
        );
        writeln!(seen, "{name}: {} {}", reply.status, reply.code()).unwrap();
    }
    insta::assert_snapshot!(seen);
    let reply = app.post(good).send().await;
    assert_eq!(reply.json()["accepted"], 1);
}

#[tokio::test]
async fn an_error_has_the_documented_envelope() {
    let app = TestApp::start().await;
    let reply = app.post("{").send().await;
    insta::assert_json_snapshot!(reply.json());
}
