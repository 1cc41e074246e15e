//! The hipaa profile: every read is written down, before the data leaves.

use crate::support::{Reply, TestApp, id, pageview};
use clew_store::relational::{ConnectionTrait as _, audit};
use serde_json::{Value, json};

/// A GET route of the API description that is about a site.
struct Route {
    path: String,
    by_query: bool,
    /// More to fill in than the site.
    has_more: bool,
}

fn routes() -> Vec<Route> {
    let described = serde_json::to_value(clew::router::description()).unwrap();
    let mut routes = Vec::new();
    for (path, methods) in described["paths"].as_object().unwrap() {
        let Some(get) = methods.get("get") else {
            continue;
        };
        if get.get("security").is_none() {
            // A public door: it takes events and tells nothing.
            continue;
        }
        let none = Vec::new();
        let parameters = get["parameters"].as_array().unwrap_or(&none);
        let by_query = parameters
            .iter()
            .any(|p| p["name"] == "site" && p["in"] == "query");
        let named = path.replace("{name}", "overview");
        if by_query || named.contains("{siteId}") {
            routes.push(Route {
                path: path.clone(),
                by_query,
                has_more: named.replace("{siteId}", "").contains('{'),
            });
        }
    }
    routes
}

async fn hipaa_shop() -> (TestApp, String) {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    app.wait_for_reports(&key).await;
    let batch = app.batch(&[pageview(&id(1))]);
    assert_eq!(app.post(batch).send().await.status, 200);
    app.wait_for_events(&key, "shop", 1).await;
    let put = app
        .request("PUT", "/v1/sites/shop")
        .key(&key)
        .json(&json!({ "profile": "hipaa" }));
    assert_eq!(put.send().await.status, 200);
    (app, key)
}

async fn ask(app: &TestApp, key: &str, route: &Route) -> Reply {
    let mut path = route
        .path
        .replace("{name}", "overview")
        .replace("{siteId}", "shop");
    while let Some(start) = path.find('{') {
        let end = path.find('}').unwrap();
        path.replace_range(start..=end, &id(7));
    }
    if route.by_query {
        path.push_str("?site=shop");
    }
    let request = app.get(&path).key(key).header("x-request-id", "asked-here");
    if path.ends_with("/live") {
        let head = request.stream(|text| text.contains("\r\n\r\n")).await;
        return Reply::of_head(&head);
    }
    request.send().await
}

/// Reads of the shop that are on record, newest first.
async fn reads(app: &TestApp) -> Vec<audit::Entry> {
    let account = app.account().await;
    let found = audit::list(app.app.db.read(), account, None, 1_000)
        .await
        .unwrap();
    let entries = found.into_iter().map(|recorded| recorded.entry);
    entries
        .filter(|entry| entry.action == "site.read")
        .collect()
}

/// New routes come in by themselves: nobody has to think of this.
#[tokio::test]
async fn every_get_route_about_a_site_leaves_an_entry() {
    let (app, key) = hipaa_shop().await;
    let routes = routes();
    assert!(
        routes.len() >= 7,
        "the description names its sites otherwise now"
    );
    for route in routes {
        let before = reads(&app).await.len();
        let reply = ask(&app, &key, &route).await;
        let found = reads(&app).await;
        if reply.status >= 400 {
            assert!(route.has_more, "{}: {}", route.path, reply.text());
            assert_eq!(found.len(), before, "{}: nothing was read", route.path);
            continue;
        }
        assert_eq!(found.len(), before + 1, "{} leaves no entry", route.path);
        let entry = &found[0];
        let detail: Value = serde_json::from_str(entry.detail.as_deref().unwrap()).unwrap();
        assert_eq!(detail["route"], format!("GET {}", route.path));
        assert_eq!(entry.request_id.as_deref(), Some("asked-here"));
        assert_eq!(entry.site.unwrap().to_string(), app.site);
        assert!(matches!(entry.actor, audit::Actor::Key(_)));
    }
}

#[tokio::test]
async fn events_of_all_sites_name_the_hipaa_ones_and_csv_counts_too() {
    let (app, key) = hipaa_shop().await;
    for path in ["/v1/events", "/v1/reports/overview?site=shop&format=csv"] {
        let before = reads(&app).await.len();
        let reply = app.get(path).key(&key).send().await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        assert_eq!(reads(&app).await.len(), before + 1, "{path}");
    }
}

#[tokio::test]
async fn refusals_and_other_profiles_leave_no_entry() {
    let (app, key) = hipaa_shop().await;
    let reader = app.key("viewer", &["demo"], &[]).await;
    for (path, key, status) in [
        ("/v1/reports/overview?site=shop", &reader, 403),
        ("/v1/reports/nonsense?site=shop", &key, 404),
        ("/v1/reports/overview?site=demo", &key, 200),
        ("/v1/sites/demo", &key, 200),
    ] {
        let reply = app.get(path).key(key).send().await;
        assert_eq!(reply.status, status, "{path}: {}", reply.text());
    }
    assert_eq!(reads(&app).await, []);
}

#[tokio::test]
async fn what_cannot_be_written_down_is_not_shown() {
    let (app, key) = hipaa_shop().await;
    let work = app.app.db.write_tx(|tx| {
        Box::pin(async move {
            let sql = "ALTER TABLE audit_log RENAME TO elsewhere";
            Ok(tx.execute_unprepared(sql).await.map(drop)?)
        })
    });
    work.await.unwrap();
    for path in ["/v1/events?site=shop", "/v1/reports/overview?site=shop"] {
        let reply = app.get(path).key(&key).send().await;
        let told = (reply.status, reply.code());
        assert_eq!(told, (503, "storage_unavailable".to_owned()), "{path}");
        assert!(!reply.text().contains("shop.example"), "{path}");
    }
    let demo = app.get("/v1/events?site=demo").key(&key).send().await;
    assert_eq!(demo.status, 200, "other sites are not held up");
}
