//! The year as a whole: the same for ever, and believable.

use super::*;
use crate::model::ConsentState;
use jiff::civil::Weekday;
use std::collections::{BTreeMap, HashMap, HashSet};

/// 20 November 2026, 15:00 UTC.
const UNTIL: EpochMs = EpochMs(1_795_186_800_000);

fn spec(events: u32) -> SampleSpec {
    SampleSpec {
        seed: 7,
        until: UNTIL,
        events,
        zone: TimeZone::get("Europe/Berlin").unwrap(),
        host: "shop.example".to_owned(),
    }
}

fn year() -> Vec<SampleEvent> {
    Sample::new(spec(40_000)).collect()
}

fn digest(spec: SampleSpec) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    for sample in Sample::new(spec) {
        let (sender, event) = (&sample.sender, &sample.event);
        let client = (
            &sender.client.ip,
            &sender.client.user_agent,
            &sender.client.language,
        );
        let what = (
            &event.event_type,
            &event.name,
            event.time,
            &event.url,
            &event.title,
        );
        let who = (
            &event.visitor_id,
            &event.session_id,
            &event.referrer,
            &event.screen,
        );
        let more = (event.engaged_ms, event.value, &event.currency, &event.props);
        hasher.update(format!("{client:?}{:?}{what:?}{who:?}{more:?}", sender.place).as_bytes());
    }
    hasher.finalize()
}

#[test]
fn the_same_spec_gives_the_same_bytes() {
    let first = digest(spec(10_000));
    assert_eq!(first, digest(spec(10_000)));
    let changes: [fn(&mut SampleSpec); 4] = [
        |spec| spec.seed = 8,
        |spec| spec.until = UNTIL.plus(EpochMs::DAY),
        |spec| spec.zone = TimeZone::UTC,
        |spec| spec.host = "other.example".to_owned(),
    ];
    for change in changes {
        let mut other = spec(10_000);
        change(&mut other);
        assert_ne!(first, digest(other));
    }
}

/// Another digest means another year: count `VERSION` up, and only then this.
#[test]
fn the_year_of_this_version_is_fixed() {
    let year = digest(spec(FEWEST_EVENTS));
    assert_eq!(
        (VERSION, year.to_hex().as_str()),
        (
            1,
            "5f70c4694b2890bba6745a20aeec4c252cec8ef42736fb176a788e84197f52ac"
        )
    );
}

#[test]
fn there_are_exactly_as_many_events_as_asked_for_and_ids_are_unique() {
    for events in [FEWEST_EVENTS, 33_333] {
        let ids: HashSet<_> = Sample::new(spec(events))
            .filter_map(|s| s.event.id)
            .collect();
        assert_eq!(ids.len(), events as usize);
    }
}

#[test]
fn nothing_lies_outside_the_year() {
    for sample in year() {
        let time = sample.event.time.unwrap();
        assert!(time <= UNTIL);
        assert!(time >= UNTIL.plus(-367 * EpochMs::DAY));
        assert!(sample.event.url.starts_with("https://shop.example/demo/"));
    }
}

#[test]
fn every_day_has_visitors_and_working_days_have_more() {
    let mut days: BTreeMap<jiff::civil::Date, f64> = BTreeMap::new();
    let zone = spec(0).zone;
    for sample in year() {
        let time = sample.event.time.unwrap().to_timestamp();
        *days.entry(time.to_zoned(zone.clone()).date()).or_default() += 1.0;
    }
    assert_eq!(days.len(), 366);
    assert!(days.values().all(|count| *count >= 10.0));
    let mean = |wanted: &dyn Fn(Weekday) -> bool| {
        let of: Vec<f64> = days
            .iter()
            .filter(|(d, _)| wanted(d.weekday()))
            .map(|(_, n)| *n)
            .collect();
        of.iter().sum::<f64>() / of.len() as f64
    };
    let weekend = mean(&|day| matches!(day, Weekday::Saturday | Weekday::Sunday));
    let working = mean(&|day| !matches!(day, Weekday::Saturday | Weekday::Sunday));
    assert!(working > weekend * 1.2, "{working} {weekend}");
    let counts: Vec<f64> = days.into_values().collect();
    let (first, last) = (&counts[10..70], &counts[295..355]);
    assert!(
        last.iter().sum::<f64>() > first.iter().sum::<f64>() * 1.3,
        "the shop grows"
    );
}

