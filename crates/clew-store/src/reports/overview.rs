//! `overview`: every metric over the whole range, and over the range compared with.

use super::tally::{Group, count};
use super::{Engine, ReportError};
use clew_core::report::{Body, IdentityMix, Metric, Range, ReportPlan, Row, Tally};

pub(super) fn answer(
    engine: &dyn Engine,
    plan: &ReportPlan,
) -> Result<(Body, Option<IdentityMix>), ReportError> {
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
) -> Result<(Row, Option<IdentityMix>), ReportError> {
    let counted = count(engine, plan, range, &plan.filter, &Group::All)?;
    let tally = counted
        .groups
        .first()
        .map_or(Tally::default(), |(_, tally)| *tally);
    Ok((Row::of(&plan.metrics, &tally), counted.identity))
}

/// Who is counted in a plan's range and filter, whatever its report.
pub(super) fn identity(engine: &dyn Engine, plan: &ReportPlan) -> Result<IdentityMix, ReportError> {
    let plan = ReportPlan {
        metrics: vec![Metric::Visitors],
        ..plan.clone()
    };
    let counted = count(engine, &plan, plan.range, &plan.filter, &Group::All)?;
    Ok(counted.identity.unwrap_or_default())
}
