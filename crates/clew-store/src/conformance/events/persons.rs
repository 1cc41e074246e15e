//! Single visitors: who came, who shares what with whom, who converted.

use super::{OTHER, SITE, START, record};
use crate::events::{
    Bond, ConversionQuery, EventStore, Projection, VisitorFacts, VisitorQuery, Visitors,
};
use clew_core::model::{
    EpochMs, EventId, FingerprintKey, IdentityMethod, Profile, SiteId, StoredEvent, VisitorId,
};

fn visitor(n: u128) -> VisitorId {
    VisitorId::from_u128(n)
}

/// A page view of somebody who is recognised, `n` seconds after [`START`].
fn view(n: u64, of: u128) -> StoredEvent {
    StoredEvent {
        event_id: EventId::from_u128(u128::from(n) + 1),
        visitor_id: visitor(of),
        identity_method: IdentityMethod::Storage as i32,
        time_ms: START + n as i64 * 1_000,
        event_type: "pageview".into(),
        ..StoredEvent::default()
    }
}

async fn fill(store: &impl EventStore, sites: Vec<(SiteId, Vec<StoredEvent>)>) {
    let records = (1..)
        .zip(sites)
        .map(|(lsn, (site, events))| record(lsn, site, events));
    let records: Vec<_> = records.collect();
    let projection = Projection {
        after: 0,
        cursor: records.len() as u64,
        records,
        ..Projection::default()
    };
    store.append(projection).await.unwrap();
}

async fn ask(store: &impl EventStore, which: Visitors) -> Vec<VisitorFacts> {
    let query = VisitorQuery { site: SITE, which };
    store.visitors(&query).await.unwrap()
}

pub(crate) async fn visitors_are_counted_one_by_one(store: &impl EventStore) {
    let mut signed_in = view(5, 9);
    signed_in.identity_method = IdentityMethod::UserId as i32;
    signed_in.device_visitor = Some(visitor(1));
    let mut click = view(6, 1);
    click.event_type = "click".into();
    let events = vec![view(1, 1), view(2, 2), signed_in, click];
    fill(store, vec![(SITE, events), (OTHER, vec![view(90, 1)])]).await;
    let found = ask(store, Visitors::Of(vec![visitor(1), visitor(77)])).await;
    let expected = VisitorFacts {
        visitor: visitor(1),
        identity_method: IdentityMethod::UserId,
        first_seen: EpochMs(START + 1_000),
        last_seen: EpochMs(START + 6_000),
        events: 3,
        pageviews: 2,
    };
    assert_eq!(found, [expected]);
    assert_eq!(ask(store, Visitors::Of(vec![])).await, []);
}

pub(crate) async fn the_latest_visitors_are_people_who_may_be_recognised(store: &impl EventStore) {
    let mut bot = view(90, 5);
    bot.bot = "Crawler".into();
    let mut tester = view(91, 6);
    tester.set_apart = 2;
    let mut daily = view(92, 7);
    daily.identity_method = 0;
    let events = vec![
        view(1, 1),
        view(3, 2),
        view(2, 3),
        view(4, 1),
        bot,
        tester,
        daily,
    ];
    fill(store, vec![(SITE, events), (OTHER, vec![view(95, 8)])]).await;
    let latest = async |since: i64, limit| {
        let since = EpochMs(START + since * 1_000);
        let found = ask(store, Visitors::Latest { since, limit }).await;
        found
            .iter()
            .map(|f| (f.visitor.as_u128(), f.events))
            .collect::<Vec<_>>()
    };
    assert_eq!(latest(0, 10).await, [(1, 2), (2, 1), (3, 1)]);
    assert_eq!(
        latest(3, 10).await,
        [(1, 2), (2, 1)],
        "all events, not only the latest"
    );
    assert_eq!(latest(0, 1).await, [(1, 2)]);
}

