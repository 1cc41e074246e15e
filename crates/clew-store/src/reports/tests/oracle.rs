//! The definitions of `clew_core::report`, read word for word over plain lists.

use crate::reports::tally::GroupKey;
use clew_core::model::{EpochMs, EventId, IdentityMethod, StoredEvent, VisitorId};
use clew_core::report::{Condition, Dimension, Filter, IdentityMix, Op, Range, Scope, Tally};
use clew_core::session::{Session, is_interaction, sessions};
use std::collections::{BTreeMap, BTreeSet};

/// By what the oracle groups.
pub(super) enum By<'a> {
    All,
    Bucket(&'a [EpochMs]),
    Value(Dimension),
}

pub(super) struct Expected {
    /// In the order of the report: most visitors first.
    pub(super) groups: Vec<(GroupKey, Tally)>,
    pub(super) identity: IdentityMix,
}

fn holds(filter: &Filter, event: &StoredEvent, session: Option<&Session<'_>>) -> bool {
    match filter {
        Filter::And(nodes) => nodes.iter().all(|node| holds(node, event, session)),
        Filter::Or(nodes) => nodes.iter().any(|node| holds(node, event, session)),
        Filter::Not(node) => !holds(node, event, session),
        Filter::Condition(Condition {
            op,
            dimension,
            values,
        }) => {
            let found = event_value(*dimension, event, session);
            let (op, negated) = op.positive();
            let any = values.iter().any(|value| match op {
                Op::Contains => found.contains(value.as_str()),
                Op::StartsWith => found.starts_with(value.as_str()),
                Op::EndsWith => found.ends_with(value.as_str()),
                Op::Matches => regex::Regex::new(value).unwrap().is_match(found),
                _ => found == value,
            });
            any != negated
        }
    }
}

fn event_value<'a>(
    dimension: Dimension,
    event: &'a StoredEvent,
    session: Option<&Session<'a>>,
) -> &'a str {
    dimension.of(event, session)
}

fn bucket(starts: &[EpochMs], time: EpochMs) -> GroupKey {
    GroupKey::Bucket(starts.iter().rposition(|start| *start <= time).unwrap())
}

#[derive(Default)]
struct Collected {
    visitors: BTreeSet<VisitorId>,
    deepest: BTreeMap<(EventId, String), u32>,
    tally: Tally,
}

pub(super) fn expected(
    events: &[StoredEvent],
    range: Range,
    filter: &Filter,
    by: &By<'_>,
) -> Expected {
    let found = sessions(events);
    let mut home: BTreeMap<EventId, &Session<'_>> = BTreeMap::new();
    for session in &found.sessions {
        home.extend(
            session
                .members
                .iter()
                .map(|event| (event.event_id, session)),
        );
    }
    let mut groups: BTreeMap<String, (GroupKey, Collected)> = BTreeMap::new();
    let mut methods: BTreeMap<VisitorId, i32> = BTreeMap::new();
    for event in events
        .iter()
        .filter(|e| !e.is_bot() && range.contains(e.time()))
    {
        let session = home.get(&event.event_id).copied();
        if !holds(filter, event, session) {
            continue;
        }
        let key = match by {
            By::All => GroupKey::All,
            By::Bucket(starts) => bucket(starts, event.time()),
            By::Value(dimension) => GroupKey::Value(event_value(*dimension, event, session).into()),
        };
        let group = &mut groups
            .entry(format!("{key:?}"))
            .or_insert((key, Collected::default()))
            .1;
        group.tally.engaged_ms += u64::from(event.engaged_ms);
        if let Some(session) = session.filter(|_| event.scroll_percent > 0) {
            let page = (session.first.event_id, event.path.clone());
            let deepest = group.deepest.entry(page).or_default();
            *deepest = (*deepest).max(event.scroll_percent);
        }
        if is_interaction(event) {
            group.visitors.insert(event.visitor_id);
            group.tally.events += 1;
            group.tally.pageviews += u64::from(event.event_type == "pageview");
            let method = methods.entry(event.visitor_id).or_default();
            *method = (*method).max(event.identity_method);
        }
    }
    for session in found.sessions.iter().filter(|s| range.contains(s.start())) {
        for key in visited(session, filter, by) {
            let group = groups
                .entry(format!("{key:?}"))
                .or_insert((key, Collected::default()));
            let tally = &mut group.1.tally;
            tally.visits += 1;
            tally.bounces += u64::from(session.is_bounce());
            tally.duration_ms += session.duration_ms() as u64;
            tally.visit_pageviews += u64::from(session.pageviews);
        }
    }
    let mut groups: Vec<_> = groups
        .into_values()
        .map(|(key, collected)| {
            let mut tally = collected.tally;
            tally.visitors = collected.visitors.len() as u64;
            tally.scroll_sum = collected.deepest.values().map(|n| u64::from(*n)).sum();
            tally.scroll_pages = collected.deepest.len() as u64;
            (key, tally)
        })
        .filter(|(_, tally)| tally.events > 0 || tally.visits > 0)
        .filter(|(key, _)| {
            let on_no_page = *key == GroupKey::Value(String::new());
            !(on_no_page && matches!(by, By::Value(dimension) if dimension.is_of_pages()))
        })
        .collect();
    groups.sort_by_key(|(key, tally)| {
        let value = match key {
            GroupKey::All => (0, String::new()),
            GroupKey::Bucket(n) => (*n, String::new()),
            GroupKey::Value(value) => (0, value.clone()),
        };
        (u64::MAX - tally.visitors, u64::MAX - tally.events, value)
    });
    Expected {
        groups,
        identity: mix(&methods),
    }
}

/// The groups in which a visit counts.
fn visited(session: &Session<'_>, filter: &Filter, by: &By<'_>) -> Vec<GroupKey> {
    let matching: Vec<_> = session
        .members
        .iter()
        .filter(|event| is_interaction(event) && holds(filter, event, Some(session)))
        .collect();
    match by {
        _ if matching.is_empty() => Vec::new(),
        By::All => vec![GroupKey::All],
        By::Bucket(starts) => vec![bucket(starts, session.start())],
        By::Value(dimension) if dimension.scope() == Scope::Event => {
            let values = matching
                .iter()
                .map(|event| dimension.of(event, Some(session)).to_owned());
            values
                .collect::<BTreeSet<_>>()
                .into_iter()
                .map(GroupKey::Value)
                .collect()
        }
        By::Value(dimension) => {
            vec![GroupKey::Value(
                dimension.of(session.first, Some(session)).to_owned(),
            )]
        }
    }
}

fn mix(methods: &BTreeMap<VisitorId, i32>) -> IdentityMix {
    let count = |method: IdentityMethod| {
        methods
            .values()
            .filter(|found| **found == method as i32)
            .count() as u64
    };
    IdentityMix {
        user_id: count(IdentityMethod::UserId),
        cookie: count(IdentityMethod::Cookie),
        storage: count(IdentityMethod::Storage),
        fingerprint: count(IdentityMethod::Fingerprint),
        daily_hash: count(IdentityMethod::DailyHash),
    }
}
