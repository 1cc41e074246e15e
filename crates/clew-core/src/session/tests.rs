use super::*;
use crate::model::EventId;
use proptest::prelude::*;
use proptest::sample::subsequence;

const MIN: i64 = EpochMs::MINUTE;

fn event(id: u128, minute: i64, event_type: &str) -> StoredEvent {
    StoredEvent {
        event_id: EventId::from_u128(id),
        visitor_id: VisitorId::from_u128(1),
        time_ms: minute * MIN,
        event_type: event_type.into(),
        path: format!("/{id}"),
        ..StoredEvent::default()
    }
}

fn view(id: u128, minute: i64) -> StoredEvent {
    event(id, minute, PAGEVIEW)
}

/// Per session: ids of its members.
fn ids(events: &[StoredEvent]) -> Vec<Vec<u128>> {
    let members = |s: &Session<'_>| s.members.iter().map(|e| e.event_id.as_u128()).collect();
    sessions(events).sessions.iter().map(members).collect()
}

#[test]
fn a_session_lasts_through_exactly_thirty_minutes_of_silence() {
    let mut events = vec![view(1, 0), view(2, 30), view(3, 60)];
    assert_eq!(ids(&events), [vec![1, 2, 3]]);
    events[2].time_ms += 1;
    assert_eq!(ids(&events), [vec![1, 2], vec![3]]);
}

#[test]
fn a_different_campaign_opens_a_session_and_no_campaign_does_not() {
    let with = |id, minute, campaign: &str| StoredEvent {
        utm_campaign: campaign.into(),
        ..view(id, minute)
    };
    let events = [
        view(1, 0),
        with(2, 1, "spring"),
        view(3, 2),
        with(4, 3, "spring"),
        with(5, 4, "autumn"),
        StoredEvent {
            click_id_kind: "gclid".into(),
            ..view(6, 5)
        },
        StoredEvent {
            click_id_kind: "gclid".into(),
            gclid: "x".into(),
            ..view(7, 6)
        },
    ];
    assert_eq!(
        ids(&events),
        [vec![1], vec![2, 3, 4], vec![5], vec![6], vec![7]]
    );
}

#[test]
fn the_campaign_of_the_last_session_is_forgotten_after_the_timeout() {
    let mut events = vec![view(1, 0), view(2, 60), view(3, 61)];
    events[0].utm_source = "mail".into();
    events[2].utm_source = "mail".into();
    assert_eq!(ids(&events), [vec![1], vec![2], vec![3]]);
}

#[test]
fn a_client_session_id_is_the_key_when_there_is_one() {
    let in_session = |id, minute, visitor, session| StoredEvent {
        visitor_id: VisitorId::from_u128(visitor),
        client_session: Some(SessionKey::from_u128(session)),
        ..view(id, minute)
    };
    // Consent in the middle changes the visitor, not the session; another tab has its own.
    let events = [
        in_session(1, 0, 1, 9),
        in_session(2, 1, 2, 9),
        in_session(3, 1, 1, 8),
        view(4, 1),
    ];
    assert_eq!(ids(&events), [vec![1, 2], vec![3], vec![4]]);
    // It does not outlive the timeout.
    assert_eq!(
        ids(&[in_session(1, 0, 1, 9), in_session(2, 31, 1, 9)]),
        [vec![1], vec![2]]
    );
}

#[test]
fn engagement_keeps_a_session_alive_and_counts_in_its_length() {
    let events = [
        view(1, 0),
        event(2, 25, ENGAGEMENT),
        view(3, 50),
        event(4, 55, ENGAGEMENT),
    ];
    let found = sessions(&events);
    assert_eq!(found.sessions.len(), 1);
    assert_eq!(found.sessions[0].duration_ms(), 55 * MIN);
    assert_eq!(found.sessions[0].interactions, 2);
}

#[test]
fn engagement_after_the_timeout_belongs_to_the_last_session_but_does_not_lengthen_it() {
    let mut events = vec![
        view(1, 0),
        event(2, 600, ENGAGEMENT),
        event(3, 610, ENGAGEMENT),
    ];
    events[1].engaged_ms = 5000;
    assert_eq!(ids(&events), [vec![1, 2, 3]]);
    assert_eq!(sessions(&events).sessions[0].duration_ms(), 0);
    assert_eq!(sessions(&events).sessions[0].engaged_ms, 5000);
    events.push(view(4, 611));
    assert_eq!(ids(&events), [vec![1, 2, 3], vec![4]]);
}

#[test]
fn engagement_of_a_page_with_another_campaign_splits_nothing() {
    let mut events = vec![view(1, 0), event(2, 1, ENGAGEMENT), view(3, 2)];
    events[1].utm_campaign = "other-tab".into();
    assert_eq!(ids(&events), [vec![1, 2, 3]]);
}

