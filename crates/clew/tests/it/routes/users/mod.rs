//! Users of the account.

use crate::support::{Person, Reply, TestApp};
use clew_store::relational::Role;
use serde_json::{Value, json};

async fn put(app: &TestApp, by: &Person, id: &str, body: &Value) -> Reply {
    let request = app.request("PUT", &format!("/v1/users/{id}"));
    request.cookie(&by.cookie).json(body).send().await
}

#[tokio::test]
async fn only_owners_name_change_or_remove_owners() {
    let app = TestApp::start().await;
    let account = app.account().await;
    let ada = app.owner().await;
    let bob = app.person(account, Some(Role::Admin), &[]).await;
    let viewer = app.person(account, Some(Role::Viewer), &[]).await;
    let (ada_id, viewer_id) = (ada.id.to_string(), viewer.id.to_string());
    let owner = json!({ "role": "owner" });
    assert_eq!(
        put(&app, &bob, &viewer_id, &owner).await.code(),
        "forbidden"
    );
    assert_eq!(
        put(&app, &bob, &ada_id, &json!({ "name": "X" }))
            .await
            .code(),
        "forbidden"
    );
    let link = app.request("POST", &format!("/v1/users/{ada_id}/link"));
    assert_eq!(link.cookie(&bob.cookie).send().await.code(), "forbidden");
    let remove = app.request("DELETE", &format!("/v1/users/{ada_id}"));
    assert_eq!(remove.cookie(&bob.cookie).send().await.code(), "forbidden");
    let invite = app.request("POST", "/v1/users").cookie(&bob.cookie);
    let invite = invite
        .json(&json!({ "email": "o@x.y", "role": "owner" }))
        .send()
        .await;
    assert_eq!(invite.code(), "forbidden");

    let alone = put(&app, &ada, &ada_id, &json!({ "role": "viewer" })).await;
    assert_eq!((alone.status, alone.code().as_str()), (409, "last_owner"));
    assert_eq!(
        put(&app, &ada, &viewer_id, &owner).await.json()["role"],
        "owner"
    );
    assert_eq!(
        put(&app, &ada, &ada_id, &json!({ "role": null }))
            .await
            .json()["allSites"],
        false
    );
    let gone = app.get("/v1/users").cookie(&ada.cookie).send().await;
    assert_eq!(gone.code(), "forbidden", "a change of role holds at once");
}

#[tokio::test]
async fn a_role_on_one_site_shows_that_site_alone() {
    let app = TestApp::start().await;
    let ada = app.owner().await;
    let invite = json!({
        "email": "bob@example.com", "siteRoles": [{ "siteId": "shop", "role": "viewer" }],
    });
    let made = app
        .request("POST", "/v1/users")
        .cookie(&ada.cookie)
        .json(&invite);
    let made = made.send().await.json();
    assert_eq!(made["user"]["role"], Value::Null);
    assert_eq!(made["user"]["siteRoles"][0]["siteId"], app.site.as_str());
    let token = made["link"]["url"]
        .as_str()
        .unwrap()
        .split_once('#')
        .unwrap()
        .1;
    let redeem = json!({ "token": token, "password": "0123456789" });
    let entered = app
        .request("POST", "/v1/links/redeem")
        .json(&redeem)
        .send()
        .await;
    let cookie = entered
        .header("set-cookie")
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let sites = app.get("/v1/sites").cookie(&cookie).send().await.json();
    let sites = sites["sites"].as_array().unwrap();
    assert_eq!(sites.len(), 1);
    assert_eq!(
        (&sites[0]["slug"], &sites[0]["role"]),
        (&json!("shop"), &json!("viewer"))
    );
    let other = app.get("/v1/sites/demo").cookie(&cookie).send().await;
    assert_eq!(other.code(), "unknown_site");
}

#[tokio::test]
async fn what_is_wrong_with_a_body_is_named() {
    let app = TestApp::start().await;
    let ada = app.owner().await;
    for (body, status, field) in [
        (
            json!({ "email": "no address", "role": "viewer" }),
            422,
            "email",
        ),
        (
            json!({ "email": ada.email, "role": "viewer" }),
            409,
            "email",
        ),
        (json!({ "email": "a@x.y", "role": "emperor" }), 422, "role"),
        (json!({ "email": "a@x.y", "rol": "viewer" }), 422, "rol"),
        (
            json!({ "email": "a@x.y", "siteRoles": [{ "siteId": "shop", "role": "owner" }] }),
            422,
            "siteRoles",
        ),
    ] {
        let request = app.request("POST", "/v1/users").cookie(&ada.cookie);
        let reply = request.json(&body).send().await;
        assert_eq!(reply.status, status, "{body} {}", reply.text());
        let named = &reply.json()["error"]["details"]["field"];
        assert!(named.as_str().unwrap().starts_with(field), "{body} {named}");
    }
}
