//! Signing in with a password, and what ends a session.

use crate::support::{PASSWORD, Person, Reply, TestApp};
use serde_json::json;

async fn sign_in(app: &TestApp, email: &str, password: &str) -> Reply {
    let body = json!({ "email": email, "password": password });
    app.request("POST", "/v1/session").json(&body).send().await
}

fn cookie_of(reply: &Reply) -> String {
    let cookie = reply.header("set-cookie").unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

async fn is_signed_in(app: &TestApp, cookie: &str) -> bool {
    app.get("/v1/session").cookie(cookie).send().await.status == 200
}

#[tokio::test]
async fn the_right_password_opens_a_session_and_signing_out_ends_it() {
    let app = TestApp::start().await;
    let ada = app.owner().await;
    let reply = sign_in(&app, &ada.email.to_uppercase(), PASSWORD).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let cookie = cookie_of(&reply);
    assert_ne!(cookie, ada.cookie, "every sign-in has a token of its own");
    assert!(is_signed_in(&app, &cookie).await);
    let out = app
        .request("DELETE", "/v1/session")
        .cookie(&cookie)
        .send()
        .await;
    assert_eq!(out.status, 204);
    assert!(out.header("set-cookie").unwrap().contains("Max-Age=0"));
    assert!(!is_signed_in(&app, &cookie).await);
    assert!(is_signed_in(&app, &ada.cookie).await);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_look_the_same() {
    let app = TestApp::start().await;
    let ada = app.owner().await;
    let wrong = sign_in(&app, &ada.email, "wrong horse battery").await;
    let unknown = sign_in(&app, "nobody@example.com", PASSWORD).await;
    for reply in [&wrong, &unknown] {
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (401, "wrong_credentials")
        );
        assert!(reply.header("set-cookie").is_none());
    }
    assert_eq!(wrong.body, unknown.body);
}

#[tokio::test]
async fn guessing_is_stopped_and_says_for_how_long() {
    let app = TestApp::start().await;
    let ada = app.owner().await;
    for _ in 0..10 {
        assert_eq!(sign_in(&app, &ada.email, "guess").await.status, 401);
    }
    let reply = sign_in(&app, &ada.email, PASSWORD).await;
    assert_eq!((reply.status, reply.code().as_str()), (429, "rate_limited"));
    let wait: u32 = reply.header("retry-after").unwrap().parse().unwrap();
    assert!((800..=900).contains(&wait), "{wait}");
    let bob = app.owner().await;
    assert_eq!(sign_in(&app, &bob.email, PASSWORD).await.status, 200);
}

#[tokio::test]
async fn a_new_password_ends_every_other_session() {
    let app = TestApp::start().await;
    let ada = app.owner().await;
    let other = cookie_of(&sign_in(&app, &ada.email, PASSWORD).await);
    let change = async |who: &Person, current: &str, new: &str| {
        let body = json!({ "currentPassword": current, "newPassword": new });
        let request = app
            .request("POST", "/v1/session/password")
            .cookie(&who.cookie);
        request.json(&body).send().await
    };
    let reply = change(&ada, "wrong horse", "another long one").await;
    assert_eq!(reply.code(), "wrong_credentials");
    let reply = change(&ada, PASSWORD, "short").await;
    assert_eq!(reply.json()["error"]["details"]["field"], "password");
    assert!(is_signed_in(&app, &other).await);
    assert_eq!(change(&ada, PASSWORD, "another long one").await.status, 204);
    assert!(is_signed_in(&app, &ada.cookie).await);
    assert!(!is_signed_in(&app, &other).await);
    assert_eq!(sign_in(&app, &ada.email, PASSWORD).await.status, 401);
    assert_eq!(
        sign_in(&app, &ada.email, "another long one").await.status,
        200
    );
}

#[tokio::test]
async fn a_change_that_another_site_asks_for_is_refused() {
    let app = TestApp::start().await;
    let ada = app.owner().await;
    let own = format!("http://{}", app.address);
    for (site, origin, status) in [
        ("cross-site", "https://evil.example", 403),
        ("same-site", "https://evil.example", 403),
        ("", "https://evil.example", 403),
        ("", "null", 403),
        ("same-origin", own.as_str(), 204),
        ("", own.as_str(), 204),
        ("", "", 204),
    ] {
        let request = app.request("DELETE", "/v1/sessions").cookie(&ada.cookie);
        let request = request
            .header("sec-fetch-site", site)
            .header("origin", origin);
        let reply = request.send().await;
        assert_eq!(reply.status, status, "{site:?} {origin:?}");
        if status == 403 {
            assert_eq!(reply.code(), "cross_site");
        }
    }
}

#[tokio::test]
async fn over_tls_the_cookie_belongs_to_this_host_alone() {
    let app = TestApp::start_with(&[("CLEW_PUBLIC_URL", "https://stats.example")]).await;
    let ada = app.owner().await;
    let cookie = sign_in(&app, &ada.email, PASSWORD).await;
    let cookie = cookie.header("set-cookie").unwrap().to_owned();
    assert!(
        cookie.starts_with("__Host-clew=") && cookie.contains("; Secure"),
        "{cookie}"
    );
    assert!(!cookie.contains("Domain"));
    assert!(is_signed_in(&app, cookie.split(';').next().unwrap()).await);
    assert!(
        !is_signed_in(&app, &ada.cookie).await,
        "the plain name counts for nothing"
    );
}
