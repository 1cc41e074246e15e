//! Closed sessions become rows, so that reports need not cut the whole history again.
//!
//! What a session is stands in `clew_core::session`; the reference in SQL are the window functions
//! of `reports::source`. This file only decides for which events they must still run.
//!
//! # State
//! A site's newest row in `seals` says: events up to `lsn` were looked at, and every session of
//! them whose last event lies before `closed_ms` is a row in `sessions`. `open_ms` bounds the
//! start of those that are not.
//!
//! # Which rows hold
//! * An event is **pending** if it came after `lsn` or lies at or after `closed_ms`.
//! * A session key is **dirty** if it has a pending event. Of every other key all sessions are
//!   sealed and hold.
//! * Of a dirty key, sessions hold up to a **cut** before its first pending event, because a
//!   session depends on nothing before the interaction that opened it: the last sealed session
//!   that began before the pending event still holds if that event is an interaction that comes
//!   more than the timeout after it; otherwise the cut lies at that session's own start.
//! * Everything of a dirty key behind its cut is cut into sessions again.
//!
//! A pass voids the rows behind the cuts, writes the recomputed sessions that are closed by then,
//! and moves the state. Reading does the same without writing. So sealed and unsealed sessions
//! together are at every moment exactly the sessions of all events, late ones included; property
//! tests hold them against the pure function.

use super::EventStoreError;
use super::engine::transaction;
use crate::reports::{column, source};
use clew_core::model::{EpochMs, SiteId};
use clew_core::report::{Dimension, Scope};
use clew_core::session::{ENGAGEMENT, TIMEOUT_MS};
use duckdb::types::Value;
use duckdb::{Connection, OptionalExt as _, params, params_from_iter};

/// Events may arrive this much later than the session's end without unsealing it.
const GRACE_MS: i64 = 5 * EpochMs::MINUTE;

/// Rows looked at in one pass; more are left to the next, so that the writer is not kept long.
const PASS_ROWS: i64 = 200_000;

/// What one pass over a site did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sealed {
    /// Sessions written.
    pub sessions: u64,
    /// Sessions of earlier passes that late events changed.
    pub voided: u64,
    /// Nothing is left for another pass at the same moment.
    pub caught_up: bool,
}

/// Progress of one site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seal {
    generation: i64,
    lsn: i64,
    closed_ms: i64,
    open_ms: i64,
}

impl Seal {
    /// Nothing sealed: every event is pending.
    const NONE: Self = Self {
        generation: 0,
        lsn: 0,
        closed_ms: i64::MAX,
        open_ms: i64::MAX,
    };

    pub(crate) fn of(connection: &Connection, site: SiteId) -> Result<Self, EventStoreError> {
        let sql = "SELECT generation, lsn, closed_ms, open_ms FROM seals \
                   WHERE site = ?::UUID ORDER BY generation DESC LIMIT 1";
        let seal = connection
            .query_row(sql, [site.to_string()], |row| {
                Ok(Self {
                    generation: row.get(0)?,
                    lsn: row.get(1)?,
                    closed_ms: row.get(2)?,
                    open_ms: row.get(3)?,
                })
            })
            .optional()?;
        Ok(seal.unwrap_or(Self::NONE))
    }
}

/// Seals what is closed at `now_ms`, in one transaction.
pub(super) fn seal(
    connection: &Connection,
    site: SiteId,
    now_ms: i64,
) -> Result<Sealed, EventStoreError> {
    transaction(connection, || pass(connection, site, now_ms))
}

/// Sites with events that no pass has looked at, or whose last pass left sessions open.
pub(super) fn unsealed_sites(connection: &Connection) -> Result<Vec<SiteId>, EventStoreError> {
    let sql = "SELECT site::VARCHAR FROM (SELECT site, max(lsn) AS lsn FROM events GROUP BY site) \
               LEFT JOIN (SELECT site, max(lsn) AS sealed, arg_max(open_ms, generation) AS open \
                          FROM seals GROUP BY site) USING (site) \
               WHERE sealed IS NULL OR lsn > sealed OR open < 9223372036854775807 ORDER BY site";
    let mut statement = connection.prepare(sql)?;
    let sites = statement.query_map([], |row| row.get::<_, String>(0))?;
    sites
        .map(|site| {
            let id = uuid::Uuid::parse_str(&site?);
            id.map(SiteId::from)
                .map_err(|_| EventStoreError::Unreadable { column: "site" })
        })
        .collect()
}

/// Values for the places of [`cuts`] and [`fresh`].
#[derive(Clone, Debug)]
pub(super) struct Places {
    site: String,
    seal: Seal,
    upto: i64,
    reach_ms: i64,
    /// Keys with pending events.
    dirty: i64,
}

