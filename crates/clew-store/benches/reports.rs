//! What a look at the dashboard costs, before and after sealing.
//!
//! `cargo bench --workspace --bench reports -- [events] [days] [reference]` (default 1,000,000 over
//! 365 days). The rows are made by the engine itself. A page is overview and series with
//! comparison and five breakdowns of ten rows, at most two at once; figures are medians of five
//! looks with two threads and 2 GB. `reference` also asks the events themselves, unsealed.

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
        "sealed in {took:.1?}: {passes} passes, slowest {:.0} ms; file {} MB",
        slowest * 1000.0,
        bytes >> 20
    );
}

/// Prints how long a whole page takes, per period and filter.
async fn pages(store: &DuckStore, now: EpochMs, name: &str, filters: &[(&str, &str)], looks: u32) {
    for (filter_name, filter) in filters {
        for period in ["7d", "28d", "90d", "12mo", "all"] {
            let asked = page(period, filter, now, &PANELS);
            let ms = median(looks, || ask(store, &asked)).await;
            println!("page, {name}, {filter_name:<14} {period:<5} {ms:>9.1} ms");
        }
    }
}

/// Prints what each report of the whole overview takes over 90 days.
async fn overview(store: &DuckStore, now: EpochMs, name: &str, filters: &str) {
    let asked = page("90d", filters, now, &ALL_PANELS);
    let ms = median(5, || ask(store, &asked)).await;
    println!("overview and 8 breakdowns, {name:<14} 90d {ms:>9.1} ms");
    for plan in asked {
        let one = vec![plan];
        let ms = median(5, || ask(store, &one)).await;
        println!("  {:<34} {ms:>9.1} ms", format!("{:?}", one[0].report));
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

async fn median<F: Future<Output = ()>>(looks: u32, look: impl Fn() -> F) -> f64 {
    let mut times = Vec::new();
    for _ in 0..looks {
        let started = Instant::now();
        look().await;
        times.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
