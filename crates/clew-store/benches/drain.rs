//! How fast a prefilled journal drains into the event store.
//!
//! `cargo bench -p clew-store --bench drain [-- <events>]`. Payloads lie encoded in memory, so the
//! figure holds protobuf decoding, record batches, commit and fsync, but not reading the journal.
//! The target is 100,000 rows per second on two cores.

#![allow(
    clippy::unwrap_used,
    reason = "a benchmark may stop at the first error"
)]

use clew_core::model::{EventId, StoredBatch, StoredEvent, VisitorId};
use clew_store::events::{DuckOptions, DuckStore, EventStore, Projection};
use prost::Message as _;
use std::time::{Duration, Instant};

const SITE: [u8; 16] = [7; 16];
const EVENTS_PER_RECORD: u64 = 50;
/// 2026-01-01T00:00:00Z.
const START: i64 = 1_767_225_600_000;

fn main() {
    let asked = std::env::args().skip(1).find_map(|arg| arg.parse().ok());
    let events: u64 = asked.unwrap_or(1_000_000);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    for rows in [2_048, 8_192] {
        runtime.block_on(drain(events, rows));
    }
}

async fn drain(events: u64, rows_per_commit: usize) {
    let dir = tempfile::TempDir::new().unwrap();
    let without = resident();
    let (store, _) = DuckStore::open(DuckOptions::new(dir.path())).unwrap();
    let opened = resident().saturating_sub(without);
    let records: Vec<_> = (0..events / EVENTS_PER_RECORD).map(payload).collect();
    let before = resident();
    let started = Instant::now();
    let mut slowest = Duration::ZERO;
    let mut records = (1..).zip(&records).peekable();
    let mut cursor = 0;
    let mut written = 0;
    let mut in_flight: Option<tokio::task::JoinHandle<(u64, Duration)>> = None;
    while records.peek().is_some() || in_flight.is_some() {
        // The next projection is decoded while the last one is being committed.
        let mut projection = Projection::continuing(cursor);
        while projection.rows() < rows_per_commit {
            let Some((lsn, payload)) = records.next() else {
                break;
            };
            projection.push(lsn, 1, 1, START, SITE, payload).unwrap();
        }
        cursor = projection.cursor;
        if let Some(task) = in_flight.take() {
            let (rows, took) = task.await.unwrap();
            written += rows;
            slowest = slowest.max(took);
        }
        if !projection.is_empty() {
            let store = store.clone();
            in_flight = Some(tokio::spawn(async move {
                let started = Instant::now();
                let appended = store.append(projection).await.unwrap();
                (appended.rows, started.elapsed())
            }));
        }
    }
    let took = started.elapsed();
    let wal = store.status().await.unwrap().wal_bytes;
    let checkpoint = Instant::now();
    store.checkpoint().await.unwrap();
    let status = store.status().await.unwrap();
    assert_eq!(status.events, written);
    println!(
        "drain rows_per_commit={rows_per_commit} rows={written} rows_per_second={:.0} \
         slowest_commit_ms={:.1} log_mib={} checkpoint_ms={} file_mib={} open_mib={} drain_mib={}",
        written as f64 / took.as_secs_f64(),
        slowest.as_secs_f64() * 1e3,
        wal >> 20,
        checkpoint.elapsed().as_millis(),
        status.file_bytes >> 20,
        opened >> 10,
        resident().saturating_sub(before) >> 10,
    );
    store.close().await.unwrap();
}

/// One batch as the journal holds it.
fn payload(record: u64) -> Vec<u8> {
    let events = (0..EVENTS_PER_RECORD).map(|n| event(record * EVENTS_PER_RECORD + n));
    let batch = StoredBatch {
        events: events.collect(),
        ..StoredBatch::default()
    };
    batch.encode_to_vec()
}

/// A page view or custom event with about thirty fields filled, like a campaign visitor's.
fn event(n: u64) -> StoredEvent {
    let mixed = n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let pick = |from: &[&str]| from[(mixed >> 40) as usize % from.len()].to_owned();
    let path = format!("/articles/{}/{}", mixed % 40, mixed % 900);
    let mut event = StoredEvent {
        event_id: EventId::from_u128(u128::from(mixed) << 64 | u128::from(n)),
        visitor_id: VisitorId::from_u128(u128::from(mixed % 100_000) << 70 | 5),
        time_ms: START + n as i64 * 37,
        client_time_ms: START + n as i64 * 37 - 120,
        sequence: (n % 30) as u32,
        event_type: pick(&["pageview", "pageview", "pageview", "engagement", "custom"]),
        engaged_ms: (mixed % 30_000) as u32,
        scroll_percent: (mixed % 101) as u32,
        url: format!("https://shop.example{path}"),
        hostname: "shop.example".into(),
        path,
        title: format!("Article {} of the shop", mixed % 900),
        source: pick(&["Google", "newsletter", "ChatGPT", ""]),
        medium: pick(&["organic", "email", "referral", ""]),
        channel: pick(&["Organic Search", "Email", "AI Assistants", "Direct"]),
        utm_campaign: pick(&["spring", "", "", ""]),
        browser: pick(&["Chrome", "Firefox", "Safari"]),
        browser_version: pick(&["142", "145", "26.1"]),
        os: pick(&["Windows", "Android", "iOS", "GNU/Linux"]),
        os_version: pick(&["11", "16", "26"]),
        device: pick(&["desktop", "mobile"]),
        screen: pick(&["1920x1080", "390x844"]),
        viewport: pick(&["1903x969", "390x664"]),
        language: pick(&["de-AT", "en-US", "fr-FR"]),
        time_zone: pick(&["Europe/Vienna", "America/New_York"]),
        country: pick(&["AT", "US", "FR"]),
        ..StoredEvent::default()
    };
    if n.is_multiple_of(4) {
        event.props.insert("variant".into(), pick(&["a", "b"]));
        event
            .numbers
            .insert("price".into(), (mixed % 10_000) as f64 / 100.0);
    }
    event
}

/// Resident memory of this process, KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok())
        .unwrap_or(0)
}
