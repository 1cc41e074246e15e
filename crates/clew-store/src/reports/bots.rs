//! `bots`: the programs that came, which no other number counts.

use super::statement::{Arg, Cell, Statement};
use super::{Engine, ReportError, source};
use clew_core::model::EpochMs;
use clew_core::report::table::BotRow;
use clew_core::report::{Body, IdentityMix, Report, ReportPlan};

pub(super) fn answer(
    engine: &dyn Engine,
    plan: &ReportPlan,
) -> Result<(Body, Option<IdentityMix>), ReportError> {
    let Report::Bots { by, page } = plan.report else {
        return Err(ReportError::Unknown(plan.report.name()));
    };
    let mut statement = Statement::scoped(plan.site, plan.range);
    statement.bind(Arg::Int(page.limit.into()));
    statement.bind(Arg::Int(page.offset.into()));
    statement.text = source::bots(engine.dialect(), by);
    let mut total_rows = 0;
    let mut rows = Vec::new();
    for row in engine.query(&statement)? {
        let [
            Cell::Text(value),
            Cell::Text(kind),
            Cell::Int(events),
            Cell::Int(pageviews),
            Cell::Int(last_ms),
            Cell::Int(total),
        ] = row.as_slice()
        else {
            return Err(ReportError::Answer("no count of bots"));
        };
        total_rows = count(*total)?;
        rows.push(BotRow {
            value: value.clone(),
            kind: kind.clone(),
            events: count(*events)?,
            pageviews: count(*pageviews)?,
            last_seen: EpochMs(*last_ms),
        });
    }
    Ok((Body::Bots { rows, total_rows }, None))
}

fn count(n: i64) -> Result<u64, ReportError> {
    u64::try_from(n).map_err(|_| ReportError::Answer("a negative count"))
}
