//! `overview`: every metric over the whole range, and over the range compared with.

use super::tally::{Group, count};
use super::{Engine, ReportError};
use clew_core::report::{Body, IdentityMix, Range, ReportPlan, Row, Tally};

pub(super) fn answer(
    engine: &dyn Engine,
    plan: &ReportPlan,
) -> Result<(Body, IdentityMix), ReportError> {
    let (totals, identity) = totals(engine, plan, plan.range)?;
    let comparison = match plan.compare {
        Some(range) => Some(self::totals(engine, plan, range)?.0),
        None => None,
    };
    Ok((Body::Overview { totals, comparison }, identity))
}

fn totals(
    engine: &dyn Engine,
    plan: &ReportPlan,
    range: Range,
) -> Result<(Row, IdentityMix), ReportError> {
    let counted = count(engine, plan, range, &plan.filter, &Group::All)?;
    let tally = counted
        .groups
        .first()
        .map_or(Tally::default(), |(_, tally)| *tally);
    Ok((Row::of(&plan.metrics, &tally), counted.identity))
}
