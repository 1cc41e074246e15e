//! Access tokens: what gets one, what it is good for, and what ends it.

use crate::support::{PASSWORD, Person, Reply, TestApp};
use clew::access_tokens::{Claims, Subject};
use clew_core::model::EpochMs;
use clew_core::model::id::RowId;
use clew_store::relational::Role;
use serde_json::{Value, json};

async fn post(app: &TestApp, body: &Value) -> Reply {
    app.request("POST", "/v1/auth/token")
        .json(body)
        .send()
        .await
}

fn proof(person: &Person) -> Value {
    json!({ "email": person.email, "password": PASSWORD })
}

async fn ask(app: &TestApp, (name, value): &(&'static str, String), path: &str) -> Reply {
    app.get(path).header(name, value).send().await
}

#[tokio::test]
async fn a_password_and_a_key_get_a_bearer_token_for_a_quarter_of_an_hour() {
    let app = TestApp::start().await;
    let person = app.owner().await;
    let key = app.key("viewer", &["shop"], &[]).await;
    for body in [proof(&person), json!({ "api_key": key })] {
        let reply = post(&app, &body).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        let mut reply = reply.json();
        let token = reply["access_token"].take();
        assert_eq!(token.as_str().unwrap().split('.').count(), 3);
        let expected = json!({ "access_token": null, "token_type": "Bearer", "expires_in": 900 });
        assert_eq!(reply, expected);
        let bearer = (
            "authorization",
            format!("Bearer {}", token.as_str().unwrap()),
        );
        assert_eq!(ask(&app, &bearer, "/v1/clients/shop").await.status, 200);
    }
    let log = app
        .get("/v1/audit?limit=5")
        .cookie(&person.cookie)
        .send()
        .await;
    assert!(log.text().contains("token.create"), "{}", log.text());
}

#[tokio::test]
async fn a_token_may_do_what_its_holder_may_and_no_more() {
    let app = TestApp::start().await;
    let account = app.account().await;
    let viewer = app.person(account, Some(Role::Viewer), &[]).await;
    let viewer = app.token(&proof(&viewer)).await;
    assert_eq!(ask(&app, &viewer, "/v1/sites/shop").await.status, 200);
    assert_eq!(ask(&app, &viewer, "/v1/users").await.code(), "forbidden");
    assert_eq!(
        ask(&app, &viewer, "/v1/session").await.code(),
        "unauthorized"
    );
    let key = app.key("admin", &[], &["ingest"]).await;
    let ingest = app.token(&json!({ "api_key": key })).await;
    assert_eq!(
        ask(&app, &ingest, "/v1/sites/shop").await.code(),
        "forbidden"
    );
    let admin = app.key("admin", &["shop"], &[]).await;
    let admin = app.token(&json!({ "api_key": admin })).await;
    assert_eq!(ask(&app, &admin, "/v1/users").await.code(), "forbidden");
    assert_eq!(
        ask(&app, &admin, "/v1/sites/demo").await.code(),
        "forbidden"
    );
}

#[tokio::test]
async fn what_is_wrong_gets_no_token_and_does_not_say_why() {
    let app = TestApp::start().await;
    let person = app.owner().await;
    let wrong = [
        json!({ "email": person.email, "password": "wrong password" }),
        json!({ "email": "nobody@example.com", "password": PASSWORD }),
        json!({ "api_key": format!("sk_{}", "0".repeat(64)) }),
        json!({ "api_key": "pk_1" }),
    ];
    for body in wrong {
        let reply = post(&app, &body).await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (401, "wrong_credentials"),
            "{body}"
        );
        assert!(
            reply
                .header("www-authenticate")
                .unwrap()
                .starts_with("Bearer")
        );
    }
    for (body, field) in [
        (json!({}), "api_key"),
        (json!({ "email": person.email }), "password"),
        (json!({ "password": PASSWORD }), "email"),
        (
            json!({ "email": person.email, "password": PASSWORD, "api_key": "sk_1" }),
            "api_key",
        ),
        (json!({ "user": "x" }), "user"),
    ] {
        let reply = post(&app, &body).await;
        assert_eq!((reply.status, reply.code().as_str()), (422, "invalid_body"));
        assert_eq!(reply.json()["error"]["details"]["field"], field);
    }
    let page = app.request("POST", "/v1/auth/token").json(&proof(&person));
    let page = page.header("origin", "https://evil.example");
    let page = page.header("sec-fetch-site", "cross-site").send().await;
    assert_eq!(page.code(), "cross_site");
}

#[tokio::test]
async fn guessing_is_braked_as_at_sign_in() {
    let app = TestApp::start().await;
    let person = app.owner().await;
    let guess = json!({ "email": person.email, "password": "wrong password" });
    for _ in 0..10 {
        assert_eq!(post(&app, &guess).await.status, 401);
    }
    let braked = post(&app, &proof(&person)).await;
    assert_eq!(
        (braked.status, braked.code().as_str()),
        (429, "rate_limited")
    );
    assert!(braked.header("retry-after").is_some());
    let door = app.request("POST", "/v1/session").json(&proof(&person));
    assert_eq!(door.send().await.status, 429, "one brake for both doors");
}

