use super::*;

fn now() -> EpochMs {
    EpochMs(
        "2026-11-20T14:00:00Z"
            .parse::<jiff::Timestamp>()
            .unwrap()
            .as_millisecond(),
    )
}

fn ask(report: &str, params: &[(&str, &str)]) -> Result<ReportPlan, ParamError> {
    let params: Vec<_> = params
        .iter()
        .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
        .collect();
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    parse(report, &params, SiteId::from_u128(7), &berlin, now())
}

fn range_of(params: &[(&str, &str)]) -> (String, String) {
    let range = ask("overview", params).unwrap().range;
    (
        range.from.to_timestamp().to_string(),
        range.to.to_timestamp().to_string(),
    )
}

#[test]
fn nothing_asked_means_the_last_28_days_and_the_usual_metrics() {
    let plan = ask("overview", &[]).unwrap();
    assert_eq!(plan.range.days(&plan.zone), 28);
    assert_eq!(plan.metrics, Metric::DEFAULT);
    assert_eq!(plan.site, SiteId::from_u128(7));
    assert!(plan.filter.is_empty());
    assert!(plan.compare.is_none());
}

#[test]
fn from_and_to_are_whole_days_of_the_site_or_instants() {
    for (from, to, start, end) in [
        (
            "2026-03-29",
            "2026-03-29",
            "2026-03-28T23:00:00Z",
            "2026-03-29T22:00:00Z",
        ),
        (
            "2026-03-29T10:00:00Z",
            "2026-03-29T11:30:00+01:00",
            "2026-03-29T10:00:00Z",
            "2026-03-29T10:30:00Z",
        ),
        (
            "2026-03-29T00:00:00",
            "2026-03-30",
            "2026-03-28T23:00:00Z",
            "2026-03-30T22:00:00Z",
        ),
        (
            "1774738800000",
            "1774821600000",
            "2026-03-28T23:00:00Z",
            "2026-03-29T22:00:00Z",
        ),
    ] {
        let expected = (start.to_owned(), end.to_owned());
        assert_eq!(
            range_of(&[("from", from), ("to", to)]),
            expected,
            "{from} {to}"
        );
        assert_eq!(
            range_of(&[("from", from), ("to", to), ("period", "custom")]),
            expected
        );
    }
    assert_eq!(
        range_of(&[("from", "2026-11-19")]).1,
        "2026-11-20T23:00:00Z"
    );
    let october = range_of(&[("from", "2026-10-25"), ("period", "month")]);
    assert_eq!(
        october,
        ("2026-09-30T22:00:00Z".into(), "2026-10-31T23:00:00Z".into())
    );
}

#[test]
fn tz_overrides_the_zone_of_the_site() {
    let day = range_of(&[
        ("from", "2026-03-29"),
        ("to", "2026-03-29"),
        ("tz", "Asia/Kathmandu"),
    ]);
    assert_eq!(
        day,
        ("2026-03-28T18:15:00Z".into(), "2026-03-29T18:15:00Z".into())
    );
}

#[test]
fn every_mistake_names_its_parameter() {
    for (params, parameter) in [
        (&[("colour", "red")][..], "colour"),
        (&[("period", "fortnight")], "period"),
        (&[("period", "custom")], "from"),
        (&[("to", "2026-01-01")], "from"),
        (&[("from", "yesterday"), ("to", "2026-01-01")], "from"),
        (&[("from", "2026-01-02"), ("to", "2026-01-01")], "to"),
        (&[("from", "2026-02-30"), ("to", "2026-03-01")], "from"),
        (&[("from", "2027-02-01")], "from"),
        (&[("from", "0001-01-01"), ("to", "2026-01-01")], "from"),
        (
            &[("from", "99999999999999999999"), ("to", "2026-01-01")],
            "from",
        ),
        (&[("tz", "Mars/Olympus")], "tz"),
        (&[("tz", "../../etc/passwd")], "tz"),
        (&[("interval", "second")], "interval"),
        (&[("interval", "minute"), ("period", "30d")], "interval"),
        (&[("filters", "x")], "filters"),
        (&[("compare", "never")], "compare"),
        (
            &[("compare", "previous_period"), ("period", "all")],
            "compare",
        ),
        (&[("metrics", "visitors,love")], "metrics"),
        (&[("dimension", "colour")], "dimension"),
        (&[("limit", "0")], "limit"),
        (&[("limit", "100000")], "limit"),
        (&[("offset", "-1")], "offset"),
        (&[("segment", "vip")], "segment"),
        (&[("limit", "1"), ("limit", "2")], "limit"),
    ] {
        let error = ask("timeseries", params).unwrap_err();
        assert_eq!(error.parameter(), parameter, "{params:?}: {error}");
        assert!(error.to_string().contains(parameter), "{error}");
    }
    assert_eq!(ask("breakdown", &[]).unwrap_err().parameter(), "dimension");
    assert!(matches!(
        ask("funnels", &[]),
        Err(ParamError::UnknownReport(_))
    ));
}

