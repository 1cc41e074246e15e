use crate::support::{Reply, TestApp, id};
use clew::admin::NewSiteSpec;
use serde_json::{Value, json};

async fn ask(app: &TestApp, path: &str, origin: &str, body: &Value) -> Reply {
    let request = app.request("POST", path).header("origin", origin);
    request
        .header("content-type", "text/plain")
        .body(body.to_string())
        .send()
        .await
}

async fn set(app: &TestApp, change: &Value) {
    let key = app.key("admin", &[], &[]).await;
    let path = format!("/v1/sites/{}", app.site);
    let reply = app
        .request("PUT", &path)
        .key(&key)
        .json(change)
        .send()
        .await;
    assert_eq!(reply.status, 200, "{}", reply.text());
}

const A: &str = "https://shop.example";
const B: &str = "https://magazine.example";

#[tokio::test]
async fn a_visitor_stays_one_across_the_sites_domains() {
    let app = TestApp::start().await;
    set(
        &app,
        &json!({ "domains": ["shop.example", "magazine.example"] }),
    )
    .await;
    let granted = json!({ "analytics": true });
    let leave = json!({ "site_id": "shop", "visitor_id": id(7), "consent": granted });
    let issued = ask(&app, "/v1/link", A, &leave).await;
    assert_eq!(issued.status, 200, "{}", issued.text());
    assert_eq!(issued.header("access-control-allow-origin"), Some("*"));
    let token = issued.json()["token"].as_str().unwrap().to_owned();
    let come = json!({ "site_id": "shop", "token": token, "consent": granted });
    let opened = ask(&app, "/v1/link/open", B, &come).await;
    assert_eq!(opened.json(), json!({ "visitor_id": id(7) }));
}

#[tokio::test]
async fn a_token_of_another_site_or_making_is_refused() {
    let app = TestApp::start().await;
    set(&app, &json!({ "profile": "standard" })).await;
    let spec = NewSiteSpec {
        name: "Other".into(),
        domains: vec!["other.example".into()],
        slug: Some("other".into()),
        time_zone: None,
    };
    app.create_site(spec).await;
    let granted = json!("granted");
    let leave = json!({ "site_id": "other", "visitor_id": id(7), "consent": granted });
    let issued = ask(&app, "/v1/link", "https://other.example", &leave).await;
    let foreign = issued.json()["token"].as_str().unwrap().to_owned();
    for token in [foreign.as_str(), "", "a.b.c", &format!("{}.0.0", id(7))] {
        let body = json!({ "site_id": "shop", "token": token });
        let reply = ask(&app, "/v1/link/open", A, &body).await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (422, "link_refused"),
            "{token}"
        );
    }
}

#[tokio::test]
async fn only_pages_of_the_site_ask_and_only_for_visitors_who_may_be_recognised() {
    let app = TestApp::start().await;
    let body = json!({ "site_id": "shop", "visitor_id": id(7) });
    for (origin, code) in [
        ("https://evil.example", "foreign_origin"),
        ("", "origin_required"),
        (A, "consent_required"),
    ] {
        let reply = ask(&app, "/v1/link", origin, &body).await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (403, code),
            "{origin}"
        );
    }
    set(&app, &json!({ "profile": "exempt" })).await;
    let agreed = json!({ "site_id": "shop", "visitor_id": id(7), "consent": true });
    assert_eq!(
        ask(&app, "/v1/link", A, &agreed).await.code(),
        "consent_required"
    );
    let missing = json!({ "site_id": "nobody", "visitor_id": id(7) });
    assert_eq!(
        ask(&app, "/v1/link", A, &missing).await.code(),
        "unknown_site"
    );
}
