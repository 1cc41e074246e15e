//! Whole answers: shapes, days of odd length, comparison, paging, exclusions, realtime.

use super::{OTHER, SITE, at, fill, plan, store, view, zone};
use crate::reports::dialect::DuckDb;
use crate::reports::{REPORTS, run, source};
use clew_core::model::{EpochMs, EventId, QuarantinedEvent, SetApart, StoredEvent};
use clew_core::report::{BotsBy, Dimension, Interval, Report};
use serde_json::{Value, json};

fn answer(connection: &duckdb::Connection, plan: &clew_core::report::ReportPlan) -> Value {
    serde_json::to_value(run(connection, plan).unwrap()).unwrap()
}

#[test]
fn every_report_name_has_its_answer() {
    let names: Vec<_> = REPORTS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, Report::NAMES);
}

#[test]
fn an_empty_site_has_zeros_and_no_ratios() {
    let connection = store();
    let berlin = zone("Europe/Berlin");
    let now = at("2026-11-20T12:00:00Z");
    let overview = answer(&connection, &plan("overview", &berlin, now, &[]));
    assert_eq!(overview["totals"]["visitors"], 0);
    assert_eq!(overview["totals"]["bounce_rate"], Value::Null);
    assert_eq!(overview["meta"]["exclusions"]["bots"], 0);
    let series = answer(
        &connection,
        &plan("timeseries", &berlin, now, &[("period", "7d")]),
    );
    assert_eq!(series["points"].as_array().unwrap().len(), 7);
    let breakdown = answer(
        &connection,
        &plan("breakdown", &berlin, now, &[("dimension", "page")]),
    );
    assert_eq!(
        (&breakdown["rows"], &breakdown["total_rows"]),
        (&json!([]), &json!(0))
    );
    let all = answer(
        &connection,
        &plan("overview", &berlin, now, &[("period", "all")]),
    );
    assert_eq!(all["totals"]["visits"], 0);
    assert_eq!(
        answer(&connection, &plan("realtime", &berlin, now, &[]))["visitors"],
        0
    );
}

#[test]
fn days_of_23_and_25_hours_hold_exactly_their_events() {
    for (zone_name, date, hours, buckets) in [
        ("Europe/Berlin", "2026-03-29", 23.0, 23),
        ("Europe/Berlin", "2026-10-25", 25.0, 25),
        ("America/New_York", "2026-03-08", 23.0, 23),
        ("America/New_York", "2026-11-01", 25.0, 25),
        ("Asia/Kathmandu", "2026-03-29", 24.0, 24),
        ("Australia/Lord_Howe", "2026-04-05", 24.5, 24),
        ("Australia/Lord_Howe", "2026-10-04", 23.5, 24),
    ] {
        let connection = store();
        let day = [
            ("from", date),
            ("to", date),
            ("interval", "hour"),
            ("metrics", "pageviews,visits"),
        ];
        let plan = plan(
            "timeseries",
            &zone(zone_name),
            at("2027-01-01T00:00:00Z"),
            &day,
        );
        // A view every quarter of an hour, from the evening before to the morning after.
        let events: Vec<_> = (-40..160)
            .map(|i| {
                view(
                    (1000 + i) as u128,
                    1,
                    plan.range.from.plus(i * 15 * EpochMs::MINUTE),
                    "/",
                )
            })
            .collect();
        fill(&connection, SITE, 1, &events, Vec::new());
        let series = answer(&connection, &plan);
        let points = series["points"].as_array().unwrap();
        assert_eq!(points.len(), buckets, "{zone_name} {date}");
        let views: u64 = points
            .iter()
            .map(|p| p["pageviews"].as_u64().unwrap())
            .sum();
        assert!(
            (views as f64 - hours * 4.0).abs() < 1e-9,
            "{zone_name} {date}"
        );
        // The one visit began the evening before.
        assert!(points.iter().all(|p| p["visits"] == 0));
    }
}

