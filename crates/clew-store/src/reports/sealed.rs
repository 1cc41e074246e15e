//! The same counts as [`super::reference`], from sealed rows and the open tail.
//!
//! Everything about sessions stands on their rows already, so nothing is cut or joined here. A
//! question about sessions only adds up `pieces`; one that groups or filters by a property of
//! single events reads `facts`.

use super::column::{carried, condition, new, used};
use super::facts::{PIECE_MS, Rows};
use super::memory::Recall;
use super::statement::{Cell, Statement};
use super::tally::{Group, ORDER, TALLY, having, paged};
use super::{Dialect, DuckDb, Engine, ReportError};
use clew_core::report::{Dimension, Filter, Metric, Range, ReportPlan, Scope};
use duckdb::Connection;

/// A connection in a transaction in which the open tail of one site has been cut.
#[derive(Clone, Debug)]
pub struct Sealed<'a> {
    pub(crate) connection: &'a Connection,
    /// Sealed rows lie before this moment.
    pub(crate) closed_ms: i64,
    pub(crate) rows: Rows,
    pub(crate) memory: Option<Recall<'a>>,
}

impl Engine for Sealed<'_> {
    fn dialect(&self) -> &dyn Dialect {
        &DuckDb
    }

    fn query(&self, statement: &Statement) -> Result<Vec<Vec<Cell>>, ReportError> {
        self.connection.query(statement)
    }

    fn sealed(&self) -> Option<&Sealed<'_>> {
        Some(self)
    }
}

/// The time of the site's first event.
pub(super) fn first_event(sealed: &Sealed<'_>) -> String {
    let pieces = sealed.rows.pieces(&DuckDb, &[], true);
    format!("WITH {pieces} SELECT min(time_ms) FROM piece WHERE $2 <= $3")
}

#[allow(clippy::struct_excessive_bools)]
pub(super) struct Builder<'a> {
    dialect: &'a dyn Dialect,
    statement: Statement,
    filter: &'a Filter,
    group: &'a Group,
    visits: bool,
    scroll: bool,
    rows: &'a Rows,
    dimensions: Vec<Dimension>,
    scan: Scan,
}

/// Which rows a question reads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scan {
    /// It groups or filters by a property of single events.
    Facts,
    /// It asks about sessions only, and no piece spans a boundary.
    Pieces,
    /// It asks about sessions only, but its boundaries lie anywhere.
    PiecesOfFacts,
}

const EVENT_COLUMNS: &str = "0 AS visitors, 0 AS pageviews, 0 AS events, 0 AS engaged";
const VISIT_COLUMNS: &str = "0 AS visits, 0 AS bounces, 0 AS duration, 0 AS visit_views";
const SCROLL_COLUMNS: &str = "0 AS scroll_sum, 0 AS scroll_pages";
const IN_RANGE: &str = "time_ms >= $2 AND time_ms < $3";

impl<'a> Builder<'a> {
    pub(super) fn new(
        sealed: &'a Sealed<'_>,
        plan: &ReportPlan,
        range: Range,
        filter: &'a Filter,
        group: &'a Group,
    ) -> Self {
        let mut dimensions = used(filter, |_| true);
        if let Group::By(dimension, _) = group
            && !dimensions.contains(dimension)
        {
            dimensions.push(*dimension);
        }
        let edges = match group {
            Group::Bucket(slots) => slots.edges(),
            _ => &[],
        };
        let clean = |ms: i64| ms >= sealed.closed_ms || ms.rem_euclid(PIECE_MS) == 0;
        let whole =
            clean(range.from.0) && clean(range.to.0) && edges.iter().all(|edge| clean(edge.0));
        let scan = if dimensions.iter().any(|d| d.scope() == Scope::Event) {
            Scan::Facts
        } else if whole {
            Scan::Pieces
        } else {
            Scan::PiecesOfFacts
        };
        Self {
            dialect: &DuckDb,
            statement: Statement::scoped(plan.site, range),
            filter,
            group,
            visits: plan.metrics.iter().any(|metric| metric.needs_visits()),
            scroll: plan.metrics.contains(&Metric::ScrollDepth),
            rows: &sealed.rows,
            dimensions,
            scan,
        }
    }

    pub(super) fn build(mut self) -> Statement {
        let mut parts = Vec::new();
        let mut sums = Vec::new();
        if self.scan == Scan::Facts || self.scroll {
            let mut dimensions = self.dimensions.clone();
            if self.scroll && !dimensions.contains(&Dimension::Page) {
                dimensions.push(Dimension::Page);
            }
            parts.push(self.rows.facts(self.dialect, &dimensions));
        }
        if self.scan == Scan::Facts {
            parts.push(self.persons_of_facts());
            if self.visits {
                sums.push(self.visits_of_facts());
            }
        } else {
            parts.push(
                self.rows
                    .pieces(self.dialect, &self.dimensions, self.scan == Scan::Pieces),
            );
            parts.push(self.persons_of_pieces());
        }
        if self.scroll {
            sums.push(self.scroll());
        }
        let visits = if self.visits && self.scan != Scan::Facts {
            "sum(visits), sum(bounces), sum(duration), sum(visit_views)"
        } else {
            VISIT_COLUMNS
        };
        sums.insert(0, format!(
            "SELECT g, count(*) FILTER (WHERE events > 0) AS visitors, sum(pageviews) AS pageviews, sum(events) AS events, sum(engaged) AS engaged, {visits}, {SCROLL_COLUMNS}
  FROM person GROUP BY g"
        ));
        let tally: String = TALLY
            .iter()
            .map(|column| format!(", sum({column})::BIGINT AS {column}"))
            .collect();
        parts.push(format!(
            "counted AS (SELECT g{tally} FROM (\n  {}\n) AS parts(g, {}) GROUP BY g HAVING {})",
            sums.join("\n  UNION ALL\n  "),
            TALLY.join(", "),
            having(self.group),
        ));
        self.finish(&parts)
    }

