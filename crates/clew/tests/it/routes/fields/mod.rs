//! Fields of a form.

use super::forms::{ask, contact, path};
use crate::support::{TestApp, id};
use serde_json::{Value, json};

fn body(name: &str) -> Value {
    json!({ "fieldName": name, "fieldSelector": format!("[name={name}]"), "fieldType": "text" })
}

#[tokio::test]
async fn a_field_has_the_documented_shape_and_fields_have_an_order() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    let form = contact(&app, &key).await;
    let fields = format!("{}/fields", path(&form));
    let whole = json!({
        "fieldName": "email", "fieldSelector": "#email", "fieldType": "email",
        "label": "Your address", "isRequired": true, "validationRules": { "maxLength": 254 },
        "order": 5,
    });
    let made = ask(&app, &key, "POST", &fields, Some(&whole)).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let email = made.json();
    for (member, value) in whole.as_object().unwrap() {
        assert_eq!(&email[member], value, "{member}");
    }
    assert_eq!(email["formId"], form["formId"]);
    for time in ["fieldId", "createdAt", "updatedAt"] {
        assert!(email[time].is_string());
    }
    let plain = ask(&app, &key, "POST", &fields, Some(&body("phone")))
        .await
        .json();
    assert_eq!(
        (
            &plain["label"],
            &plain["isRequired"],
            &plain["validationRules"],
            &plain["order"]
        ),
        (&Value::Null, &json!(false), &json!({}), &json!(6))
    );
    let mut first = body("name");
    first["order"] = json!(1);
    let first = ask(&app, &key, "POST", &fields, Some(&first)).await.json();
    let list = ask(&app, &key, "GET", &fields, None).await.json();
    assert_eq!(list, json!({ "fields": [first, email, plain], "total": 3 }));
    let page = format!("{fields}?limit=1&offset=1");
    let page = ask(&app, &key, "GET", &page, None).await.json();
    assert_eq!(page, json!({ "fields": [email], "total": 3 }));
    let wrong = ask(&app, &key, "GET", &format!("{fields}?offset=x"), None).await;
    assert_eq!(wrong.code(), "invalid_parameter");
}

#[tokio::test]
async fn what_is_wrong_with_a_field_is_named() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    let fields = format!("{}/fields", path(&contact(&app, &key).await));
    for (member, value) in [
        ("fieldName", json!("x".repeat(256))),
        ("fieldSelector", json!("x".repeat(501))),
        ("fieldType", json!("")),
        ("label", json!("x".repeat(256))),
        ("order", json!("first")),
        ("validationRules", json!([])),
        ("targetField", json!("Email")),
    ] {
        let mut wrong = body("f");
        wrong[member] = value;
        let reply = ask(&app, &key, "POST", &fields, Some(&wrong)).await;
        assert_eq!((reply.status, reply.code().as_str()), (422, "invalid_body"));
        assert_eq!(reply.json()["error"]["details"]["field"], member);
    }
    for member in ["fieldName", "fieldSelector", "fieldType"] {
        let mut lacking = body("f");
        lacking.as_object_mut().unwrap().remove(member);
        let reply = ask(&app, &key, "POST", &fields, Some(&lacking)).await;
        assert_eq!(reply.status, 422);
        assert!(reply.text().contains(member), "{}", reply.text());
    }
}

#[tokio::test]
async fn a_field_is_changed_in_part_and_deleted() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    let form = contact(&app, &key).await;
    let fields = format!("{}/fields", path(&form));
    let mut labelled = body("mail");
    labelled["label"] = json!("Mail");
    let field = ask(&app, &key, "POST", &fields, Some(&labelled))
        .await
        .json();
    let own = format!("/v1/fields/{}", field["fieldId"].as_str().unwrap());
    let change = json!({ "isRequired": true });
    let changed = ask(&app, &key, "PUT", &own, Some(&change)).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    assert_eq!(
        (&changed.json()["label"], &changed.json()["isRequired"]),
        (&json!("Mail"), &json!(true))
    );
    let cleared = ask(&app, &key, "PUT", &own, Some(&json!({ "label": null })))
        .await
        .json();
    assert_eq!(
        (&cleared["label"], &cleared["fieldName"]),
        (&Value::Null, &json!("mail"))
    );
    let known = app.app.sites.find("shop").unwrap();
    assert!(known.forms()[0].fields[0].is_required);
    let log = ask(&app, &key, "GET", "/v1/audit?limit=2", None)
        .await
        .text();
    assert!(log.contains("field.update"), "{log}");
    let gone = ask(&app, &key, "DELETE", &own, None).await;
    assert_eq!((gone.status, gone.body.len()), (204, 0));
    let after = ask(&app, &key, "PUT", &own, Some(&change)).await;
    let missing = format!("/v1/fields/{}", id(9));
    let missing = ask(&app, &key, "PUT", &missing, Some(&change)).await;
    assert_eq!((after.status, after.text()), (404, missing.text()));
    let of_nothing = format!("/v1/forms/{}/fields", id(9));
    let of_nothing = ask(&app, &key, "POST", &of_nothing, Some(&body("f"))).await;
    assert_eq!(of_nothing.code(), "not_found");
}

#[tokio::test]
async fn all_forms_of_a_site_together_have_room_for_256_kib() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    let form = contact(&app, &key).await;
    let fields = format!("{}/fields", path(&form));
    let large = |name: String| {
        let mut field = body(&name);
        field["validationRules"] = json!({ "pattern": "x".repeat(16_000) });
        field
    };
    let mut last = String::new();
    for n in 0..16 {
        let made = ask(&app, &key, "POST", &fields, Some(&large(format!("f{n}")))).await;
        assert_eq!(made.status, 201, "{n}: {}", made.text());
        last = made.json()["fieldId"].as_str().unwrap().to_owned();
    }
    let refused = ask(&app, &key, "POST", &fields, Some(&large("f16".into()))).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (422, "invalid_body")
    );
    let small = json!({ "validationRules": {} });
    let own = format!("/v1/fields/{last}");
    let smaller = ask(&app, &key, "PUT", &own, Some(&small)).await;
    assert_eq!(smaller.status, 200, "{}", smaller.text());
    let made = ask(&app, &key, "POST", &fields, Some(&large("f16".into()))).await;
    assert_eq!(made.status, 201, "{}", made.text());
}