#[test]
fn decades_in_a_zone_with_a_second_offset_are_answered_by_month() {
    let connection = store();
    let months = [
        ("from", "1970-01-01"),
        ("to", "1994-12-31"),
        ("interval", "month"),
        ("metrics", "pageviews,visits"),
    ];
    // Clocks were 44 minutes and 30 seconds behind until January 1972.
    let monrovia = zone("Africa/Monrovia");
    let plan = plan("timeseries", &monrovia, at("2027-01-01T00:00:00Z"), &months);
    let starts = plan.bucket_starts(&plan.range, Interval::Month);
    assert_eq!(starts.len(), 25 * 12);
    // The last millisecond before and the first of every month but the first.
    let events: Vec<_> = (0..)
        .zip(&starts[1..])
        .flat_map(|(n, start)| {
            [
                view(2 * n + 1, 2 * n + 1, start.plus(-1), "/"),
                view(2 * n + 2, 2 * n + 2, *start, "/"),
            ]
        })
        .collect();
    fill(&connection, SITE, 1, &events, Vec::new());
    let series = answer(&connection, &plan);
    let points = series["points"].as_array().unwrap();
    assert_eq!(points.len(), starts.len());
    for (n, (point, start)) in points.iter().zip(&starts).enumerate() {
        let expected = if n == 0 || n == starts.len() - 1 {
            1
        } else {
            2
        };
        assert_eq!(point["pageviews"], expected, "{start:?}");
        assert_eq!(point["visits"], expected, "{start:?}");
    }
}

