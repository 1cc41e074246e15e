//! The first owner.

use crate::support::TestApp;
use serde_json::json;

async fn token(app: &TestApp) -> String {
    let token = app.app.sign_in.set_up_token().await.unwrap();
    token.unwrap().as_str().to_owned()
}

#[tokio::test]
async fn the_link_makes_the_first_owner_once() {
    let app = TestApp::start().await;
    assert_eq!(app.get("/v1/setup").send().await.json()["needed"], true);
    let (old, token) = (token(&app).await, token(&app).await);
    let owner = |token: &str, password: &str| {
        json!({
            "token": token, "email": "Ada@Example.com", "name": "Ada",
            "password": password, "accountName": "Ariadne",
        })
    };
    let post = async |body| app.request("POST", "/v1/setup").json(&body).send().await;
    for (body, status, code) in [
        (owner(&old, "0123456789"), 403, "invalid_link"),
        (owner("", "0123456789"), 403, "invalid_link"),
        (owner(&token, "short"), 422, "invalid_body"),
    ] {
        let reply = post(body).await;
        assert_eq!((reply.status, reply.code().as_str()), (status, code));
    }
    let reply = post(owner(&token, "0123456789")).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    let session = reply.json();
    assert_eq!(
        (
            &session["role"],
            &session["user"]["email"],
            &session["account"]["name"]
        ),
        (
            &json!("owner"),
            &json!("ada@example.com"),
            &json!("Ariadne")
        )
    );
    let cookie = reply.header("set-cookie").unwrap().to_owned();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    let cookie = cookie.split(';').next().unwrap();
    let me = app.get("/v1/session").cookie(cookie).send().await;
    assert_eq!(me.json()["user"]["name"], "Ada");

    assert_eq!(app.get("/v1/setup").send().await.json()["needed"], false);
    assert_eq!(post(owner(&token, "0123456789")).await.status, 403);
    assert!(app.app.sign_in.set_up_token().await.unwrap().is_none());
}

#[tokio::test]
async fn two_at_once_make_one_owner() {
    let app = TestApp::start().await;
    let token = token(&app).await;
    let post = async |email: &str| {
        let body = json!({ "token": token, "email": email, "password": "0123456789" });
        app.request("POST", "/v1/setup")
            .json(&body)
            .send()
            .await
            .status
    };
    let (one, other) = tokio::join!(post("a@x.y"), post("b@x.y"));
    let mut statuses = [one, other];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 403]);
}
