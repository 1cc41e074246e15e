//! The sealed rows as relations: closed sessions and the open tail in one shape.
//!
//! `facts` has one row an event, with its session's properties on it; `pieces` adds a session's
//! events up by quarter of an hour. Wherever a question's boundaries lie between quarters, which
//! is wherever a clock shows them, and it asks for no property of single events, the few pieces
//! say the same as the many facts.

use super::column::{carried, new};
use super::dialect::Dialect;
use clew_core::report::{Dimension, Scope};

/// Temporary table of the open tail, shaped like `facts`.
pub(crate) const TAIL: &str = "tail";
/// Temporary table of the sealed sessions that no longer hold.
pub(crate) const GONE: &str = "gone";

/// Times that no piece spans, milliseconds.
pub(super) const PIECE_MS: i64 = 900_000;

const OF_FACT: &str = "start_ms, duration_ms, views, bounce, opens, time_ms, visitor_id, \
    identity_method, interaction, is_view, engaged_ms, scroll_percent";

/// A fact as the piece that it alone would be.
const AS_PIECE: &str = "session, time_ms, visitor_id, \
    CASE WHEN interaction THEN identity_method END AS method, interaction::INTEGER AS events, \
    is_view::INTEGER AS pageviews, engaged_ms AS engaged, opens::INTEGER AS visits, \
    (opens AND bounce)::INTEGER AS bounces, CASE WHEN opens THEN duration_ms ELSE 0 END AS duration, \
    CASE WHEN opens THEN views ELSE 0 END AS visit_views";

const OF_PIECE: &str = "session, time_ms, visitor_id, method, events, pageviews, engaged, visits, \
    bounces, duration, visit_views";

/// Columns of `facts` behind site and session.
pub(crate) fn columns(dimensions: &[Dimension]) -> String {
    let events = dimensions.iter().filter(|d| d.scope() == Scope::Event);
    let events = events.flat_map(|d| [carried(*d), new(*d)]);
    let sessions = dimensions.iter().filter(|d| d.scope() != Scope::Event);
    let carry: String = events
        .chain(sessions.map(|d| carried(*d)))
        .map(|column| format!(", {column}"))
        .collect();
    format!("{OF_FACT}{carry}")
}

/// Columns of `pieces` behind site and session, from facts with a `number`.
pub(crate) fn of_pieces(from: &str) -> String {
    let carry: String = Dimension::ALL
        .iter()
        .filter(|d| d.scope() != Scope::Event)
        .map(|d| format!(", any_value({0}) AS {0}", carried(*d)))
        .collect();
    format!(
        "min(time_ms), visitor_id, max(CASE WHEN interaction THEN identity_method END),
  count(*) FILTER (WHERE interaction)::INTEGER, count(*) FILTER (WHERE is_view)::INTEGER,
  sum(engaged_ms)::BIGINT, count(*) FILTER (WHERE opens)::INTEGER,
  count(*) FILTER (WHERE opens AND bounce)::INTEGER,
  coalesce(sum(duration_ms) FILTER (WHERE opens), 0)::BIGINT,
  coalesce(sum(views) FILTER (WHERE opens), 0)::BIGINT{carry}
FROM {from} GROUP BY number, visitor_id, time_ms // {PIECE_MS}, time_ms < 0"
    )
}

/// Sealed sessions that hold no longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Gone {
    /// Few enough to be named.
    Few(Vec<i64>),
    /// As many as are in the table [`GONE`].
    Many,
}

/// Sessions that a text names at most: beyond, a join is cheaper.
pub(crate) const FEW: usize = 32;

/// Which sealed rows a statement reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) gone: Gone,
    /// There is an open tail.
    pub(crate) tail: bool,
}

impl Rows {
    /// `fact AS (…)`.
    pub(crate) fn facts(&self, dialect: &dyn Dialect, dimensions: &[Dimension]) -> String {
        let columns = format!("session, {}", columns(dimensions));
        self.relation(dialect, "fact", "facts", &columns, &columns)
    }

    /// `piece AS (…)`; `whole`: from pieces, else made of facts.
    pub(super) fn pieces(
        &self,
        dialect: &dyn Dialect,
        dimensions: &[Dimension],
        whole: bool,
    ) -> String {
        let carry: String = dimensions
            .iter()
            .map(|d| format!(", {}", carried(*d)))
            .collect();
        let of_fact = format!("{AS_PIECE}{carry}");
        if whole {
            let columns = format!("{OF_PIECE}{carry}");
            self.relation(dialect, "piece", "pieces", &columns, &of_fact)
        } else {
            self.relation(dialect, "piece", "facts", &of_fact, &of_fact)
        }
    }

    fn relation(
        &self,
        dialect: &dyn Dialect,
        name: &str,
        table: &str,
        columns: &str,
        of_tail: &str,
    ) -> String {
        let inline = dialect.inline();
        let site = dialect.id("$1");
        let (join, gone) = match &self.gone {
            Gone::Many => (format!(" ANTI JOIN {GONE} USING (session)"), String::new()),
            Gone::Few(sessions) if sessions.is_empty() => (String::new(), String::new()),
            Gone::Few(sessions) => {
                let numbers: Vec<_> = sessions.iter().map(ToString::to_string).collect();
                let condition = format!(" AND session NOT IN ({})", numbers.join(", "));
                (String::new(), condition)
            }
        };
        let tail = if self.tail {
            format!("\n  UNION ALL SELECT {of_tail} FROM {TAIL}")
        } else {
            String::new()
        };
        format!(
            "{name} AS {inline}(\n  SELECT {columns} FROM {table}{join} WHERE site = {site}{gone}{tail})"
        )
    }
}
