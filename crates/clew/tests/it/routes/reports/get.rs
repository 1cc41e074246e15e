use crate::support::{TestApp, id, pageview};
use serde_json::{Value, json};

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

/// Every member of an answer is described, and with the right type.
fn described(value: &Value, schema: &Value, all: &Value, place: &str) -> Result<(), String> {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return described(value, &all[name], all, place);
    }
    if let Some(options) = schema["oneOf"].as_array() {
        let tried = options.iter();
        let tried: Vec<_> = tried.map(|o| described(value, o, all, place)).collect();
        return tried.into_iter().reduce(Result::or).unwrap();
    }
    let parts = schema["allOf"].as_array();
    let parts = parts.map_or(vec![schema], |parts| parts.iter().collect());
    let resolved = parts.into_iter().map(|part| match part["$ref"].as_str() {
        Some(name) => &all[name.rsplit('/').next().unwrap()],
        None => part,
    });
    let parts: Vec<_> = resolved.collect();
    match value {
        Value::Object(members) => members.iter().try_for_each(|(name, member)| {
            let found = parts.iter().find_map(|part| {
                let described = part["properties"].get(name);
                described.or_else(|| part.get("additionalProperties"))
            });
            let place = format!("{place}.{name}");
            let schema = found.ok_or_else(|| format!("{place} is not described"))?;
            described(member, schema, all, &place)
        }),
        Value::Array(items) => items
            .iter()
            .try_for_each(|item| described(item, &parts[0]["items"], all, &format!("{place}[]"))),
        Value::Null if schema["type"].to_string().contains("null") => Ok(()),
        Value::String(_) if schema["type"].to_string().contains("string") => Ok(()),
        Value::Number(n) => {
            let kind = schema["type"].to_string();
            let fits = kind.contains("number") || (kind.contains("integer") && !n.is_f64());
            fits.then_some(())
                .ok_or_else(|| format!("{place}: {n} is no {kind}"))
        }
        other => Err(format!("{place}: {other} does not fit {schema}")),
    }
}

#[tokio::test]
async fn answers_have_the_described_shape() {
    let app = TestApp::start().await;
    let key = app.key("viewer", &[], &[]).await;
    app.post(app.batch(&[pageview(&id(1)), pageview(&id(2))]))
        .send()
        .await;
    app.wait_for_events(&key, "shop", 2).await;
    let description = serde_json::to_value(clew::router::description()).unwrap();
    let schemas = &description["components"]["schemas"];
    let all_metrics = "visitors,visits,pageviews,events,bounce_rate,visit_duration,\
                       views_per_visit,engagement_time,time_on_page,scroll_depth";
    for (report, schema) in [
        ("overview", "OverviewReport"),
        ("timeseries", "TimeseriesReport"),
        ("breakdown", "BreakdownReport"),
        ("realtime", "RealtimeReport"),
        ("data_health", "DataHealthReport"),
    ] {
        let path = format!(
            "/v1/reports/{report}?site=shop&period=day&compare=previous_period&dimension=page\
             &metrics={all_metrics}"
        );
        let reply = app.get(&path).key(&key).send().await;
        assert_eq!(reply.status, 200, "{report} {}", reply.text());
        assert!(schemas[schema].is_object(), "{schema}");
        described(&reply.json(), &schemas[schema], schemas, report).unwrap();
    }
}
