//! What the reports of a dashboard cost: overview, series and eight breakdowns over 90 days.
//!
//! `cargo bench -p clew-store --bench reports -- [events]` (default 1,000,000). The rows are made
//! by the engine itself; the figures are medians of five runs with two threads.

use clew_core::model::{EpochMs, SiteId};
use clew_core::report::{Report, ReportPlan, parse};
use clew_store::events::schema::create_in;
use clew_store::reports::run;
use duckdb::Connection;
use jiff::tz::TimeZone;
use std::time::Instant;

const SITE: SiteId = SiteId::from_u128(0xA);
/// 2026-03-01T00:00:00Z.
const START: i64 = 1_772_323_200_000;
const DAYS: i64 = 90;

fn main() {
    let events: u64 = std::env::args()
        .find_map(|arg| arg.parse().ok())
        .unwrap_or(1_000_000);
    let dir = tempfile::TempDir::new().expect("a folder for the bench");
    let connection = Connection::open(dir.path().join("bench.duckdb")).expect("an event store");
    connection
        .execute_batch(
            "SET threads = 2; SET memory_limit = '2GB'; SET preserve_insertion_order = false;",
        )
        .expect("settings");
    connection
        .execute_batch(&create_in("main"))
        .expect("tables");
    let started = Instant::now();
    let rows = generate(&connection, events);
    println!(
        "{rows} events over {DAYS} days, made in {:.1?}",
        started.elapsed()
    );

    let filter = r#"[["is","source",["source 3"]]]"#;
    let page = r#"[["is","page",["/page/7"]]]"#;
    let mut total = 0.0;
    for (name, params) in dashboard() {
        total += measure(&connection, &name, &params);
    }
    println!("{:<34} {total:>9.1} ms", "dashboard, all of the above");
    for (name, filters) in [
        ("overview, filter source", filter),
        ("overview, filter page", page),
    ] {
        measure(&connection, name, &[("filters", filters)]);
    }
    measure(
        &connection,
        "overview, one day",
        &[("from", "2026-04-01"), ("to", "2026-04-01")],
    );
    measure(&connection, "realtime", &[("report", "realtime")]);
}

/// The reports of one look at the dashboard.
fn dashboard() -> Vec<(String, Vec<(&'static str, &'static str)>)> {
    let mut asked = vec![
        ("overview".to_owned(), Vec::new()),
        ("timeseries, day".to_owned(), vec![("report", "timeseries")]),
    ];
    for dimension in [
        "page",
        "entry_page",
        "source",
        "campaign",
        "country",
        "device",
        "browser",
        "event",
    ] {
        let metrics = ("metrics", "visitors,visits,bounce_rate");
        asked.push((
            format!("breakdown, {dimension}"),
            vec![
                ("report", "breakdown"),
                ("dimension", dimension),
                metrics,
                ("limit", "10"),
            ],
        ));
    }
    asked
}

fn plan(params: &[(&str, &str)]) -> ReportPlan {
    let report = params
        .iter()
        .find(|(name, _)| *name == "report")
        .map_or(Report::NAMES[0], |(_, value)| value);
    let mut asked: Vec<_> = params
        .iter()
        .filter(|(name, _)| *name != "report")
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    if !params.iter().any(|(name, _)| *name == "from") {
        asked.push(("period".to_owned(), format!("{DAYS}d")));
    }
    let now = EpochMs(START + DAYS * EpochMs::DAY - EpochMs::HOUR);
    parse(report, &asked, SITE, &TimeZone::UTC, now).expect("a valid question")
}

/// Prints and returns the median of five runs, in milliseconds.
fn measure(connection: &Connection, name: &str, params: &[(&str, &str)]) -> f64 {
    let plan = plan(params);
    let mut times: Vec<f64> = (0..5)
        .map(|_| {
            let started = Instant::now();
            run(connection, &plan).expect("an answer");
            started.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{name:<34} {:>9.1} ms", times[2]);
    times[2]
}

/// Fills the store with sessions of one to eight events. Returns the number of rows.
fn generate(connection: &Connection, events: u64) -> u64 {
    let sessions = events * 2 / 9;
    let visitors = (sessions / 2).max(1);
    let columns: Vec<(String, String)> = {
        let sql = "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'events' ORDER BY ordinal_position";
        let mut statement = connection.prepare(sql).expect("the columns");
        let rows = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .expect("the columns");
        rows.collect::<Result<_, _>>().expect("the columns")
    };
    let values: Vec<String> = columns
        .iter()
        .map(|(name, kind)| value(name, kind))
        .collect();
    let sql = format!(
        "INSERT INTO events SELECT {} FROM (
           SELECT i, j, hash(i) AS h, hash(i % {visitors}, 'v') AS v, hash(i, j) AS hj,
             {START} + (hash(i, 's') % {span})::BIGINT + j * 37000 AS t
           FROM (SELECT i, unnest(range((1 + hash(i, 'n') % 8)::BIGINT)) AS j FROM range({sessions}) AS s(i)))
         ORDER BY t",
        values.join(", "),
        span = DAYS * EpochMs::DAY - 2 * EpochMs::HOUR,
    );
    connection.execute_batch(&sql).expect("rows");
    connection
        .execute_batch("CHECKPOINT")
        .expect("a checkpoint");
    connection
        .query_row("SELECT count(*) FROM events", [], |row| row.get(0))
        .expect("a count")
}

/// A plausible value of a column, from the hashes of session `h`, visitor `v` and event `hj`.
fn value(column: &str, kind: &str) -> String {
    let id = |hash: &str| format!("md5({hash}::VARCHAR)::UUID");
    let pick = |hash: &str, prefix: &str, n: u32| format!("'{prefix}' || ({hash} % {n})::VARCHAR");
    match (column, kind) {
        ("site", _) => format!("'{SITE}'::UUID"),
        ("event_id", _) => id("hj"),
        ("visitor_id", _) => id("v"),
        ("client_session", _) => id("h"),
        ("time_ms" | "received_ms" | "client_time_ms", _) => "t".to_owned(),
        ("lsn", _) => "i + 1".to_owned(),
        ("idx", _) => "j".to_owned(),
        ("identity_method", _) => "v % 5".to_owned(),
        ("event_type", _) => "CASE hj % 10 WHEN 0 THEN 'custom' WHEN 1 THEN 'engagement' WHEN 2 THEN 'engagement' ELSE 'pageview' END".to_owned(),
        ("name", _) => format!("CASE WHEN hj % 10 = 0 THEN {} ELSE '' END", pick("hj", "goal ", 20)),
        ("engaged_ms", _) => "CASE WHEN hj % 10 IN (1, 2) THEN 5000 ELSE 0 END".to_owned(),
        ("path", _) => pick("hj", "/page/", 500),
        ("hostname", _) => "'example.com'".to_owned(),
        ("source", _) => pick("h", "source ", 40),
        ("utm_campaign", _) => format!("CASE WHEN h % 5 = 0 THEN {} ELSE '' END", pick("h", "campaign ", 30)),
        ("country", _) => pick("v", "", 60),
        ("device", _) => pick("v", "device ", 3),
        ("browser", _) => pick("v", "browser ", 8),
        (_, "BOOLEAN") => "FALSE".to_owned(),
        (_, "VARCHAR") => "''".to_owned(),
        (_, "UUID") => "NULL".to_owned(),
        (_, kind) if kind.starts_with("MAP") => format!("MAP {{}}::{kind}"),
        _ => "0".to_owned(),
    }
}
