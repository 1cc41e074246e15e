//! Clients of a CRM tracker, which are sites.

use crate::support::{Reply, TestApp, id, pageview};
use serde_json::{Value, json};

struct Desk {
    app: TestApp,
    key: String,
}

impl Desk {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let key = app.key("admin", &[], &[]).await;
        Self { app, key }
    }

    async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Reply {
        let request = self.app.request(method, path).key(&self.key);
        match body {
            Some(body) => request.json(&body).send().await,
            None => request.send().await,
        }
    }

    async fn create(&self, body: Value) -> Reply {
        self.ask("POST", "/v1/clients", Some(body)).await
    }
}

fn field(reply: &Reply) -> String {
    let field = &reply.json()["error"]["details"]["field"];
    field.as_str().unwrap_or_default().to_owned()
}

fn path(client: &Value) -> String {
    format!("/v1/clients/{}", client["clientId"].as_str().unwrap())
}

#[tokio::test]
async fn a_client_has_the_documented_shape_and_is_a_site() {
    let desk = Desk::new().await;
    let made = desk.create(json!({ "domain": "www.Client.example" })).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let mut client = made.json();
    let shown = desk.ask("GET", &path(&client), None).await;
    assert_eq!((shown.status, shown.json()), (200, client.clone()));
    let site = client["clientId"].as_str().unwrap().to_owned();
    let site = desk.ask("GET", &format!("/v1/sites/{site}"), None).await;
    assert_eq!(site.json()["writeKey"], client["apiKey"]);
    assert_eq!(site.json()["settings"]["eventRetentionDays"], 90);
    assert!(client["apiKey"].as_str().unwrap().starts_with("pk_"));
    for varying in ["clientId", "apiKey", "createdAt", "updatedAt"] {
        assert!(client[varying].is_string(), "{varying}");
        client.as_object_mut().unwrap().remove(varying);
    }
    let expected = json!({
        "domain": "client.example",
        "isActive": true,
        "config": { "widgets": {}, "theme": {}, "debug": false, "retentionDays": 90 },
    });
    assert_eq!(client, expected);
}

#[tokio::test]
async fn what_is_wrong_with_a_client_is_named() {
    let desk = Desk::new().await;
    for (body, named) in [
        (json!({}), ""),
        (json!({ "domain": "" }), "domain"),
        (json!({ "domain": "*" }), "domain"),
        (json!({ "domain": 7 }), "domain"),
        (json!({ "domain": "a.example", "apiKey": "pk_1" }), "apiKey"),
        (
            json!({ "domain": "a.example", "config": { "theme": [] } }),
            "config.theme",
        ),
        (
            json!({ "domain": "a.example", "config": { "retentionDays": 0 } }),
            "config.retentionDays",
        ),
        (
            json!({ "domain": "a.example", "config": { "widgets": { "x": "y".repeat(17_000) } } }),
            "config.widgets",
        ),
    ] {
        let reply = desk.create(body.clone()).await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (422, "invalid_body"),
            "{body}"
        );
        assert!(reply.json()["error"]["details"]["field"].is_string());
        if !named.is_empty() {
            assert_eq!(field(&reply), named, "{body}: {}", reply.text());
        }
    }
    let list = desk.ask("GET", "/v1/clients", None).await.json();
    assert!(!list.to_string().contains("a.example"));
}

#[tokio::test]
async fn a_host_belongs_to_one_client() {
    let desk = Desk::new().await;
    let first = desk.create(json!({ "domain": "one.example" })).await.json();
    let second = desk
        .create(json!({ "domain": "https://www.one.example/" }))
        .await;
    assert_eq!((second.status, second.code().as_str()), (409, "conflict"));
    assert_eq!(field(&second), "domain");
    let other = desk.create(json!({ "domain": "two.example" })).await.json();
    let moved = json!({ "domain": "one.example" });
    let moved = desk.ask("PUT", &path(&other), Some(moved)).await;
    assert_eq!((moved.status, field(&moved).as_str()), (409, "domain"));
    let gone = desk.ask("DELETE", &path(&first), None).await;
    assert_eq!((gone.status, gone.body.len()), (204, 0));
    let again = desk.create(json!({ "domain": "one.example" })).await;
    assert_eq!(again.status, 201);
}

#[tokio::test]
async fn a_change_leaves_alone_what_it_does_not_name() {
    let desk = Desk::new().await;
    let made = json!({
        "domain": "one.example",
        "isActive": false,
        "config": { "theme": { "colour": "teal" }, "retentionDays": 30 },
    });
    let client = desk.create(made).await.json();
    assert_eq!(client["isActive"], false);
    let change = json!({ "isActive": true, "config": { "debug": true } });
    let changed = desk.ask("PUT", &path(&client), Some(change)).await.json();
    let config =
        json!({ "widgets": {}, "theme": { "colour": "teal" }, "debug": true, "retentionDays": 30 });
    assert_eq!(changed["config"], config);
    assert_eq!(
        (&changed["domain"], &changed["apiKey"], &changed["isActive"]),
        (&json!("one.example"), &client["apiKey"], &json!(true))
    );
    let moved = json!({ "domain": "new.example" });
    let moved = desk.ask("PUT", &path(&client), Some(moved)).await.json();
    assert_eq!(
        (&moved["domain"], &moved["config"]),
        (&json!("new.example"), &config)
    );
    let log = desk.ask("GET", "/v1/audit?limit=3", None).await.text();
    assert!(log.contains("site.update") && log.contains("teal"), "{log}");
}

