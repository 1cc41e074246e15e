//! Reports in SQL: one text per question, bound values only, the site first of all.
//!
//! Owns the translation of a [`ReportPlan`] into statements and of their rows into a [`Table`].
//! What the numbers mean is said in `clew_core::report` and `clew_core::session`; this is the
//! reference translation, exact, and tested against a plain reading of those definitions.
//! Refuses zone functions and values in the text: time boundaries come as bound integers.
//!
//! A new report is one file with its `answer` and one line in [`REPORTS`].

mod bots;
mod breakdown;
mod bucket;
pub(crate) mod column;
mod data_health;
mod dialect;
mod duckdb;
pub(crate) mod facts;
pub(crate) mod memory;
mod overview;
mod realtime;
mod reference;
pub(crate) mod sealed;
pub(crate) mod source;
mod statement;
mod tally;
#[cfg(test)]
mod tests;
mod timeseries;

pub use dialect::{Dialect, DuckDb};
pub use sealed::Sealed;
pub use statement::{Arg, Cell, Statement};

use clew_core::model::EpochMs;
use clew_core::report::{Body, Exclusions, IdentityMix, Meta, Report, ReportPlan, Table};
use memory::About;

/// Something that runs statements: a connection of an embedded or remote engine.
pub trait Engine {
    fn dialect(&self) -> &dyn Dialect;

    /// All rows of the answer.
    fn query(&self, statement: &Statement) -> Result<Vec<Vec<Cell>>, ReportError>;

    /// Set where sealed rows answer instead of the events themselves.
    fn sealed(&self) -> Option<&Sealed<'_>> {
        None
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error("the report's query failed: {0}")]
    Engine(#[from] ::duckdb::Error),
    /// The engine answered in a shape that the statement cannot give.
    #[error("the report's query gave {0}")]
    Answer(&'static str),
    #[error("there is no report \"{0}\"")]
    Unknown(&'static str),
}

/// How one report is answered, and who was counted if that was known by the way. The plan's start
/// is resolved.
type Answer = fn(&dyn Engine, &ReportPlan) -> Result<(Body, Option<IdentityMix>), ReportError>;

/// Every report by name.
pub const REPORTS: &[(&str, Answer)] = &[
    ("overview", overview::answer),
    ("timeseries", timeseries::answer),
    ("breakdown", breakdown::answer),
    ("realtime", realtime::answer),
    ("data_health", data_health::answer),
    ("bots", bots::answer),
];

/// Answers a report.
///
/// # Errors
/// The engine failed or was interrupted; a valid plan has no other way to fail.
pub fn run(engine: &dyn Engine, plan: &ReportPlan) -> Result<Table, ReportError> {
    let plan = resolve(engine, plan)?;
    let name = plan.report.name();
    let (_, answer) = REPORTS
        .iter()
        .find(|(known, _)| *known == name)
        .ok_or(ReportError::Unknown(name))?;
    let (body, identity) = answer(engine, &plan)?;
    let About {
        identity,
        exclusions,
    } = about(engine, &plan, identity)?;
    Ok(Table {
        body,
        meta: Meta::new(&plan, identity, exclusions),
    })
}

/// Who was counted, which the report may have found out by the way, and what was left out.
fn about(
    engine: &dyn Engine,
    plan: &ReportPlan,
    identity: Option<IdentityMix>,
) -> Result<About, ReportError> {
    // Who is present now is not who came in the range.
    let of_range = !matches!(plan.report, Report::Realtime);
    let sealed = engine.sealed().filter(|_| of_range);
    if let Some(about) = sealed.and_then(|sealed| sealed.recall(plan)) {
        return Ok(about);
    }
    let identity = match identity {
        Some(identity) => identity,
        None => overview::identity(engine, plan)?,
    };
    let about = About {
        identity,
        exclusions: exclusions(engine, plan)?,
    };
    if let Some(sealed) = sealed {
        sealed.remember(plan, about.clone());
    }
    Ok(about)
}

/// Moves the start of a report over the whole history to the site's first event.
fn resolve(engine: &dyn Engine, plan: &ReportPlan) -> Result<ReportPlan, ReportError> {
    if !plan.range.open_start {
        return Ok(plan.clone());
    }
    let mut statement = Statement::scoped(plan.site, plan.range);
    statement.text = match engine.sealed() {
        Some(sealed) => sealed::first_event(sealed),
        None => source::first_event(engine.dialect()),
    };
    let rows = engine.query(&statement)?;
    let first = match rows.first().and_then(|row| row.first()) {
        Some(Cell::Int(ms)) => Some(EpochMs(*ms)),
        _ => None,
    };
    Ok(plan.clone().starting_at(first))
}

/// What was received in the range and counts in no number. Filters do not apply: a bot's device
/// or a quarantined event's page says nothing about what the numbers would have been.
fn exclusions(engine: &dyn Engine, plan: &ReportPlan) -> Result<Exclusions, ReportError> {
    let mut statement = Statement::scoped(plan.site, plan.range);
    statement.text = source::excluded(engine.dialect());
    let mut exclusions = Exclusions::default();
    for row in engine.query(&statement)? {
        let [Cell::Text(why), Cell::Text(code), Cell::Int(n)] = row.as_slice() else {
            return Err(ReportError::Answer("no count of exclusions"));
        };
        let n = u64::try_from(*n).map_err(|_| ReportError::Answer("a negative count"))?;
        match why.as_str() {
            "bots" => exclusions.bots += n,
            "blocked_ip" => exclusions.blocked_ip += n,
            "testing_ip" => exclusions.testing_ip += n,
            "silent" => exclusions.silent += n,
            _ => {
                exclusions.quarantined += n;
                exclusions.quarantined_by.insert(code.clone(), n);
            }
        }
    }
    Ok(exclusions)
}
