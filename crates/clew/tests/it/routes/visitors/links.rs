use super::{profile, served, view, visitor, with};
use crate::support::{Reply, TestApp};
use serde_json::{Value, json};

async fn links(app: &TestApp, key: &str, method: &str, of: u128, body: &Value) -> Reply {
    let path = format!("/v1/sites/shop/visitors/{}/links", visitor(of));
    let request = app.request(method, &path).key(key);
    request.json(body).send().await
}

async fn person(app: &TestApp, key: &str, of: u128, touches: usize) -> Value {
    profile(app, key, of, touches).await["person"].clone()
}

#[tokio::test]
async fn a_merge_reaches_what_was_before_and_can_be_taken_back() {
    let (mut app, key) = served(&[
        view(1, 1, 90, "utm_source=news"),
        view(2, 2, 60, "utm_source=partner"),
        view(3, 3, 30, ""),
    ])
    .await;
    for of in 1..=3 {
        assert_eq!(person(&app, &key, of, 1).await, json!(null));
    }
    let merged = links(
        &app,
        &key,
        "POST",
        1,
        &json!({ "withVisitorId": visitor(2) }),
    )
    .await;
    assert_eq!(merged.status, 201, "{}", merged.text());
    let members = merged.json()["visitors"].clone();
    assert_eq!(members, json!([visitor(1), visitor(2)]));
    // The touches of both are those of each.
    let second = profile(&app, &key, 2, 2).await;
    assert_eq!(second["firstTouch"]["source"], "news");
    assert_eq!(second["lastTouch"]["source"], "partner");
    assert_eq!(second["person"]["personId"], merged.json()["personId"]);
    assert_eq!(second["links"][0]["kind"], "merge");
    let again = links(
        &app,
        &key,
        "POST",
        2,
        &json!({ "withVisitorId": visitor(1) }),
    )
    .await;
    assert_eq!(again.status, 409, "{}", again.text());
    // A third one joins; its direct visit is not the first of the person.
    let third = links(
        &app,
        &key,
        "POST",
        3,
        &json!({ "withVisitorId": visitor(1) }),
    )
    .await;
    assert_eq!(third.status, 201, "{}", third.text());
    assert_eq!(
        profile(&app, &key, 3, 2).await["firstTouch"]["source"],
        "news"
    );

    // The journal says it again to whoever starts anew.
    app = app.restart().await;
    app.wait_for_reports(&key).await;
    let third = person(&app, &key, 3, 2).await;
    assert_eq!(third["visitors"].as_array().unwrap().len(), 3);

    for of in [3, 1] {
        let undone = links(&app, &key, "DELETE", of, &json!({})).await;
        assert_eq!(undone.status, 204, "{}", undone.text());
    }
    for of in 1..=3 {
        assert_eq!(person(&app, &key, of, 1).await, json!(null), "as before");
    }
    let nothing = links(&app, &key, "DELETE", 1, &json!({})).await;
    assert_eq!(
        (nothing.status, nothing.code().as_str()),
        (404, "not_found")
    );
    let log = app.get("/v1/audit").key(&key).send().await;
    let actions: Vec<_> = log.json()["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["action"].as_str().unwrap().to_owned())
        .collect();
    let count = |action: &str| actions.iter().filter(|a| *a == action).count();
    assert_eq!((count("visitor.merge"), count("visitor.separate")), (2, 2));
    assert!(!log.text().contains(&visitor(1)), "no visitor in the log");
}

#[tokio::test]
async fn the_hand_outranks_what_pages_say_until_it_is_taken_back() {
    let signed_in = json!({ "user_id": "ada" });
    let (app, key) = served(&[
        with(view(1, 1, 30, "utm_source=news"), &signed_in),
        view(2, 2, 20, "utm_source=partner"),
    ])
    .await;
    person(&app, &key, 2, 1).await;
    // The touch is that of the user's own visitor, so it shows with the person.
    let ada = person(&app, &key, 1, 1).await;
    assert_eq!(ada["visitors"].as_array().unwrap().len(), 2);
    let merged = links(&app, &key, "POST", 2, &json!({ "userId": " ada " })).await;
    assert_eq!(merged.status, 201, "{}", merged.text());
    assert_eq!(merged.json()["personId"], ada["personId"]);
    assert_eq!(merged.json()["visitors"].as_array().unwrap().len(), 3);
    profile(&app, &key, 2, 2).await;
    let moved = links(&app, &key, "POST", 1, &json!({ "userId": "eve" })).await;
    assert_eq!(moved.status, 201, "{}", moved.text());
    assert_ne!(moved.json()["personId"], ada["personId"]);
    let undone = links(&app, &key, "DELETE", 1, &json!({})).await;
    assert_eq!(undone.status, 204);
    assert_eq!(person(&app, &key, 1, 2).await["personId"], ada["personId"]);
    // Without a merge by hand, the visitor is separated from what its pages say.
    let undone = links(&app, &key, "DELETE", 1, &json!({})).await;
    assert_eq!(undone.status, 204);
    assert_eq!(person(&app, &key, 1, 0).await, json!(null));
}

#[tokio::test]
async fn what_cannot_be_merged_is_refused_with_a_reason() {
    let (app, key) = served(&[view(1, 1, 30, "")]).await;
    for (body, status, code) in [
        (json!({}), 422, "invalid_body"),
        (json!({ "userId": "  " }), 422, "invalid_body"),
        (json!({ "userId": "x".repeat(129) }), 422, "invalid_body"),
        (
            json!({ "userId": "a", "withVisitorId": visitor(2) }),
            422,
            "invalid_body",
        ),
        (json!({ "withVisitorId": visitor(1) }), 409, "conflict"),
        (json!({ "withVisitorId": visitor(9) }), 404, "not_found"),
        (json!({ "withVisitorId": "x" }), 404, "not_found"),
        (json!({ "colour": "red" }), 422, "invalid_body"),
    ] {
        let reply = links(&app, &key, "POST", 1, &body).await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (status, code),
            "{body}"
        );
    }
    let daily = app.post(app.batch(&[json!({
        "type": "pageview", "t": crate::support::now_ms(), "url": "https://shop.example/",
    })]));
    daily.send().await;
    let events = app.wait_for_events(&key, "shop", 2).await;
    let day = events
        .iter()
        .find(|e| e["metadata"]["identity_method"] == "daily_hash");
    let day = day.unwrap()["visitorId"].as_str().unwrap().to_owned();
    let reply = links(&app, &key, "POST", 1, &json!({ "withVisitorId": day })).await;
    assert_eq!((reply.status, reply.code().as_str()), (409, "conflict"));
}
