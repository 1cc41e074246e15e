use super::{PATH, load, remove, reports, wait, wait_for};
use crate::support::{TestApp, id, pageview};
use clew_store::relational::person_links;
use serde_json::json;

const EVENTS: u32 = 10_000;

#[tokio::test]
async fn removing_leaves_everything_else_as_it_was() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    app.post(app.batch(&[pageview(&id(1))])).send().await;
    app.wait_for_events(&key, "shop", 1).await;
    let before = reports(&app, &key).await;
    load(&app, &key, EVENTS).await;
    wait_for(&app, &key, "ready").await;
    assert_ne!(reports(&app, &key).await, before);
    remove(&app, &key).await;
    wait_for(&app, &key, "none").await;
    assert_eq!(reports(&app, &key).await, before);
    let left = app.wait_for_events(&key, "shop", 1).await;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0]["eventId"], id(1));
}

#[tokio::test]
async fn a_load_can_be_taken_back_while_it_goes_on() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    load(&app, &key, 200_000).await;
    wait(&app, &key, |status| status["done"].as_u64() > Some(0)).await;
    let answer = remove(&app, &key).await;
    assert_eq!(answer["state"], "removing");
    let again = app.request("POST", PATH).key(&key).send().await;
    if again.status != 202 {
        assert_eq!((again.status, again.code().as_str()), (409, "conflict"));
        wait_for(&app, &key, "none").await;
        app.app.rebuild().await.unwrap();
        assert!(app.wait_for_events(&key, "shop", 0).await.is_empty());
    }
}

#[tokio::test]
async fn what_was_removed_can_be_loaded_again() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    let first = load(&app, &key, EVENTS).await;
    wait_for(&app, &key, "ready").await;
    remove(&app, &key).await;
    wait_for(&app, &key, "none").await;
    let second = load(&app, &key, EVENTS).await;
    assert_ne!(first["importId"], second["importId"]);
    wait_for(&app, &key, "ready").await;
    let counted = super::counted(&super::generated(&app).await);
    assert_eq!(super::totals(&app, &key).await["events"], counted);
}

#[tokio::test]
async fn a_removal_that_breaks_off_is_taken_up_again() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    load(&app, &key, EVENTS).await;
    wait_for(&app, &key, "ready").await;
    remove(&app, &key).await;
    let app = app.restart().await;
    app.wait_for_reports(&key).await;
    wait_for(&app, &key, "none").await;
    assert!(app.wait_for_events(&key, "shop", 0).await.is_empty());
}

#[tokio::test]
async fn persons_that_the_sample_linked_go_with_it() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    load(&app, &key, EVENTS).await;
    wait_for(&app, &key, "ready").await;
    let site = app.app.sites.find("shop").unwrap().id();
    let visitors: Vec<clew_core::model::VisitorId> = super::generated(&app)
        .await
        .iter()
        .filter(|sample| sample.event.user_id.is_some())
        .filter_map(|sample| sample.event.visitor_id.as_deref()?.parse().ok())
        .map(|uuid: uuid::Uuid| uuid.into())
        .collect();
    let linked = async || {
        let persons = person_links::resolve(app.app.db.read(), site, &visitors).await;
        persons.unwrap().len()
    };
    let until = async |wanted: fn(usize) -> bool| {
        let begun = std::time::Instant::now();
        while !wanted(linked().await) {
            assert!(begun.elapsed().as_secs() < 20, "{} linked", linked().await);
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    until(|count| count > 0).await;
    remove(&app, &key).await;
    until(|count| count == 0).await;
}

#[tokio::test]
async fn removing_nothing_is_no_error() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    assert_eq!(remove(&app, &key).await["state"], json!("none"));
}

#[tokio::test]
async fn a_rebuilt_store_is_complete_when_it_answers_and_what_was_removed_stays_away() {
    let app = TestApp::start().await;
    let key = app.key("admin", &[], &[]).await;
    load(&app, &key, EVENTS).await;
    wait_for(&app, &key, "ready").await;
    let whole = app.app.rebuild().await.unwrap();
    assert!(whole.rows >= u64::from(EVENTS) * 9 / 10, "{whole:?}");
    let totals = super::totals(&app, &key).await;
    let counted = super::counted(&super::generated(&app).await);
    assert_eq!(totals["events"], counted);
    remove(&app, &key).await;
    wait_for(&app, &key, "none").await;
    app.app.rebuild().await.unwrap();
    assert_eq!(super::totals(&app, &key).await["events"], 0);
}
