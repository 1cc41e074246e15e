//! Every `fixtures/wire/<format>/<case>.request.json` decodes to its `<case>.expected.json`.
//!
//! Of a format with one door the request is the body itself. Of a format with several it is
//! `{"path", "body"}`, or `{"path", "text"}` where the body is no JSON; what is expected then holds
//! the answer too, as it is when every item is new and counted.
//!
//! `UPDATE_FIXTURES=1 cargo test -p clew-core --test wire_fixtures` writes what is missing or has
//! changed; read the difference before committing it.

#![allow(clippy::unwrap_used)] // Helpers of tests.

use clew_core::model::{Consent, ConsentState, EventId};
use clew_core::wire::{
    Door, FORMATS, IdKind, Receipt, SiteRef, WireBatch, WireEvent, WireFormat, WireReject,
    WireRequest,
};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

const MINTED: EventId = EventId::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001);

fn folder(format: &dyn WireFormat) -> PathBuf {
    let root = std::env::var("CARGO_MANIFEST_DIR").expect("cargo names the folder");
    Path::new(&root)
        .join("../../fixtures/wire")
        .join(format.name())
}

fn shown(format: &dyn WireFormat, door: &Door, batch: WireBatch) -> Value {
    let mut out = Map::new();
    let site = match &batch.site {
        SiteRef::Id(id) => json!(id),
        SiteRef::Host(host) => json!({ "host": host }),
        SiteRef::Page => json!("of the page"),
    };
    out.insert("site".into(), site);
    out.insert("sent_at".into(), json!(batch.sent_at));
    if let Some(key) = &batch.write_key {
        out.insert("write_key".into(), json!(key));
    }
    if format.doors().len() > 1 {
        let receipt = Receipt {
            accepted: u32::try_from(batch.items.len()).unwrap(),
            first: Some(MINTED),
            first_submission_kept: true,
            echo: batch.echo.clone(),
            ..Receipt::default()
        };
        let answer = format.answer(door, &receipt).unwrap();
        out.insert("answer".into(), serde_json::from_slice(&answer).unwrap());
    }
    let items = batch.items.into_iter().map(item).collect();
    out.insert("items".into(), items);
    Value::Object(out)
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
        ("id_kind", id_kind(e)),
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
        ("fingerprint", json!(e.fingerprint)),
        ("campaign", json!(e.campaign)),
        ("form_id", json!(e.form_id)),
        ("submission", submission(e)),
    ];
    let stated =
        |value: &Value| !matches!(value, Value::Null) && *value != json!("") && *value != json!({});
    let fields = all.into_iter().filter(|(_, value)| stated(value));
    Value::Object(fields.map(|(key, value)| (key.to_owned(), value)).collect())
}

fn id_kind(event: &WireEvent) -> Value {
    match event.id_kind {
        IdKind::Event => Value::Null,
        other => json!(format!("{other:?}").to_lowercase()),
    }
}

fn submission(event: &WireEvent) -> Value {
    let submission = event.submission.as_ref();
    submission.map_or(Value::Null, |submission| {
        let kind = format!("{:?}", submission.kind).to_lowercase();
        json!({ "kind": kind, "fields": submission.fields })
    })
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

/// The door and the body of a request file.
fn asked(format: &dyn WireFormat, file: &[u8]) -> (&'static Door, Vec<u8>) {
    if let [door] = format.doors() {
        return (door, file.to_vec());
    }
    let request: Value = serde_json::from_slice(file).unwrap();
    let path = request["path"].as_str().unwrap();
    let door = format.doors().iter().find(|door| door.path == path);
    let door = door.unwrap_or_else(|| panic!("{} has no door {path}", format.name()));
    let body = match request.get("text") {
        Some(text) => text.as_str().unwrap().into(),
        None => serde_json::to_vec(&request["body"]).unwrap(),
    };
    (door, body)
}

fn decoded(format: &dyn WireFormat, file: &[u8]) -> Value {
    let (door, body) = asked(format, file);
    let request = WireRequest {
        path: door.path,
        body: &body,
        minted: MINTED,
    };
    match format.decode(&request) {
        Ok(batch) => shown(format, door, batch),
        Err(error) => match error.field {
            Some(field) => json!({ "error": error.code.code(), "field": field }),
            None => json!({ "error": error.code.code() }),
        },
    }
}

#[test]
fn every_fixture_decodes_as_expected() {
    for format in FORMATS {
        let cases = check(*format);
        assert!(cases >= 10, "only {cases} fixtures of {}", format.name());
    }
}

fn check(format: &dyn WireFormat) -> usize {
    let mut cases = 0;
    for entry in std::fs::read_dir(folder(format)).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some(case) = name.strip_suffix(".request.json") else {
            continue;
        };
        let got = decoded(format, &std::fs::read(&path).unwrap());
        let expected = path.with_file_name(format!("{case}.expected.json"));
        if std::env::var_os("UPDATE_FIXTURES").is_some() {
            let text = serde_json::to_string_pretty(&got).unwrap() + "\n";
            std::fs::write(&expected, text).unwrap();
        }
        let expected: Value = serde_json::from_slice(&std::fs::read(&expected).unwrap()).unwrap();
        assert_eq!(got, expected, "{}/{case}", format.name());
        cases += 1;
    }
    cases
}
