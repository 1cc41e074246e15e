//! The two scores of a visitor, from what its events say.

use clew_core::model::StoredEvent;
use clew_core::scoring::{Reason, engagement, suspicion};
use clew_core::session::PAGEVIEW;

/// By the rules of `clew_core::scoring`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    pub score: u8,
    /// Of the rules; 0: not rated.
    pub version: u32,
    pub reasons: Vec<Reason>,
}

/// How much the visitor has shown to care.
pub(super) fn engagement_of(events: &[StoredEvent], visits: usize, identified: bool) -> Score {
    let counting = || events.iter().filter(|event| event.counts());
    let of_type = |types: &[&str]| {
        let found = counting().filter(|event| types.contains(&event.event_type.as_str()));
        number(found.count())
    };
    let engaged_ms: u64 = counting().map(|event| u64::from(event.engaged_ms)).sum();
    let facts = engagement::Facts {
        visits: number(visits),
        pageviews: of_type(&[PAGEVIEW]),
        engaged_seconds: u32::try_from(engaged_ms / 1_000).unwrap_or(u32::MAX),
        scroll_percent: counting().map(|e| e.scroll_percent).max().unwrap_or(0),
        forms_started: of_type(&["form_start"]),
        forms_submitted: of_type(&["form_submit"]),
        downloads: of_type(&["download"]),
        purchases: number(counting().filter(|event| event.value_minor > 0).count()),
        identified,
    };
    Score {
        score: engagement::score(&facts),
        version: engagement::VERSION,
        reasons: engagement::reasons(engagement::VERSION, &facts),
    }
}

/// What speaks against a person: that of the worst event, bots' and set-apart ones included, as it
/// was rated at the edge.
pub(super) fn suspicion_of(events: &[StoredEvent]) -> Score {
    let rated = events.iter().filter(|event| event.suspicion_rules > 0);
    let worst = rated.max_by_key(|event| (event.suspicion, event.time_ms));
    worst.map_or_else(Score::default, |event| {
        let version = event.suspicion_rules;
        Score {
            score: u8::try_from(event.suspicion.min(100)).unwrap_or(100),
            version,
            reasons: suspicion::reasons(version, &suspicion::Facts::of(event)),
        }
    })
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clew_core::model::{Signal, Signals};

    fn event(kind: &str) -> StoredEvent {
        StoredEvent {
            event_type: kind.into(),
            ..StoredEvent::default()
        }
    }

    fn codes(score: &Score) -> Vec<&str> {
        score.reasons.iter().map(|reason| reason.code).collect()
    }

    #[test]
    fn what_a_visitor_did_makes_the_engagement() {
        let engaged = StoredEvent {
            engaged_ms: 45_000,
            scroll_percent: 80,
            ..event("engagement")
        };
        let bought = StoredEvent {
            value_minor: 1_999,
            ..event("custom")
        };
        let bot = StoredEvent {
            bot: "Crawler".into(),
            ..event("download")
        };
        let events = [
            event(PAGEVIEW),
            event(PAGEVIEW),
            engaged,
            event("form_submit"),
            bought,
            bot,
        ];
        let score = engagement_of(&events, 2, true);
        let expected = [
            "second_page",
            "engaged",
            "scrolled",
            "returned",
            "form_started",
            "form_submitted",
            "identified",
            "purchased",
        ];
        assert_eq!(codes(&score), expected);
        let points: i32 = score.reasons.iter().map(|reason| reason.points).sum();
        assert_eq!(
            (i32::from(score.score), score.version),
            (points, engagement::VERSION)
        );
        assert_eq!(engagement_of(&[], 0, false).score, 0);
    }

    #[test]
    fn the_worst_event_makes_the_suspicion_and_says_why() {
        let mut signals = Signals::default();
        signals.add(Signal::Datacenter);
        let rated = |suspicion, signals: Signals| StoredEvent {
            suspicion,
            signals: signals.0,
            suspicion_rules: 1,
            ..event(PAGEVIEW)
        };
        let events = [
            rated(0, Signals::default()),
            rated(30, signals),
            event(PAGEVIEW),
        ];
        let score = suspicion_of(&events);
        assert_eq!((score.score, score.version), (30, 1));
        assert_eq!(codes(&score), ["datacenter"]);
        assert_eq!(suspicion_of(&[event(PAGEVIEW)]), Score::default());
    }
}
