use super::*;
use crate::model::EventId;
use crate::wire::IdKind;
use crate::wire::members::not_read;
use serde_json::Value;

fn decode(body: &Value) -> Result<WireBatch, WireError> {
    Collector.decode(&WireRequest {
        path: "/collect",
        body: body.to_string().as_bytes(),
        minted: EventId::from_u128(1),
    })
}

fn one(kind: &str, data: &Value) -> WireEvent {
    let body = json!({
        "eventType": kind, "sessionId": "s", "siteId": "shop.example", "eventData": data,
    });
    decode(&body).unwrap().items.remove(0).unwrap()
}

fn all(events: &Value) -> Vec<Result<WireEvent, &'static str>> {
    let body = json!({
        "eventType": "batch", "sessionId": "s", "siteId": "shop.example", "visitorId": "v",
        "timestamp": 5, "page_data": {"url": "https://shop.example/", "title": "Shop"},
        "custom_fields": {"plan": "pro", "seats": 3}, "events": events,
    });
    let items = decode(&body).unwrap().items.into_iter();
    items
        .map(|item| item.map_err(|reject| reject.code))
        .collect()
}

#[test]
fn items_inherit_the_envelope_which_is_no_event() {
    let items = all(&json!([
        {"eventType": "click", "eventData": {"tag": "a", "plan": "own"}},
        {"eventType": "pageview", "url": "https://shop.example/b", "sessionId": "t",
         "timestamp": 9, "page_data": {"title": "B"}, "custom_fields": {"plan": "free"}},
    ]));
    assert_eq!(items.len(), 2);
    let (click, view) = (items[0].as_ref().unwrap(), items[1].as_ref().unwrap());
    assert_eq!(click.url, "https://shop.example/");
    assert_eq!(click.session_id.as_deref(), Some("s"));
    assert_eq!(click.visitor_id.as_deref(), Some("v"));
    assert_eq!(click.time.map(|time| time.0), Some(5));
    assert_eq!(
        (click.props["plan"].as_str(), click.numbers["seats"]),
        ("own", 3.0)
    );
    assert_eq!(view.url, "https://shop.example/b");
    assert_eq!(
        (view.session_id.as_deref(), view.title.as_deref()),
        (Some("t"), Some("B"))
    );
    assert_eq!(
        (view.time.map(|time| time.0), view.props["plan"].as_str()),
        (Some(9), "free")
    );
}

#[test]
fn an_unreadable_item_takes_no_neighbour_with_it() {
    let items = all(&json!([
        7, {"eventType": 7}, {}, {"eventType": "Batch", "events": []},
        {"eventType": "click", "eventData": "x"}, {"eventType": "click", "timestamp": "x"},
        {"eventType": "click"},
    ]));
    let codes: Vec<_> = items
        .iter()
        .map(|item| item.as_ref().err().copied())
        .collect();
    assert_eq!(
        codes,
        [
            Some("not_an_object"),
            Some("invalid_type"),
            Some("invalid_type"),
            Some("invalid_type"),
            Some("invalid_props"),
            Some("invalid_time"),
            None
        ]
    );
}

#[test]
fn of_a_form_only_names_are_kept() {
    for data in [
        json!({"form_id": "contact", "fields": {"email": "a@b.example", "name": "Ada"}}),
        json!({"form_id": "contact", "fields": ["email", "name"]}),
        json!({"form_id": "contact", "fields": [{"name": "email", "value": "a@b.example"}, {"name": "name"}]}),
        json!({"form_id": "contact", "email": "a@b.example", "name": {"first": "Ada"}}),
        json!({"form_id": "contact", "form_data": {"email": "a@b.example", "name": "Ada"}}),
    ] {
        let event = one("form_submit", &data);
        assert_eq!(event.event_type, "form_submit");
        assert_eq!(event.form_id.as_deref(), Some("contact"));
        let mut fields: Vec<_> = event.props["fields"].split(',').collect();
        fields.sort_unstable();
        assert_eq!(fields, ["email", "name"], "{data}");
        assert!(!format!("{event:?}").contains("a@b.example") && event.submission.is_none());
        assert!(!format!("{event:?}").contains("Ada"), "{data}");
    }
    let focus = one(
        "form_focus",
        &json!({"form_id": "contact", "field": "email", "field_type": "email", "value": "a@b.example"}),
    );
    assert_eq!(
        (
            focus.props["field"].as_str(),
            focus.props["field_type"].as_str()
        ),
        ("email", "email")
    );
    assert!(!format!("{focus:?}").contains("a@b.example"));
    for kind in [
        "form_input",
        "formChange",
        "field_blur",
        "input",
        "contact_form_submit",
        "lead_form",
        "_form_submit",
    ] {
        let event = one(kind, &json!({"field": "email", "value": "a@b.example"}));
        assert!(!format!("{event:?}").contains("a@b.example"), "{kind}");
    }
}

