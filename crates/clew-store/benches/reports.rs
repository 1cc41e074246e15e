//! What a look at the dashboard costs, before and after sealing.
//!
//! `cargo bench --workspace --bench reports -- [events] [days] [reference]` (default 1,000,000 over
//! 365 days). The rows are made by the engine itself. A page is overview and series with
//! comparison and five breakdowns of ten rows, at most two at once; figures are medians of five
//! looks with two threads and 2 GB, with an event between two looks, so that no answer is
//! remembered. `reference` also asks the events themselves, unsealed.

#[path = "reports/rows.rs"]
mod rows;

use clew_core::model::EpochMs;
use clew_core::report::{Report, ReportPlan, parse};
use clew_store::events::{DuckOptions, DuckStore, EventStore};
use futures::StreamExt as _;
use jiff::tz::TimeZone;
use rows::{SITE, START};
use std::time::Instant;

/// The panels of a page.
const PANELS: [&str; 5] = ["page", "entry_page", "source", "country", "browser"];
/// The breakdowns of the whole overview.
const ALL_PANELS: [&str; 8] = [
    "page",
    "entry_page",
    "source",
    "campaign",
    "country",
    "device",
    "browser",
    "event",
];
const FILTERS: [(&str, &str); 5] = [
    ("no filter", "[]"),
    ("source is", r#"[["is","source",["source 3"]]]"#),
    ("source is not", r#"[["is_not","source",["source 3"]]]"#),
    ("page is", r#"[["is","page",["/page/7"]]]"#),
    ("page is not", r#"[["is_not","page",["/page/7"]]]"#),
];

#[tokio::main]
async fn main() {
    let numbers: Vec<i64> = std::env::args()
        .filter_map(|arg| arg.parse().ok())
        .collect();
    let events = numbers.first().copied().unwrap_or(1_000_000);
    let days = numbers.get(1).copied().unwrap_or(365);
    let dir = tempfile::TempDir::new().expect("a folder for the bench");
    let started = Instant::now();
    let rows = rows::make(dir.path(), events, days);
    println!(
        "{rows} events over {days} days, made in {:.1?}",
        started.elapsed()
    );

    let mut options = DuckOptions::new(dir.path());
    options.memory_bytes = 2 << 30;
    let (store, _) = DuckStore::open(options).expect("an event store");
    let now = EpochMs(START + days * EpochMs::DAY - EpochMs::HOUR);
    if std::env::args().any(|arg| arg == "reference") {
        pages(&store, now, "unsealed", &FILTERS[..1], 1).await;
    }
    seal(&store, now).await;
    pages(&store, now, "sealed", &FILTERS, 5).await;
    for (name, filters) in FILTERS {
        overview(&store, now, name, filters).await;
    }
    store.close().await.expect("a closed store");
}

async fn seal(store: &DuckStore, now: EpochMs) {
    let started = Instant::now();
    let cpu = cpu_ms();
    let mut slowest = 0.0_f64;
    let mut passes = 0;
    loop {
        let pass = Instant::now();
        let sealed = store.seal(now.0).await.expect("a pass");
        slowest = slowest.max(pass.elapsed().as_secs_f64());
        passes += 1;
        if sealed.caught_up {
            break;
        }
    }
    let took = started.elapsed();
    store.checkpoint().await.expect("a checkpoint");
    let bytes = store.status().await.expect("a status").file_bytes;
    println!(
        "sealed in {took:.1?} ({:.1} s of CPU): {passes} passes, slowest {:.0} ms; file {} MB",
        (cpu_ms() - cpu) / 1000.0,
        slowest * 1000.0,
        bytes >> 20
    );
}

/// Prints how long a whole page takes, per period and filter.
async fn pages(store: &DuckStore, now: EpochMs, name: &str, filters: &[(&str, &str)], looks: u32) {
    for (filter_name, filter) in filters {
        for period in ["7d", "28d", "90d", "12mo", "all"] {
            let asked = page(period, filter, now, &PANELS);
            let ms = median(store, looks, &asked).await;
            println!("page, {name}, {filter_name:<14} {period:<5} {ms}");
        }
    }
}

/// Prints what each report of the whole overview takes over 90 days.
async fn overview(store: &DuckStore, now: EpochMs, name: &str, filters: &str) {
    let asked = page("90d", filters, now, &ALL_PANELS);
    let ms = median(store, 5, &asked).await;
    println!("overview and 8 breakdowns, {name:<14} 90d {ms}");
    for plan in asked {
        let one = vec![plan];
        let ms = median(store, 5, &one).await;
        println!("  {:<34} {ms}", name_of(&one[0]));
    }
}

fn name_of(plan: &ReportPlan) -> String {
    match plan.report {
        Report::Breakdown { dimension, .. } => format!("breakdown, {}", dimension.name()),
        _ => plan.report.name().to_owned(),
    }
}

/// The questions of one page.
fn page(period: &str, filters: &str, now: EpochMs, panels: &[&str]) -> Vec<ReportPlan> {
    let base = |extra: &[(&str, &str)]| -> Vec<(String, String)> {
        [("period", period), ("filters", filters)]
            .iter()
            .chain(extra)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    };
    let compare: &[_] = match period {
        "all" => &[],
        _ => &[("compare", "previous_period")],
    };
    let mut asked: Vec<_> = [Report::NAMES[0], "timeseries"]
        .iter()
        .map(|name| parse(name, &base(compare), SITE, &TimeZone::UTC, now))
        .collect();
    asked.extend(panels.iter().map(|panel| {
        let extra = [
            ("dimension", *panel),
            ("limit", "10"),
            ("metrics", "visitors,visits,bounce_rate"),
        ];
        parse("breakdown", &base(&extra), SITE, &TimeZone::UTC, now)
    }));
    asked
        .into_iter()
        .map(|plan| plan.expect("a valid question"))
        .collect()
}

/// Asks everything, two at a time.
async fn ask(store: &DuckStore, plans: &[ReportPlan]) {
    let answers = futures::stream::iter(plans.iter().map(|plan| store.run(plan)));
    let answers: Vec<_> = answers.buffer_unordered(2).collect().await;
    for answer in answers {
        answer.expect("an answer");
    }
}

/// Median of the time in milliseconds, and the mean of the processors' time.
async fn median(store: &DuckStore, looks: u32, plans: &[ReportPlan]) -> String {
    let mut times = Vec::new();
    let mut cpu = 0.0;
    for _ in 0..looks {
        rows::add_bot(store).await;
        let before = cpu_ms();
        let started = Instant::now();
        ask(store, plans).await;
        times.push(started.elapsed().as_secs_f64() * 1000.0);
        cpu += cpu_ms() - before;
    }
    times.sort_by(f64::total_cmp);
    let middle = times[times.len() / 2];
    format!("{middle:>9.1} ms {:>9.1} ms of CPU", cpu / f64::from(looks))
}

/// Time that this process used of all processors; 0 where it cannot be read.
fn cpu_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace();
    // User and system time, in hundredths of a second.
    fields
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum::<f64>()
        * 10.0
}
