//! Conversions by what led to them: the attribution report without its stores.
//!
//! Everything is added up in millionths and minor units and divided at the very end by whoever
//! shows it, so the rows of a report make its total to the last cent. Currencies are never added
//! to one another.

use super::{LOOK_BACK_MS, Model, Touch, apportion, credit};
use crate::model::EpochMs;
use std::collections::BTreeMap;

/// By which part of a touch rows are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Facet {
    Channel,
    Source,
    Campaign,
}

impl Facet {
    pub const ALL: [Self; 3] = [Self::Channel, Self::Source, Self::Campaign];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Channel => "channel",
            Self::Source => "source",
            Self::Campaign => "campaign",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|facet| facet.name() == name)
    }

    /// Empty: the touch has none.
    pub fn of(self, touch: &Touch) -> &str {
        match self {
            Self::Channel => &touch.channel,
            Self::Source => &touch.source,
            Self::Campaign => &touch.campaign,
        }
    }
}

/// One conversion and what it brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Converted {
    pub at: EpochMs,
    /// Minor units; 0 without revenue.
    pub value_minor: i64,
    pub currency: String,
}

/// Credit of one value, or of nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credit {
    /// Conversions, in millionths.
    pub millionths: u64,
    /// Minor units by currency.
    pub revenue: BTreeMap<String, i64>,
}

/// The report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub by_value: BTreeMap<String, Credit>,
    /// Of conversions that nothing led to, as far as policy lets us know.
    pub unattributed: Credit,
    pub conversions: u64,
}

impl Tally {
    /// Adds a conversion of somebody whom this thread of touches brought.
    pub fn add(&mut self, model: Model, facet: Facet, converted: &Converted, thread: &[Touch]) {
        self.conversions += 1;
        let shares = credit(model, thread, converted.at, LOOK_BACK_MS);
        if shares.is_empty() {
            self.unattributed
                .add(u64::from(super::WHOLE), converted, converted.value_minor);
            return;
        }
        let weights: Vec<u64> = shares.iter().map(|s| u64::from(s.millionths)).collect();
        let revenue = apportion(converted.value_minor, &weights);
        for (share, part) in shares.iter().zip(revenue) {
            if share.millionths > 0 || part != 0 {
                let value = facet.of(share.touch).to_owned();
                let of_value = self.by_value.entry(value).or_default();
                of_value.add(u64::from(share.millionths), converted, part);
            }
        }
    }

    /// Values with their credit, the most credited first.
    pub fn rows(&self) -> Vec<(&str, &Credit)> {
        let mut rows: Vec<_> = self.by_value.iter().map(|(v, c)| (v.as_str(), c)).collect();
        rows.sort_by(|a, b| b.1.millionths.cmp(&a.1.millionths).then(a.0.cmp(b.0)));
        rows
    }
}

impl Credit {
    fn add(&mut self, millionths: u64, converted: &Converted, part: i64) {
        self.millionths += millionths;
        if part != 0 {
            let sum = self.revenue.entry(converted.currency.clone()).or_default();
            *sum = sum.saturating_add(part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{EventId, VisitorId};
    use proptest::prelude::*;

    fn touch(day: i64, channel: &str) -> Touch {
        Touch {
            at: EpochMs(day * EpochMs::DAY),
            event: EventId::from_u128(day as u128),
            visitor: VisitorId::from_u128(1),
            source: channel.to_lowercase(),
            medium: String::new(),
            campaign: String::new(),
            content: String::new(),
            term: String::new(),
            channel: channel.into(),
            click_id_kind: String::new(),
            click_id: String::new(),
            referrer_host: String::new(),
            landing_path: String::new(),
        }
    }

    fn bought(day: i64, value_minor: i64, currency: &str) -> Converted {
        Converted {
            at: EpochMs(day * EpochMs::DAY),
            value_minor,
            currency: currency.into(),
        }
    }

    #[test]
    fn conversions_and_revenue_are_credited_to_the_cent() {
        let thread = [
            touch(1, "Email"),
            touch(2, "Paid Search"),
            touch(3, "Email"),
        ];
        let mut tally = Tally::default();
        let (model, facet) = (Model::Linear, Facet::Channel);
        tally.add(model, facet, &bought(4, 100, "EUR"), &thread);
        tally.add(model, facet, &bought(4, 500, "JPY"), &thread[1..2]);
        tally.add(model, facet, &bought(0, 700, "EUR"), &thread);
        let rows = tally.rows();
        let revenue = |pairs: &[(&str, i64)]| -> BTreeMap<String, i64> {
            pairs.iter().map(|(c, n)| ((*c).to_owned(), *n)).collect()
        };
        let search = Credit {
            millionths: 1_333_333,
            revenue: revenue(&[("EUR", 33), ("JPY", 500)]),
        };
        let email = Credit {
            millionths: 666_667,
            revenue: revenue(&[("EUR", 67)]),
        };
        assert_eq!(rows, [("Paid Search", &search), ("Email", &email)]);
        let unattributed = Credit {
            millionths: 1_000_000,
            revenue: revenue(&[("EUR", 700)]),
        };
        assert_eq!((&tally.unattributed, tally.conversions), (&unattributed, 3));
    }

    #[test]
    fn facets_are_known_by_name() {
        for facet in Facet::ALL {
            assert_eq!(Facet::named(facet.name()), Some(facet));
        }
        assert_eq!(Facet::named("colour"), None);
    }

    proptest! {
        #[test]
        fn rows_make_the_total(
            days in proptest::collection::vec((0i64..200, 0usize..4), 0..12),
            conversions in proptest::collection::vec((0i64..220, -9_999i64..99_999), 0..12),
        ) {
            let channels = ["", "Email", "Direct", "Paid Search"];
            let thread: Vec<_> = days.iter().map(|(day, c)| touch(*day, channels[*c])).collect();
            for model in Model::ALL {
                let mut tally = Tally::default();
                for (day, value) in &conversions {
                    tally.add(model, Facet::Channel, &bought(*day, *value, "EUR"), &thread);
                }
                let all = || tally.by_value.values().chain([&tally.unattributed]);
                let credited: u64 = all().map(|c| c.millionths).sum();
                prop_assert_eq!(credited, conversions.len() as u64 * 1_000_000);
                let earned: i64 = all().filter_map(|c| c.revenue.get("EUR")).sum();
                prop_assert_eq!(earned, conversions.iter().map(|(_, value)| value).sum::<i64>());
            }
        }
    }
}