#[test]
fn a_purchase_is_revenue_named_by_its_order() {
    let order = json!({"order_id": "o-1", "value": "19.90", "currency": "eur",
                       "items": [{"product_id": "p", "quantity": 2, "price": 9.95}]});
    let event = one("purchase", &order);
    assert_eq!(
        (event.event_type.as_str(), event.name.as_deref()),
        ("custom", Some("purchase"))
    );
    assert_eq!(
        (event.value, event.currency.as_deref()),
        (Some(19.9), Some("eur"))
    );
    assert_eq!(
        (event.id.as_deref(), event.id_kind),
        (Some("o-1"), IdKind::Order)
    );
    assert_eq!(event.props["items.0.product_id"], "p");
    assert!(event.numbers.contains_key("items.0.quantity"));
    assert!(!event.props.contains_key("currency") && !event.props.contains_key("value"));
    let large = one(
        "purchase",
        &json!({"order_id": 12_345_678_901_234_567_u64, "value": 1}),
    );
    assert_eq!(large.id.as_deref(), Some("12345678901234567"));
    for kind in ["purchase", "Purchase", "PURCHASE"] {
        let body = json!({"eventType": kind, "sessionId": "s", "siteId": "x", "eventId": "own",
                          "eventData": {"order_id": 1, "value": 5, "currency": "EUR"}});
        let own = decode(&body).unwrap().items.remove(0).unwrap();
        assert_eq!(
            (own.id.as_deref(), own.id_kind, own.value),
            (Some("1"), IdKind::Order, Some(5.0)),
            "the order wins"
        );
        assert_eq!(own.name.as_deref(), Some("purchase"));
    }
}

#[test]
fn types_of_the_family_have_their_meaning_and_others_are_custom() {
    let view = one(
        "page_view",
        &json!({"url": "https://shop.example/x", "title": "X"}),
    );
    assert_eq!(
        (view.event_type.as_str(), view.url.as_str()),
        ("pageview", "https://shop.example/x")
    );
    assert_eq!(
        one("scroll", &json!({"depth": 75})).scroll_percent,
        Some(75)
    );
    let custom = one("newsletter", &json!({"plan": "pro"}));
    assert_eq!(
        (custom.event_type.as_str(), custom.name.as_deref()),
        ("custom", Some("newsletter"))
    );
    assert_eq!(
        one("custom", &json!({"event_name": "video"}))
            .name
            .as_deref(),
        Some("video")
    );
    assert_eq!(one("custom", &json!({})).name.as_deref(), Some("custom"));
}

#[test]
fn what_is_required_is_required() {
    let whole = json!({"eventType": "click", "sessionId": "s", "siteId": "x"});
    assert!(decode(&whole).is_ok());
    for member in ["eventType", "sessionId", "siteId"] {
        for value in [Value::Null, json!(""), json!([])] {
            let mut body = whole.clone();
            body[member] = value;
            let error = decode(&body).unwrap_err();
            assert_eq!(
                (error.code, error.field),
                (ErrorCode::InvalidBody, Some(member))
            );
        }
    }
    let body = json!({"eventType": "batch", "sessionId": "s", "siteId": "x", "events": {}});
    assert_eq!(decode(&body).unwrap_err().field, Some("events"));
    let many = vec![json!({"eventType": "click"}); 501];
    let body = json!({"eventType": "batch", "sessionId": "s", "siteId": "x", "events": many});
    assert_eq!(decode(&body).unwrap_err().code, ErrorCode::BatchTooLarge);
}

#[test]
fn a_heavy_envelope_is_not_multiplied() {
    let body = json!({"eventType": "batch", "sessionId": "s", "siteId": "x",
        "custom_fields": {"a": "x".repeat(100_000)}, "events": vec![json!({"eventType": "click"}); 100]});
    assert_eq!(decode(&body).unwrap_err().code, ErrorCode::BatchTooLarge);
}

#[test]
fn what_is_documented_is_read() {
    let schema = Collector.doors()[0].request;
    // The goods of a purchase, which are properties like any other.
    assert_eq!(
        not_read(schema, &[NAMES, PAGE]),
        ["items".to_owned()].into()
    );
}

#[test]
fn an_event_that_is_named_like_a_form_tells_names_only() {
    let event = one(
        "custom",
        &json!({"event_name": "contact form", "formId": "c", "message": "I am ill"}),
    );
    assert_eq!(event.name.as_deref(), Some("contact form"));
    assert_eq!(event.form_id.as_deref(), Some("c"));
    assert_eq!(event.props["fields"], "message");
    assert!(!format!("{event:?}").contains("ill"));
}

#[test]
fn how_far_somebody_scrolled_is_a_share() {
    for (data, share) in [
        (json!({"percent": "50"}), Some(50)),
        (json!({"scroll_depth": 99.6}), Some(100)),
        (json!({"depth": 1_400}), None),
        (json!({"depth": "half"}), None),
    ] {
        let event = one("scroll", &data);
        assert_eq!(event.scroll_percent, share, "{data}");
    }
}
