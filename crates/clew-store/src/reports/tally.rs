//! The one question behind overview, series and breakdown: counts per group.
//!
//! Three parts are counted apart and added up by group: visitors and events by their own time,
//! visits by their start, and scroll positions per visit and page. The identity mix comes from
//! the same pass over the visitors.

use super::bucket::Slots;
use super::column::{carried, condition, stored, used};
use super::dialect::Dialect;
use super::source;
use super::statement::{Arg, Cell, Statement};
use super::{Engine, ReportError};
use clew_core::report::{
    Dimension, Filter, IdentityMix, Metric, Page, Range, ReportPlan, Scope, Tally,
};

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
    pub(super) identity: IdentityMix,
}

/// Counts one range of a plan under a filter.
pub(super) fn count(
    engine: &dyn Engine,
    plan: &ReportPlan,
    range: Range,
    filter: &Filter,
    group: &Group,
) -> Result<Counted, ReportError> {
    let statement = Builder::new(engine.dialect(), plan, range, filter, group).build();
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

struct Builder<'a> {
    dialect: &'a dyn Dialect,
    statement: Statement,
    filter: &'a Filter,
    group: &'a Group,
    visits: bool,
    scroll: bool,
}

/// Counts of a part that it does not deliver.
const EVENT_COLUMNS: &str = "0 AS visitors, 0 AS pageviews, 0 AS events, 0 AS engaged";
const VISIT_COLUMNS: &str = "0 AS visits, 0 AS bounces, 0 AS duration, 0 AS visit_views";
const SCROLL_COLUMNS: &str = "0 AS scroll_sum, 0 AS scroll_pages";

impl<'a> Builder<'a> {
    fn new(
        dialect: &'a dyn Dialect,
        plan: &ReportPlan,
        range: Range,
        filter: &'a Filter,
        group: &'a Group,
    ) -> Self {
        Self {
            dialect,
            statement: Statement::scoped(plan.site, range),
            filter,
            group,
            visits: plan.metrics.iter().any(|metric| metric.needs_visits()),
            scroll: plan.metrics.contains(&Metric::ScrollDepth),
        }
    }

    fn build(mut self) -> Statement {
        let of_session = |scope| scope != Scope::Event;
        let grouped = match self.group {
            Group::By(dimension, _) => Some(*dimension),
            _ => None,
        };
        let joined = grouped.is_some_and(|d| of_session(d.scope()))
            || !used(self.filter, of_session).is_empty();
        let mut dimensions = used(self.filter, |_| true);
        dimensions.extend(grouped.filter(|d| !dimensions.contains(d)));

        let mut parts = vec![if joined || self.visits || self.scroll {
            source::sessions(self.dialect, &dimensions)
        } else {
            source::own(self.dialect, &[])
        }];
        parts.push(self.hits(joined, &dimensions));
        parts.push(self.persons());
        parts.push(self.counted(joined));
        self.finish(&parts)
    }

