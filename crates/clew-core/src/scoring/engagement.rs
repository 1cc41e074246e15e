//! Engagement: how much a visitor has shown to care, 0 to 100.

use super::{Reason, Rule, applied, rule, sum};

/// Version of the rules.
pub const VERSION: u32 = 1;

/// What a visitor has done so far, over all visits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub visits: u32,
    pub pageviews: u32,
    /// Time that pages were in use.
    pub engaged_seconds: u32,
    /// Deepest scroll position on any page, percent.
    pub scroll_percent: u32,
    pub forms_started: u32,
    pub forms_submitted: u32,
    pub downloads: u32,
    pub purchases: u32,
    /// Somebody who told who they are.
    pub identified: bool,
}

const V1: &[Rule<Facts>] = &[
    rule("second_page", 5, "Looked at a second page", |f| {
        f.pageviews >= 2
    }),
    rule("many_pages", 10, "Looked at five pages or more", |f| {
        f.pageviews >= 5
    }),
    rule("engaged", 10, "Stayed for half a minute", |f| {
        f.engaged_seconds >= 30
    }),
    rule("long_engaged", 10, "Stayed for three minutes", |f| {
        f.engaged_seconds >= 180
    }),
    rule("scrolled", 5, "Read to three quarters of a page", |f| {
        f.scroll_percent >= 75
    }),
    rule("returned", 10, "Came back", |f| f.visits >= 2),
    rule("regular", 10, "Came five times or more", |f| f.visits >= 5),
    rule("downloaded", 5, "Downloaded a file", |f| f.downloads >= 1),
    rule("form_started", 5, "Began a form", |f| {
        f.forms_started >= 1 || f.forms_submitted >= 1
    }),
    rule("form_submitted", 15, "Sent a form", |f| {
        f.forms_submitted >= 1
    }),
    rule("identified", 5, "Told who they are", |f| f.identified),
    rule("purchased", 25, "Bought something", |f| f.purchases >= 1),
];

fn rules(version: u32) -> Option<&'static [Rule<Facts>]> {
    (version == 1).then_some(V1)
}

pub fn score(facts: &Facts) -> u8 {
    sum(V1, facts)
}

/// Which rules gave the score; empty for versions that this build does not know.
pub fn reasons(version: u32, facts: &Facts) -> Vec<Reason> {
    rules(version).map_or_else(Vec::new, |rules| applied(rules, facts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn caring_more_never_scores_less() {
        let glance = Facts {
            visits: 1,
            pageviews: 1,
            ..Facts::default()
        };
        let reader = Facts {
            pageviews: 6,
            engaged_seconds: 200,
            scroll_percent: 80,
            ..glance.clone()
        };
        let buyer = Facts {
            visits: 5,
            forms_submitted: 1,
            purchases: 1,
            identified: true,
            ..reader.clone()
        };
        assert_eq!(
            (score(&glance), score(&reader), score(&buyer)),
            (0, 40, 100)
        );
        let codes: Vec<_> = reasons(VERSION, &reader).iter().map(|r| r.code).collect();
        assert_eq!(
            codes,
            [
                "second_page",
                "many_pages",
                "engaged",
                "long_engaged",
                "scrolled"
            ]
        );
        assert_eq!(reasons(2, &buyer), []);
    }

    proptest! {
        #[test]
        fn every_deed_counts_for_and_none_against(
            numbers in prop::array::uniform8(0u32..400), more in 0usize..8, identified: bool
        ) {
            let facts = |n: [u32; 8]| Facts {
                visits: n[0], pageviews: n[1], engaged_seconds: n[2], scroll_percent: n[3],
                forms_started: n[4], forms_submitted: n[5], downloads: n[6], purchases: n[7],
                identified,
            };
            let mut further = numbers;
            further[more] += 100;
            prop_assert!(score(&facts(further)) >= score(&facts(numbers)));
        }
    }
}
