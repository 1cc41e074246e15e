use crate::support::{TestApp, id, pageview};
use serde_json::json;

#[tokio::test]
async fn a_visit_is_in_the_overview_within_two_seconds() {
    let app = TestApp::start().await;
    let key = app.key("viewer", &[], &[]).await;
    // The engine opens beside the listener; the clock runs once reports answer.
    app.wait_for_reports(&key).await;
    app.post(app.batch(&[pageview(&id(1)), pageview(&id(2))]))
        .send()
        .await;
    let begun = std::time::Instant::now();
    loop {
        let reply = app
            .get("/v1/reports/overview?site=shop&period=day")
            .key(&key)
            .send()
            .await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        let totals = &reply.json()["totals"];
        if totals["pageviews"] == 2 {
            assert_eq!(totals["visitors"], 1);
            break;
        }
        assert!(begun.elapsed().as_secs() < 2, "not visible: {totals}");
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    }
}

#[tokio::test]
async fn every_report_answers_and_explains_itself() {
    let app = TestApp::start().await;
    let key = app.key("viewer", &[], &[]).await;
    app.post(app.batch(&[pageview(&id(1))])).send().await;
    app.wait_for_events(&key, "shop", 1).await;
    for (query, field) in [
        ("overview?site=shop", "totals"),
        ("timeseries?site=shop&period=7d", "points"),
        ("breakdown?site=shop&dimension=page", "rows"),
        ("realtime?site=shop", "visitors"),
    ] {
        let reply = app
            .get(&format!("/v1/reports/{query}"))
            .key(&key)
            .send()
            .await;
        assert_eq!(reply.status, 200, "{query}: {}", reply.text());
        let report = reply.json();
        assert!(!report[field].is_null(), "{query}: {report}");
        assert!(report["meta"]["identity"].is_object(), "{query}");
        assert_eq!(reply.header("cache-control"), Some("no-store"));
    }
}

#[tokio::test]
async fn a_question_that_cannot_be_asked_names_its_parameter() {
    let app = TestApp::start().await;
    let key = app.key("viewer", &[], &[]).await;
    for (query, status, parameter) in [
        ("overview", 400, "site"),
        ("overview?site=shop&period=eon", 400, "period"),
        ("overview?site=shop&filters=%5B", 400, "filters"),
        ("overview?site=shop&tz=Mars/Base", 400, "tz"),
        ("overview?site=shop&colour=red", 400, "colour"),
        ("breakdown?site=shop", 400, "dimension"),
        ("sales?site=shop", 404, "name"),
    ] {
        let reply = app
            .get(&format!("/v1/reports/{query}"))
            .key(&key)
            .send()
            .await;
        assert_eq!(reply.status, status, "{query}: {}", reply.text());
        let named = &reply.json()["error"]["details"]["parameter"];
        assert_eq!(named, &json!(parameter), "{query}");
    }
}