impl Places {
    /// Looking at events up to `upto`.
    fn new(
        connection: &Connection,
        site: SiteId,
        seal: Seal,
        upto: i64,
    ) -> Result<Self, EventStoreError> {
        let mut places = Self {
            site: site.to_string(),
            seal,
            upto,
            reach_ms: seal.open_ms,
            dirty: 0,
        };
        let sql = format!("WITH {} SELECT count(*), min(reach_ms) FROM dirty", cuts());
        let (dirty, reach_ms): (i64, Option<i64>) =
            connection.query_row(&sql, params_from_iter(&places.values()[..4]), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        places.dirty = dirty;
        places.reach_ms = reach_ms.map_or(seal.open_ms, |reach| reach.min(seal.open_ms));
        Ok(places)
    }

    /// Looking at all events of the site.
    #[cfg(test)]
    pub(super) fn now(connection: &Connection, site: SiteId) -> Result<Self, EventStoreError> {
        Self::new(connection, site, Seal::of(connection, site)?, i64::MAX)
    }

    /// In order of the places; [`cuts`] alone has the first four.
    pub(super) fn values(&self) -> [Value; 5] {
        [
            Value::Text(self.site.clone()),
            Value::BigInt(self.seal.lsn),
            Value::BigInt(self.seal.closed_ms),
            Value::BigInt(self.upto),
            Value::BigInt(self.reach_ms),
        ]
    }
}

fn pass(connection: &Connection, site: SiteId, now_ms: i64) -> Result<Sealed, EventStoreError> {
    let seal = Seal::of(connection, site)?;
    let (upto, caught_up) = next_lsn(connection, site, seal.lsn)?;
    let places = Places::new(connection, site, seal, upto)?;
    if places.dirty == 0 && upto == seal.lsn {
        return Ok(Sealed {
            caught_up,
            ..Sealed::default()
        });
    }
    // A clock that was set back must not reopen what is closed.
    let before = if seal == Seal::NONE {
        i64::MIN
    } else {
        seal.closed_ms
    };
    let closed_ms = (now_ms - TIMEOUT_MS - GRACE_MS).max(before);
    let generation = seal.generation + 1;
    let (cuts, fresh) = (cuts(), fresh());
    connection.execute(
        &format!("CREATE OR REPLACE TEMP TABLE fresh AS WITH {cuts}, {fresh} SELECT * FROM recut"),
        params_from_iter(places.values()),
    )?;
    let voided = connection.execute(
        &format!("INSERT INTO voided WITH {cuts} SELECT site, session, generation FROM behind"),
        params_from_iter(&places.values()[..4]),
    )?;
    let sql = format!(
        "INSERT INTO sessions SELECT ?::UUID, ?, {} FROM fresh WHERE last_ms < ? ORDER BY start_ms",
        columns().join(", ")
    );
    let sessions = connection.execute(&sql, params![places.site, generation, closed_ms])?;
    connection.execute(
        "INSERT INTO seals SELECT ?::UUID, ?, ?, ?, \
         (SELECT coalesce(min(start_ms), ?) FROM fresh WHERE last_ms >= ?)",
        params![
            places.site,
            generation,
            upto,
            closed_ms,
            i64::MAX,
            closed_ms
        ],
    )?;
    connection.execute_batch("DROP TABLE fresh")?;
    Ok(Sealed {
        sessions: sessions as u64,
        voided: voided as u64,
        caught_up,
    })
}

/// The LSN up to which this pass looks, and whether that is all there is.
fn next_lsn(
    connection: &Connection,
    site: SiteId,
    after: i64,
) -> Result<(i64, bool), EventStoreError> {
    let sql =
        "SELECT lsn FROM events WHERE site = ?::UUID AND lsn > ? ORDER BY lsn LIMIT 1 OFFSET ?";
    let far: Option<i64> = connection
        .query_row(sql, params![site.to_string(), after, PASS_ROWS], |row| {
            row.get(0)
        })
        .optional()?;
    if let Some(lsn) = far {
        return Ok((lsn, false));
    }
    let last: Option<i64> = connection.query_row(
        "SELECT max(lsn) FROM events WHERE site = ?::UUID",
        [site.to_string()],
        |row| row.get(0),
    )?;
    Ok((last.map_or(after, |last| last.max(after)), true))
}

/// Columns of `sessions` behind site and generation.
fn columns() -> Vec<&'static str> {
    let mut columns = vec![
        "session",
        "by_visitor",
        "skey",
        "visitor_id",
        "identity_method",
        "start_ms",
        "alive_ms",
        "last_ms",
        "last_event",
        "views",
        "interactions",
        "engaged_ms",
        "bounce",
    ];
    columns.extend(dimensions().map(|(column, _)| column));
    columns
}

/// Dimensions of a session and the columns that hold them.
fn dimensions() -> impl Iterator<Item = (&'static str, Dimension)> {
    let of_session = Dimension::ALL.iter().filter(|d| d.scope() != Scope::Event);
    of_session.map(|dimension| {
        let column = match dimension {
            Dimension::EntryPage => "entry_page",
            Dimension::ExitPage => "exit_page",
            other => column::stored(*other),
        };
        (column, *dimension)
    })
}

