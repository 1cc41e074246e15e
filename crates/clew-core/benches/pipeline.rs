//! `cargo bench -p clew-core --bench pipeline`: what reading and walking an event costs.
//!
//! Prints medians over many rounds; a figure to read, never a timed test.

use clew_core::geo::{Atlas, Database};
use clew_core::model::site::IpPolicy;
use clew_core::model::{EpochMs, EventId, SiteId, SiteKey, SitePolicy};
use clew_core::pipeline::{
    Context, DailySalt, DeviceParser, Origin, Outcome, RegexDevices, Resources, run_item,
};
use clew_core::wire::clew::decode_batch;
use clew_core::wire::{Client, Hints, WireBatch};
use flate2::read::GzDecoder;
use prost::Message as _;
use std::hint::black_box;
use std::io::Read as _;
use std::sync::Arc;
use std::time::Instant;

const UA: &str = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36";
const NOW: EpochMs = EpochMs(1_795_176_000_000);
const ROUNDS: usize = 2_000;
const VISITS: usize = 200_000;
const PLACES: &[u8] = include_bytes!("../../../fixtures/geo/places.mmdb");
const NETWORKS: &[u8] = include_bytes!("../../../fixtures/geo/networks.mmdb");
const BROWSERS: &[u8] = include_bytes!("../../../fixtures/user-agents/browsers.txt.gz");

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
        .map(|(item, index)| match run_item(item, index, ctx).outcome {
            Outcome::Accepted(event) => event.encode_to_vec().len(),
            other => unreachable!("{other:?}"),
        })
        .sum()
}

fn atlas() -> Atlas {
    let open = |bytes: &[u8]| Database::read(bytes.to_vec()).ok().map(Arc::new);
    Atlas::new(open(PLACES), open(NETWORKS))
}

/// What a Chromium browser states with every request.
fn hints() -> Hints {
    Hints {
        brand: "Google Chrome".to_owned(),
        brand_version: "142".to_owned(),
        chromium: "142".to_owned(),
        platform: "Android".to_owned(),
        mobile: Some(true),
        ..Hints::default()
    }
}

/// Visitors whose user agents are as unevenly spread as words are (Zipf), over every real one that
/// the fixtures have: the cache's hit ratio.
fn cache_of_a_mix(resources: &Resources) {
    let mut text = String::new();
    let read = GzDecoder::new(BROWSERS).read_to_string(&mut text);
    let agents: Vec<_> = text.lines().collect();
    if read.is_err() || agents.is_empty() {
        return println!("the fixtures cannot be read");
    }
    let before = resources.device_stats();
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let start = Instant::now();
    for _ in 0..VISITS {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let share = (random >> 11) as f64 / (1u64 << 53) as f64;
        let rank = (agents.len() as f64).powf(share) as usize - 1;
        // Which user agent has which rank does not matter, as long as it stays.
        black_box(resources.device(agents[rank * 7919 % agents.len()]));
    }
    let spent = start.elapsed().as_secs_f64() * 1e6 / VISITS as f64;
    let after = resources.device_stats();
    let (hits, misses) = (after.hits - before.hits, after.misses - before.misses);
    println!(
        "{VISITS} visits with {} user agents: cache hit ratio {:.2} %, {spent:.2} µs each",
        agents.len(),
        100.0 * hits as f64 / (hits + misses) as f64
    );
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
        hints: Some(Box::new(hints())),
        place: None,
        tor: false,
    };
    let atlas = atlas();
    let (salt, site_key) = (DailySalt::new([1; 32]), SiteKey::new([2; 32]));
    // Everything that a request looks up once for all of its events.
    let context = || Context {
        site: &site,
        client: &client,
        format: "clew",
        received: NOW,
        sent_at: Some(NOW),
        salt: &salt,
        site_key: &site_key,
        device: resources.device_of(&client),
        origin: Origin::look_up(&client, &site, &resources, &atlas),
        cookie_id: None,
        minted: EventId::from_u128(1),
        imported: None,
        resources: &resources,
    };
    for events in [1, 50] {
        let body = body(events);
        let decode = median(events, || {
            black_box(decode_batch(body.as_bytes()).expect("good"));
        });
        let all = median(events, || {
            let batch = decode_batch(body.as_bytes()).expect("good");
            black_box(walk(batch, &context()));
        });
        println!(
            "batch of {events:>2}: decode           {decode:>9.2} µs/event ({} B)",
            body.len() / events
        );
        println!("batch of {events:>2}: + stages + encode {all:>8.2} µs/event");
    }
    let spoiled = body(50).replacen("\"seq\":25", "\"seq\":\"x\"", 1);
    let decode = median(50, || {
        black_box(decode_batch(spoiled.as_bytes()).expect("readable"));
    });
    println!("one bad item in 50: decode   {decode:>9.2} µs/event");
    println!(
        "look-ups of a request        {:>9.2} µs",
        median(1, || {
            black_box(context());
        })
    );
    println!(
        "user agent, cached           {:>9.2} µs",
        median(1, || {
            black_box(resources.device(black_box(UA)));
        })
    );
    cache_of_a_mix(&resources);
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
