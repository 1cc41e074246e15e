//! Forms of a client.

use crate::support::{Reply, TestApp, id, pageview};
use serde_json::{Value, json};

pub(crate) async fn ask(
    app: &TestApp,
    key: &str,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> Reply {
    let request = app.request(method, path).key(key);
    match body {
        Some(body) => request.json(body).send().await,
        None => request.send().await,
    }
}

/// A form of the shop, as the API made it.
pub(crate) async fn contact(app: &TestApp, key: &str) -> Value {
    let body = json!({
        "formName": "Contact", "pageUrl": "/contact", "formSelector": "#contact",
        "alternativeSelectors": ["form.contact"], "metadata": { "team": "sales" },
    });
    let made = ask(app, key, "POST", "/v1/clients/shop/forms", Some(&body)).await;
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()
}

pub(crate) fn path(form: &Value) -> String {
    format!("/v1/forms/{}", form["formId"].as_str().unwrap())
}

#[tokio::test]
async fn a_form_has_the_documented_shape() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    let mut form = contact(&app, &key).await;
    let shown = ask(&app, &key, "GET", &path(&form), None).await;
    assert_eq!((shown.status, shown.json()), (200, form.clone()));
    let list = ask(&app, &key, "GET", "/v1/clients/shop/forms", None).await;
    assert_eq!(list.json(), json!({ "forms": [form], "total": 1 }));
    for varying in ["formId", "createdAt", "updatedAt"] {
        assert!(form[varying].is_string(), "{varying}");
        form.as_object_mut().unwrap().remove(varying);
    }
    let expected = json!({
        "clientId": app.site, "formName": "Contact", "pageUrl": "/contact",
        "formSelector": "#contact", "alternativeSelectors": ["form.contact"], "isActive": true,
        "metadata": { "team": "sales" },
    });
    assert_eq!(form, expected);
}

#[tokio::test]
async fn what_a_form_lacks_is_named() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    let whole = json!({ "formName": "F", "pageUrl": "/", "formSelector": "#f" });
    for (member, value) in [
        ("formName", json!("x".repeat(256))),
        ("formName", json!(" ")),
        ("pageUrl", json!("x".repeat(256))),
        ("formSelector", json!("x".repeat(501))),
        ("alternativeSelectors", json!(vec!["a"; 21])),
        ("alternativeSelectors[0]", json!([1])),
        ("metadata", json!("text")),
        ("clientId", json!("other")),
    ] {
        let mut body = whole.clone();
        body[member.trim_end_matches("[0]")] = value;
        let reply = ask(&app, &key, "POST", "/v1/clients/shop/forms", Some(&body)).await;
        assert_eq!((reply.status, reply.code().as_str()), (422, "invalid_body"));
        assert_eq!(reply.json()["error"]["details"]["field"], member);
    }
    for member in ["formName", "pageUrl", "formSelector"] {
        let mut body = whole.clone();
        body.as_object_mut().unwrap().remove(member);
        let reply = ask(&app, &key, "POST", "/v1/clients/shop/forms", Some(&body)).await;
        assert_eq!(reply.status, 422, "{member}");
        assert!(reply.text().contains(member), "{}", reply.text());
    }
    let broken = app.request("POST", "/v1/clients/shop/forms").key(&key);
    let broken = broken.header("content-type", "application/json").body("{");
    let broken = broken.send().await;
    assert_eq!(
        (broken.status, broken.code().as_str()),
        (400, "malformed_json")
    );
}

#[tokio::test]
async fn a_change_leaves_alone_what_it_does_not_name_and_is_on_record() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    let form = contact(&app, &key).await;
    let change = json!({ "isActive": false, "formName": "Talk to us" });
    let changed = ask(&app, &key, "PUT", &path(&form), Some(&change)).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    let mut expected = form.clone();
    expected["isActive"] = json!(false);
    expected["formName"] = json!("Talk to us");
    expected["updatedAt"] = changed.json()["updatedAt"].clone();
    assert_eq!(changed.json(), expected);
    let empty = json!({ "formSelector": "" });
    let refused = ask(&app, &key, "PUT", &path(&form), Some(&empty)).await;
    assert_eq!(refused.status, 422);
    let site = app.app.sites.find("shop").unwrap();
    assert_eq!(site.forms()[0].form_name, "Talk to us");
    let log = ask(&app, &key, "GET", "/v1/audit?limit=2", None)
        .await
        .text();
    assert!(
        log.contains("form.update") && log.contains("Talk to us"),
        "{log}"
    );
}

#[tokio::test]
async fn a_deleted_form_leaves_its_events_without_it() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    let form = contact(&app, &key).await;
    let form_id = form["formId"].as_str().unwrap();
    let events: Vec<_> = [form_id, "contact", "Contact", "unknown"]
        .into_iter()
        .zip(1..)
        .map(|(name, n)| {
            let mut event = pageview(&id(n));
            event["type"] = json!("form_start");
            event["props"] = json!({ "form_id": name });
            event
        })
        .collect();
    app.post(app.batch(&events)).send().await;
    let known = |events: &[Value]| {
        let of = |event: &Value| (event["eventId"].clone(), event["formId"].clone());
        let mut known: Vec<_> = events.iter().map(of).collect();
        known.sort_by_key(|(event, _)| event.to_string());
        known.into_iter().map(|(_, form)| form).collect::<Vec<_>>()
    };
    let listed = app.wait_for_events(&key, "shop", 4).await;
    let own = json!(form_id);
    assert_eq!(known(&listed), [own.clone(), own.clone(), own, Value::Null]);
    let gone = ask(&app, &key, "DELETE", &path(&form), None).await;
    assert_eq!((gone.status, gone.body.len()), (204, 0));
    assert_eq!(
        ask(&app, &key, "GET", &path(&form), None).await.code(),
        "not_found"
    );
    let listed = app.wait_for_events(&key, "shop", 4).await;
    assert_eq!(known(&listed), vec![Value::Null; 4]);
}

#[tokio::test]
async fn forms_are_listed_a_page_at_a_time_and_go_with_their_client() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    let forms = [contact(&app, &key).await, contact(&app, &key).await];
    let second = "/v1/clients/shop/forms?limit=1&offset=1";
    let page = ask(&app, &key, "GET", second, None).await.json();
    assert_eq!(page, json!({ "forms": [forms[1]], "total": 2 }));
    let wrong = ask(&app, &key, "GET", "/v1/clients/shop/forms?limit=0", None).await;
    assert_eq!(wrong.code(), "invalid_parameter");
    ask(&app, &key, "DELETE", "/v1/clients/shop", None).await;
    let gone = ask(&app, &key, "GET", &path(&forms[0]), None).await;
    let missing = ask(&app, &key, "GET", &format!("/v1/forms/{}", id(9)), None).await;
    assert_eq!((gone.status, gone.text()), (404, missing.text()));
    let nothing = ask(&app, &key, "GET", "/v1/forms/contact", None).await;
    assert_eq!(nothing.code(), "not_found");
}
