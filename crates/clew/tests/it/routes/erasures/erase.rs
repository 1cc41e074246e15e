use super::*;
use crate::support::find;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

async fn fill(app: &TestApp, batches: u128) {
    for n in 0..batches {
        let mut events: Vec<_> = (0..20).map(|i| other(n * 20 + i)).collect();
        events.insert(7, of_anna(n));
        send(app, &events).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_leaves_every_byte_while_others_go_on() {
    let (app, key) = start(&[]).await;
    fill(&app, 30).await;
    app.wait_for_events(&key, "shop", 630).await;
    let annas: Vec<_> = (0..30).map(of_anna).collect();
    let before = counts(&app, &key).await;
    assert!(before.to_string().contains("annas-own-page"));

    // Traffic goes on, about which nobody is asked.
    let app = Arc::new(app);
    let stop = Arc::new(AtomicBool::new(false));
    let traffic = tokio::spawn({
        let (app, stop) = (app.clone(), stop.clone());
        async move {
            let mut sent: u128 = 0;
            while !stop.load(Ordering::SeqCst) {
                let page = json!({
                    "id": id(0x3_0000_0000 + sent),
                    "type": "pageview",
                    "t": now_ms(),
                    "url": "https://shop.example/live",
                });
                assert_eq!(send(&app, &[page]).await["accepted"], 1);
                sent += 1;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            sent
        }
    });
    let erasure = request(&app, &key, json!({ "userId": ANNA })).await;
    let status = done(&app, &key, &erasure).await;
    stop.store(true, Ordering::SeqCst);
    let sent = traffic.await.unwrap();
    let app = Arc::into_inner(app).unwrap();

    assert_eq!(status["certificate"], true, "{status}");
    let removed = |store: &str| {
        let steps = status["steps"].as_array().unwrap();
        let step = steps.iter().find(|step| step["store"] == store);
        let step = step.unwrap_or_else(|| panic!("no {store} in {status}"));
        assert_eq!(step["status"], "verified", "{step}");
        step["removed"].as_u64().unwrap()
    };
    assert_eq!(removed("event_store"), 30);
    assert!(removed("journal") + removed("archive") >= 30);
    assert!(removed("relational") > 0);

    // Others are counted as before.
    let expected = (600 + sent as usize).min(1_000);
    let all = app.wait_for_events(&key, "shop", expected).await;
    assert_eq!(all.len(), expected);
    let own = |rows: &Value| -> Vec<Value> {
        let rows = rows.as_array().unwrap().iter();
        let others = rows.filter(|row| {
            let row = row.to_string();
            !row.contains("annas-own-page") && !row.contains("/live")
        });
        let mut others: Vec<_> = others.cloned().collect();
        others.sort_by_key(ToString::to_string);
        others
    };
    let after = counts(&app, &key).await;
    assert!(!after.to_string().contains("annas-own-page"));
    assert_eq!(own(&after), own(&before));

    // Sent again, what was erased is still a duplicate; so it is after a restart.
    let again = send(&app, &annas).await;
    assert_eq!(again["duplicates"], 30, "{again}");
    let needles = needles(&app);
    let app = app.restart().await;
    app.wait_for_reports(&key).await;
    let again = send(&app, &annas).await;
    assert_eq!(again["duplicates"], 30, "{again}");
    let data = app.app.config.data_dir.clone();
    let kept = app.shut_down_keeping_files().await;
    let found = find(&data, &needles).await;
    assert!(found.is_empty(), "{found:#?}");
    drop(kept);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_afterwards_is_new() {
    let (app, key) = start(&[]).await;
    send(&app, &[of_anna(0), of_anna(1), other(0)]).await;
    app.wait_for_events(&key, "shop", 3).await;
    let erasure = request(&app, &key, json!({ "userId": ANNA })).await;
    done(&app, &key, &erasure).await;
    let left = app.wait_for_events(&key, "shop", 1).await;
    assert_eq!(left.len(), 1);
    send(&app, &[of_anna(2), of_anna(3)]).await;
    assert_eq!(app.wait_for_events(&key, "shop", 3).await.len(), 3);
    app.app.rebuild().await.unwrap();
    assert_eq!(app.wait_for_events(&key, "shop", 3).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_leads_to_the_person_and_to_their_other_browsers() {
    let (app, key) = start(&[]).await;
    let laptop = |n: u128| {
        let mut event = of_anna(n);
        event["visitor_id"] = json!(uuid::Uuid::from_u128(77));
        event
    };
    send(
        &app,
        &[of_anna(0), of_anna(1), laptop(2), laptop(3), other(0)],
    )
    .await;
    app.wait_for_events(&key, "shop", 5).await;
    let linked = async || {
        let site = app.app.sites.find("shop").unwrap().id();
        let db = app.app.db.read();
        let phone = clew_core::model::VisitorId::from_u128(PHONE);
        let links = clew_store::relational::person_links::resolve(db, site, &[phone]).await;
        links.unwrap().len()
    };
    let begun = Instant::now();
    while linked().await == 0 {
        assert!(begun.elapsed() < PATIENCE, "never linked");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let phone = uuid::Uuid::from_u128(PHONE);
    let erasure = request(&app, &key, json!({ "visitorId": phone })).await;
    done(&app, &key, &erasure).await;
    assert_eq!(app.wait_for_events(&key, "shop", 1).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_are_erased_in_one_pass_and_each_has_a_certificate() {
    let (app, key) = start(&[]).await;
    let by = |n: u128, user: &str| {
        let mut event = of_anna(n);
        event["visitor_id"] = json!(uuid::Uuid::from_u128(500 + n));
        event["user_id"] = json!(user);
        event
    };
    let users = ["one", "two", "three", "four"];
    let events: Vec<_> = (0..).zip(users).map(|(n, user)| by(n, user)).collect();
    send(&app, &events).await;
    send(&app, &[other(0)]).await;
    app.wait_for_events(&key, "shop", 5).await;
    let mut erasures = Vec::new();
    for user in users {
        erasures.push(request(&app, &key, json!({ "userId": user })).await);
    }
    for erasure in &erasures {
        done(&app, &key, erasure).await;
        let path = format!("{PATH}/{erasure}/certificate");
        let reply = app.get(&path).key(&key).send().await;
        let certificate = reply.json();
        assert_eq!(certificate["verified"], true, "{certificate}");
        assert_eq!(certificate["inTime"], true, "{certificate}");
        for user in users {
            assert!(!reply.text().contains(&format!("\"{user}\"")));
        }
    }
    let list = app.get(PATH).key(&key).send().await.json();
    assert_eq!(list["erasures"].as_array().unwrap().len(), 4);
    assert_eq!(app.wait_for_events(&key, "shop", 1).await.len(), 1);
}

#[tokio::test]
async fn a_subject_is_one_visitor_or_one_user() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    for body in [
        json!({}),
        json!({ "subject": {} }),
        json!({ "subject": { "userId": " " } }),
        json!({ "subject": { "visitorId": "nobody" } }),
        json!({ "subject": { "userId": "a", "visitorId": id(1) } }),
        json!({ "subject": { "userId": "a" }, "reason": "because Anna asked" }),
        json!({ "subject": { "userId": "x".repeat(2_000) } }),
    ] {
        let reply = app.request("POST", PATH).key(&key).json(&body).send().await;
        assert_eq!(reply.status, 422, "{body}: {}", reply.text());
    }
    let none = app.get(&format!("{PATH}/{}", id(9))).key(&key).send().await;
    assert_eq!((none.status, none.code().as_str()), (404, "not_found"));
}