    fn filter(&mut self) -> String {
        condition(self.filter, &mut self.statement, self.dialect)
    }

    /// The group of an event or visit whose time is `time`.
    fn group_of(&mut self, time: &str) -> String {
        match self.group {
            Group::All => "0".to_owned(),
            Group::Bucket(slots) => slots.of(time, &mut self.statement, self.dialect),
            Group::By(dimension, _) => carried(*dimension),
        }
    }

    /// Only the answer about everybody tells how they were recognised.
    fn method(&self, value: &str) -> String {
        match self.group {
            Group::All => format!(", max({value}) AS method"),
            _ => String::new(),
        }
    }

    /// `person`: what each visitor did in each group.
    fn persons_of_pieces(&mut self) -> String {
        let (group, filter, method) = (
            self.group_of("time_ms"),
            self.filter(),
            self.method("method"),
        );
        let visits = if self.visits {
            ", sum(visits) AS visits, sum(bounces) AS bounces, sum(duration) AS duration, sum(visit_views) AS visit_views"
        } else {
            ""
        };
        format!(
            "person AS (
  SELECT {group} AS g, visitor_id, sum(events) AS events, sum(pageviews) AS pageviews, sum(engaged) AS engaged{method}{visits}
  FROM piece WHERE {IN_RANGE} AND ({filter}) GROUP BY g, visitor_id)"
        )
    }

    fn persons_of_facts(&mut self) -> String {
        let (group, filter) = (self.group_of("time_ms"), self.filter());
        let method = self.method("CASE WHEN interaction THEN identity_method END");
        format!(
            "person AS (
  SELECT {group} AS g, visitor_id, count(*) FILTER (WHERE interaction) AS events,
    count(*) FILTER (WHERE is_view) AS pageviews, sum(engaged_ms) AS engaged{method}
  FROM fact WHERE {IN_RANGE} AND ({filter}) GROUP BY g, visitor_id)"
        )
    }

    /// Visits that began in the range and have an interaction for which the filter holds.
    fn visits_of_facts(&mut self) -> String {
        let (group, filter) = (self.group_of("start_ms"), self.filter());
        if let Group::By(dimension, _) = self.group
            && dimension.scope() == Scope::Event
            && used(self.filter, |scope| scope == Scope::Event).is_empty()
        {
            // Such a filter holds for all events of a session or for none.
            return format!(
                "SELECT {group} AS g, {EVENT_COLUMNS}, count(*), count(*) FILTER (WHERE bounce), sum(duration_ms), sum(views), {SCROLL_COLUMNS}
  FROM fact WHERE start_ms >= $2 AND start_ms < $3 AND {} AND ({filter}) GROUP BY g",
                new(*dimension)
            );
        }
        let by = match self.group {
            Group::By(dimension, _) => format!(", {}", carried(*dimension)),
            _ => String::new(),
        };
        format!(
            "SELECT {group} AS g, {EVENT_COLUMNS}, count(*), count(*) FILTER (WHERE bounce), sum(duration_ms), sum(views), {SCROLL_COLUMNS}
  FROM (SELECT session{by}, any_value(start_ms) AS start_ms, any_value(bounce) AS bounce,
      any_value(duration_ms) AS duration_ms, any_value(views) AS views
    FROM fact WHERE start_ms >= $2 AND start_ms < $3 AND interaction AND ({filter}) GROUP BY session{by})
  GROUP BY g"
        )
    }

    /// The deepest scroll position per visit and page; reports without a visit have none.
    fn scroll(&mut self) -> String {
        let (group, filter) = (self.group_of("time_ms"), self.filter());
        let page = carried(Dimension::Page);
        format!(
            "SELECT g, {EVENT_COLUMNS}, {VISIT_COLUMNS}, sum(deepest), count(*) FROM (
    SELECT {group} AS g, session, {page}, max(scroll_percent) AS deepest FROM fact
    WHERE {IN_RANGE} AND start_ms IS NOT NULL AND scroll_percent > 0 AND ({filter}) GROUP BY ALL) GROUP BY g"
        )
    }

    /// One row a group, each with identity mix and number of groups; one row if there is none.
    fn finish(mut self, parts: &[String]) -> Statement {
        let page = paged(self.group, &mut self.statement);
        let mix: Vec<_> = (0..5)
            .map(|m| match self.group {
                Group::All => format!("count(*) FILTER (WHERE method = {m}) AS m{m}"),
                _ => format!("NULL::BIGINT AS m{m}"),
            })
            .collect();
        let (mix, from) = match self.group {
            Group::All => (mix.join(", "), " FROM person"),
            _ => (mix.join(", "), ""),
        };
        self.statement.text = format!(
            "WITH {}
SELECT mix.*, page.* FROM (
  SELECT {mix}, (SELECT count(*) FROM counted) AS total{from}
) AS mix LEFT JOIN (SELECT * FROM counted {page}) AS page ON TRUE
ORDER BY {ORDER}",
            parts.join(",\n")
        );
        self.statement
    }
}
