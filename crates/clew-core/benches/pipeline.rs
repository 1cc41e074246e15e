//! `cargo bench -p clew-core --bench pipeline`: what reading and walking an event costs.
//!
//! Prints medians over many rounds; a figure to read, never a timed test.

use clew_core::geo::Atlas;
use clew_core::model::site::IpPolicy;
use clew_core::model::{EpochMs, EventId, SiteId, SiteKey, SitePolicy};
use clew_core::pipeline::{
    Context, DailySalt, DeviceParser, Origin, Outcome, RegexDevices, Resources, run_item,
};
use clew_core::wire::clew::Clew;
use clew_core::wire::{Client, WireBatch, WireFormat as _};
use prost::Message as _;
use std::hint::black_box;
use std::time::Instant;

const UA: &str = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36";
const NOW: EpochMs = EpochMs(1_795_176_000_000);
const ROUNDS: usize = 2_000;

fn event(n: usize) -> String {
    format!(
        r#"{{"id":"0199aaaa-0000-7000-8000-{n:012x}","type":"pageview","t":{},"seq":{n},"url":"https://shop.example/shoes/{n}?utm_source=news&utm_medium=email&utm_campaign=spring&gclid=abc{n}&x=1","title":"Red shoes and more, page {n}","referrer":"https://www.google.com/search","screen":"1920x1080","viewport":"1280x720","tz":"Europe/Vienna","visitor_id":"0199aaaa-0000-7000-8000-00000000000a","session_id":"0199aaaa-0000-7000-8000-00000000000b","props":{{"plan":"pro","size":42}}}}"#,
        NOW.0 - 1000
    )
}

fn body(events: usize) -> String {
    let events: Vec<_> = (0..events).map(event).collect();
    format!(
        r#"{{"site_id":"5b0f2a8e-3f4c-4d7e-9a51-1f6b2c3d4e5f","sent_at":{},"consent":{{"analytics":true}},"events":[{}]}}"#,
        NOW.0,
        events.join(",")
    )
}

/// Median of `ROUNDS` measurements of `work`, in microseconds per one of `units`.
fn median(units: usize, mut work: impl FnMut()) -> f64 {
    let mut times: Vec<_> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[ROUNDS / 2].as_secs_f64() * 1e6 / units as f64
}

fn rss_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

fn walk(batch: WireBatch, ctx: &Context<'_>) -> usize {
    let outcomes = batch.items.into_iter().zip(0..);
    outcomes
        .map(|(item, index)| match run_item(item, index, ctx) {
            Outcome::Accepted(event) => event.encode_to_vec().len(),
            other => unreachable!("{other:?}"),
        })
        .sum()
}

fn main() {
    let before = rss_kb();
    let start = Instant::now();
    let resources = Resources::load().expect("the vendored data is readable");
    println!(
        "load look-up data            {:>9.1} ms",
        start.elapsed().as_secs_f64() * 1e3
    );
    println!("  its resident memory        {:>9} kB", rss_kb() - before);
    let site = SitePolicy {
        ip: IpPolicy::Hmac,
        domains: vec!["shop.example".to_owned()],
        query_allow: vec!["page".to_owned()],
        ..SitePolicy::strict(SiteId::from_u128(1))
    };
    let client = Client {
        ip: [203, 0, 113, 9].into(),
        user_agent: UA.to_owned(),
        origin_host: Some("shop.example".to_owned()),
        language: "de-AT".to_owned(),
        gpc: false,
        dnt: false,
        trusted: false,
        hints: None,
        place: None,
        tor: false,
    };
    let ctx = Context {
        site: &site,
        client: &client,
        format: "clew",
        received: NOW,
        sent_at: Some(NOW),
        salt: &DailySalt::new([1; 32]),
        site_key: &SiteKey::new([2; 32]),
        device: resources.device_of(&client),
        origin: Origin::look_up(&client, &site, &resources, &Atlas::default()),
        cookie_id: None,
        minted: EventId::from_u128(1),
        imported: None,
        resources: &resources,
    };
    for events in [1, 50] {
        let body = body(events);
        let decode = median(events, || {
            black_box(Clew.decode(body.as_bytes()).expect("good"));
        });
        let all = median(events, || {
            let batch = Clew.decode(body.as_bytes()).expect("good");
            black_box(walk(batch, &ctx));
        });
        println!(
            "batch of {events:>2}: decode           {decode:>9.2} µs/event ({} B)",
            body.len() / events
        );
        println!("batch of {events:>2}: + stages + encode {all:>8.2} µs/event");
    }
    let spoiled = body(50).replacen("\"seq\":25", "\"seq\":\"x\"", 1);
    let decode = median(50, || {
        black_box(Clew.decode(spoiled.as_bytes()).expect("readable"));
    });
    println!("one bad item in 50: decode   {decode:>9.2} µs/event");
    println!(
        "user agent, cached           {:>9.2} µs",
        median(1, || {
            black_box(resources.device(black_box(UA)));
        })
    );
    let devices = RegexDevices::load().expect("the vendored data is readable");
    let start = Instant::now();
    black_box(devices.parse(UA));
    println!(
        "user agent, first ever       {:>9.2} µs",
        start.elapsed().as_secs_f64() * 1e6
    );
    println!(
        "user agent, uncached         {:>9.2} µs",
        median(1, || {
            black_box(devices.parse(black_box(UA)));
        })
    );
}
