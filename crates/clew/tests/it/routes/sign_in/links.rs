//! Invitations and password resets.

use crate::support::{PASSWORD, TestApp};
use clew::admin::{self, Command, Reply};
use serde_json::{Value, json};

async fn post(app: &TestApp, path: &str, body: &Value) -> crate::support::Reply {
    app.request("POST", path).json(body).send().await
}

#[tokio::test]
async fn an_invitation_lets_its_user_choose_a_password_once() {
    let app = TestApp::start().await;
    let ada = app.owner().await;
    let invite = json!({ "email": "bob@example.com", "role": "marketing" });
    let made = app.request("POST", "/v1/users").cookie(&ada.cookie);
    let made = made.json(&invite).send().await.json();
    let url = made["link"]["url"].as_str().unwrap();
    let (page, token) = url.split_once('#').unwrap();
    assert!(page.ends_with("/app/link"), "{page}");
    assert_eq!(made["user"]["hasPassword"], false);

    let seen = post(&app, "/v1/links/inspect", &json!({ "token": token }))
        .await
        .json();
    assert_eq!(
        (&seen["kind"], &seen["email"]),
        (&json!("invite"), &json!("bob@example.com"))
    );
    let short = json!({ "token": token, "password": "short" });
    assert_eq!(post(&app, "/v1/links/redeem", &short).await.status, 422);
    let good = json!({ "token": token, "password": PASSWORD, "name": "Bob" });
    let entered = post(&app, "/v1/links/redeem", &good).await;
    assert_eq!(entered.status, 200, "{}", entered.text());
    assert_eq!(entered.json()["user"]["name"], "Bob");
    for path in ["/v1/links/redeem", "/v1/links/inspect"] {
        let body = if path.ends_with("redeem") {
            &good
        } else {
            &json!({ "token": token })
        };
        assert_eq!(
            post(&app, path, body).await.code(),
            "invalid_link",
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_command_line_resets_a_password_and_that_ends_all_sessions() {
    let app = TestApp::start().await;
    let ada = app.owner().await;
    let reset = Command::UserReset {
        email: ada.email.clone(),
    };
    let Ok(Reply::Link { link, .. }) = admin::execute(&app.app.db, "http://clew.test", reset).await
    else {
        panic!("no link");
    };
    let link_token = link.strip_prefix("http://clew.test/app/link#").unwrap();
    let body = json!({ "token": link_token, "password": "a brand new one" });
    assert_eq!(post(&app, "/v1/links/redeem", &body).await.status, 200);
    let old = app.get("/v1/session").cookie(&ada.cookie).send().await;
    assert_eq!(old.status, 401);
    let unknown = Command::UserReset {
        email: "nobody@example.com".into(),
    };
    assert!(
        admin::execute(&app.app.db, "http://clew.test", unknown)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_paused_user_has_no_use_for_a_link() {
    let app = TestApp::start().await;
    let (ada, bob) = (app.owner().await, app.owner().await);
    let path = format!("/v1/users/{}", bob.id);
    let link = app
        .request("POST", &format!("{path}/link"))
        .cookie(&ada.cookie);
    let link = link.send().await.json();
    let token = link["url"]
        .as_str()
        .unwrap()
        .split_once('#')
        .unwrap()
        .1
        .to_owned();
    let pause = app.request("PUT", &path).cookie(&ada.cookie);
    let paused = pause.json(&json!({ "isActive": false })).send().await;
    assert_eq!(paused.json()["isActive"], false);
    assert_eq!(
        app.get("/v1/session")
            .cookie(&bob.cookie)
            .send()
            .await
            .status,
        401
    );
    let body = json!({ "token": token, "password": PASSWORD });
    assert_eq!(
        post(&app, "/v1/links/redeem", &body).await.code(),
        "invalid_link"
    );
    let body = json!({ "email": bob.email, "password": PASSWORD });
    assert_eq!(
        post(&app, "/v1/session", &body).await.code(),
        "wrong_credentials"
    );
}
