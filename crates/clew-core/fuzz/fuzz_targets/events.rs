//! Any body at every door of every format: decoded, walked through the pipeline under every profile, encoded, decoded again.

#![no_main]

use clew_core::model::site::IpPolicy;
use clew_core::model::{EpochMs, EventId, Profile, SiteId, SiteKey, SitePolicy, StoredEvent};
use clew_core::geo::Atlas;
use clew_core::pipeline::{Context, DailySalt, Origin, Outcome, Resources, run_item};
use clew_core::wire::{Client, FORMATS, WireBatch, WireRequest, gif};
use libfuzzer_sys::fuzz_target;
use prost::Message as _;
use std::sync::LazyLock;

static RESOURCES: LazyLock<Resources> =
    LazyLock::new(|| Resources::load().expect("the vendored data is readable"));

fn site(profile: Profile) -> SitePolicy {
    SitePolicy {
        profile,
        ip: IpPolicy::Full,
        domains: vec!["shop.example".to_owned()],
        honour_dnt: true,
        query_allow: vec!["page".to_owned()],
        ..SitePolicy::strict(SiteId::from_u128(1))
    }
}

fn walk(batch: WireBatch, profile: Profile, user_agent: &str) {
    let site = site(profile);
    let client = Client {
        ip: [203, 0, 113, 9].into(),
        user_agent: user_agent.to_owned(),
        origin_host: None,
        language: String::new(),
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
        received: EpochMs(1_795_176_000_000),
        sent_at: batch.sent_at,
        salt: &DailySalt::new([1; 32]),
        site_key: &SiteKey::new([2; 32]),
        device: RESOURCES.device(user_agent),
        origin: Origin::look_up(&client, &site, &RESOURCES, &Atlas::default()),
        cookie_id: None,
        minted: EventId::from_u128(1),
        imported: None,
        resources: &RESOURCES,
    };
    for (index, item) in batch.items.into_iter().enumerate() {
        if let Outcome::Accepted(event) = run_item(item, index as u32, &ctx).outcome {
            let bytes = event.encode_to_vec();
            assert_eq!(StoredEvent::decode(bytes.as_slice()).as_ref(), Ok(&event));
            assert!(!event.ip.contains("203.0.113.9") || profile == Profile::Standard);
        }
    }
}

fuzz_target!(|body: &[u8]| {
    let text = String::from_utf8_lossy(body);
    for profile in [Profile::Gdpr, Profile::Exempt, Profile::Standard, Profile::Hipaa] {
        for format in FORMATS {
            for door in format.doors() {
                let minted = EventId::from_u128(1);
                let path = door.path;
                if let Ok(batch) = format.decode(&WireRequest { path, body, minted }) {
                    walk(batch, profile, "");
                }
            }
        }
        if let Ok(batch) = gif::decode(&text, None) {
            walk(batch, profile, &text);
        }
    }
});