#[test]
fn a_breakdown_is_ordered_paged_and_compared() {
    let connection = store();
    let utc = zone("UTC");
    let day = at("2026-05-10T10:00:00Z");
    let before = at("2026-05-09T10:00:00Z");
    let mut events = Vec::new();
    for (i, (path, visitors)) in [("/a", 1..4u128), ("/b", 1..3), ("/c", 1..3), ("/d", 1..2)]
        .into_iter()
        .enumerate()
    {
        events.extend(visitors.map(|v| view(100 * i as u128 + v, v, day.plus(i as i64), path)));
    }
    events.push(view(900, 9, before, "/b"));
    fill(&connection, SITE, 1, &events, Vec::new());
    let ask = |extra: &[(&str, &str)]| {
        let mut params = vec![
            ("from", "2026-05-10"),
            ("to", "2026-05-10"),
            ("dimension", "page"),
            ("metrics", "visitors,visits,pageviews"),
        ];
        params.extend(extra);
        answer(&connection, &plan("breakdown", &utc, day, &params))
    };
    let all = ask(&[]);
    let values = |report: &Value| -> Vec<String> {
        report["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| r["value"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(values(&all), ["/a", "/b", "/c", "/d"]);
    assert_eq!(
        all["rows"][0],
        json!({"value": "/a", "visitors": 3, "visits": 3, "pageviews": 3})
    );
    let second = ask(&[("limit", "2"), ("offset", "2")]);
    assert_eq!(
        (values(&second), &second["total_rows"]),
        (vec!["/c".to_owned(), "/d".to_owned()], &json!(4))
    );
    let beyond = ask(&[("offset", "50")]);
    assert_eq!(
        (values(&beyond).len(), &beyond["total_rows"]),
        (0, &json!(4))
    );
    assert_eq!(beyond["meta"]["identity"]["daily_hash"], 3);
    let compared = ask(&[("compare", "previous_period")]);
    assert_eq!(
        compared["rows"][1]["comparison"],
        json!({"visitors": 1, "visits": 1, "pageviews": 1})
    );
    assert_eq!(compared["rows"][0]["comparison"]["visitors"], 0);
    assert_eq!(
        compared["meta"]["comparison_range"]["from"],
        "2026-05-09T00:00:00Z"
    );
}

#[test]
fn what_happened_on_no_page_is_no_row_of_pages() {
    let connection = store();
    let utc = zone("UTC");
    let day = at("2026-05-10T10:00:00Z");
    let lead = StoredEvent {
        event_type: "form_submit".into(),
        path: String::new(),
        hostname: String::new(),
        ..view(2, 2, day, "")
    };
    fill(&connection, SITE, 1, &[view(1, 1, day, "/a"), lead], vec![]);
    let rows = |dimension: Dimension| {
        let question = [("period", "day"), ("dimension", dimension.name())];
        answer(&connection, &plan("breakdown", &utc, day, &question))
    };
    for dimension in [Dimension::Page, Dimension::EntryPage, Dimension::ExitPage] {
        let breakdown = rows(dimension);
        assert_eq!(breakdown["total_rows"], 1, "{dimension:?}: {breakdown}");
        assert_eq!(breakdown["rows"][0]["value"], "/a", "{dimension:?}");
    }
    let breakdown = rows(Dimension::Event);
    assert_eq!(breakdown["total_rows"], 2, "{breakdown}");
}

#[test]
fn a_row_of_a_breakdown_is_the_report_filtered_by_its_value() {
    let connection = store();
    let utc = zone("UTC");
    let day = at("2026-05-10T10:00:00Z");
    let events: Vec<_> = (0..40u128)
        .map(|i| StoredEvent {
            source: ["", "mail", "web"][i as usize % 3].into(),
            browser: ["x", "y"][i as usize % 2].into(),
            ..view(
                i,
                i % 5,
                day.plus(i as i64 * 11 * EpochMs::MINUTE),
                ["/a", "/b", "/c"][i as usize / 3 % 3],
            )
        })
        .collect();
    fill(&connection, SITE, 1, &events, Vec::new());
    for dimension in [
        Dimension::Page,
        Dimension::Source,
        Dimension::Browser,
        Dimension::EntryPage,
    ] {
        let range = [
            ("from", "2026-05-10"),
            ("to", "2026-05-10"),
            ("dimension", dimension.name()),
        ];
        let breakdown = answer(&connection, &plan("breakdown", &utc, day, &range));
        for row in breakdown["rows"].as_array().unwrap() {
            let filter = json!([["is", dimension.name(), [row["value"]]]]).to_string();
            let filtered = [range[0], range[1], ("filters", filter.as_str())];
            let overview = answer(&connection, &plan("overview", &utc, day, &filtered));
            for (name, value) in overview["totals"].as_object().unwrap() {
                assert_eq!(&row[name], value, "{dimension:?} {row}");
            }
        }
    }
}

#[test]
fn bots_and_quarantine_are_counted_apart_and_only_for_this_site() {
    let connection = store();
    let now = at("2026-05-10T10:00:00Z");
    let bot = StoredEvent {
        bot: "crawler".into(),
        ..view(2, 2, now, "/")
    };
    let late = |id: u128, code: &str, event: Option<StoredEvent>| QuarantinedEvent {
        event_id: EventId::from_u128(id),
        code: code.into(),
        event,
    };
    let quarantined = vec![
        late(10, "late", Some(view(10, 1, now, "/"))),
        late(11, "invalid_url", None),
    ];
    fill(
        &connection,
        SITE,
        1,
        &[view(1, 1, now, "/"), bot.clone()],
        quarantined.clone(),
    );
    fill(
        &connection,
        OTHER,
        2,
        &[view(3, 3, now, "/"), bot],
        quarantined,
    );
    let overview = answer(
        &connection,
        &plan("overview", &zone("UTC"), now, &[("period", "day")]),
    );
    assert_eq!(overview["totals"]["visitors"], 1);
    assert_eq!(
        overview["meta"]["exclusions"],
        json!({"bots": 1, "blocked_ip": 0, "testing_ip": 0, "silent": 0, "quarantined": 2, "quarantined_by": {"invalid_url": 1, "late": 1}})
    );
}

#[test]
fn set_apart_events_are_counted_by_reason_and_bots_have_a_report() {
    let connection = store();
    let now = at("2026-05-10T10:00:00Z");
    let bot = |id, name: &str, kind: &str, event_type: &str| StoredEvent {
        bot: name.to_owned(),
        bot_kind: kind.to_owned(),
        event_type: event_type.to_owned(),
        ..view(id, id, now.plus(id as i64), "/")
    };
    let set_apart = |id, why: SetApart| StoredEvent {
        set_apart: why as i32,
        ..view(id, id, now, "/")
    };
    let events = [
        view(1, 1, now, "/"),
        bot(2, "GPTBot", "ai", "pageview"),
        bot(3, "GPTBot", "ai", "click"),
        bot(4, "ClaudeBot", "ai", "pageview"),
        bot(5, "Old", "", "pageview"),
        set_apart(6, SetApart::Blocked),
        set_apart(7, SetApart::Testing),
        set_apart(8, SetApart::Testing),
        set_apart(10, SetApart::Silent),
    ];
    fill(&connection, SITE, 1, &events, vec![]);
    fill(
        &connection,
        OTHER,
        2,
        &[bot(9, "Foreign", "seo", "pageview")],
        vec![],
    );
    let ask = |params: &[(&str, &str)]| {
        let params = [&[("period", "day")], params].concat();
        answer(
            &connection,
            &plan("bots", &zone("UTC"), now.plus(1000), &params),
        )
    };
    let by_name = ask(&[]);
    assert_eq!(by_name["total_rows"], 3);
    assert_eq!(
        by_name["rows"],
        json!([
            {"value": "GPTBot", "kind": "ai", "events": 2, "pageviews": 1, "last_seen": "2026-05-10T10:00:00.003Z"},
            {"value": "ClaudeBot", "kind": "ai", "events": 1, "pageviews": 1, "last_seen": "2026-05-10T10:00:00.004Z"},
            {"value": "Old", "kind": "other", "events": 1, "pageviews": 1, "last_seen": "2026-05-10T10:00:00.005Z"},
        ])
    );
    let by_kind = ask(&[("dimension", "bot_kind"), ("limit", "1")]);
    assert_eq!(by_kind["total_rows"], 2);
    assert_eq!(by_kind["rows"][0]["value"], "ai");
    assert_eq!(by_kind["rows"][0]["events"], 3);
    assert_eq!(
        by_kind["meta"]["exclusions"],
        json!({"bots": 4, "blocked_ip": 1, "testing_ip": 2, "silent": 1, "quarantined": 0, "quarantined_by": {}})
    );
}

#[test]
fn realtime_shows_the_last_five_and_thirty_minutes() {
    let connection = store();
    let now = at("2026-05-10T10:00:30Z");
    let ago = |minutes: i64| now.plus(-minutes * EpochMs::MINUTE);
    let events = [
        view(1, 1, ago(0), "/now"),
        view(2, 2, ago(4), "/now"),
        view(3, 2, ago(4), "/b"),
        view(4, 3, ago(6), "/old"),
        view(5, 4, ago(45), "/older"),
        view(6, 5, ago(5), "/edge"),
    ];
    fill(&connection, SITE, 1, &events, Vec::new());
    let realtime = answer(&connection, &plan("realtime", &zone("UTC"), now, &[]));
    assert_eq!(realtime["visitors"], 2);
    let points = realtime["points"].as_array().unwrap();
    assert_eq!(points.len(), 30);
    assert_eq!(
        points[29],
        json!({"t": "2026-05-10T10:00:00Z", "visitors": 1, "pageviews": 1})
    );
    assert_eq!(
        points
            .iter()
            .map(|p| p["pageviews"].as_u64().unwrap())
            .sum::<u64>(),
        5
    );
    assert_eq!(
        realtime["pages"][0],
        json!({"value": "/now", "visitors": 2, "pageviews": 2})
    );
    assert_eq!(realtime["sources"][0]["value"], "");
    assert_eq!(realtime["meta"]["report"], "realtime");
}

#[test]
fn hostile_filter_values_are_only_values() {
    let connection = store();
    let now = at("2026-05-10T10:00:00Z");
    fill(
        &connection,
        SITE,
        1,
        &[view(1, 1, now, "'; DROP TABLE events; --")],
        Vec::new(),
    );
    for (op, value, found) in [
        ("is", "'; DROP TABLE events; --", 1),
        ("contains", "' OR 1=1 --", 0),
        ("contains", "%", 0),
        ("matches", "^';.*--$", 1),
    ] {
        let filters = json!([[op, "page", [value]]]).to_string();
        let plan = plan(
            "overview",
            &zone("UTC"),
            now,
            &[("period", "day"), ("filters", &filters)],
        );
        assert_eq!(
            answer(&connection, &plan)["totals"]["pageviews"],
            found,
            "{op} {value}"
        );
    }
}

#[test]
fn tables_are_named_in_one_file_and_always_with_the_site() {
    let texts = [
        source::own(&DuckDb, &[]),
        source::excluded(&DuckDb),
        source::bots(&DuckDb, BotsBy::Kind),
        source::first_event(&DuckDb),
        source::sessions(&DuckDb, Dimension::ALL),
    ];
    for text in texts {
        for table in ["FROM events", "FROM quarantined"] {
            assert_eq!(
                text.matches(table).count(),
                text.matches(&format!("{table}\nWHERE site = $1")).count()
                    + text.matches(&format!("{table} WHERE site = $1")).count(),
                "{text}"
            );
        }
    }
    let dir =
        std::path::Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("src/reports");
    let mut naming = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file()
            && std::fs::read_to_string(&path)
                .unwrap()
                .contains("FROM events")
        {
            naming.push(path.file_name().unwrap().to_owned());
        }
    }
    assert_eq!(naming, ["source.rs"]);
}
