//! What a lead is answered, and what is kept of it.

use super::{CAPTURE, lead};
use crate::support::TestApp;
use clew_core::model::public_id::public_id;
use serde_json::{Value, json};

async fn captured(app: &TestApp, body: &Value) -> Value {
    let reply = app.send(CAPTURE, body).send().await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    reply.json()
}

#[tokio::test]
async fn a_lead_has_an_id_for_ever_and_counts_once() {
    let app = TestApp::start().await;
    let key = app.key("viewer", &[], &[]).await;
    let first = captured(&app, &lead("sub-1")).await;
    assert_eq!(first["status"], "pending");
    let id: uuid::Uuid = first["lead_id"].as_str().unwrap().parse().unwrap();
    assert_eq!(first["public_id"], public_id(id.into()));
    assert_eq!(captured(&app, &lead("sub-1")).await, first);
    let other = captured(&app, &lead("sub-2")).await;
    assert_ne!(other["lead_id"], first["lead_id"]);
    let mut unnamed = lead("");
    unnamed.as_object_mut().unwrap().remove("submission_id");
    let one = captured(&app, &unnamed).await;
    assert_ne!(captured(&app, &unnamed).await["lead_id"], one["lead_id"]);

    let events = app.wait_for_events(&key, "shop", 4).await;
    assert_eq!(events.len(), 4);
    let kept = app.submissions().await;
    assert_eq!(kept.len(), 4);
    let expected = json!({
        "event": id,
        "kind": "submitted",
        "form": "contact",
        "fields": {
            "email": "jane@mail.example",
            "first_name": "Jane",
            "message": "<script>alert(1)</script>",
            "budget": "5000",
        },
    });
    assert_eq!(kept[0], expected);

    // Also after a restart.
    let app = app.restart().await;
    assert_eq!(captured(&app, &lead("sub-1")).await, first);
    assert_eq!(app.submissions().await.len(), 4);
}

#[tokio::test]
async fn address_lists_and_privacy_decide_at_once() {
    let app = TestApp::start().await;
    let lists = |blocked: &[&str], testing: &[&str]| json!({ "settings": { "blockedIps": blocked, "testingIps": testing } });
    app.change_site("shop", &lists(&["127.0.0.1"], &[])).await;
    let blocked = captured(&app, &lead("sub-1")).await;
    assert_eq!(blocked["status"], "blocked");
    assert_eq!(
        captured(&app, &lead("sub-1")).await,
        blocked,
        "the same again"
    );
    app.change_site("shop", &lists(&[], &["127.0.0.1"])).await;
    assert_eq!(captured(&app, &lead("sub-2")).await["status"], "testing");
    app.change_site("shop", &lists(&[], &[])).await;
    assert_eq!(app.submissions().await.len(), 2, "kept apart, and kept");

    let nothing = json!({ "lead_id": null, "public_id": null, "status": "not_kept" });
    app.change_site("shop", &json!({ "profile": "exempt" }))
        .await;
    assert_eq!(captured(&app, &lead("sub-3")).await, nothing);
    app.change_site(
        "shop",
        &json!({ "profile": "gdpr", "settings": { "consentRequired": true } }),
    )
    .await;
    // Nobody may be measured; the lead is a lead.
    assert_eq!(captured(&app, &lead("sub-4")).await["status"], "pending");
    let mut agreed = lead("sub-5");
    agreed["consent"] = json!({ "analytics": true });
    assert_eq!(captured(&app, &agreed).await["status"], "pending");
    assert_eq!(app.submissions().await.len(), 4);
}

#[tokio::test]
async fn a_plain_html_form_is_a_lead_too() {
    let app = TestApp::start().await;
    let form = "form_id=contact&email=jane%40mail.example&fields%5Bsize%5D=XL&budget=5000";
    for path in [CAPTURE, "/lead", "/"] {
        let reply = app
            .send(path, &json!({}))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await;
        assert_eq!(reply.status, 201, "{path}: {}", reply.text());
    }
    let kept = app.submissions().await;
    assert_eq!(kept.len(), 3);
    assert_eq!(
        kept[0]["fields"],
        json!({ "email": "jane@mail.example", "size": "XL", "budget": "5000" })
    );
}

#[tokio::test]
async fn old_addresses_work_and_say_that_they_are_old() {
    let app = TestApp::start().await;
    for path in ["/lead", "/"] {
        let reply = app.send(path, &lead(path)).send().await;
        assert_eq!(reply.status, 201, "{path}: {}", reply.text());
        assert_eq!(reply.header("x-deprecated"), Some("true"), "{path}");
        assert!(reply.header("deprecation").is_some() && reply.header("sunset").is_some());
        assert_eq!(
            reply.header("link"),
            Some("</lead.capture>; rel=\"successor-version\"")
        );
        let refused = app.send(path, &json!({})).send().await;
        assert_eq!(
            (refused.status, refused.header("x-deprecated")),
            (422, Some("true"))
        );
    }
    let reply = app.send(CAPTURE, &lead("new")).send().await;
    assert_eq!(reply.header("x-deprecated"), None);
    // The dashboard's address stays what it is.
    let home = app.get("/").send().await;
    assert!((300..400).contains(&home.status), "{}", home.status);
}

/// The ids are the same for ever; the status says what the site's rules of now make of it, because
/// nothing that a door asks remembers what they were when it first came.
#[tokio::test]
async fn a_lead_that_is_sent_again_is_answered_by_the_rules_of_now() {
    let app = TestApp::start().await;
    let first = captured(&app, &lead("sub-1")).await;
    assert_eq!(first["status"], "pending");
    app.change_site("shop", &json!({ "profile": "exempt" }))
        .await;
    let again = captured(&app, &lead("sub-1")).await;
    assert_eq!(again["status"], "not_kept");
    assert_eq!(app.submissions().await.len(), 1, "it is kept all the same");
    captured(&app, &lead("sub-2")).await;
    app.change_site("shop", &json!({ "profile": "gdpr" })).await;
    let again = captured(&app, &lead("sub-2")).await;
    assert_eq!(again["status"], "pending");
    assert_eq!(app.submissions().await.len(), 1, "nothing was kept of it");
    assert_eq!(captured(&app, &lead("sub-1")).await, first);
}
