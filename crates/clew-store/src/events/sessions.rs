//! One page of a site's sessions, newest first.
//!
//! Computed from the events while it is asked for, so it is as fresh as they are. What a session is
//! says `clew_core::session`; `reports::source` says it in SQL. Cost follows the page, not the
//! site's age: the list looks back in steps that grow, each exact by itself, until the page is full.
//! Bots and what the site set apart have no sessions.

use super::EventStoreError;
use crate::reports::column::carried;
use crate::reports::{DuckDb, source};
use clew_core::model::{EpochMs, EventId, IdentityMethod, SiteId, VisitorId};
use clew_core::report::Dimension;
use duckdb::types::Value;
use duckdb::{Connection, Row, ToSql};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// Most sessions on one page.
pub const MOST_SESSIONS: u32 = 1_000;

/// How far the first step looks back; each further one four times as far as all before.
const FIRST_STEP_MS: i64 = 6 * EpochMs::HOUR;

const DIMENSIONS: [Dimension; 7] = [
    Dimension::EntryPage,
    Dimension::ExitPage,
    Dimension::Source,
    Dimension::Campaign,
    Dimension::Device,
    Dimension::Browser,
    Dimension::Country,
];

/// Which sessions of one site to list.
#[derive(Clone, Debug)]
pub struct SessionQuery {
    pub site: SiteId,
    /// `from <= start < to`.
    pub from: Option<EpochMs>,
    pub to: Option<EpochMs>,
    /// Capped at [`MOST_SESSIONS`]; 0 means 100.
    pub limit: u32,
    /// Continue behind this place.
    pub cursor: Option<SessionCursor>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionPage {
    pub sessions: Vec<SessionRow>,
    /// Set when there is more.
    pub next: Option<SessionCursor>,
}

/// One session in numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// The event that opened it: names the session, also against others of the same client session.
    pub id: EventId,
    /// As the client named it; empty if it did not.
    pub client_session_id: String,
    pub visitor: VisitorId,
    pub identity_method: IdentityMethod,
    pub started: EpochMs,
    /// Last sign of life.
    pub ended: EpochMs,
    /// Engagement reports are no events of their own.
    pub events: u64,
    pub pageviews: u64,
    pub clicks: u64,
    pub max_scroll_percent: u8,
    /// Paths; empty without a page view.
    pub entry_page: String,
    pub exit_page: String,
    pub source: String,
    pub campaign: String,
    pub device: String,
    pub browser: String,
    pub country: String,
}

/// A place in the list: behind one session. Opaque text to clients; stays valid while events are
/// added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionCursor {
    start_ms: i64,
    id: EventId,
}

/// The text is no [`SessionCursor`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor of this list")]
pub struct BadSessionCursor;

impl fmt::Display for SessionCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}.{}", self.start_ms, self.id.to_uuid().simple())
    }
}

impl FromStr for SessionCursor {
    type Err = BadSessionCursor;

    fn from_str(text: &str) -> Result<Self, BadSessionCursor> {
        let (start, id) = text.split_once('.').ok_or(BadSessionCursor)?;
        Ok(Self {
            start_ms: i64::from_str_radix(start, 16).map_err(|_| BadSessionCursor)?,
            id: Uuid::try_parse(id).map_err(|_| BadSessionCursor)?.into(),
        })
    }
}

pub(super) fn sessions(
    connection: &Connection,
    query: &SessionQuery,
) -> Result<SessionPage, EventStoreError> {
    let limit = match query.limit {
        0 => 100,
        asked => asked.min(MOST_SESSIONS),
    };
    let wanted = limit as usize + 1;
    let mut sessions = Vec::new();
    if let Some((oldest, newest)) = bounds(connection, query)? {
        let (mut until, mut step) = (newest, FIRST_STEP_MS);
        while sessions.len() < wanted && until > oldest {
            let since = until.saturating_sub(step).max(oldest);
            let missing = wanted - sessions.len();
            sessions.extend(started_within(connection, query, since, until, missing)?);
            (until, step) = (since, step.saturating_mul(4));
        }
    }
    let more = sessions.len() > limit as usize;
    sessions.truncate(limit as usize);
    let next = sessions.last().filter(|_| more).map(|last| SessionCursor {
        start_ms: last.started.0,
        id: last.id,
    });
    Ok(SessionPage { sessions, next })
}