#[test]
fn nights_are_quiet() {
    let zone = spec(0).zone;
    let mut hours = [0_u32; 24];
    for sample in year() {
        let time = sample.event.time.unwrap().to_timestamp();
        hours[time.to_zoned(zone.clone()).hour() as usize] += 1;
    }
    assert!(hours[10] > hours[3] * 5, "{hours:?}");
}

#[test]
fn shares_are_believable() {
    let events = year();
    let total = events.len() as f64;
    let share = |test: &dyn Fn(&SampleEvent) -> bool| {
        events.iter().filter(|sample| test(sample)).count() as f64 / total
    };
    let kind = |kind: &str| share(&|s| s.event.event_type == kind);
    let named = |name: &str| share(&|s| s.event.name.as_deref() == Some(name));
    let within = |value: f64, from: f64, to: f64, what: &str| {
        assert!((from..to).contains(&value), "{what}: {value}");
    };
    within(kind("pageview"), 0.4, 0.6, "page views");
    within(kind("engagement"), 0.35, 0.5, "engagement");
    within(named("add_to_cart"), 0.01, 0.08, "add_to_cart");
    within(named("purchase"), 0.002, 0.03, "purchase");
    within(named("newsletter_signup"), 0.001, 0.02, "newsletter_signup");
    within(kind("form_start"), 0.001, 0.03, "form_start");
    assert!(kind("form_submit") < kind("form_start"));
    assert!(named("purchase") < named("add_to_cart"));
    let state = |state| share(&|s| s.event.consent.analytics() == state);
    within(state(ConsentState::Granted), 0.45, 0.7, "granted");
    within(state(ConsentState::Denied), 0.1, 0.3, "denied");
    within(
        share(&|s| s.sender.place.country == "DE"),
        0.2,
        0.6,
        "Germany",
    );
    within(
        share(&|s| s.sender.client.user_agent.contains("Mobile")),
        0.25,
        0.6,
        "mobile",
    );
    within(
        share(&|s| s.event.url.contains("gclid=")),
        0.002,
        0.05,
        "Google Ads",
    );
    within(
        share(&|s| s.event.user_id.is_some()),
        0.002,
        0.05,
        "signed in",
    );
}

#[test]
fn who_refuses_to_be_recognised_sends_no_ids() {
    for sample in year() {
        let event = sample.event;
        let granted = event.consent.analytics() == ConsentState::Granted;
        assert_eq!(event.visitor_id.is_some(), granted);
        assert_eq!(event.session_id.is_some(), granted);
        assert!(granted || event.user_id.is_none());
    }
}

#[test]
fn people_come_back_as_themselves() {
    let mut visits: HashMap<String, HashSet<String>> = HashMap::new();
    let mut homes: HashMap<String, HashSet<String>> = HashMap::new();
    for sample in year() {
        if let (Some(visitor), Some(session)) = (sample.event.visitor_id, sample.event.session_id) {
            visits.entry(visitor.clone()).or_default().insert(session);
            homes
                .entry(visitor)
                .or_default()
                .insert(sample.sender.place.city.clone());
        }
    }
    let again = visits
        .values()
        .filter(|sessions| sessions.len() > 1)
        .count();
    let share = again as f64 / visits.len() as f64;
    assert!((0.1..0.5).contains(&share), "{share}");
    assert!(homes.values().all(|cities| cities.len() == 1));
}

#[test]
fn a_page_host_is_one_that_the_list_allows() {
    let host = |domains: &[&str]| {
        let domains: Vec<String> = domains.iter().map(ToString::to_string).collect();
        page_host(&domains)
    };
    assert_eq!(
        host(&["shop.example", "other.example"]).as_deref(),
        Some("shop.example")
    );
    assert_eq!(
        host(&["*.shop.example"]).as_deref(),
        Some("www.shop.example")
    );
    assert_eq!(host(&[]), None);
}
