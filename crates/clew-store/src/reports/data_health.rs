//! `data_health`: how many events the numbers rest on, and on which terms they came.

use super::statement::{Cell, Statement};
use super::{Engine, ReportError, source};
use clew_core::report::{Body, ConsentMix, DataHealth, IdentityMix, ReportPlan};

pub(super) fn answer(
    engine: &dyn Engine,
    plan: &ReportPlan,
) -> Result<(Body, Option<IdentityMix>), ReportError> {
    let mut statement = Statement::scoped(plan.site, plan.range);
    statement.text = source::terms(engine.dialect());
    let rows = engine.query(&statement)?;
    let row = rows.first().map(Vec::as_slice).unwrap_or_default();
    let mut counts = [0; 6];
    for (count, cell) in counts.iter_mut().zip(row) {
        *count = match cell {
            Cell::Int(n) => {
                u64::try_from(*n).map_err(|_| ReportError::Answer("a negative count"))?
            }
            _ => return Err(ReportError::Answer("no count of events")),
        };
    }
    let [counted, granted, denied, unknown, gpc, unverified_origin] = counts;
    let health = DataHealth {
        counted,
        consent: ConsentMix {
            granted,
            denied,
            unknown,
        },
        gpc,
        unverified_origin,
    };
    Ok((Body::DataHealth(health), None))
}
