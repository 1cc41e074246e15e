use super::{profile, served, view, visitor, with};
use crate::support::{TestApp, id, now_ms};
use serde_json::{Value, json};

fn bought(event: u128, of: u128, value: f64, currency: &str) -> Value {
    let more = json!({
        "type": "custom", "name": "Purchase", "value": value, "currency": currency,
    });
    with(view(event, of, 1, ""), &more)
}

async fn report(app: &TestApp, key: &str, query: &str) -> Value {
    let path = format!("/v1/reports/attribution?site=shop&period=7d&{query}");
    let reply = app.get(&path).key(key).send().await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

fn cells(report: &Value) -> Vec<(String, f64, Value)> {
    let rows = report["rows"].as_array().unwrap().iter();
    rows.map(|row| {
        let value = row["value"].as_str().unwrap().to_owned();
        (
            value,
            row["conversions"].as_f64().unwrap(),
            row["revenue"].clone(),
        )
    })
    .collect()
}

#[tokio::test]
async fn conversions_are_shared_out_by_every_model() {
    let cookieless = json!({
        "id": id(20), "type": "custom", "name": "Purchase", "t": now_ms(), "value": 5,
        "currency": "EUR", "url": "https://shop.example/",
    });
    let (app, key) = served(&[
        view(1, 1, 300, "utm_source=news&utm_medium=email"),
        view(2, 1, 200, "utm_source=google&utm_medium=cpc"),
        view(3, 1, 100, "utm_source=news&utm_medium=email"),
        bought(4, 1, 10.0, "EUR"),
        view(5, 2, 300, "utm_source=partner&utm_medium=link"),
        bought(6, 2, 500.0, "JPY"),
        cookieless,
    ])
    .await;
    profile(&app, &key, 1, 3).await;
    profile(&app, &key, 2, 1).await;
    let eur = |minor: i64| json!([{ "currency": "EUR", "minor": minor }]);
    let jpy = || json!([{ "currency": "JPY", "minor": 500 }]);
    let referral = || ("Referral".to_owned(), 1.0, jpy());
    for (model, email, search) in [
        ("first", Some((1.0, 1_000)), None),
        ("last", Some((1.0, 1_000)), None),
        ("linear", Some((0.666_667, 667)), Some((0.333_333, 333))),
        ("position_based", Some((0.8, 800)), Some((0.2, 200))),
    ] {
        let report = report(&app, &key, &format!("model={model}")).await;
        let rows = cells(&report);
        let of = |name: &str| rows.iter().find(|row| row.0 == name).cloned();
        let cell = |name: &str, of: Option<(f64, i64)>| {
            of.map(|(conversions, minor)| (name.to_owned(), conversions, eur(minor)))
        };
        assert_eq!(of("Email"), cell("Email", email), "{model}");
        assert_eq!(of("Paid Search"), cell("Paid Search", search), "{model}");
        assert_eq!(of("Referral"), Some(referral()), "{model}");
        assert_eq!(report["unattributed"]["revenue"], eur(500));
        assert_eq!(report["meta"]["conversions"], 3);
        assert_eq!(report["meta"]["cookieless"], 1);
    }
    let decayed = cells(&report(&app, &key, "model=time_decay&dimension=source").await);
    let total: f64 = decayed.iter().map(|row| row.1).sum();
    assert!((total - 2.0).abs() < 1e-9, "{decayed:?}");
    let named: Vec<_> = decayed.iter().map(|row| row.0.as_str()).collect();
    assert_eq!(named, ["partner", "news", "google"]);
    assert_eq!(cells(&report(&app, &key, "goal=Sign-up").await), []);
    assert_eq!(cells(&report(&app, &key, "goal=Purchase").await).len(), 2);
}

#[tokio::test]
async fn what_another_browser_of_the_person_was_brought_by_counts() {
    let (app, key) = served(&[
        view(1, 1, 300, "utm_source=news&utm_medium=email"),
        bought(2, 2, 10.0, "EUR"),
    ])
    .await;
    profile(&app, &key, 1, 1).await;
    profile(&app, &key, 2, 1).await;
    assert_eq!(
        cells(&report(&app, &key, "model=first").await)[0].0,
        "Direct"
    );
    let path = format!("/v1/sites/shop/visitors/{}/links", visitor(2));
    let body = json!({ "withVisitorId": visitor(1) });
    let merged = app
        .request("POST", &path)
        .key(&key)
        .json(&body)
        .send()
        .await;
    assert_eq!(merged.status, 201, "{}", merged.text());
    let rows = cells(&report(&app, &key, "model=first").await);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].0, "Email");
}

#[tokio::test]
async fn a_question_that_cannot_be_asked_names_its_parameter_and_csv_runs_nothing() {
    let (app, key) = served(&[
        view(1, 1, 30, "utm_source=%3DHYPERLINK(1)&utm_medium=x"),
        bought(2, 1, 10.0, "EUR"),
    ])
    .await;
    profile(&app, &key, 1, 1).await;
    for (query, parameter) in [
        ("model=best", "model"),
        ("model=last&model=first", "model"),
        ("dimension=browser", "dimension"),
        ("period=eon", "period"),
        ("colour=red", "colour"),
        ("format=xml", "format"),
    ] {
        let path = format!("/v1/reports/attribution?site=shop&{query}");
        let reply = app.get(&path).key(&key).send().await;
        assert_eq!(reply.status, 400, "{query}: {}", reply.text());
        assert_eq!(
            reply.json()["error"]["details"]["parameter"],
            parameter,
            "{query}"
        );
    }
    let path = "/v1/reports/attribution?site=shop&dimension=source&format=csv";
    let csv = app.get(path).key(&key).send().await;
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    let expected = "\"value\",\"conversions\",\"currency\",\"revenue_minor\"\n\
                    \"'=HYPERLINK(1)\",1,\"EUR\",1000\n";
    assert_eq!(csv.text(), expected);
}
