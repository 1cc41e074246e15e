//! A query under construction: its text and its bound values.
//!
//! Values from outside enter only through [`Statement::bind`]; text is built from constants of
//! this crate. The site is always `$1`, the range `$2` and `$3`.

use clew_core::model::SiteId;
use clew_core::report::Range;

/// A bound value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    Int(i64),
    Text(String),
}

/// A value of a result. Every number of a report is an integer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Int(i64),
    Text(String),
    Null,
}

/// Text with numbered parameters, and their values.
#[derive(Clone, Debug)]
pub struct Statement {
    pub text: String,
    pub args: Vec<Arg>,
}

impl Statement {
    /// A statement about one site and one range; `$1`, `$2` and `$3` are theirs.
    pub(super) fn scoped(site: SiteId, range: Range) -> Self {
        Self {
            text: String::new(),
            args: vec![
                Arg::Text(site.to_string()),
                Arg::Int(range.from.0),
                Arg::Int(range.to.0),
            ],
        }
    }

    /// Adds a value and returns its place, e.g. `$4`.
    pub(super) fn bind(&mut self, arg: Arg) -> String {
        self.args.push(arg);
        format!("${}", self.args.len())
    }
}
