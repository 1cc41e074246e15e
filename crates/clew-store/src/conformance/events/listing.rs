//! What comes back: every field, whole pages, only what was asked for.

use super::{IMPORT, OTHER, SITE, START, all, pageview, projection, record};
use crate::events::{Deletion, EventQuery, EventRow, EventStore, Projection};
use clew_core::model::{EventId, SessionKey, StoredEvent, UserKey};
use std::collections::BTreeMap;

/// An event with a value in every field, different ones in text fields.
fn full() -> StoredEvent {
    let mut event = pageview(1);
    event.client_session = Some(SessionKey::from_u128(u128::MAX));
    event.client_session_id = "s-1".into();
    event.user_key = Some(UserKey::from_u128(1 << 127));
    event.identity_method = 4;
    event.client_time_ms = -1;
    event.sequence = u32::MAX;
    event.name = "purchase".into();
    event.engaged_ms = 12_345;
    event.scroll_percent = 100;
    event.load_time_ms = 999;
    event.value_minor = i64::MIN;
    event.currency = "EUR".into();
    event.props = BTreeMap::from([("a.b".into(), "c".into()), (String::new(), String::new())]);
    event.numbers = BTreeMap::from([("n".into(), -0.5), ("big".into(), f64::MAX)]);
    event.asn = u32::MAX;
    event.ip_form = 3;
    event.ip = "2001:db8::1".into();
    event.consent.analytics = 1;
    event.consent.marketing = 2;
    event.consent.replay = 1;
    event.consent.partial = 2;
    event.consent.gpc = true;
    event.profile = 3;
    event.bot = "bot".into();
    event.unverified_origin = true;
    let texts = [
        &mut event.hostname,
        &mut event.title,
        &mut event.referrer,
        &mut event.referrer_host,
        &mut event.source,
        &mut event.medium,
        &mut event.channel,
        &mut event.utm_source,
        &mut event.utm_medium,
        &mut event.utm_campaign,
        &mut event.utm_content,
        &mut event.utm_term,
        &mut event.click_id_kind,
        &mut event.gclid,
        &mut event.gbraid,
        &mut event.wbraid,
        &mut event.dclid,
        &mut event.fbclid,
        &mut event.msclkid,
        &mut event.ttclid,
        &mut event.twclid,
        &mut event.li_fat_id,
        &mut event.sc_click_id,
        &mut event.rdt_cid,
        &mut event.epik,
        &mut event.campaign_region,
        &mut event.ad_group,
        &mut event.ad_id,
        &mut event.search_query,
        &mut event.browser,
        &mut event.browser_version,
        &mut event.os,
        &mut event.os_version,
        &mut event.device,
        &mut event.screen,
        &mut event.viewport,
        &mut event.language,
        &mut event.time_zone,
        &mut event.country,
        &mut event.region,
        &mut event.city,
        &mut event.network,
    ];
    for (n, text) in texts.into_iter().enumerate() {
        *text = format!("text {n}");
    }
    event
}

pub(crate) async fn rows_come_back_as_they_went_in(store: &impl EventStore) {
    let events = vec![full(), pageview(0)];
    let mut one = record(1, SITE, events.clone());
    one.kind = 2;
    one.batch.import_id = Some(IMPORT);
    let projection = Projection {
        after: 0,
        cursor: 1,
        records: vec![one],
        ..Projection::default()
    };
    store.append(projection).await.unwrap();
    let row = |index: u32| EventRow {
        site: SITE,
        lsn: 1,
        index,
        kind: 2,
        received_ms: START + 1,
        import: Some(IMPORT),
        event: events[index as usize].clone(),
    };
    assert_eq!(all(store, SITE).await, [row(0), row(1)]);
}

pub(crate) async fn sites_never_meet(store: &impl EventStore) {
    // The same event id and visitor on both: identity is per site.
    let records = vec![
        record(1, SITE, vec![pageview(1), pageview(2)]),
        record(2, OTHER, vec![pageview(1)]),
    ];
    let projection = Projection {
        after: 0,
        cursor: 2,
        records,
        ..Projection::default()
    };
    store.append(projection).await.unwrap();
    assert_eq!(all(store, SITE).await.len(), 2);
    let other = all(store, OTHER).await;
    assert_eq!(other.len(), 1);
    assert_eq!(other[0].site, OTHER);
    let visitor = pageview(1).visitor_id;
    let deletion = Deletion::Visitor {
        site: OTHER,
        visitor,
    };
    assert_eq!(store.delete(deletion).await.unwrap(), 1);
    assert_eq!(
        all(store, SITE).await.len(),
        2,
        "the other site's visitor is another visitor"
    );
}

pub(crate) async fn a_query_without_sites_sees_nothing(store: &impl EventStore) {
    store.append(projection(0, 3)).await.unwrap();
    let page = store.list(&EventQuery::default()).await.unwrap();
    assert!(page.events.is_empty() && page.next.is_none());
}