#[tokio::test]
async fn the_domain_of_a_client_is_its_oldest_host_and_a_change_replaces_only_that() {
    let desk = Desk::new().await;
    let client = desk.create(json!({ "domain": "b.example" })).await.json();
    let site = format!("/v1/sites/{}", client["clientId"].as_str().unwrap());
    let hosts = json!({ "domains": ["*.a.example", "a.example", "b.example"] });
    assert_eq!(desk.ask("PUT", &site, Some(hosts)).await.status, 200);
    let shown = desk.ask("GET", &path(&client), None).await.json();
    assert_eq!(shown["domain"], "b.example");
    for (given, stored) in [
        ("z.example", ["*.a.example", "a.example", "z.example"]),
        ("z.example", ["*.a.example", "a.example", "z.example"]),
        ("*.b.example", ["*.a.example", "*.b.example", "a.example"]),
        ("y.example", ["*.a.example", "a.example", "y.example"]),
    ] {
        let change = json!({ "domain": given });
        let changed = desk.ask("PUT", &path(&client), Some(change)).await;
        assert_eq!(changed.json()["domain"], given, "{}", changed.text());
        let shown = desk.ask("GET", &path(&client), None).await.json();
        assert_eq!(shown["domain"], given);
        let site = desk.ask("GET", &site, None).await.json();
        assert_eq!(site["domains"], json!(stored), "{given}");
    }
    let change = json!({ "domain": "a.example" });
    let changed = desk.ask("PUT", &path(&client), Some(change)).await.json();
    assert_eq!(changed["domain"], "a.example");
    let left = desk.ask("GET", &site, None).await.json();
    assert_eq!(left["domains"], json!(["*.a.example", "a.example"]));
    // Hosts that came together.
    let hosts = json!({ "domains": ["d.example", "c.example"] });
    assert_eq!(desk.ask("PUT", &site, Some(hosts)).await.status, 200);
    let shown = desk.ask("GET", &path(&client), None).await.json();
    assert_eq!(shown["domain"], "c.example");
    let change = json!({ "domain": "e.example" });
    let changed = desk.ask("PUT", &path(&client), Some(change)).await.json();
    assert_eq!(changed["domain"], "e.example");
}

#[tokio::test]
async fn a_deleted_a_foreign_and_a_missing_client_answer_alike() {
    let desk = Desk::new().await;
    let deleted = desk.create(json!({ "domain": "one.example" })).await.json();
    desk.ask("DELETE", &path(&deleted), None).await;
    let elsewhere = desk.app.other_account().await;
    let foreign = desk.app.site_in(elsewhere, "zebra").await.to_string();
    let mut answers = Vec::new();
    for client in [
        deleted["clientId"].as_str().unwrap(),
        &foreign,
        &id(404),
        "none",
    ] {
        for method in ["GET", "PUT", "DELETE"] {
            let body = (method == "PUT").then(|| json!({ "isActive": false }));
            let reply = desk
                .ask(method, &format!("/v1/clients/{client}"), body)
                .await;
            answers.push((reply.status, reply.text()));
        }
        let forms = format!("/v1/clients/{client}/forms");
        let forms = desk.ask("GET", &forms, None).await;
        answers.push((forms.status, forms.text()));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(answers[0].0, 404);
    assert!(answers[0].1.contains("unknown_site"));
}

#[tokio::test]
async fn clients_are_listed_a_page_at_a_time() {
    let desk = Desk::new().await;
    for n in 1..=5 {
        let domain = format!("c{n}.example");
        assert_eq!(desk.create(json!({ "domain": domain })).await.status, 201);
    }
    let whole = desk.ask("GET", "/v1/clients", None).await.json();
    let total = whole["total"].as_u64().unwrap();
    assert_eq!(whole["clients"].as_array().unwrap().len() as u64, total);
    let mut joined = Vec::new();
    for offset in (0..total).step_by(2) {
        let path = format!("/v1/clients?limit=2&offset={offset}");
        let page = desk.ask("GET", &path, None).await.json();
        assert_eq!(page["total"], total);
        joined.extend(page["clients"].as_array().unwrap().clone());
    }
    assert_eq!(json!(joined), whole["clients"]);
    for wrong in ["limit=0", "limit=1001", "offset=-1", "page=2"] {
        let reply = desk.ask("GET", &format!("/v1/clients?{wrong}"), None).await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (400, "invalid_parameter"),
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn what_is_left_of_a_deleted_client_is_shown_to_owners_alone() {
    let desk = Desk::new().await;
    let app = &desk.app;
    app.post(app.batch(&[pageview(&id(1))])).send().await;
    assert_eq!(app.wait_for_events(&desk.key, "shop", 1).await.len(), 1);
    let shop = app.site.clone();
    let all = app.get("/v1/events").key(&desk.key).send().await.json();
    assert_eq!(all["events"][0]["clientId"], shop);
    let gone = desk
        .ask("DELETE", &format!("/v1/clients/{shop}"), None)
        .await;
    assert_eq!(gone.status, 204);
    let owner = app.owner().await;
    let left = app
        .get("/v1/events")
        .cookie(&owner.cookie)
        .send()
        .await
        .json();
    assert_eq!(left["events"][0]["clientId"], Value::Null);
    assert_eq!(left["events"][0]["eventId"], id(1));
    let others = app.get("/v1/events").key(&desk.key).send().await.json();
    assert_eq!(others["events"], json!([]));
    let account = app.account().await;
    let role = clew_store::relational::Role::Admin;
    let admin = app.person(account, Some(role), &[]).await;
    let others = app
        .get("/v1/events")
        .cookie(&admin.cookie)
        .send()
        .await
        .json();
    assert_eq!(others["events"], json!([]));
    let named = format!("/v1/events?site={shop}");
    let named = app.get(&named).cookie(&owner.cookie).send().await;
    assert_eq!(named.code(), "unknown_site");
}
