//! Who may write: a public write key, or a page on the client's list.

use super::{BATCH, TRACK};
use crate::support::{BROWSER, TestApp};
use serde_json::{Value, json};

fn start(more: &Value) -> Value {
    let mut message = json!({ "type": "tracker_initialized" });
    let all = message.as_object_mut().unwrap();
    all.extend(more.as_object().unwrap().clone());
    message
}

#[tokio::test]
async fn a_write_key_or_an_allowed_page_opens_the_door() {
    let app = TestApp::start().await;
    let key = app.write_key();
    let no_key = json!({});
    let in_body = json!({ "apiKey": key });
    let client = json!({ "clientId": app.site });
    let both = json!({ "apiKey": key, "clientId": app.site });
    let home = "https://shop.example";
    let unknown = "pk_00000000000000000000000000000000";
    for (origin, header, body, status, code) in [
        (home, "", &no_key, 200, ""),
        (home, key.as_str(), &no_key, 200, ""),
        ("", key.as_str(), &no_key, 200, ""),
        ("", "", &in_body, 200, ""),
        ("", "", &both, 200, ""),
        (home, "", &client, 200, ""),
        ("", "", &no_key, 401, "unauthorized"),
        ("", "", &client, 401, "unauthorized"),
        ("", unknown, &no_key, 401, "unauthorized"),
        (home, unknown, &no_key, 401, "unauthorized"),
        (home, "", &json!({ "apiKey": unknown }), 401, "unauthorized"),
        (home, "sk_wrong", &no_key, 401, "unauthorized"),
        (
            home,
            "",
            &json!({ "clientId": "nobody" }),
            401,
            "unauthorized",
        ),
        ("https://evil.example", "", &no_key, 403, "foreign_origin"),
        ("https://evil.example", &key, &no_key, 403, "foreign_origin"),
        ("https://evil.example", "", &in_body, 403, "foreign_origin"),
        ("https://evil.example", "", &client, 403, "foreign_origin"),
    ] {
        let request = app.send(TRACK, &start(body)).header("origin", origin);
        let reply = request.header("x-api-key", header).send().await;
        assert_eq!(
            reply.status,
            status,
            "{origin} {header} {body}: {}",
            reply.text()
        );
        if status != 200 {
            assert_eq!(reply.code(), code);
            assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
        }
    }
}

#[tokio::test]
async fn the_key_of_a_paused_client_is_not_valid() {
    let app = TestApp::start().await;
    let key = app.write_key();
    app.change_site("shop", &json!({ "isActive": false })).await;
    for body in [json!({ "apiKey": key }), json!({ "clientId": app.site })] {
        let reply = app.send(TRACK, &start(&body)).send().await;
        assert_eq!((reply.status, reply.code().as_str()), (401, "unauthorized"));
    }
}

#[tokio::test]
async fn a_key_of_another_client_does_not_fit() {
    let app = TestApp::start().await;
    let account = app.account().await;
    let other = app.site_in(account, "Other").await;
    let body = json!({ "apiKey": app.write_key(), "clientId": other });
    let reply = app
        .send(TRACK, &start(&body))
        .header("origin", "")
        .send()
        .await;
    assert_eq!((reply.status, reply.code().as_str()), (403, "forbidden"));
}

#[tokio::test]
async fn beacons_and_preflights_are_answered() {
    let app = TestApp::start().await;
    let key = app.write_key();
    let beacon = json!({ "apiKey": key, "events": [{ "type": "page_view" }] });
    let reply = app
        .send(BATCH, &beacon)
        .header("content-type", "text/plain;charset=UTF-8")
        .send()
        .await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    for path in [TRACK, BATCH] {
        let preflight = app
            .request("OPTIONS", path)
            .header("origin", "https://shop.example")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "x-api-key,content-type")
            .header("user-agent", BROWSER)
            .send()
            .await;
        assert_eq!(preflight.status, 204);
        let allowed = preflight.header("access-control-allow-headers").unwrap();
        assert!(allowed.contains("X-API-Key"), "{allowed}");
        let wrong = app.get(path).send().await;
        assert_eq!(
            (wrong.status, wrong.code().as_str()),
            (405, "method_not_allowed")
        );
    }
}

#[tokio::test]
async fn a_refusal_says_what_is_wrong_and_what_to_do() {
    let app = TestApp::start().await;
    let account = app.account().await;
    let other = app.site_in(account, "Other").await;
    let key = app.write_key();
    for (header, body, words) in [
        ("", json!({}), "X-API-Key or as apiKey"),
        (
            "",
            json!({ "clientId": app.site }),
            "X-API-Key or as apiKey",
        ),
        (
            "pk_nobodys",
            json!({}),
            "No site has this write key, or it is paused",
        ),
        (
            &key,
            json!({ "clientId": other }),
            "belongs to another site",
        ),
        (
            &key,
            json!({ "clientId": "nowhere" }),
            "No site has this id, or it is paused",
        ),
        (
            "sk_wrong",
            json!({}),
            "This key is unknown, revoked or expired",
        ),
    ] {
        let request = app.send(TRACK, &start(&body)).header("origin", "");
        let reply = request.header("x-api-key", header).send().await;
        let message = reply.json()["error"]["message"].to_string();
        assert!(message.contains(words), "{header} {body}: {message}");
    }
    app.change_site("shop", &json!({ "isActive": false })).await;
    let request = app.send(TRACK, &start(&json!({ "apiKey": key })));
    let message = request.send().await.json()["error"]["message"].to_string();
    assert!(message.contains("or it is paused"), "{message}");
}
