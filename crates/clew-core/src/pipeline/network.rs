//! Network: whose address it is, what speaks for or against a person behind it, and whether the
//! site's own lists set the event apart.
//!
//! Owns asn, network, signals, `set_apart` and the suspicion score. An address that the site has
//! whitelisted is not rated; an imported event is not either, its address is not at hand.

use super::{BotKind, Context, Flow, RequestEvent};
use crate::model::{IpListing, SetApart, Signal, Signals};
use crate::scoring::suspicion;

pub(super) fn stage(event: &mut RequestEvent, ctx: &Context<'_>) -> Flow {
    if ctx.imported.is_some() {
        return Flow::Continue;
    }
    let signals = signals(event, ctx);
    let draft = &mut event.draft;
    if ctx.site.profile.keeps_network() {
        draft.asn = ctx.origin.asn;
        draft.network.clone_from(&ctx.origin.network);
    }
    draft.signals = signals.0;
    draft.set_set_apart(match ctx.origin.listing {
        Some(IpListing::Blocked) => SetApart::Blocked,
        Some(IpListing::Testing) => SetApart::Testing,
        Some(IpListing::Whitelisted) | None => SetApart::No,
    });
    if ctx.origin.listing != Some(IpListing::Whitelisted) {
        let facts = suspicion::Facts::of(draft);
        draft.suspicion = u32::from(suspicion::score(&facts));
        draft.suspicion_rules = suspicion::VERSION;
    }
    Flow::Continue
}

fn signals(event: &RequestEvent, ctx: &Context<'_>) -> Signals {
    let mut signals = ctx.origin.signals;
    let device = &ctx.device;
    let place = &ctx.origin.place;
    if !place.country.is_empty()
        && !ctx
            .resources
            .zones
            .fits(&event.draft.time_zone, &place.country)
    {
        signals.add(Signal::TimeZoneMismatch);
    }
    let bot = device.bot.as_ref();
    let headless = |name: &str| name.contains("Headless") || name.contains("PhantomJS");
    if bot.is_some_and(|bot| bot.kind == BotKind::Automation && headless(&bot.name)) {
        signals.add(Signal::Headless);
    }
    if event.wire.webdriver {
        signals.add(Signal::Webdriver);
    }
    // Programs say so; this is about those that claim to be a browser.
    if bot.is_none() && !device.os.is_empty() && ctx.client.language.is_empty() {
        signals.add(Signal::NoLanguage);
    }
    if device.contradicted {
        signals.add(Signal::HintsMismatch);
    }
    signals
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::testing;
    use crate::model::Profile::{Exempt, Gdpr, Hipaa, Standard};
    use crate::model::{Profile, StoredEvent};
    use crate::pipeline::tests::{Request, pageview};
    use crate::pipeline::{NotCounted, Outcome};
    use crate::wire::{Hints, WireEvent};

    /// Whatever becomes of it, what is stored.
    fn stored(request: &Request, event: WireEvent) -> StoredEvent {
        match request.run(event) {
            Outcome::Accepted(stored)
            | Outcome::NotCounted {
                keep: Some(stored), ..
            } => stored,
            other => panic!("{other:?}"),
        }
    }

    fn page() -> WireEvent {
        WireEvent {
            time_zone: Some("Europe/Vienna".to_owned()),
            ..pageview("https://shop.example/")
        }
    }

    fn request(profile: Profile) -> Request {
        let mut request = Request::new(profile).shipped();
        request.atlas = testing::atlas();
        request.client.ip = testing::VIENNA;
        request
    }

    #[test]
    fn a_person_at_home_has_no_signals_and_no_suspicion() {
        let event = stored(&request(Gdpr), page());
        assert_eq!((event.asn, event.network.as_str()), (64_500, "Example Net"));
        assert_eq!(Signals(event.signals).iter().count(), 0);
        assert_eq!(
            (event.suspicion, event.suspicion_rules),
            (0, suspicion::VERSION)
        );
    }

    #[test]
    fn every_signal_has_its_cause() {
        type Change = fn(&mut Request, &mut WireEvent);
        let cases: &[(Signal, Change)] = &[
            (Signal::Datacenter, |r, _| {
                r.client.ip = "52.95.110.1".parse().unwrap();
            }),
            (Signal::Tor, |r, _| r.client.tor = true),
            (Signal::TimeZoneMismatch, |_, e| {
                e.time_zone = Some("Asia/Tokyo".to_owned());
            }),
            (Signal::Headless, |r, _| {
                r.client.user_agent = r.client.user_agent.replace("Chrome/", "HeadlessChrome/");
            }),
            (Signal::Webdriver, |_, e| e.webdriver = true),
            (Signal::NoLanguage, |r, _| r.client.language.clear()),
            (Signal::HintsMismatch, |r, _| {
                r.client.hints = Some(Box::new(Hints {
                    platform: "Windows".to_owned(),
                    ..Hints::default()
                }));
            }),
        ];
        for (signal, change) in cases {
            let (mut request, mut event) = (request(Gdpr), page());
            change(&mut request, &mut event);
            let stored = stored(&request, event);
            let found: Vec<_> = Signals(stored.signals).iter().collect();
            assert_eq!(found, [*signal]);
            assert!(stored.suspicion > 0, "{signal:?}");
        }
    }

    #[test]
    fn listed_addresses_are_set_apart_or_not_rated() {
        type Change = fn(&mut Request, Vec<ipnet::IpNet>);
        let net = || vec!["203.0.113.0/24".parse().unwrap()];
        let cases: &[(Change, Option<NotCounted>, bool)] = &[
            (
                |r, net| r.site.ip_lists.blocked = net,
                Some(NotCounted::BlockedIp),
                true,
            ),
            (
                |r, net| r.site.ip_lists.testing = net,
                Some(NotCounted::TestingIp),
                true,
            ),
            (|r, net| r.site.ip_lists.whitelisted = net, None, false),
        ];
        for (change, reason, rated) in cases {
            let mut request = request(Gdpr);
            change(&mut request, net());
            let (got, event) = match request.run(page()) {
                Outcome::Accepted(event) => (None, event),
                Outcome::NotCounted {
                    reason,
                    keep: Some(event),
                } => (Some(reason), event),
                other => panic!("{other:?}"),
            };
            assert_eq!(got, *reason);
            assert_eq!(event.counts(), reason.is_none());
            assert_eq!(event.suspicion_rules > 0, *rated);
        }
    }

    #[test]
    fn the_network_is_kept_where_the_profile_allows_it() {
        for (profile, kept) in [
            (Gdpr, true),
            (Standard, true),
            (Exempt, false),
            (Hipaa, false),
        ] {
            let event = stored(&request(profile), page());
            assert_eq!(
                (event.asn > 0, !event.network.is_empty()),
                (kept, kept),
                "{profile:?}"
            );
        }
    }
}
