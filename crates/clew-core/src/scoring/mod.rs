//! Scores by rules that everybody can read: how likely nobody is behind an event, and how much a
//! visitor cares.
//!
//! A score is the sum of the points of the rules that apply, between 0 and 100, and carries the
//! version of its rules. A changed rule is a new version; the old ones stay readable, because the
//! reasons of a stored score must not change afterwards.

pub mod engagement;
pub mod suspicion;

/// One rule that applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Reason {
    pub code: &'static str,
    pub points: i32,
    pub text: &'static str,
}

/// A rule about facts of one kind.
#[derive(Clone, Copy)]
pub struct Rule<F> {
    pub code: &'static str,
    pub points: i32,
    pub text: &'static str,
    applies: fn(&F) -> bool,
}

const fn rule<F>(
    code: &'static str,
    points: i32,
    text: &'static str,
    applies: fn(&F) -> bool,
) -> Rule<F> {
    Rule {
        code,
        points,
        text,
        applies,
    }
}

/// The sum, held between 0 and 100.
fn sum<F>(rules: &[Rule<F>], facts: &F) -> u8 {
    let points = |rule: &Rule<F>| {
        if (rule.applies)(facts) {
            rule.points
        } else {
            0
        }
    };
    rules.iter().map(points).sum::<i32>().clamp(0, 100) as u8
}

fn applied<F>(rules: &[Rule<F>], facts: &F) -> Vec<Reason> {
    let reasons = rules.iter().filter(|rule| (rule.applies)(facts));
    reasons
        .map(|rule| Reason {
            code: rule.code,
            points: rule.points,
            text: rule.text,
        })
        .collect()
}

impl<F> std::fmt::Debug for Rule<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:+}", self.code, self.points)
    }
}
