//! The one question behind overview, series and breakdown: counts per group.
//!
//! Asked of the events themselves (`reference`) or, where sessions are sealed, of their rows
//! (`sealed`); the answers are the same.

use super::bucket::Slots;
use super::statement::{Arg, Cell, Statement};
use super::{Engine, ReportError, reference, sealed};
use clew_core::report::{Dimension, Filter, IdentityMix, Page, Range, ReportPlan, Tally};

/// By what numbers are grouped.
#[derive(Debug)]
pub(super) enum Group {
    All,
    Bucket(Slots),
    By(Dimension, Option<Page>),
}

/// A group's key: nothing, the number of its bucket, or the dimension's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum GroupKey {
    All,
    Bucket(usize),
    Value(String),
}

/// The answer: groups in order, how many there are in all, and who was counted.
#[derive(Debug, Default)]
pub(super) struct Counted {
    pub(super) groups: Vec<(GroupKey, Tally)>,
    pub(super) total: u64,
    /// Sealed rows tell it only of everybody ([`Group::All`]).
    pub(super) identity: Option<IdentityMix>,
}

/// Counts one range of a plan under a filter.
pub(super) fn count(
    engine: &dyn Engine,
    plan: &ReportPlan,
    range: Range,
    filter: &Filter,
    group: &Group,
) -> Result<Counted, ReportError> {
    let statement = match engine.sealed() {
        Some(sealed) => sealed::Builder::new(sealed, plan, range, filter, group).build(),
        None => reference::Builder::new(engine.dialect(), plan, range, filter, group).build(),
    };
    let rows = engine.query(&statement)?;
    let mut counted = Counted::default();
    for row in &rows {
        let mut row = Reader(row.iter());
        counted.identity = row.identity()?;
        counted.total = row.count()?;
        if let Some(key) = row.key(group)? {
            counted.groups.push((key, row.tally()?));
        }
    }
    Ok(counted)
}

/// Most visitors first.
pub(super) const ORDER: &str = "visitors DESC, events DESC, g";

/// Which groups there are at all.
pub(super) fn having(group: &Group) -> &'static str {
    match group {
        Group::By(dimension, _) if dimension.is_of_pages() => {
            "(sum(events) > 0 OR sum(visits) > 0) AND g <> ''"
        }
        _ => "sum(events) > 0 OR sum(visits) > 0",
    }
}

/// The order of the groups, and which of them are asked for.
pub(super) fn paged(group: &Group, statement: &mut Statement) -> String {
    let Group::By(_, Some(page)) = group else {
        return String::new();
    };
    let limit = statement.bind(Arg::Int(page.limit.into()));
    let offset = statement.bind(Arg::Int(page.offset.into()));
    format!("ORDER BY {ORDER} LIMIT {limit} OFFSET {offset}")
}

/// Columns of `counted` after the group, in the order in which [`Reader::tally`] reads them.
pub(super) const TALLY: &[&str] = &[
    "visitors",
    "pageviews",
    "events",
    "engaged",
    "visits",
    "bounces",
    "duration",
    "visit_views",
    "scroll_sum",
    "scroll_pages",
];

/// Reads a row from left to right.
struct Reader<'a>(std::slice::Iter<'a, Cell>);

impl Reader<'_> {
    fn count(&mut self) -> Result<u64, ReportError> {
        match self.0.next() {
            Some(Cell::Int(n)) => {
                u64::try_from(*n).map_err(|_| ReportError::Answer("a negative count"))
            }
            Some(Cell::Null) => Ok(0),
            _ => Err(ReportError::Answer("no number where a count belongs")),
        }
    }

    fn identity(&mut self) -> Result<Option<IdentityMix>, ReportError> {
        let told = !matches!(self.0.as_slice().first(), Some(Cell::Null));
        let mix = IdentityMix {
            daily_hash: self.count()?,
            fingerprint: self.count()?,
            storage: self.count()?,
            cookie: self.count()?,
            user_id: self.count()?,
        };
        Ok(told.then_some(mix))
    }

    fn key(&mut self, group: &Group) -> Result<Option<GroupKey>, ReportError> {
        Ok(match (self.0.next(), group) {
            (Some(Cell::Null), _) => None,
            (Some(Cell::Int(_)), Group::All) => Some(GroupKey::All),
            (Some(Cell::Int(n)), Group::Bucket(_)) => Some(GroupKey::Bucket(*n as usize)),
            (Some(Cell::Text(value)), Group::By(..)) => Some(GroupKey::Value(value.clone())),
            _ => return Err(ReportError::Answer("an unexpected kind of group")),
        })
    }

    fn tally(&mut self) -> Result<Tally, ReportError> {
        Ok(Tally {
            visitors: self.count()?,
            pageviews: self.count()?,
            events: self.count()?,
            engaged_ms: self.count()?,
            visits: self.count()?,
            bounces: self.count()?,
            duration_ms: self.count()?,
            visit_pageviews: self.count()?,
            scroll_sum: self.count()?,
            scroll_pages: self.count()?,
        })
    }
}