#[tokio::test]
async fn whatever_ends_a_persons_standing_ends_their_tokens_at_once() {
    let app = TestApp::start().await;
    let (account, owner) = (app.account().await, app.owner().await);
    let site = app.app.sites.find("shop").unwrap().id();
    for what in [
        "password",
        "sessions",
        "pause",
        "role",
        "site roles",
        "removal",
    ] {
        let person = app.person(account, Some(Role::Marketing), &[]).await;
        let token = app.token(&proof(&person)).await;
        assert_eq!(
            ask(&app, &token, "/v1/sites/shop").await.status,
            200,
            "{what}"
        );
        let own = format!("/v1/users/{}", person.id);
        let by_owner = |body: Value| app.request("PUT", &own).cookie(&owner.cookie).json(&body);
        let ended = match what {
            "password" => {
                let body = json!({ "currentPassword": PASSWORD, "newPassword": "another one 12" });
                let change = app.request("POST", "/v1/session/password").json(&body);
                change.cookie(&person.cookie).send().await
            }
            "sessions" => {
                let all = app.request("DELETE", "/v1/sessions");
                all.cookie(&person.cookie).send().await
            }
            "pause" => by_owner(json!({ "isActive": false })).send().await,
            "role" => by_owner(json!({ "role": "admin" })).send().await,
            "site roles" => {
                let roles =
                    json!({ "siteRoles": [{ "siteId": site.to_string(), "role": "admin" }] });
                by_owner(roles).send().await
            }
            _ => {
                let gone = app.request("DELETE", &own);
                gone.cookie(&owner.cookie).send().await
            }
        };
        assert!(ended.status < 300, "{what}: {}", ended.text());
        let after = ask(&app, &token, "/v1/sites/shop").await;
        assert_eq!(after.code(), "unauthorized", "{what}");
    }
}

#[tokio::test]
async fn a_keys_tokens_die_with_the_key() {
    let app = TestApp::start().await;
    let admin = app.key("admin", &[], &[]).await;
    let key = app.key("viewer", &[], &[]).await;
    let token = app.token(&json!({ "api_key": key })).await;
    assert_eq!(ask(&app, &token, "/v1/sites/shop").await.status, 200);
    let keys = app.get("/v1/keys").key(&admin).send().await.json();
    let id = keys["keys"][0]["keyId"].as_str().unwrap().to_owned();
    let revoked = app.request("DELETE", &format!("/v1/keys/{id}")).key(&admin);
    assert_eq!(revoked.send().await.status, 204);
    assert_eq!(
        ask(&app, &token, "/v1/sites/shop").await.code(),
        "unauthorized"
    );
}

#[tokio::test]
async fn forged_tampered_and_foreign_tokens_are_nobody() {
    let app = TestApp::start().await;
    let person = app.owner().await;
    let (_, bearer) = app.token(&proof(&person)).await;
    let parts: Vec<_> = bearer.trim_start_matches("Bearer ").split('.').collect();
    // {"alg":"none","typ":"JWT"}
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
    let other = TestApp::start().await;
    let elsewhere = other.owner().await;
    let (_, foreign) = other.token(&proof(&elsewhere)).await;
    for token in [
        format!("{none}.{}.", parts[1]),
        format!("{none}.{}.{}", parts[1], parts[2]),
        format!("{}.{}.{}", parts[0], parts[1], parts[2].to_lowercase()),
        format!("{}.{}A.{}", parts[0], parts[1], parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
        foreign.trim_start_matches("Bearer ").to_owned(),
    ] {
        let bearer = ("authorization", format!("Bearer {token}"));
        let reply = ask(&app, &bearer, "/v1/sites/shop").await;
        assert_eq!((reply.status, reply.code().as_str()), (401, "unauthorized"));
    }
    let good = ("authorization", bearer.clone());
    assert_eq!(ask(&app, &good, "/v1/sites/shop").await.status, 200);
}

/// A token of this person that was made so long ago.
fn made_before(app: &TestApp, person: &Person, account: RowId, ms: i64) -> (&'static str, String) {
    let claims = Claims {
        subject: Subject::Person {
            user: person.id,
            epoch: 0,
        },
        account,
        issued: clew::clock::now().plus(-ms),
    };
    let token = app.app.access_tokens.issue(&claims).unwrap();
    ("authorization", format!("Bearer {}", token.as_str()))
}

#[tokio::test]
async fn a_token_ends_by_age_and_earlier_where_unused_sessions_do() {
    let app = TestApp::start_with(&[("CLEW_SIGN_IN_HIPAA_IDLE_MINUTES", "5")]).await;
    let (account, person) = (app.account().await, app.owner().await);
    let key = app.key("admin", &[], &[]).await;
    for (profile, minutes, status) in [
        ("gdpr", 14, 200),
        ("gdpr", 16, 401),
        ("hipaa", 4, 200),
        ("hipaa", 6, 401),
    ] {
        let change = json!({ "profile": profile });
        let put = app.request("PUT", "/v1/sites/shop").key(&key).json(&change);
        assert_eq!(put.send().await.status, 200);
        let token = made_before(&app, &person, account, minutes * EpochMs::MINUTE);
        let reply = ask(&app, &token, "/v1/sites/shop").await;
        assert_eq!(reply.status, status, "{profile} {minutes}");
    }
    let reply = post(&app, &proof(&person)).await.json();
    assert_eq!(reply["expires_in"], 300);
}
