//! Overview and time series.

use super::ask;
use crate::support::{TestApp, id, pageview};

#[tokio::test]
async fn they_are_the_reports_of_the_same_name() {
    let app = TestApp::start().await;
    let admin = app.key("admin", &[], &[]).await;
    app.post(app.batch(&[pageview(&id(1)), pageview(&id(2))]))
        .send()
        .await;
    app.wait_for_events(&admin, "shop", 2).await;
    for name in ["overview", "timeseries"] {
        let query = "?site=shop&period=day&metrics=pageviews,visitors";
        let reply = ask(
            &app,
            &admin,
            "GET",
            &format!("/analytics/{name}{query}"),
            None,
        )
        .await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        let report = ask(
            &app,
            &admin,
            "GET",
            &format!("/v1/reports/{name}{query}"),
            None,
        )
        .await;
        let (own, report) = (reply.json(), report.json());
        for member in ["totals", "points", "interval"] {
            assert_eq!(own[member], report[member], "{name}");
        }
    }
    let overview = ask(&app, &admin, "GET", "/analytics/overview?site=shop", None).await;
    assert_eq!(overview.json()["totals"]["pageviews"], 2);
    let key = app
        .get("/analytics/overview?site=shop")
        .header("x-api-key", &admin);
    assert_eq!(key.send().await.status, 200);
    let person = app.owner().await;
    let session = app
        .get("/analytics/overview?site=shop")
        .cookie(&person.cookie);
    assert_eq!(session.send().await.status, 200);
}

#[tokio::test]
async fn the_only_site_of_a_key_needs_no_name() {
    let app = TestApp::start().await;
    let admin = app.key("admin", &[], &[]).await;
    let shop = app.key("viewer", &["shop"], &[]).await;
    app.wait_for_reports(&admin).await;
    for page in ["overview", "timeseries", "sessions"] {
        let path = format!("/analytics/{page}");
        assert_eq!(
            ask(&app, &shop, "GET", &path, None).await.status,
            200,
            "{page}"
        );
        let several = ask(&app, &admin, "GET", &path, None).await;
        assert_eq!(
            (several.status, several.code().as_str()),
            (400, "invalid_parameter")
        );
        let wrong = ask(&app, &shop, "GET", &format!("{path}?flavour=x"), None).await;
        assert_eq!(wrong.code(), "invalid_parameter", "{page}");
        let missing = ask(&app, &admin, "GET", &format!("{path}?site=none"), None).await;
        assert_eq!(
            (missing.status, missing.code().as_str()),
            (404, "unknown_site")
        );
    }
}
