//! The counts of a report in plain SQL over the events: exact, slow, and the measure of every
//! faster way.
//!
//! Three parts are counted apart and added up by group: visitors and events by their own time,
//! visits by their start, and scroll positions per visit and page. The identity mix comes from
//! the same pass over the visitors.

use super::column::{carried, condition, stored, used};
use super::dialect::Dialect;
use super::source;
use super::statement::Statement;
use super::tally::{Group, ORDER, TALLY, having, paged};
use clew_core::report::{Dimension, Filter, Metric, Range, ReportPlan, Scope};

pub(super) struct Builder<'a> {
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
    pub(super) fn new(
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

    pub(super) fn build(mut self) -> Statement {
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
            "counted AS (SELECT g{sums} FROM (\n  {}\n) GROUP BY g HAVING {})",
            parts.join("\n  UNION ALL\n  "),
            having(self.group)
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
        let page = paged(self.group, &mut self.statement);
        let mix: Vec<_> = (0..5)
            .map(|m| format!("count(*) FILTER (WHERE method = {m}) AS m{m}"))
            .collect();
        let mix = mix.join(", ");
        self.statement.text = format!(
            "WITH {}
SELECT mix.*, counted.* FROM (
  SELECT {mix}, (SELECT count(*) FROM counted) AS total
  FROM (SELECT visitor_id, max(method) AS method FROM person GROUP BY visitor_id)
) AS mix LEFT JOIN (SELECT * FROM counted {page}) AS counted ON TRUE
ORDER BY {ORDER}",
            parts.join(",\n")
        );
        self.statement
    }
}