pub(crate) async fn pages_join_without_gap_or_overlap(store: &impl EventStore) {
    // Equal times within and across records: the place in the journal breaks the tie.
    let records = (1..=6)
        .map(|lsn| {
            let mut events = vec![pageview(lsn / 3), pageview(lsn / 3), pageview(40)];
            for (n, event) in (0..).zip(&mut events) {
                event.event_id = EventId::from_u128(u128::from(lsn * 10) + n);
            }
            record(lsn, if lsn % 2 == 0 { SITE } else { OTHER }, events)
        })
        .collect();
    let projection = Projection {
        after: 0,
        cursor: 6,
        records,
        ..Projection::default()
    };
    store.append(projection).await.unwrap();
    let mut query = EventQuery {
        sites: vec![SITE, OTHER],
        limit: 1_000,
        ..EventQuery::default()
    };
    let whole = store.list(&query).await.unwrap();
    assert_eq!((whole.events.len(), whole.next), (18, None));
    let order = |row: &EventRow| (row.event.time_ms, row.lsn, row.index);
    assert!(whole.events.is_sorted_by(|a, b| order(a) > order(b)));
    for limit in [1, 4, 6, 17, 18] {
        query.limit = limit;
        query.cursor = None;
        let mut joined = Vec::new();
        loop {
            let page = store.list(&query).await.unwrap();
            joined.extend(page.events);
            let Some(next) = page.next else { break };
            query.cursor = Some(next.to_string().parse().unwrap());
        }
        assert_eq!(joined, whole.events, "in pages of {limit}");
    }
}

pub(crate) async fn paging_is_stable_while_events_arrive(store: &impl EventStore) {
    store.append(projection(0, 10)).await.unwrap();
    let mut query = EventQuery {
        sites: vec![SITE],
        limit: 5,
        ..EventQuery::default()
    };
    let first = store.list(&query).await.unwrap();
    store.append(projection(10, 10)).await.unwrap();
    query.cursor = first.next;
    let second = store.list(&query).await.unwrap();
    let lsns: Vec<_> = first
        .events
        .iter()
        .chain(&second.events)
        .map(|row| row.lsn)
        .collect();
    assert_eq!(lsns, (1..=10).rev().collect::<Vec<_>>());
}

pub(crate) async fn filters_narrow_the_list(store: &impl EventStore) {
    let mut custom = pageview(50);
    custom.event_type = "custom".into();
    custom.name = "sign up".into();
    custom.client_session_id = "tab".into();
    let mut batch = projection(0, 14);
    batch.records[0].batch.import_id = Some(IMPORT);
    batch.records.push(record(15, SITE, vec![custom.clone()]));
    batch.cursor = 15;
    store.append(batch).await.unwrap();
    let base = || EventQuery {
        sites: vec![SITE],
        limit: 100,
        ..EventQuery::default()
    };
    let of_visitor = pageview(3).visitor_id;
    let cases = [
        (
            EventQuery {
                live_only: true,
                ..base()
            },
            14,
        ),
        (
            EventQuery {
                event_type: Some("pageview".into()),
                ..base()
            },
            14,
        ),
        (
            EventQuery {
                name: Some("sign up".into()),
                ..base()
            },
            1,
        ),
        (
            EventQuery {
                client_session_id: Some("tab".into()),
                ..base()
            },
            1,
        ),
        (
            EventQuery {
                event_id: Some(custom.event_id),
                ..base()
            },
            1,
        ),
        (
            EventQuery {
                visitor: Some(of_visitor),
                ..base()
            },
            2,
        ),
        (
            EventQuery {
                path: Some("/2".into()),
                ..base()
            },
            3,
        ),
        (
            EventQuery {
                from_ms: Some(START + 3_000),
                to_ms: Some(START + 5_000),
                ..base()
            },
            2,
        ),
    ];
    for (query, expected) in cases {
        let found = store.list(&query).await.unwrap().events.len();
        assert_eq!(found, expected, "{query:?}");
    }
}

pub(crate) async fn hostile_text_is_only_text(store: &impl EventStore) {
    let texts = [
        "'); DROP TABLE events; --".to_owned(),
        "nul \0 inside\0".to_owned(),
        "\u{202e}עברית \u{200f}العربية".to_owned(),
        "\u{feff}\u{fffd}\u{1f469}\u{200d}\u{1f680} \\ \" ` % _ $1 ? ;".to_owned(),
        "x".repeat(1_024),
        "ü".repeat(512),
        "\r\n\t\x1b[31m".to_owned(),
    ];
    let events = (0..).zip(&texts).map(|(n, text)| {
        let mut event = pageview(n);
        event.path.clone_from(text);
        event.title.clone_from(text);
        event.props = BTreeMap::from([(text.clone(), text.clone())]);
        event.numbers = BTreeMap::from([(text.clone(), 1.0)]);
        event
    });
    let events: Vec<_> = events.collect();
    let projection = Projection {
        after: 0,
        cursor: 1,
        records: vec![record(1, SITE, events.clone())],
        ..Projection::default()
    };
    store.append(projection).await.unwrap();
    for (event, text) in events.iter().zip(&texts) {
        let query = EventQuery {
            sites: vec![SITE],
            path: Some(text.clone()),
            ..EventQuery::default()
        };
        let found = store.list(&query).await.unwrap().events;
        assert_eq!(found.len(), 1, "{text:?}");
        assert_eq!(&found[0].event, event);
    }
}