pub(crate) async fn neighbours_share_what_may_be_shared(store: &impl EventStore) {
    let with = |n, of, change: fn(&mut StoredEvent)| {
        let mut event = view(n, of);
        event.profile = Profile::Standard as i32;
        change(&mut event);
        event
    };
    let print: fn(&mut StoredEvent) = |e| e.fingerprint = Some(FingerprintKey::from_u128(40));
    let address: fn(&mut StoredEvent) = |e| e.ip = "192.0.2.0".into();
    let events = vec![
        with(1, 1, print),
        with(2, 2, print),
        with(3, 1, address),
        with(4, 3, address),
        with(5, 4, |e| {
            e.ip = "192.0.2.0".into();
            e.profile = Profile::Gdpr as i32;
        }),
        with(6, 5, |e| {
            e.ip = "192.0.2.0".into();
            e.identity_method = 0;
        }),
        with(7, 1, |e| {
            e.asn = 64_500;
            e.network = "Example".into();
        }),
        with(8, 2, |e| e.asn = 64_500),
    ];
    fill(
        store,
        vec![(SITE, events.clone()), (OTHER, vec![with(9, 8, print)])],
    )
    .await;
    let of = async |n| {
        let found = store.neighbours(SITE, visitor(n)).await.unwrap();
        let named = |others: &[VisitorId]| others.iter().map(|v| v.as_u128()).collect::<Vec<_>>();
        found
            .into_iter()
            .map(|n| (n.bond, n.value, named(&n.others)))
            .collect::<Vec<_>>()
    };
    let print = FingerprintKey::from_u128(40).to_string();
    assert_eq!(
        of(1).await,
        [
            (Bond::Fingerprint, print.clone(), vec![2]),
            (Bond::Ip, "192.0.2.0".to_owned(), vec![3]),
            (Bond::Network, "AS64500 Example".to_owned(), vec![]),
        ]
    );
    assert_eq!(of(2).await[0], (Bond::Fingerprint, print, vec![1]));
    assert_eq!(of(4).await, [], "an address under gdpr joins nobody");
    assert_eq!(of(5).await, [], "nor does a visitor of one day");
    assert_eq!(of(99).await, []);
}

pub(crate) async fn conversions_are_goals_or_revenue_of_people(store: &impl EventStore) {
    let named = |n, of, name: &str, value| StoredEvent {
        event_type: "custom".into(),
        name: name.into(),
        value_minor: value,
        currency: if value == 0 { "" } else { "EUR" }.into(),
        ..view(n, of)
    };
    let mut bot = named(5, 5, "Sign-up", 100);
    bot.bot = "Crawler".into();
    let mut signed_in = named(4, 9, "Sign-up", 0);
    signed_in.device_visitor = Some(visitor(1));
    let events = vec![
        named(1, 1, "Sign-up", 0),
        named(2, 2, "Purchase", 1_999),
        named(3, 2, "Refund", -500),
        signed_in,
        bot,
        view(6, 1),
    ];
    let elsewhere = vec![named(1, 1, "Sign-up", 7)];
    fill(store, vec![(SITE, events), (OTHER, elsewhere)]).await;
    let ask = async |goal: Option<&str>, from: i64, to: i64, most| {
        let query = ConversionQuery {
            site: SITE,
            from: EpochMs(START + from * 1_000),
            to: EpochMs(START + to * 1_000),
            goal: goal.map(str::to_owned),
            most,
        };
        store.conversions(&query).await.unwrap()
    };
    let sign_ups = ask(Some("Sign-up"), 0, 99, 10).await;
    let who: Vec<_> = sign_ups
        .iter()
        .map(|c| {
            (
                c.visitor.as_u128(),
                c.device_visitor.map(VisitorId::as_u128),
            )
        })
        .collect();
    assert_eq!(who, [(1, None), (9, Some(1))]);
    let revenue = ask(None, 0, 99, 10).await;
    let amounts: Vec<_> = revenue
        .iter()
        .map(|c| (c.value_minor, c.currency.as_str()))
        .collect();
    assert_eq!(amounts, [(1_999, "EUR"), (-500, "EUR")]);
    assert_eq!(
        ask(Some("Sign-up"), 1, 4, 10).await.len(),
        1,
        "up to and without the end"
    );
    assert_eq!(
        ask(Some("Sign-up"), 0, 99, 1).await.len(),
        2,
        "one more says that there are"
    );
    assert_eq!(ask(Some("' OR 1=1 --"), 0, 99, 9).await, []);
}
