//! The numbers a report can show, and how each follows from integer counts.
//!
//! A store delivers a [`Tally`] of integers; every ratio and rounding happens here, so two
//! engines cannot differ in a digit. A new metric is one variant and one clause per function.

use super::table::Value;

macro_rules! metrics {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// A number over events or visits.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Metric { $($(#[$doc])* $variant,)* }

        impl Metric {
            /// All metrics, in the order in which they are documented.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name used in parameters and answers.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

metrics! {
    /// Distinct visitors with an interaction in the range.
    Visitors = "visitors",
    /// Sessions that began in the range.
    Visits = "visits",
    /// Events of type `pageview`.
    Pageviews = "pageviews",
    /// Interactions of any type, page views included.
    Events = "events",
    /// Share of visits with at most one page view and no other action, in percent.
    BounceRate = "bounce_rate",
    /// Mean time between the first and the last sign of life of a visit, in seconds.
    VisitDuration = "visit_duration",
    /// Page views of those visits, per visit.
    ViewsPerVisit = "views_per_visit",
    /// Time in which pages were really in use, in seconds.
    EngagementTime = "engagement_time",
    /// Engagement time per page view, in seconds.
    TimeOnPage = "time_on_page",
    /// Mean of the deepest scroll position per visit and page, in percent.
    ScrollDepth = "scroll_depth",
}

impl Metric {
    /// What a report shows when nothing is asked for.
    pub const DEFAULT: &'static [Self] = &[
        Self::Visitors,
        Self::Visits,
        Self::Pageviews,
        Self::Events,
        Self::BounceRate,
        Self::VisitDuration,
        Self::ViewsPerVisit,
        Self::EngagementTime,
    ];

    /// Whether the metric needs sessions to be computed.
    pub const fn needs_visits(self) -> bool {
        matches!(
            self,
            Self::Visits | Self::BounceRate | Self::VisitDuration | Self::ViewsPerVisit
        )
    }

    /// The number, from counts. Ratios without a denominator are null: no visit has no bounce rate.
    pub fn of(self, tally: &Tally) -> Value {
        match self {
            Self::Visitors => count(tally.visitors),
            Self::Visits => count(tally.visits),
            Self::Pageviews => count(tally.pageviews),
            Self::Events => count(tally.events),
            Self::BounceRate => ratio(tally.bounces * 100, tally.visits, 2),
            Self::VisitDuration => ratio(tally.duration_ms, tally.visits * 1000, 1),
            Self::ViewsPerVisit => ratio(tally.visit_pageviews, tally.visits, 2),
            Self::EngagementTime => ratio(tally.engaged_ms, 1000, 1),
            Self::TimeOnPage => ratio(tally.engaged_ms, tally.pageviews * 1000, 1),
            Self::ScrollDepth => ratio(tally.scroll_sum, tally.scroll_pages, 1),
        }
    }
}

/// The integers from which every metric follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Distinct visitor ids of interactions.
    pub visitors: u64,
    /// Sessions that began in the range.
    pub visits: u64,
    pub pageviews: u64,
    /// Interactions.
    pub events: u64,
    /// Visits that bounced.
    pub bounces: u64,
    /// Sum of the visits' durations.
    pub duration_ms: u64,
    /// Page views of the visits counted in `visits`, whenever they happened.
    pub visit_pageviews: u64,
    /// Sum of engaged time of all events.
    pub engaged_ms: u64,
    /// Sum over (visit, page) of the deepest scroll position.
    pub scroll_sum: u64,
    /// Number of (visit, page) pairs that reported a scroll position.
    pub scroll_pages: u64,
}

fn count(n: u64) -> Value {
    Value::Int(i64::try_from(n).unwrap_or(i64::MAX))
}

/// `numerator / denominator`, rounded half away from zero to `digits` decimals.
fn ratio(numerator: u64, denominator: u64, digits: u32) -> Value {
    if denominator == 0 {
        return Value::Null;
    }
    let scale = 10u128.pow(digits);
    let doubled = u128::from(numerator) * scale * 2 + u128::from(denominator);
    let scaled = doubled / (u128::from(denominator) * 2);
    Value::Float(scaled as f64 / scale as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_without_visits_is_null_not_zero() {
        assert_eq!(Metric::BounceRate.of(&Tally::default()), Value::Null);
        assert_eq!(Metric::Visits.of(&Tally::default()), Value::Int(0));
    }

    #[test]
    fn ratios_round_half_up_at_their_last_digit() {
        let tally = Tally {
            visits: 3,
            bounces: 1,
            duration_ms: 100_000,
            visit_pageviews: 8,
            ..Tally::default()
        };
        assert_eq!(Metric::BounceRate.of(&tally), Value::Float(33.33));
        assert_eq!(Metric::VisitDuration.of(&tally), Value::Float(33.3));
        assert_eq!(Metric::ViewsPerVisit.of(&tally), Value::Float(2.67));
    }

    #[test]
    fn every_name_reads_back() {
        for metric in Metric::ALL {
            assert_eq!(Metric::from_name(metric.name()), Some(*metric));
        }
    }
}
