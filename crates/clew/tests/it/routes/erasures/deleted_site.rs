//! What a deleted site leaves: no lead, nobody whom an erasure would not find, and nothing for ever.

use super::*;
use crate::support::{BROWSER, find};
use clew::admin::NewSiteSpec;
use clew::ingest::EncodedBatch;
use clew_core::model::{EpochMs, EventId, RecordKind, StoredBatch, StoredEvent};
use clew_store::relational::{ConnectionTrait as _, Role, SubjectKind};

const LEAD: &str = "lead.canary@canary-mail.example";

/// A second site, on a host of its own; its id.
async fn second_site(app: &TestApp) -> String {
    let spec = NewSiteSpec {
        name: "Second".into(),
        domains: vec!["second.example".into()],
        slug: None,
        time_zone: None,
    };
    let site = app.create_site(spec).await;
    app.app.policies_changed().await.unwrap();
    site
}

/// What Anna does there, and a form that somebody sends.
async fn fill(app: &TestApp, site: &str, host: &str, n: u128) {
    let visit = json!({
        "id": id(n), "type": "pageview", "t": now_ms() - 60_000, "user_id": ANNA,
        "url": format!("https://{host}/annas-own-page"), "props": { "note": CANARY },
    });
    let form = json!({
        "id": id(n + 1), "type": "form_submit", "t": now_ms() - 60_000,
        "visitor_id": uuid::Uuid::from_u128(0x7777 + n), "url": format!("https://{host}/contact"),
        "fields": { "message": format!("write to {LEAD} please") },
    });
    let body =
        json!({ "site_id": site, "consent": { "analytics": true }, "events": [visit, form] });
    let reply = app
        .request("POST", "/v1/events")
        .header("origin", &format!("https://{host}"))
        .header("user-agent", BROWSER)
        .json(&body);
    let reply = reply.send().await;
    assert_eq!(reply.json()["accepted"], 2, "{}", reply.text());
}

async fn delete(app: &TestApp, key: &str, site: &str) {
    let path = format!("/v1/sites/{site}");
    let reply = app.request("DELETE", &path).key(key).send().await;
    assert_eq!(reply.status, 204, "{}", reply.text());
}

/// What is left of deleted sites, as an owner sees it.
async fn left(app: &TestApp) -> Vec<Value> {
    let owner = app.owner().await;
    let reply = app.get("/v1/events").cookie(&owner.cookie).send().await;
    let all = reply.json()["events"].as_array().unwrap().clone();
    let gone = |event: &Value| event["clientId"].is_null();
    all.into_iter().filter(gone).collect()
}

/// Everything that the journal has of a site.
fn batches(app: &TestApp, site: &str) -> Vec<StoredBatch> {
    use prost::Message as _;
    let site = *site.parse::<uuid::Uuid>().unwrap().as_bytes();
    let records = app.app.journal.clone().reader(clew_journal::Lsn(0));
    let ours = records
        .map(Result::unwrap)
        .filter(|record| record.header.kind == 1 && record.header.site == site);
    ours.map(|record| StoredBatch::decode(record.payload.as_ref()).unwrap())
        .collect()
}