#[test]
fn comparisons_are_ranges_of_their_own() {
    let base = [("from", "2026-11-10"), ("to", "2026-11-12")];
    let compared = |value| {
        let plan = ask("overview", &[base[0], base[1], ("compare", value)]).unwrap();
        plan.compare.map(|range| {
            (
                range.from.to_timestamp().to_string(),
                range.to.to_timestamp().to_string(),
            )
        })
    };
    let days =
        |from: &str, to: &str| Some((format!("{from}T23:00:00Z"), format!("{to}T23:00:00Z")));
    assert_eq!(
        compared("previous_period"),
        days("2026-11-06", "2026-11-09")
    );
    assert_eq!(compared("year_over_year"), days("2025-11-09", "2025-11-12"));
    assert_eq!(
        compared("2026-11-01,2026-11-02"),
        days("2026-10-31", "2026-11-02")
    );
    assert_eq!(compared("none"), None);
}

#[test]
fn one_set_of_parameters_serves_every_report() {
    let all = [
        ("site", "shop"),
        ("period", "7d"),
        ("interval", "hour"),
        ("dimension", "page"),
        ("metrics", "visits, visitors"),
        ("limit", "5"),
        ("offset", "10"),
        ("filters", r#"[["is","source",["x"]]]"#),
        ("compare", "previous_period"),
    ];
    for name in Report::NAMES {
        assert_eq!(ask(name, &all).unwrap().report.name(), *name);
    }
    let Report::Breakdown { dimension, page } = ask("breakdown", &all).unwrap().report else {
        unreachable!()
    };
    assert_eq!(
        (dimension, page),
        (
            Dimension::Page,
            Page {
                limit: 5,
                offset: 10
            }
        )
    );
}

#[test]
fn the_whole_history_starts_on_the_day_of_the_first_event() {
    let plan = ask("timeseries", &[("period", "all")]).unwrap();
    assert!(plan.range.open_start);
    let first = EpochMs(now().0 - 3 * EpochMs::DAY);
    let resolved = plan.clone().starting_at(Some(first));
    assert_eq!(
        resolved.range.from.to_timestamp().to_string(),
        "2026-11-16T23:00:00Z"
    );
    assert_eq!(resolved.range.days(&resolved.zone), 4);
    let empty = plan.starting_at(None);
    assert_eq!(empty.range.days(&empty.zone), 1);
    // A minute of every year would be too many points.
    let minutes = ask("timeseries", &[("period", "all"), ("interval", "minute")]).unwrap();
    let resolved = minutes.starting_at(Some(EpochMs(0)));
    assert_eq!(resolved.report, Report::Timeseries(Interval::Month));
}

#[test]
fn an_answer_has_the_documented_shape() {
    use crate::report::{Body, Exclusions, IdentityMix, Meta, Row, Table, Tally};
    let plan = ask(
        "overview",
        &[
            ("from", "2026-03-29"),
            ("to", "2026-03-30"),
            ("metrics", "visitors,bounce_rate"),
        ],
    )
    .unwrap();
    let tally = Tally {
        visitors: 2,
        visits: 3,
        bounces: 1,
        ..Tally::default()
    };
    let table = Table {
        body: Body::Overview {
            totals: Row::of(&plan.metrics, &tally),
            comparison: None,
        },
        meta: Meta::new(
            &plan,
            IdentityMix {
                daily_hash: 2,
                ..IdentityMix::default()
            },
            Exclusions::default(),
        ),
    };
    let expected = serde_json::json!({
        "totals": { "visitors": 2, "bounce_rate": 33.33 },
        "meta": {
            "report": "overview",
            "range": { "from": "2026-03-28T23:00:00Z", "to": "2026-03-30T22:00:00Z" },
            "time_zone": "Europe/Berlin",
            "identity": { "user_id": 0, "cookie": 0, "storage": 0, "fingerprint": 0, "daily_hash": 2 },
            "exclusions": {
                "bots": 0, "blocked_ip": 0, "testing_ip": 0, "silent": 0, "quarantined": 0, "quarantined_by": {}
            },
            "notes": [table.meta.notes[0]],
        },
    });
    assert_eq!(serde_json::to_value(&table).unwrap(), expected);
}

#[test]
fn bots_have_dimensions_of_their_own() {
    use crate::report::BotsBy;
    for (dimension, by) in [
        ("bot", Some(BotsBy::Name)),
        ("bot_kind", Some(BotsBy::Kind)),
        // One set of parameters serves every report.
        ("page", Some(BotsBy::Name)),
        ("robot", None),
    ] {
        let params = [("dimension".to_owned(), dimension.to_owned())];
        let plan = parse(
            "bots",
            &params,
            SiteId::from_u128(1),
            &TimeZone::UTC,
            EpochMs(1_772_323_200_000),
        );
        let found = plan.ok().map(|plan| match plan.report {
            Report::Bots { by, .. } => by,
            other => panic!("{other:?}"),
        });
        assert_eq!(found, by, "{dimension}");
    }
}
