use super::{ask, profile, served, view, visitor, with};
use crate::support::{id, now_ms};
use serde_json::json;

#[tokio::test]
async fn a_profile_tells_what_brought_the_visitor() {
    let (app, key) = served(&[
        view(
            1,
            1,
            300,
            "utm_source=news&utm_medium=email&utm_campaign=spring",
        ),
        view(
            2,
            1,
            299,
            "utm_source=news&utm_medium=email&utm_campaign=spring",
        ),
        view(3, 1, 200, ""),
        with(
            view(4, 1, 100, "gclid=click-1"),
            &json!({ "referrer": "https://www.google.com/" }),
        ),
        with(
            view(5, 1, 99, ""),
            &json!({ "type": "custom", "name": "Sign-up" }),
        ),
    ])
    .await;
    let profile = profile(&app, &key, 1, 2).await;
    for (member, expected) in [
        ("visitorId", json!(visitor(1))),
        ("identityMethod", json!("storage")),
        ("events", json!(5)),
        ("pageviews", json!(4)),
        ("visits", json!(3)),
        ("complete", json!(true)),
        ("person", json!(null)),
    ] {
        assert_eq!(profile[member], expected, "{member}");
    }
    let first = &profile["firstTouch"];
    assert_eq!(
        (
            &first["campaign"],
            &first["channel"],
            &first["landingPath"],
            &first["eventId"]
        ),
        (
            &json!("spring"),
            &json!("Email"),
            &json!("/landing"),
            &json!(id(1))
        )
    );
    let last = &profile["lastTouch"];
    assert_eq!(
        (
            &last["source"],
            &last["clickIdKind"],
            &last["clickId"],
            &last["referrerHost"]
        ),
        (
            &json!("Google"),
            &json!("gclid"),
            &json!("click-1"),
            &json!("google.com")
        )
    );
    let engagement = &profile["engagement"];
    let codes: Vec<_> = engagement["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reason| reason["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["second_page", "returned"]);
    assert_eq!(
        (&engagement["score"], &engagement["version"]),
        (&json!(15), &json!(1))
    );
    for (model, channel, share) in [
        ("first", "Email", 1.0),
        ("last", "Paid Search", 1.0),
        ("linear", "Email", 0.5),
        ("positionBased", "Email", 0.5),
    ] {
        let shares = profile["attribution"][model].as_array().unwrap();
        let of = shares.iter().find(|s| s["channel"] == channel).unwrap();
        assert_eq!(of["share"], share, "{model}");
    }
    assert_eq!(
        profile["attribution"]["timeDecay"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn the_first_touch_is_the_earliest_by_its_own_time_and_direct_only_if_nothing_precedes() {
    let (app, key) = served(&[view(1, 1, 60, ""), view(2, 1, 30, "utm_source=news")]).await;
    let direct = profile(&app, &key, 1, 2).await;
    assert_eq!(direct["firstTouch"]["channel"], "Direct");
    // It comes late, and happened first: the direct visit was not what brought the visitor.
    let late = view(3, 1, 90, "utm_source=partner");
    app.post(app.batch(&[late])).send().await;
    app.wait_for_events(&key, "shop", 3).await;
    let begun = std::time::Instant::now();
    loop {
        let now = profile(&app, &key, 1, 2).await;
        if now["firstTouch"]["source"] == "partner" {
            assert_eq!(now["lastTouch"]["source"], "news");
            break;
        }
        assert!(begun.elapsed().as_secs() < 20, "{now}");
    }
}

#[tokio::test]
async fn visitors_are_found_by_their_id_by_their_user_and_latest_first() {
    let by_name = json!({ "visitor_id": "_crm_17" });
    let signed_in = json!({ "user_id": "user-7" });
    let cookieless = json!({
        "id": id(9), "type": "pageview", "t": now_ms(), "url": "https://shop.example/",
    });
    let (app, key) = served(&[
        view(1, 1, 30, ""),
        with(view(2, 2, 20, ""), &signed_in),
        with(view(3, 3, 10, ""), &by_name),
        cookieless,
    ])
    .await;
    profile(&app, &key, 1, 1).await;
    let found = async |query: &str| {
        let reply = ask(&app, &key, &format!("?query={query}")).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()["visitors"].as_array().unwrap().clone()
    };
    let latest = found("").await;
    let methods: Vec<_> = latest
        .iter()
        .map(|v| v["identityMethod"].as_str().unwrap())
        .collect();
    assert_eq!(
        methods,
        ["storage", "user_id", "storage"],
        "without the visitor of a day"
    );
    assert_eq!(latest[2]["visitorId"], visitor(1));
    assert_eq!(found(&visitor(1)).await.len(), 1);
    assert_eq!(
        found("_crm_17").await[0]["visitorId"],
        latest[0]["visitorId"]
    );
    let user = found("user-7").await;
    assert_eq!(
        user.len(),
        2,
        "the browser, and the visitor that the user id makes: {user:?}"
    );
    assert_eq!(user[0]["person"], user[1]["person"]);
    assert!(
        user.iter().any(|v| v["visitorId"] == visitor(2)),
        "{user:?}"
    );
    assert_eq!(found("nobody").await.len(), 0);
    for (query, status) in [("?limit=0", 400), ("?limit=201", 400), ("?colour=red", 400)] {
        assert_eq!(ask(&app, &key, query).await.status, status, "{query}");
    }
    let long = "x".repeat(129);
    assert_eq!(ask(&app, &key, &format!("?query={long}")).await.status, 400);
    for missing in ["none", &visitor(77)] {
        let reply = ask(&app, &key, &format!("/{missing}")).await;
        assert_eq!((reply.status, reply.code().as_str()), (404, "not_found"));
    }
}

#[tokio::test]
async fn an_exempt_site_knows_no_visitors_and_says_so() {
    let (app, key) = served(&[view(1, 1, 5, "utm_source=news")]).await;
    profile(&app, &key, 1, 1).await;
    let exempt = json!({ "profile": "exempt" });
    let changed = app
        .request("PUT", "/v1/sites/shop")
        .key(&key)
        .json(&exempt)
        .send()
        .await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    for path in [String::new(), format!("/{}", visitor(1))] {
        let reply = ask(&app, &key, &path).await;
        assert_eq!((reply.status, reply.code().as_str()), (409, "conflict"));
        assert!(reply.text().contains("exempt"), "{}", reply.text());
    }
}
