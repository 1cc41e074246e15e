use crate::support::{TestApp, id, now_ms, pageview};
use serde_json::json;

#[tokio::test]
async fn pages_follow_each_other_without_loss_or_repetition() {
    let app = TestApp::start().await;
    let events: Vec<_> = (1..=25)
        .map(|n| {
            let mut event = pageview(&id(n));
            event["t"] = json!(now_ms() - n as i64 * 1000);
            event
        })
        .collect();
    app.post(app.batch(&events)).send().await;
    let key = app.key("viewer", &[], &[]).await;
    assert_eq!(app.wait_for_events(&key, "shop", 25).await.len(), 25);
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/v1/events?site=shop&limit=10{cursor}");
        let page = app.get(&path).key(&key).send().await.json();
        for event in page["events"].as_array().unwrap() {
            seen.push(event["eventId"].as_str().unwrap().to_owned());
        }
        match page["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let expected: Vec<_> = (1..=25).map(id).collect();
    assert_eq!(seen, expected, "newest first, each once");
}

#[tokio::test]
async fn a_listed_event_has_the_documented_shape() {
    let app = TestApp::start().await;
    let mut event = pageview(&id(1));
    event["type"] = json!("custom");
    event["name"] = json!("signup");
    event["title"] = json!("Shop");
    event["props"] = json!({ "plan": "pro", "seats": 3 });
    app.post(app.batch(&[event])).send().await;
    let key = app.key("viewer", &[], &[]).await;
    let events = app.wait_for_events(&key, "shop", 1).await;
    insta::assert_json_snapshot!(events, {
        "[].clientId" => "[site]",
        "[].visitorId" => "[visitor]",
        "[].timestamp" => "[time]",
        "[].createdAt" => "[time]",
    });
}

#[tokio::test]
async fn filters_narrow_and_nonsense_is_refused() {
    let app = TestApp::start().await;
    let mut custom = pageview(&id(1));
    custom["type"] = json!("custom");
    custom["name"] = json!("signup");
    app.post(app.batch(&[custom, pageview(&id(2))]))
        .send()
        .await;
    let key = app.key("viewer", &[], &[]).await;
    assert_eq!(app.wait_for_events(&key, "shop", 2).await.len(), 2);
    for (filter, count) in [
        ("name=signup", 1),
        ("type=pageview", 1),
        ("type=click", 0),
        ("from=2100-01-01T00:00:00Z", 0),
        ("to=0", 0),
    ] {
        let path = format!("/v1/events?site=shop&{filter}");
        let reply = app.get(&path).key(&key).send().await;
        assert_eq!(
            reply.json()["events"].as_array().unwrap().len(),
            count,
            "{filter}"
        );
    }
    for filter in [
        "limit=0",
        "limit=x",
        "cursor=!",
        "from=yesterday",
        "eventId=7",
        "color=red",
    ] {
        let path = format!("/v1/events?site=shop&{filter}");
        let reply = app.get(&path).key(&key).send().await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (400, "invalid_parameter"),
            "{filter}"
        );
    }
}
