//! What a report may ask for and what it answers: the one meaning of every number.
//!
//! Owns the vocabulary ([`Metric`], [`Dimension`], [`Filter`], [`Range`], [`Interval`]), the
//! parsing of query parameters into a [`ReportPlan`], and the JSON shape of the answer
//! ([`Table`]). Refuses SQL, clocks and stores: `now` and the site's zone are passed in, and a
//! plan that exists is valid, so a store may run it without checking again.
//!
//! # What is counted
//! * An **interaction** is any event that is not an `engagement` report and not from a bot.
//! * Visitors, page views and events are interactions, by their own time.
//! * Visits and everything averaged over visits are sessions (`crate::session`), by the time of
//!   their first interaction. A visit that runs over midnight is one visit of the first day, and
//!   its page views count on the day they happened.
//!
//! # What a filter means
//! A filter is asked of each event together with the session it belongs to; page, event and
//! hostname are properties of the event, everything else of the session. Events count when the
//! filter holds for them; a visit counts when it holds for at least one of its interactions. So
//! `page is /pricing` gives the page views of `/pricing` and the visits that saw it. A row of a
//! breakdown is exactly the report filtered by that value.

pub mod dimension;
pub mod filter;
pub mod interval;
pub mod metric;
pub mod params;
mod pattern;
pub mod plan;
pub mod range;
pub mod table;

pub use dimension::{Dimension, Scope};
pub use filter::{Condition, Filter, Op};
pub use interval::Interval;
pub use metric::{Metric, Tally};
pub use params::{ParamError, parse};
pub use plan::{BotsBy, Page, Report, ReportPlan};
pub use range::Range;
pub use table::{Body, ConsentMix, DataHealth, Exclusions, IdentityMix, Meta, Row, Table, Value};
