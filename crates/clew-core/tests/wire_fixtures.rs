//! Every `fixtures/wire/clew/<case>.request.json` decodes to its `<case>.expected.json`.
//!
//! `UPDATE_FIXTURES=1 cargo test -p clew-core --test wire_fixtures` writes what is missing or has
//! changed; read the difference before committing it.

use clew_core::model::{Consent, ConsentState};
use clew_core::wire::clew::Clew;
use clew_core::wire::{WireBatch, WireEvent, WireFormat as _, WireReject};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("cargo names the folder"))
        .join("../../fixtures/wire/clew")
}

fn shown(batch: WireBatch) -> Value {
    let items: Vec<_> = batch.items.into_iter().map(item).collect();
    json!({ "site": batch.site, "sent_at": batch.sent_at, "items": items })
}

fn item(item: Result<WireEvent, WireReject>) -> Value {
    match item {
        Ok(event) => fields(&event),
        Err(reject) => json!({ "reject": reject.code }),
    }
}

/// What the event says; absent fields are left out.
fn fields(e: &WireEvent) -> Value {
    let all = [
        ("id", json!(e.id)),
        ("type", json!(e.event_type)),
        ("name", json!(e.name)),
        ("time", json!(e.time)),
        ("visitor_id", json!(e.visitor_id)),
        ("session_id", json!(e.session_id)),
        ("user_id", json!(e.user_id)),
        ("sequence", json!(e.sequence)),
        ("consent", consent(e.consent)),
        ("url", json!(e.url)),
        ("title", json!(e.title)),
        ("referrer", json!(e.referrer)),
        ("screen", json!(e.screen)),
        ("viewport", json!(e.viewport)),
        ("language", json!(e.language)),
        ("time_zone", json!(e.time_zone)),
        ("engaged_ms", json!(e.engaged_ms)),
        ("scroll_percent", json!(e.scroll_percent)),
        ("load_time_ms", json!(e.load_time_ms)),
        ("value", json!(e.value)),
        ("currency", json!(e.currency)),
        ("props", json!(e.props)),
        ("numbers", json!(e.numbers)),
    ];
    let stated =
        |value: &Value| !matches!(value, Value::Null) && *value != json!("") && *value != json!({});
    let fields = all.into_iter().filter(|(_, value)| stated(value));
    Value::Object(fields.map(|(key, value)| (key.to_owned(), value)).collect())
}

fn consent(consent: Consent) -> Value {
    let mut out = Map::new();
    for (purpose, state) in [
        ("analytics", consent.analytics()),
        ("marketing", consent.marketing()),
        ("replay", consent.replay()),
        ("partial", consent.partial()),
    ] {
        if state != ConsentState::Unknown {
            out.insert(purpose.to_owned(), json!(state == ConsentState::Granted));
        }
    }
    if consent.gpc {
        out.insert("gpc".to_owned(), json!(true));
    }
    Value::Object(out)
}

fn decoded(request: &[u8]) -> Value {
    match Clew.decode(request) {
        Ok(batch) => shown(batch),
        Err(code) => json!({ "error": code.code() }),
    }
}

#[test]
fn every_fixture_decodes_as_expected() {
    let mut cases = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some(case) = name.strip_suffix(".request.json") else {
            continue;
        };
        let got = decoded(&std::fs::read(&path).unwrap());
        let expected = path.with_file_name(format!("{case}.expected.json"));
        if std::env::var_os("UPDATE_FIXTURES").is_some() {
            let text = serde_json::to_string_pretty(&got).unwrap() + "\n";
            std::fs::write(&expected, text).unwrap();
        }
        let expected: Value = serde_json::from_slice(&std::fs::read(&expected).unwrap()).unwrap();
        assert_eq!(got, expected, "{case}");
        cases += 1;
    }
    assert!(
        cases >= 10,
        "only {cases} fixtures found in {}",
        folder().display()
    );
}
