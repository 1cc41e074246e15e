use crate::support::{Person, Reply, TestApp};
use serde_json::{Value, json};

async fn send(app: &TestApp, by: &Person, method: &str, path: &str, body: Value) -> Reply {
    let request = app.request(method, path).cookie(&by.cookie);
    request.json(&body).send().await
}

#[tokio::test]
async fn a_site_is_made_changed_and_deleted() {
    let app = TestApp::start().await;
    let ada = app.owner().await;
    let body = json!({
        "name": "Blog", "slug": "blog", "timeZone": "Europe/Vienna",
        "domains": ["https://www.Blog.example/start", "*.blog.example"],
    });
    let made = send(&app, &ada, "POST", "/v1/sites", body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let made = made.json();
    assert_eq!(made["domains"], json!(["*.blog.example", "blog.example"]));
    assert_eq!(
        (&made["profile"], &made["role"]),
        (&json!("gdpr"), &json!("owner"))
    );

    let patch = json!({
        "name": "Magazine", "domains": ["blog.example"], "profile": "standard", "ip": "truncated",
        "settings": { "requireOrigin": true, "queryAllow": ["q"] },
    });
    let changed = send(&app, &ada, "PUT", "/v1/sites/blog", patch)
        .await
        .json();
    assert_eq!(
        (&changed["name"], &changed["slug"]),
        (&json!("Magazine"), &json!("blog"))
    );
    assert_eq!(changed["settings"]["queryAllow"], json!(["q"]));
    assert_eq!(changed["settings"]["eventRetentionDays"], 180);
    let patch = json!({ "settings": { "honourDnt": true } });
    let changed = send(&app, &ada, "PUT", "/v1/sites/blog", patch)
        .await
        .json();
    assert_eq!(
        changed["settings"]["requireOrigin"], true,
        "what is absent stays"
    );

    let gone = app.request("DELETE", "/v1/sites/blog").cookie(&ada.cookie);
    assert_eq!(gone.send().await.status, 204);
    let path = format!("/v1/sites/{}", made["siteId"].as_str().unwrap());
    let gone = app.get(&path).cookie(&ada.cookie).send().await;
    assert_eq!(gone.code(), "unknown_site");
}

#[tokio::test]
async fn a_taken_or_impossible_value_is_named() {
    let app = TestApp::start().await;
    let ada = app.owner().await;
    for (body, status, field) in [
        (json!({ "name": "", "domains": [] }), 422, "name"),
        (
            json!({ "name": "A", "domains": ["shop.example"] }),
            409,
            "domains",
        ),
        (json!({ "name": "A", "domains": ["a b"] }), 422, "domains"),
        (
            json!({ "name": "A", "domains": [], "slug": "shop" }),
            409,
            "slug",
        ),
        (
            json!({ "name": "A", "domains": [], "slug": "No Slug" }),
            422,
            "slug",
        ),
        (
            json!({ "name": "A", "domains": [], "timeZone": "Mars/Olympus" }),
            422,
            "timeZone",
        ),
        (
            json!({ "name": "A", "domains": [], "profile": "lax" }),
            422,
            "profile",
        ),
    ] {
        let reply = send(&app, &ada, "POST", "/v1/sites", body.clone()).await;
        assert_eq!(reply.status, status, "{body} {}", reply.text());
        assert_eq!(reply.json()["error"]["details"]["field"], field, "{body}");
    }
}

#[tokio::test]
async fn a_paused_site_takes_nothing_and_stays_readable() {
    let app = TestApp::start().await;
    let ada = app.owner().await;
    let pause = json!({ "isActive": false });
    let paused = send(&app, &ada, "PUT", "/v1/sites/shop", pause).await;
    assert_eq!(paused.json()["isActive"], false);
    let event = app.batch(&[crate::support::pageview(&crate::support::id(1))]);
    assert_eq!(app.post(event.clone()).send().await.code(), "unknown_site");
    let shown = app.get("/v1/sites/shop").cookie(&ada.cookie).send().await;
    assert_eq!(shown.status, 200);
    let go_on = json!({ "isActive": true });
    send(&app, &ada, "PUT", "/v1/sites/shop", go_on).await;
    assert_eq!(app.post(event).send().await.json()["accepted"], 1);
}

#[tokio::test]
async fn every_change_is_on_record_with_its_author() {
    let app = TestApp::start().await;
    let ada = app.owner().await;
    let rename = json!({ "name": "Renamed" });
    send(&app, &ada, "PUT", "/v1/sites/shop", rename).await;
    let page = app
        .get("/v1/audit?limit=1")
        .cookie(&ada.cookie)
        .send()
        .await
        .json();
    let entry = &page["entries"][0];
    assert_eq!(
        (&entry["action"], &entry["subjectId"]),
        (&json!("site.update"), &json!(app.site))
    );
    assert_eq!(entry["actor"]["name"], "Some Body");
    let next = page["nextCursor"].as_str().unwrap();
    let older = app.get(&format!("/v1/audit?limit=200&before={next}"));
    let older = older.cookie(&ada.cookie).send().await.json();
    let actions = older["entries"].as_array().unwrap().iter();
    let mut actions = actions.map(|entry| entry["action"].as_str().unwrap());
    assert!(actions.any(|action| action == "site.create"));
    let wrong = app
        .get("/v1/audit?limit=0")
        .cookie(&ada.cookie)
        .send()
        .await;
    assert_eq!(wrong.code(), "invalid_parameter");
}

#[tokio::test]
async fn changes_of_different_members_at_once_all_land() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    let site = format!("/v1/sites/{}", app.site);
    let client = format!("/v1/clients/{}", app.site);
    let changes = [
        (site.as_str(), json!({ "name": "Renamed" })),
        (&site, json!({ "settings": { "honourDnt": true } })),
        (&site, json!({ "settings": { "queryAllow": ["ref"] } })),
        (&site, json!({ "settings": { "eventRetentionDays": 42 } })),
        (
            &client,
            json!({ "config": { "theme": { "colour": "red" } } }),
        ),
        (&client, json!({ "config": { "debug": true } })),
        (
            "/analytics/settings?site=shop",
            json!({ "bot_detection": false }),
        ),
        (
            "/analytics/settings?site=shop",
            json!({ "drought": { "threshold_minutes": 77 } }),
        ),
    ];
    let sent = changes.iter().map(|(path, change)| {
        let request = app.request("PUT", path).key(&key).json(change);
        request.send()
    });
    for reply in futures::future::join_all(sent).await {
        assert_eq!(reply.status, 200, "{}", reply.text());
    }
    let get = |path: &str| app.get(path).key(&key).send();
    let now = get(&site).await.json();
    assert_eq!(now["name"], "Renamed");
    let settings = &now["settings"];
    assert_eq!(
        (
            &settings["honourDnt"],
            &settings["queryAllow"],
            &settings["eventRetentionDays"]
        ),
        (&json!(true), &json!(["ref"]), &json!(42))
    );
    let config = get(&client).await.json()["config"].clone();
    assert_eq!(
        (&config["theme"], &config["debug"]),
        (&json!({ "colour": "red" }), &json!(true))
    );
    let analytics = get("/analytics/settings?site=shop").await.json();
    assert_eq!(
        (
            &analytics["bot_detection"],
            &analytics["drought"]["threshold_minutes"]
        ),
        (&json!(false), &json!(77))
    );
}