/// Where the list can begin and end at most: `[oldest, newest)`; `None`: there is nothing.
fn bounds(
    connection: &Connection,
    query: &SessionQuery,
) -> Result<Option<(i64, i64)>, EventStoreError> {
    let sql = "SELECT min(time_ms), max(time_ms) FROM events \
               WHERE site = ?::UUID AND bot = '' AND set_apart = 0";
    let site = query.site.to_string();
    let (first, last): (Option<i64>, Option<i64>) =
        connection.query_row(sql, [site], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (Some(first), Some(last)) = (first, last) else {
        return Ok(None);
    };
    let oldest = query.from.map_or(first, |from| from.0.max(first));
    let ends = [
        Some(last.saturating_add(1)),
        query.to.map(|to| to.0),
        // Others may have started in the same millisecond.
        query.cursor.map(|cursor| cursor.start_ms.saturating_add(1)),
    ];
    let newest = ends.into_iter().flatten().min();
    Ok(newest
        .filter(|newest| *newest > oldest)
        .map(|newest| (oldest, newest)))
}

/// Sessions with `since <= start < until` behind the cursor, newest first. Whoever started in this
/// time was seen in it, so the history of those keys is all that has to be cut.
fn started_within(
    connection: &Connection,
    query: &SessionQuery,
    since: i64,
    until: i64,
    most: usize,
) -> Result<Vec<SessionRow>, EventStoreError> {
    let after = query.cursor.unwrap_or(SessionCursor {
        start_ms: i64::MAX,
        id: EventId::from_u128(u128::MAX),
    });
    let binds = [
        Value::Text(query.site.to_string()),
        Value::BigInt(since),
        Value::BigInt(until),
        Value::BigInt(after.start_ms),
        Value::Text(after.id.to_string()),
    ];
    let binds: Vec<&dyn ToSql> = binds.iter().map(|bind| bind as &dyn ToSql).collect();
    let mut statement = connection.prepare(&text(most))?;
    let mut rows = statement.query(binds.as_slice())?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

fn text(most: usize) -> String {
    let cut = source::sessions(&DuckDb, &DIMENSIONS);
    let carried: String = DIMENSIONS
        .iter()
        .map(|dimension| format!(", visit.{}", carried(*dimension)))
        .collect();
    format!(
        "WITH {cut},
page AS (
  SELECT * FROM visit WHERE start_ms >= $2 AND start_ms < $3
    AND (start_ms < $4 OR (start_ms = $4 AND sid < $5::UUID))
  ORDER BY start_ms DESC, sid DESC LIMIT {most}),
counted AS (
  SELECT sid, count(*) FILTER (WHERE interaction) AS events,
    count(*) FILTER (WHERE event_type = 'click') AS clicks, max(scroll_percent) AS scrolled
  FROM member WHERE sid IN (SELECT sid FROM page) GROUP BY sid),
opening AS (
  SELECT event_id AS sid, visitor_id, identity_method, client_session_id
  FROM own WHERE event_id IN (SELECT sid FROM page))
SELECT sid::VARCHAR, client_session_id, visitor_id::VARCHAR, identity_method, visit.start_ms,
  visit.duration_ms, events, visit.views, clicks, scrolled{carried}
FROM page AS visit JOIN counted USING (sid) JOIN opening USING (sid)
ORDER BY visit.start_ms DESC, sid DESC"
    )
}

fn read(row: &Row<'_>) -> Result<SessionRow, EventStoreError> {
    let started: i64 = row.get(4)?;
    let method = IdentityMethod::try_from(i32::from(row.get::<_, u8>(3)?));
    Ok(SessionRow {
        id: id(row, 0, "event_id")?.into(),
        client_session_id: row.get(1)?,
        visitor: id(row, 2, "visitor_id")?.into(),
        identity_method: method.map_err(|_| EventStoreError::Unreadable {
            column: "identity_method",
        })?,
        started: EpochMs(started),
        ended: EpochMs(started.saturating_add(row.get(5)?)),
        events: count(row, 6)?,
        pageviews: count(row, 7)?,
        clicks: count(row, 8)?,
        max_scroll_percent: row.get(9)?,
        entry_page: row.get(10)?,
        exit_page: row.get(11)?,
        source: row.get(12)?,
        campaign: row.get(13)?,
        device: row.get(14)?,
        browser: row.get(15)?,
        country: row.get(16)?,
    })
}

fn id(row: &Row<'_>, place: usize, column: &'static str) -> Result<Uuid, EventStoreError> {
    Uuid::parse_str(&row.get::<_, String>(place)?)
        .map_err(|_| EventStoreError::Unreadable { column })
}

fn count(row: &Row<'_>, place: usize) -> Result<u64, EventStoreError> {
    let column = "count";
    u64::try_from(row.get::<_, i64>(place)?).map_err(|_| EventStoreError::Unreadable { column })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_text_and_nothing_else_is_one() {
        let cursor = SessionCursor {
            start_ms: 1_772_323_200_000,
            id: EventId::from_u128(77),
        };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for wrong in ["", "1", "x.77", "1.77", "1.2.3"] {
            assert_eq!(wrong.parse::<SessionCursor>(), Err(BadSessionCursor));
        }
    }
}
