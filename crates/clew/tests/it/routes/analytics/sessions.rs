//! Sessions, one by one.

use super::ask;
use crate::support::{TestApp, id, now_ms};
use serde_json::{Value, json};

/// Of one visitor: events `minutes` ago, each of a session that the client named.
fn event(n: u128, minutes: i64, kind: &str, session: &str) -> Value {
    json!({
        "id": id(n), "type": kind, "t": now_ms() - minutes * 60_000, "session_id": session,
        "url": format!("https://shop.example/p{n}"), "visitor_id": id(900),
        "consent": { "analytics": true },
    })
}

#[tokio::test]
async fn a_session_is_counted_from_its_events() {
    let app = TestApp::start().await;
    let admin = app.key("admin", &[], &[]).await;
    let mut scroll = event(4, 7, "scroll", "late");
    scroll["scroll"] = json!(80);
    let events = [
        event(1, 100, "pageview", "early"),
        event(2, 10, "pageview", "late"),
        event(3, 9, "click", "late"),
        scroll,
        event(5, 5, "pageview", "late"),
    ];
    let sent = app.post(app.batch(&events)).send().await;
    assert_eq!(sent.json()["accepted"], 5, "{}", sent.text());
    app.wait_for_events(&admin, "shop", 5).await;
    let list = ask(&app, &admin, "GET", "/analytics/sessions?site=shop", None).await;
    assert_eq!(list.status, 200, "{}", list.text());
    let list = list.json();
    let sessions = list["sessions"].as_array().unwrap();
    assert_eq!((sessions.len(), &list["next_cursor"]), (2, &Value::Null));
    let mut late = sessions[0].clone();
    for varying in ["visitor_id", "started_at", "ended_at"] {
        assert!(late[varying].is_string(), "{varying}");
        late.as_object_mut().unwrap().remove(varying);
    }
    assert_eq!(late["browser"].take(), "Chrome");
    assert_eq!(late["device"].take(), "desktop");
    let expected = json!({
        "id": id(2), "session_id": "late", "event_count": 4, "page_views": 2, "clicks": 1,
        "max_scroll_percent": 80, "entry_page": "/p2", "exit_page": "/p5", "source": null,
        "campaign": null, "device": null, "browser": null, "country": null,
    });
    assert_eq!(late, expected);
    assert_eq!(sessions[1]["session_id"], "early");

    let first = ask(
        &app,
        &admin,
        "GET",
        "/analytics/sessions?site=shop&limit=1",
        None,
    )
    .await
    .json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = format!("/analytics/sessions?site=shop&limit=1&cursor={cursor}");
    let second = ask(&app, &admin, "GET", &second, None).await.json();
    assert_eq!(
        json!([first["sessions"][0], second["sessions"][0]]),
        list["sessions"]
    );
    assert_eq!(second["next_cursor"], Value::Null);
    let hour_ago = now_ms() - 3_600_000;
    let before = format!("/analytics/sessions?site=shop&to={hour_ago}");
    let before = ask(&app, &admin, "GET", &before, None).await.json();
    assert_eq!(before["sessions"], json!([sessions[1]]));
    let since = format!("/analytics/sessions?site=shop&from={hour_ago}");
    let since = ask(&app, &admin, "GET", &since, None).await.json();
    assert_eq!(since["sessions"], json!([sessions[0]]));
}

#[tokio::test]
async fn a_wrong_parameter_is_named() {
    let app = TestApp::start().await;
    let admin = app.key("admin", &[], &[]).await;
    for (wrong, name) in [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("cursor=x", "cursor"),
        ("from=yesterday", "from"),
        ("to=x", "to"),
    ] {
        let path = format!("/analytics/sessions?site=shop&{wrong}");
        let reply = ask(&app, &admin, "GET", &path, None).await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (400, "invalid_parameter")
        );
        assert_eq!(reply.json()["error"]["details"]["parameter"], name);
    }
}