#[test]
fn engagement_before_any_interaction_is_loose() {
    let events = [event(1, 0, ENGAGEMENT), view(2, 1)];
    assert_eq!(ids(&events), [vec![2]]);
    assert_eq!(sessions(&events).loose.len(), 1);
}

#[test]
fn a_bounce_is_one_page_view_without_any_action() {
    let bounce = |types: &[&str]| {
        let events: Vec<_> = (0..)
            .zip(types)
            .map(|(i, t)| event(u128::from(i as u64), i, t))
            .collect();
        let found = sessions(&events);
        assert_eq!(found.sessions.len(), 1);
        found.sessions[0].is_bounce()
    };
    assert!(bounce(&["pageview"]));
    assert!(bounce(&["pageview", "engagement", "scroll", "form_view"]));
    assert!(!bounce(&["pageview", "pageview"]));
    assert!(!bounce(&["pageview", "custom"]));
    assert!(!bounce(&["pageview", "click"]));
    assert!(!bounce(&["custom"]));
}

#[test]
fn entry_and_exit_are_page_views_and_bots_have_no_sessions() {
    let mut events = vec![
        event(1, 0, "custom"),
        view(2, 1),
        view(3, 2),
        event(4, 3, "click"),
    ];
    let found = sessions(&events);
    assert_eq!(
        (
            found.sessions[0].entry_page(),
            found.sessions[0].exit_page()
        ),
        ("/2", "/3")
    );
    assert_eq!(found.sessions[0].first.event_id.as_u128(), 1);
    for event in &mut events {
        event.bot = "crawler".into();
    }
    assert!(sessions(&events).sessions.is_empty());
}

fn any_event() -> impl Strategy<Value = StoredEvent> {
    let types = ["pageview", "pageview", "engagement", "custom", "scroll"];
    (0..6i64 * 60, 1..4u128, 0..3u128, 0..types.len(), 0..4usize).prop_map(
        move |(minute, visitor, session, kind, campaign)| StoredEvent {
            visitor_id: VisitorId::from_u128(visitor),
            client_session: (session > 0).then(|| SessionKey::from_u128(session)),
            utm_campaign: ["", "", "a", "b"][campaign].into(),
            ..event(0, minute, types[kind])
        },
    )
}

proptest! {
    #[test]
    fn any_order_of_arrival_gives_the_same_sessions(
        mut events in prop::collection::vec(any_event(), 0..60),
        seed in prop::collection::vec(any::<u32>(), 60),
    ) {
        for (i, event) in events.iter_mut().enumerate() {
            event.event_id = EventId::from_u128(i as u128);
        }
        let expected = ids(&events);
        let mut order: Vec<usize> = (0..events.len()).collect();
        order.sort_by_key(|i| seed[*i]);
        let shuffled: Vec<_> = order.into_iter().map(|i| events[i].clone()).collect();
        prop_assert_eq!(ids(&shuffled), expected);
    }

    #[test]
    fn every_event_is_in_one_session_or_loose(
        mut events in prop::collection::vec(any_event(), 0..60),
    ) {
        for (i, event) in events.iter_mut().enumerate() {
            event.event_id = EventId::from_u128(i as u128);
        }
        let found = sessions(&events);
        let mut seen: Vec<u128> = found.loose.iter().map(|e| e.event_id.as_u128()).collect();
        seen.extend(ids(&events).into_iter().flatten());
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..events.len() as u128).collect::<Vec<_>>());
        for session in &found.sessions {
            prop_assert!(is_interaction(session.first));
            prop_assert!(session.duration_ms() >= 0);
        }
    }

    #[test]
    fn keys_do_not_influence_each_other(
        mut events in prop::collection::vec(any_event(), 1..40),
        keep in subsequence(vec![1u128, 2, 3], 1..=3),
    ) {
        for (i, event) in events.iter_mut().enumerate() {
            event.event_id = EventId::from_u128(i as u128);
            event.client_session = None;
        }
        let kept = |s: &Session<'_>| keep.contains(&s.first.visitor_id.as_u128());
        let all = sessions(&events);
        let of_all: Vec<_> = all.sessions.iter().filter(|s| kept(s)).map(|s| s.members.clone()).collect();
        let alone: Vec<_> = events.iter().filter(|e| keep.contains(&e.visitor_id.as_u128())).cloned().collect();
        let of_alone: Vec<_> = sessions(&alone).sessions.into_iter().map(|s| s.members.into_iter().cloned().collect::<Vec<_>>()).collect();
        prop_assert_eq!(of_all.into_iter().map(|m| m.into_iter().cloned().collect::<Vec<_>>()).collect::<Vec<_>>(), of_alone);
    }
}