    /// `hit`: events for which the filter holds, in and out of the range.
    fn hits(&mut self, joined: bool, dimensions: &[Dimension]) -> String {
        let base = "time_ms, visitor_id, identity_method, interaction, is_view, engaged_ms";
        let filter = condition(self.filter, &mut self.statement, self.dialect);
        if joined {
            // Loose engagement reports have no session: its properties are empty for them.
            let carry: String = dimensions
                .iter()
                .map(|d| match d.scope() {
                    Scope::Event => format!(", {}", carried(*d)),
                    _ => format!(", coalesce(visit.{0}, '') AS {0}", carried(*d)),
                })
                .collect();
            let of_member: String = dimensions
                .iter()
                .filter(|d| d.scope() == Scope::Event)
                .map(|d| format!(", {}", carried(*d)))
                .collect();
            return format!(
                "hit AS (SELECT * FROM (
  SELECT {base}, scroll_percent, path, member.sid{carry}
  FROM (SELECT {base}, scroll_percent, path, sid{of_member} FROM member) AS member
  LEFT JOIN visit ON visit.sid = member.sid) WHERE {filter})"
            );
        }
        if self.visits || self.scroll {
            return format!("hit AS (SELECT * FROM member WHERE {filter})");
        }
        let carry: String = dimensions
            .iter()
            .map(|d| format!(", {} AS {}", stored(*d), carried(*d)))
            .collect();
        format!("hit AS (SELECT * FROM (SELECT {base}{carry} FROM own) WHERE {filter})")
    }

    /// The group of an event or visit whose time is `time`.
    fn group_of(&mut self, time: &str) -> String {
        match self.group {
            Group::All => "0".to_owned(),
            Group::Bucket(slots) => slots.of(time, &mut self.statement, self.dialect),
            Group::By(dimension, _) => carried(*dimension),
        }
    }

    /// `person`: what each visitor did in each group.
    fn persons(&mut self) -> String {
        let group = self.group_of("time_ms");
        format!(
            "person AS (
  SELECT {group} AS g, visitor_id, max(CASE WHEN interaction THEN identity_method END) AS method,
    count(*) FILTER (WHERE interaction) AS events, count(*) FILTER (WHERE is_view) AS pageviews,
    sum(engaged_ms) AS engaged
  FROM hit WHERE time_ms >= $2 AND time_ms < $3 GROUP BY ALL)"
        )
    }

    /// `counted`: the sums of all parts by group.
    fn counted(&mut self, joined: bool) -> String {
        let mut parts = vec![format!(
            "SELECT g, count(*) FILTER (WHERE events > 0) AS visitors, sum(pageviews) AS pageviews, sum(events) AS events, sum(engaged) AS engaged, {VISIT_COLUMNS}, {SCROLL_COLUMNS}
  FROM person GROUP BY g"
        )];
        if self.visits {
            parts.push(self.visits(joined));
        }
        if self.scroll {
            let group = self.group_of("time_ms");
            parts.push(format!(
                "SELECT g, {EVENT_COLUMNS}, {VISIT_COLUMNS}, sum(deepest), count(*) FROM (
    SELECT {group} AS g, sid, path, max(scroll_percent) AS deepest FROM hit
    WHERE time_ms >= $2 AND time_ms < $3 AND sid IS NOT NULL AND scroll_percent > 0 GROUP BY ALL) GROUP BY g"
            ));
        }
        let sums: String = TALLY
            .iter()
            .map(|column| format!(", sum({column})::BIGINT AS {column}"))
            .collect();
        format!(
            "counted AS (SELECT g{sums} FROM (\n  {}\n) GROUP BY g HAVING sum(events) > 0 OR sum(visits) > 0)",
            parts.join("\n  UNION ALL\n  ")
        )
    }

    /// Visits that began in the range and have an interaction for which the filter holds.
    fn visits(&mut self, joined: bool) -> String {
        let group = self.group_of("start_ms");
        let which = match self.group {
            Group::By(dimension, _) if dimension.scope() == Scope::Event => format!(
                "(SELECT DISTINCT {}, sid FROM hit WHERE interaction) AS touched JOIN visit USING (sid)",
                carried(*dimension)
            ),
            _ if self.filter.is_empty() => "visit".to_owned(),
            _ if joined && used(self.filter, |scope| scope == Scope::Event).is_empty() => {
                // Such a filter holds for all events of a session or for none.
                let filter = condition(self.filter, &mut self.statement, self.dialect);
                format!("(SELECT * FROM visit WHERE {filter}) AS visit")
            }
            _ => "visit SEMI JOIN (SELECT sid FROM hit WHERE interaction) AS touched USING (sid)"
                .to_owned(),
        };
        format!(
            "SELECT {group} AS g, {EVENT_COLUMNS}, count(*), count(*) FILTER (WHERE bounce), sum(duration_ms), sum(views), {SCROLL_COLUMNS}
  FROM {which} WHERE start_ms >= $2 AND start_ms < $3 GROUP BY ALL"
        )
    }

    /// One row a group, each with identity mix and number of groups; one row if there is none.
    fn finish(mut self, parts: &[String]) -> Statement {
        let page = match self.group {
            Group::By(_, Some(page)) => {
                let limit = self.statement.bind(Arg::Int(page.limit.into()));
                let offset = self.statement.bind(Arg::Int(page.offset.into()));
                format!(" LIMIT {limit} OFFSET {offset}")
            }
            _ => String::new(),
        };
        let order = "visitors DESC, events DESC, g";
        let mix: Vec<_> = (0..5)
            .map(|m| format!("count(*) FILTER (WHERE method = {m}) AS m{m}"))
            .collect();
        let mix = mix.join(", ");
        self.statement.text = format!(
            "WITH {}
SELECT mix.*, counted.* FROM (
  SELECT {mix}, (SELECT count(*) FROM counted) AS total
  FROM (SELECT visitor_id, max(method) AS method FROM person GROUP BY visitor_id)
) AS mix LEFT JOIN (SELECT * FROM counted ORDER BY {order}{page}) AS counted ON TRUE
ORDER BY {order}",
            parts.join(",\n")
        );
        self.statement
    }
}

/// Columns of `counted` after the group, in the order in which [`Reader::tally`] reads them.
const TALLY: &[&str] = &[
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

    fn identity(&mut self) -> Result<IdentityMix, ReportError> {
        Ok(IdentityMix {
            daily_hash: self.count()?,
            fingerprint: self.count()?,
            storage: self.count()?,
            cookie: self.count()?,
            user_id: self.count()?,
        })
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
