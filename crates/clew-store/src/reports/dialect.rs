//! The few functions that engines spell differently. Everything else is plain SQL.

use clew_core::report::Op;
use clew_core::session::PASSIVE;

/// How one engine writes what the reports need.
pub trait Dialect: Send + Sync {
    /// A bound text as an id.
    fn id(&self, place: &str) -> String;

    /// What makes a common table expression part of each of its uses, so that only the columns
    /// that a use needs are read.
    fn inline(&self) -> &'static str;

    /// A condition on one value; `op` is never a negative one.
    fn test(&self, op: Op, column: &str, place: &str) -> String;

    /// The value of `column` in the row with the lowest `(time_ms, event_id)` among those with
    /// `condition`; NULL if there is none.
    fn first(&self, column: &str, condition: &str) -> String;

    /// As [`Dialect::first`], with the highest.
    fn last(&self, column: &str, condition: &str) -> String;

    /// The last value of `column` that is not NULL, over a window's frame.
    fn latest(&self, column: &str, over: &str) -> String;

    /// The whole number of `unit`s in `length`, which is not negative.
    fn whole(&self, length: &str, unit: &str) -> String;

    /// The element of a bound list of numbers (text, comma-separated) whose position is the whole
    /// number of `unit`s from `base` to `time`.
    fn slot(&self, list: &str, time: &str, base: &str, unit: &str) -> String;

    /// The element of a bound list of numbers (as above) at `position`, counted from 1; NULL past
    /// its end.
    fn element(&self, list: &str, position: &str) -> String;
}

/// DuckDB 1.5, without extensions and zone functions.
#[derive(Clone, Copy, Debug)]
pub struct DuckDb;

impl Dialect for DuckDb {
    fn id(&self, place: &str) -> String {
        format!("{place}::UUID")
    }

    fn inline(&self) -> &'static str {
        "NOT MATERIALIZED "
    }

    fn test(&self, op: Op, column: &str, place: &str) -> String {
        match op.positive().0 {
            Op::Contains => format!("contains({column}, {place})"),
            Op::StartsWith => format!("starts_with({column}, {place})"),
            Op::EndsWith => format!("ends_with({column}, {place})"),
            Op::Matches => format!("regexp_matches({column}, {place})"),
            _ => format!("{column} = {place}"),
        }
    }

    fn first(&self, column: &str, condition: &str) -> String {
        format!("arg_min({column}, (time_ms, event_id)) FILTER (WHERE {condition})")
    }

    fn last(&self, column: &str, condition: &str) -> String {
        format!("arg_max({column}, (time_ms, event_id)) FILTER (WHERE {condition})")
    }

    fn latest(&self, column: &str, over: &str) -> String {
        format!("last_value({column} IGNORE NULLS) OVER {over}")
    }

    fn whole(&self, length: &str, unit: &str) -> String {
        format!("(({length}) // {unit})")
    }

    fn slot(&self, list: &str, time: &str, base: &str, unit: &str) -> String {
        format!("(string_split({list}, ',')::INTEGER[])[1 + ({time} - {base}) // {unit}]")
    }

    fn element(&self, list: &str, position: &str) -> String {
        format!("(string_split({list}, ',')::BIGINT[])[{position}]")
    }
}

/// `column IN (…)` over the types that are no actions; constants of the core, not input.
pub(super) fn is_passive(column: &str) -> String {
    let types: Vec<_> = PASSIVE.iter().map(|t| format!("'{t}'")).collect();
    format!("{column} IN ({})", types.join(", "))
}
