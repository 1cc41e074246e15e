//! `breakdown`: every metric per value of a dimension, most visitors first.

use super::tally::{Counted, Group, GroupKey, count};
use super::{Engine, ReportError};
use clew_core::report::table::Slice;
use clew_core::report::{
    Body, Condition, Dimension, IdentityMix, Metric, Op, Page, Range, Report, ReportPlan, Row,
    Tally,
};

pub(super) fn answer(
    engine: &dyn Engine,
    plan: &ReportPlan,
) -> Result<(Body, Option<IdentityMix>), ReportError> {
    let Report::Breakdown { dimension, page } = plan.report else {
        return Err(ReportError::Unknown(plan.report.name()));
    };
    let counted = top(engine, plan, plan.range, dimension, page)?;
    let mut rows = slices(&plan.metrics, &counted);
    if let Some(range) = plan.compare
        && !rows.is_empty()
    {
        compare(engine, plan, range, dimension, &mut rows)?;
    }
    Ok((
        Body::Breakdown {
            rows,
            total_rows: counted.total,
        },
        counted.identity,
    ))
}

/// The values with most visitors.
pub(super) fn top(
    engine: &dyn Engine,
    plan: &ReportPlan,
    range: Range,
    dimension: Dimension,
    page: Page,
) -> Result<Counted, ReportError> {
    count(
        engine,
        plan,
        range,
        &plan.filter,
        &Group::By(dimension, Some(page)),
    )
}

pub(super) fn slices(metrics: &[Metric], counted: &Counted) -> Vec<Slice> {
    let slice = |(key, tally): &(GroupKey, Tally)| match key {
        GroupKey::Value(value) => Some(Slice {
            value: value.clone(),
            metrics: Row::of(metrics, tally),
            comparison: None,
        }),
        _ => None,
    };
    counted.groups.iter().filter_map(slice).collect()
}

/// Adds the same values' numbers in another range; a value that was not there has zeros.
fn compare(
    engine: &dyn Engine,
    plan: &ReportPlan,
    range: Range,
    dimension: Dimension,
    rows: &mut [Slice],
) -> Result<(), ReportError> {
    let values = rows.iter().map(|row| row.value.clone()).collect();
    let filter = plan.filter.clone().and(Condition {
        op: Op::Is,
        dimension,
        values,
    });
    let before = count(engine, plan, range, &filter, &Group::By(dimension, None))?;
    for row in rows {
        let same = |(key, _): &&(GroupKey, Tally)| *key == GroupKey::Value(row.value.clone());
        let tally = before
            .groups
            .iter()
            .find(same)
            .map_or(Tally::default(), |(_, tally)| *tally);
        row.comparison = Some(Row::of(&plan.metrics, &tally));
    }
    Ok(())
}
