//! Suspicion: 0 where nothing speaks against a person, 100 where everything does.
//!
//! Says nothing about guilt: somebody behind a VPN in a rented browser is a person too. It orders
//! what a human looks at, and no number is ever changed by it.

use super::{Reason, Rule, applied, rule, sum};
use crate::model::{SetApart, Signal, Signals, StoredEvent};

/// Version of the rules that new events are rated by.
pub const VERSION: u32 = 1;

/// What the rules look at; all of it stands in the stored event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // Each is a fact of its own.
pub struct Facts {
    pub signals: Signals,
    pub is_bot: bool,
    /// Sent by an HTTP library.
    pub is_library: bool,
    pub blocked: bool,
    pub unverified_origin: bool,
}

impl Facts {
    pub fn of(event: &StoredEvent) -> Self {
        Self {
            signals: Signals(event.signals),
            is_bot: event.is_bot(),
            is_library: !event.is_bot() && event.bot_kind == "library",
            blocked: event.set_apart() == SetApart::Blocked,
            unverified_origin: event.unverified_origin,
        }
    }
}

/// Version 1.
const V1: &[Rule<Facts>] = &[
    rule("bot", 60, "Says itself that it is a program", |f| f.is_bot),
    rule("library", 25, "Sent by an HTTP library", |f| f.is_library),
    rule(
        "blocked",
        50,
        "The address is on the site's list of blocked ones",
        |f| f.blocked,
    ),
    rule(
        "datacenter",
        30,
        "The address belongs to a hosting provider (datacenter ASN)",
        |f| f.signals.has(Signal::Datacenter),
    ),
    rule("vpn", 10, "The address belongs to a known VPN", |f| {
        f.signals.has(Signal::Vpn)
    }),
    rule(
        "tor",
        40,
        "The address is an exit of the Tor network",
        |f| f.signals.has(Signal::Tor),
    ),
    rule("proxy", 25, "The address belongs to a known proxy", |f| {
        f.signals.has(Signal::Proxy)
    }),
    rule(
        "time_zone_mismatch",
        15,
        "The browser's time zone is not one of the address's country",
        |f| f.signals.has(Signal::TimeZoneMismatch),
    ),
    rule("headless", 40, "A browser without a screen", |f| {
        f.signals.has(Signal::Headless)
    }),
    rule("webdriver", 50, "A program steers the browser", |f| {
        f.signals.has(Signal::Webdriver)
    }),
    rule("no_language", 20, "A browser that names no language", |f| {
        f.signals.has(Signal::NoLanguage)
    }),
    rule(
        "hints_mismatch",
        35,
        "User agent and client hints contradict each other",
        |f| f.signals.has(Signal::HintsMismatch),
    ),
    rule(
        "unverified_origin",
        5,
        "No page vouched for the event",
        |f| f.unverified_origin,
    ),
];

fn rules(version: u32) -> Option<&'static [Rule<Facts>]> {
    (version == 1).then_some(V1)
}

/// The score by the newest rules.
pub fn score(facts: &Facts) -> u8 {
    sum(V1, facts)
}

/// Why a stored score is what it is; empty for version 0 (not rated) and for versions that this
/// build does not know.
pub fn reasons(version: u32, facts: &Facts) -> Vec<Reason> {
    rules(version).map_or_else(Vec::new, |rules| applied(rules, facts))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(signals: &[Signal]) -> Facts {
        let mut facts = Facts::default();
        for signal in signals {
            facts.signals.add(*signal);
        }
        facts
    }

    #[test]
    fn points_add_up_and_stop_at_100() {
        for (signals, points) in [
            (&[][..], 0),
            (&[Signal::Datacenter], 30),
            (&[Signal::Vpn, Signal::TimeZoneMismatch], 25),
            (
                &[Signal::Webdriver, Signal::Headless, Signal::Datacenter],
                100,
            ),
        ] {
            assert_eq!(score(&with(signals)), points, "{signals:?}");
        }
    }

    #[test]
    fn reasons_explain_exactly_the_score() {
        for bits in 0..1u32 << Signal::ALL.len() {
            let facts = Facts {
                signals: Signals(bits),
                is_library: bits % 3 == 0,
                blocked: bits % 5 == 0,
                ..Facts::default()
            };
            let sum: i32 = reasons(VERSION, &facts).iter().map(|r| r.points).sum();
            assert_eq!(i32::from(score(&facts)), sum.clamp(0, 100));
        }
        assert_eq!(reasons(0, &with(&[Signal::Tor])), []);
        assert_eq!(reasons(99, &with(&[Signal::Tor])), []);
    }

    #[test]
    fn every_signal_has_a_rule_of_its_own() {
        for signal in Signal::ALL {
            let reasons = reasons(VERSION, &with(&[*signal]));
            let codes: Vec<_> = reasons.iter().map(|reason| reason.code).collect();
            assert_eq!(codes, [signal.code()]);
        }
    }
}
