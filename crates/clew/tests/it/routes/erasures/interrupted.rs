use super::*;
use crate::support::find;
use clew_store::relational::erasures;
use clew_store::relational::{ErasureReason, SubjectKind};

/// Stops the server as soon as the erasure has come to this step, and starts it again.
async fn broken_off_at(step: &'static str, reached: impl Fn(&Value) -> bool) {
    let (app, key) = start(&[]).await;
    for n in 0..10u128 {
        let mut events: Vec<_> = (0..20).map(|i| other(n * 20 + i)).collect();
        events.insert(3, of_anna(n));
        send(&app, &events).await;
    }
    app.wait_for_events(&key, "shop", 210).await;
    let needles = needles(&app);
    let erasure = request(&app, &key, json!({ "userId": ANNA })).await;
    let begun = Instant::now();
    while !reached(&status(&app, &key, &erasure).await) {
        assert!(begun.elapsed() < PATIENCE, "never {step}");
        tokio::task::yield_now().await;
    }
    let app = app.restart().await;
    app.wait_for_reports(&key).await;
    done(&app, &key, &erasure).await;
    assert_eq!(app.wait_for_events(&key, "shop", 200).await.len(), 200);
    let data = app.app.config.data_dir.clone();
    let kept = app.shut_down_keeping_files().await;
    let found = find(&data, &needles).await;
    assert!(found.is_empty(), "broken off at {step}: {found:#?}");
    drop(kept);
}

fn erased(status: &Value, store: &str) -> bool {
    let steps = status["steps"].as_array().unwrap();
    status["status"] == "done"
        || steps
            .iter()
            .any(|step| step["store"] == store && step["status"] != "pending")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_that_breaks_off_when_it_was_asked_for_goes_on() {
    broken_off_at("queued", |_| true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_that_breaks_off_when_it_has_begun_goes_on() {
    broken_off_at("running", |status| status["status"] != "queued").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_that_breaks_off_behind_the_journal_goes_on() {
    broken_off_at("journal", |status| erased(status, "journal")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_that_breaks_off_behind_the_archive_goes_on() {
    broken_off_at("archive", |status| erased(status, "archive")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_that_breaks_off_behind_the_event_store_goes_on() {
    broken_off_at("event_store", |status| erased(status, "event_store")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_of_a_process_that_was_killed_before_it_began_is_found() {
    let (app, key) = start(&[]).await;
    send(&app, &[of_anna(0), of_anna(1), other(0)]).await;
    app.wait_for_events(&key, "shop", 3).await;
    // Nobody is told of it: as if the process had died right after the commit.
    let site = app.app.sites.find("shop").unwrap();
    let (user, _) = user_ids(site.id(), ANNA);
    let hash = clew_core::model::PersonHash::of_user(site.key(), user);
    let (id, now) = (site.id(), clew::clock::now());
    let made = app.app.db.write_tx(move |tx| {
        Box::pin(async move {
            let (kind, why) = (SubjectKind::User, Some(ErasureReason::Request));
            erasures::request(tx, id, kind, why, [hash].into(), now).await
        })
    });
    let erasure = made.await.unwrap().id.to_string();
    let app = app.restart().await;
    app.wait_for_reports(&key).await;
    done(&app, &key, &erasure).await;
    assert_eq!(app.wait_for_events(&key, "shop", 1).await.len(), 1);
}
