use super::*;

const NAMES: Names = Names::only(&[
    &["siteId", "site_id"],
    &["n"],
    &["o"],
    &["consent"],
    &["events"],
]);
const ANY: Names = Names::and_others(&[&["siteId", "site_id"]]);

fn members(json: &str) -> Members<'_> {
    Members::of_body(json.as_bytes(), NAMES).unwrap()
}

#[test]
fn known_members_are_found_by_every_spelling() {
    for (json, found) in [
        (r#"{"site_id":"b","x":[[[{}]]],"n":null}"#, Some("b")),
        (r#"{"siteId":"a","siteId":"b"}"#, Some("b")),
        (r#"{"siteId":"a","siteId":null}"#, None),
        (r#"{"siteId":"a","site_id":"b"}"#, Some("a")),
        (r#"{"site_id":"b","siteId":null}"#, Some("b")),
        (r#"{"site\u0049d":"a"}"#, Some("a")),
        (r#"{"siteid":"a"}"#, None),
    ] {
        let read = members(json);
        assert_eq!(read.text("siteId").unwrap().as_deref(), found, "{json}");
        assert!(read.raw("n").is_none() && read.raw("o").is_none());
    }
}

#[test]
fn what_is_no_object_is_invalid_and_what_is_no_json_is_malformed() {
    for (body, code) in [
        (&b"[]"[..], ErrorCode::InvalidBody),
        (b"\"x\"", ErrorCode::InvalidBody),
        (b"null", ErrorCode::InvalidBody),
        (b"", ErrorCode::MalformedJson),
        (b"{", ErrorCode::MalformedJson),
        (b"{}x", ErrorCode::MalformedJson),
        (b"\xff", ErrorCode::MalformedJson),
    ] {
        assert_eq!(Members::of_body(body, NAMES).unwrap_err(), code);
    }
}

#[test]
fn a_value_of_another_type_is_named() {
    let read = members(r#"{"siteId":{},"n":"x","o":[],"consent":7,"events":{}}"#);
    for wrong in [
        read.text("siteId").unwrap_err(),
        read.id("siteId").unwrap_err(),
        read.required_id("siteId").unwrap_err(),
    ] {
        assert_eq!(wrong.member, "siteId");
    }
    assert!(read.count("n").is_err() && read.time("n").is_err());
    assert!(read.object("o", NAMES).is_err() && read.typed("o").is_err());
    assert_eq!(read.consent().unwrap_err().code(), "invalid_consent");
    assert_eq!(read.list("events", 1).unwrap_err().member, "events");
    let lone = members(r#"{"siteId":"\ud800"}"#);
    assert!(lone.text("siteId").is_err());
}

#[test]
fn numbers_are_ids_as_they_are_written_and_nothing_is_none() {
    let read = members(r#"{"siteId":12345678901234567890,"n":1.50,"o":" "}"#);
    let id = |member| read.id(member).unwrap();
    assert_eq!(id("siteId").as_deref(), Some("12345678901234567890"));
    assert_eq!(id("n").as_deref(), Some("1.50"));
    assert_eq!(id("o"), None);
    assert!(read.required_id("o").is_err());
}

#[test]
fn a_share_is_a_number_from_0_to_100() {
    for (value, share) in [
        ("74.6", Some(75)),
        ("\"50\"", Some(50)),
        ("0", Some(0)),
        ("101", None),
        ("-1", None),
        ("\"far\"", None),
        ("null", None),
    ] {
        let json = format!(r#"{{"n":{value}}}"#);
        assert_eq!(members(&json).percent("n"), share, "{value}");
    }
}

#[test]
fn others_are_kept_only_where_they_have_a_meaning() {
    let json = r#"{"z":1,"site_id":"a","a":2,"z":3}"#;
    let names = |names| {
        let members = Members::of(json, names).unwrap();
        let names = members.entries().map(|(name, _)| name.to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(NAMES), ["site_id"]);
    assert_eq!(names(ANY), ["z", "site_id", "a", "z"]);
}

#[test]
fn what_is_kept_is_bounded() {
    let body = |count: usize| {
        let members: Vec<_> = (0..count).map(|n| format!(r#""m{n}":1"#)).collect();
        format!("{{{}}}", members.join(","))
    };
    assert!(Members::of(&body(MEMBERS_MAX), ANY).is_some());
    let many = body(MEMBERS_MAX + 1);
    let refused = Members::of_body(many.as_bytes(), ANY).unwrap_err();
    assert_eq!(refused, ErrorCode::InvalidBody);
    assert!(Members::of(&many, NAMES).is_some(), "skipped");
    let inside = format!(r#"{{"o":{many},"events":[1,2,3]}}"#);
    let envelope = members(&inside);
    assert_eq!(envelope.object("o", ANY).unwrap_err().member, "o");
    let (items, more) = envelope.list("events", 2).unwrap();
    assert_eq!((items.len(), more), (2, true));
    assert_eq!(entries(r#"{"a":1,"b":2}"#, 1).unwrap().len(), 1);
    assert!(entries("[]", 1).is_none() && elements("{}", 1).is_none());
}

#[test]
fn an_item_that_is_no_object_is_told() {
    let raw: &RawValue = serde_json::from_str("[]").unwrap();
    let wrong = Members::of_item(raw, NAMES).unwrap_err();
    assert_eq!(wrong.code(), "not_an_object");
}

#[test]
fn values_become_properties_one_by_one() {
    let mut event = WireEvent::default();
    for (name, json) in [("a", r#"{"b":1,"c":["x"]}"#), ("d", "true"), ("e", "null")] {
        assert!(put_prop(&mut event, name, json));
    }
    assert!((event.numbers["a.b"] - 1.0).abs() < f64::EPSILON);
    assert_eq!(event.props["a.c.0"], "x");
    assert_eq!(event.props["d"], "true");
    assert_eq!(event.props.len(), 2);
    let deep = format!("{}1{}", r#"{"b":"#.repeat(20), "}".repeat(20));
    assert!(!put_prop(&mut event, "deep", &deep));
}