/// Sealed bytes of everything that was submitted to a site.
fn sealed(app: &TestApp, site: &str) -> Vec<Vec<u8>> {
    let batches = batches(app, site).into_iter();
    let submissions = batches.flat_map(|batch| batch.submissions);
    submissions.map(|one| one.sealed).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn its_leads_leave_every_byte_and_its_events_go_when_their_time_is_up() {
    let (app, key) = start(&[]).await;
    let second = second_site(&app).await;
    let shop = app.site.clone();
    fill(&app, &shop, "shop.example", 1).await;
    fill(&app, &second, "second.example", 11).await;
    let kept = json!({ "settings": { "eventRetentionDays": 5, "retentionAction": "delete" } });
    app.change_site(&second, &kept).await;
    let (of_shop, of_second) = (sealed(&app, &shop), sealed(&app, &second));
    assert_eq!((of_shop.len(), of_second.len()), (1, 1));
    app.wait_for_events(&key, "shop", 2).await;
    app.wait_for_events(&key, &second, 2).await;

    delete(&app, &key, &second).await;
    app.wait_for_erasures().await;
    assert!(app.submissions_to(&second).await.is_empty());
    assert_eq!(app.submissions().await.len(), 1, "another site's stay");
    assert_eq!(left(&app).await.len(), 2, "its events are the owner's");

    let in_days = |days: i64| EpochMs(now_ms()).plus(days * EpochMs::DAY);
    app.app.retain_due(in_days(3)).await.unwrap();
    assert_eq!(left(&app).await.len(), 2);
    app.app.retain_due(in_days(7)).await.unwrap();
    assert!(left(&app).await.is_empty());
    app.app.rebuild().await.unwrap();
    assert!(left(&app).await.is_empty(), "gone for good");

    let data = app.app.config.data_dir.clone();
    let stopped = app.shut_down_keeping_files().await;
    let found = find(&data, &[Needle::bytes("a lead of the site", &of_second[0])]).await;
    assert!(found.is_empty(), "{found:#?}");
    let others = find(&data, &[Needle::bytes("of another", &of_shop[0])]).await;
    assert!(!others.is_empty(), "the search finds what is there");
    drop(stopped);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_erased_anywhere_in_the_account_is_erased_in_it_too() {
    let (app, key) = start(&[]).await;
    let second = second_site(&app).await;
    fill(&app, &second, "second.example", 11).await;
    app.wait_for_events(&key, &second, 2).await;
    delete(&app, &key, &second).await;
    app.wait_for_erasures().await;
    assert_eq!(left(&app).await.len(), 2);

    app.erase("shop", &key, &json!({ "userId": ANNA })).await;
    let stays = left(&app).await;
    assert_eq!(stays.len(), 1, "{stays:?}");
    assert_eq!(stays[0]["eventId"], id(12));

    let site: SiteId = second.parse::<uuid::Uuid>().unwrap().into();
    let (user, visitor) = user_ids(site, ANNA);
    let data = app.app.config.data_dir.clone();
    let stopped = app.shut_down_keeping_files().await;
    let needles = [
        Needle::text(ANNA),
        Needle::text(CANARY),
        Needle::text("annas-own-page"),
        Needle::id("user key", user.as_u128()),
        Needle::id("user's visitor", visitor.as_u128()),
    ];
    let found = find(&data, &needles).await;
    assert!(found.is_empty(), "{found:#?}");
    drop(stopped);
}

/// Erasures that somebody asked for there, whatever became of them.
async fn asked_for(app: &TestApp, site: &str) -> usize {
    let site = site.parse::<uuid::Uuid>().unwrap().into();
    let all = app.app.erasures(site).await.unwrap();
    let of_persons = all.iter().filter(|it| it.subject != SubjectKind::Site);
    of_persons.count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_out_of_reach_for_admins_of_some_sites_and_for_ids_of_another_sites_browsers() {
    let (app, key) = start(&[]).await;
    let second = second_site(&app).await;
    fill(&app, &second, "second.example", 11).await;
    app.wait_for_events(&key, &second, 2).await;
    delete(&app, &key, &second).await;
    app.wait_for_erasures().await;

    let anna = json!({ "userId": ANNA });
    let of_shop = app.key("admin", &["shop"], &[]).await;
    app.erase("shop", &of_shop, &anna).await;
    let shop: SiteId = app.site.parse::<uuid::Uuid>().unwrap().into();
    let account = app.account().await;
    let viewer = Some(Role::Viewer);
    let admin = app.person(account, viewer, &[(shop, Role::Admin)]).await;
    let ask = app.request("POST", PATH).cookie(&admin.cookie);
    let reply = ask.json(&json!({ "subject": anna })).send().await;
    assert_eq!(reply.status, 202, "{}", reply.text());
    app.wait_for_erasures().await;
    assert_eq!(asked_for(&app, &second).await, 0);
    assert_eq!(left(&app).await.len(), 2, "not theirs to erase");

    let browser = json!({ "visitorId": uuid::Uuid::from_u128(0x7777 + 11) });
    app.erase("shop", &key, &browser).await;
    assert_eq!(asked_for(&app, &second).await, 0, "an id of one site only");

    let owner = app.owner().await;
    let ask = app.request("POST", PATH).cookie(&owner.cookie);
    let reply = ask.json(&json!({ "subject": anna })).send().await;
    assert_eq!(reply.status, 202, "{}", reply.text());
    app.wait_for_erasures().await;
    assert_eq!(asked_for(&app, &second).await, 1);
    assert_eq!(left(&app).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_of_it_holds_up_neither_retention_nor_erasures_of_others() {
    let (app, key) = start(&[]).await;
    let second = second_site(&app).await;
    let shop = app.site.clone();
    fill(&app, &shop, "shop.example", 1).await;
    let kept = json!({ "settings": { "eventRetentionDays": 5, "retentionAction": "delete" } });
    app.change_site(&shop, &kept).await;
    app.wait_for_events(&key, "shop", 2).await;
    delete(&app, &key, &second).await;
    let damage = app.app.db.write_tx(|tx| {
        Box::pin(async move {
            let settings = "UPDATE site_settings SET value = '{' WHERE site_id IN \
                            (SELECT id FROM sites WHERE deleted_at IS NOT NULL)";
            tx.execute_unprepared(settings).await?;
            tx.execute_unprepared("UPDATE sites SET profile = '?' WHERE deleted_at IS NOT NULL")
                .await?;
            Ok(())
        })
    });
    damage.await.unwrap();
    app.erase("shop", &key, &json!({ "userId": ANNA })).await;
    assert_eq!(
        asked_for(&app, &second).await,
        1,
        "out of sight, not of reach"
    );
    let in_a_week = EpochMs(now_ms()).plus(7 * EpochMs::DAY);
    app.app.retain_due(in_a_week).await.unwrap();
    let events = app.wait_for_events(&key, "shop", 0).await;
    assert!(events.is_empty(), "{events:?}");
}

/// As a request that was under way when the site was deleted: the form once more, as another one.
async fn bring_late(app: &TestApp, site: &str, batch: &StoredBatch, n: u128) {
    let site = site.parse::<uuid::Uuid>().unwrap().into();
    let mut late = EncodedBatch::new(RecordKind::Events, site, EpochMs(now_ms()), 1);
    let mut submission = batch.submissions[0].clone();
    let form = |event: &&StoredEvent| event.event_id == submission.event_id;
    let mut event = batch.events.iter().find(form).unwrap().clone();
    event.event_id = EventId::from_u128(n);
    submission.event_id = event.event_id;
    late.push_with(&event, Some(&submission));
    app.app.journal.append(late).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_comes_after_it_was_emptied_goes_too() {
    let (app, key) = start(&[]).await;
    let second = second_site(&app).await;
    fill(&app, &second, "second.example", 11).await;
    app.wait_for_events(&key, &second, 2).await;
    let batches = batches(&app, &second);
    delete(&app, &key, &second).await;
    app.wait_for_erasures().await;
    assert!(app.submissions_to(&second).await.is_empty());

    bring_late(&app, &second, &batches[0], 0x9999).await;
    let begun = Instant::now();
    while !app.submissions_to(&second).await.is_empty() {
        assert!(begun.elapsed() < PATIENCE, "it stays");
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    app.wait_for_erasures().await;
    let site = second.parse::<uuid::Uuid>().unwrap().into();
    let done = app.app.erasures(site).await.unwrap();
    assert_eq!(done.len(), 2, "{done:?}");
    assert_eq!(left(&app).await.len(), 3, "the events themselves stay");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_inside_of_a_text_is_found_by_an_erasure() {
    let (app, key) = start(&[]).await;
    let shop = app.site.clone();
    fill(&app, &shop, "shop.example", 1).await;
    let joe = json!({ "message": "I am joe@mail.example and not lead.canary" });
    let form = json!({ "id": id(9), "type": "form_submit", "fields": joe });
    send(&app, &[form]).await;
    let bytes = sealed(&app, &shop);
    assert_eq!(bytes.len(), 2);
    app.wait_for_events(&key, "shop", 3).await;
    let unreadable = json!({ "subject": { "email": "no address" } });
    let refused = app.request("POST", PATH).key(&key).json(&unreadable);
    assert_eq!(refused.send().await.code(), "invalid_body");
    let mail = LEAD.to_uppercase();
    app.erase("shop", &key, &json!({ "email": mail })).await;
    let kept = app.submissions().await;
    assert_eq!((kept.len(), &kept[0]["event"]), (1, &json!(id(9))));
    let data = app.app.config.data_dir.clone();
    let stopped = app.shut_down_keeping_files().await;
    let found = find(&data, &[Needle::bytes("her form", &bytes[0])]).await;
    assert!(found.is_empty(), "{found:#?}");
    drop(stopped);
}