/// `live`, `dirty` and `behind`. Places: `$1` site, `$2` and `$3` the seal's `lsn` and
/// `closed_ms`, `$4` the last LSN to look at.
fn cuts() -> String {
    let key = "client_session IS NULL AS by_visitor, coalesce(client_session, visitor_id) AS skey";
    let pending = format!(
        "SELECT {key}, time_ms, event_id, event_type <> '{ENGAGEMENT}' AS interaction \
         FROM events WHERE site = $1::UUID AND bot = ''"
    );
    format!(
        "pending AS (
  {pending} AND lsn > $2 AND lsn <= $4
  UNION ALL {pending} AND lsn <= $2 AND time_ms >= $3),
touched AS (
  SELECT by_visitor, skey, min(time_ms) AS pending_ms,
    arg_min(interaction, (time_ms, event_id)) AS opens
  FROM pending GROUP BY by_visitor, skey),
live AS (
  SELECT sessions.* FROM sessions ANTI JOIN voided
    ON voided.site = sessions.site AND voided.session = sessions.session
    AND voided.generation = sessions.generation
  WHERE sessions.site = $1::UUID),
previous AS (
  SELECT by_visitor, skey,
    arg_max({{'start_ms': start_ms, 'session': session, 'alive_ms': alive_ms, 'last_ms': last_ms,
      'last_event': last_event}}, (start_ms, session)) AS s
  FROM live JOIN touched USING (by_visitor, skey)
  WHERE start_ms < pending_ms GROUP BY by_visitor, skey),
judged AS (
  SELECT by_visitor, skey, pending_ms, s,
    coalesce(opens AND s.last_ms < pending_ms AND s.alive_ms + {TIMEOUT_MS} < pending_ms, FALSE) AS holds
  FROM touched LEFT JOIN previous USING (by_visitor, skey)),
dirty AS (
  SELECT by_visitor, skey, holds,
    CASE WHEN s IS NULL THEN {min} WHEN holds THEN s.last_ms ELSE s.start_ms END AS cut_ms,
    CASE WHEN s IS NULL THEN '{nil}'::UUID WHEN holds THEN s.last_event ELSE s.session END AS cut_event,
    CASE WHEN s IS NULL OR holds THEN pending_ms ELSE s.start_ms END AS reach_ms
  FROM judged),
behind AS (
  SELECT live.* FROM live JOIN dirty USING (by_visitor, skey) WHERE {later})",
        min = i64::MIN,
        nil = uuid::Uuid::nil(),
        later = later("live.start_ms", "live.session"),
    )
}

/// Whether a place in a dirty key's events lies behind its cut. The session before the cut either
/// holds whole, or is cut again from its first event on.
fn later(time: &str, event: &str) -> String {
    format!(
        "({time} > cut_ms OR ({time} = cut_ms AND ({event} > cut_event \
         OR ({event} = cut_event AND NOT holds))))"
    )
}

/// `recut`: the sessions of dirty keys behind their cuts. Place `$5` bounds their time below.
fn fresh() -> String {
    let dialect = &crate::reports::DuckDb;
    let dimensions: Vec<_> = dimensions().map(|(_, dimension)| dimension).collect();
    let from = format!(
        "own JOIN dirty USING (by_visitor, skey) WHERE lsn <= $4 AND time_ms >= $5 AND {}",
        later("time_ms", "event_id")
    );
    let own = source::keyed(dialect);
    let cut = source::cut(dialect, &dimensions, &from);
    let carried: String = self::dimensions()
        .map(|(column, dimension)| format!(", {} AS {column}", column::carried(dimension)))
        .collect();
    format!(
        "{own}, {cut},
summed AS (
  SELECT sid, any_value(by_visitor) AS by_visitor, any_value(skey) AS skey,
    arg_min(visitor_id, (time_ms, event_id)) AS visitor_id,
    arg_min(identity_method, (time_ms, event_id)) AS identity_method,
    max(time_ms) AS last_ms, arg_max(event_id, (time_ms, event_id)) AS last_event,
    count(*) FILTER (WHERE interaction) AS interactions,
    coalesce(sum(engaged_ms), 0)::BIGINT AS engaged_ms
  FROM member WHERE sid IS NOT NULL GROUP BY sid),
recut AS (
  SELECT sid AS session, by_visitor, skey, visitor_id, identity_method, start_ms,
    start_ms + duration_ms AS alive_ms, last_ms, last_event, views, interactions, engaged_ms,
    bounce{carried}
  FROM visit JOIN summed USING (sid))"
    )
}

#[cfg(test)]
/// `current`: every session of the bound site, sealed or not, as rows of [`columns`].
pub(super) fn current() -> String {
    let columns = columns().join(", ");
    let (cuts, fresh) = (cuts(), fresh());
    format!(
        "{cuts}, {fresh},
current AS (
  SELECT {columns} FROM live ANTI JOIN behind USING (session, generation)
  UNION ALL SELECT {columns} FROM recut)"
    )
}
