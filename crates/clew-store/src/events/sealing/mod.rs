//! Closed sessions become rows, so that reports need not cut the whole history again.
//!
//! What a session is stands in `clew_core::session`; the reference in SQL are the window functions
//! of `reports::source`. This module decides for which events they must still run (`cuts`), writes
//! what is closed (`pass`), and hands a report both halves (`reading`): closed rows, and the open
//! tail as rows of the same shape.
//!
//! # State
//! A site's newest row in `seals` says: events up to `lsn` were looked at, and every session of
//! them whose last event lies before `closed_ms` is a row in `sessions`, with its events in
//! `facts` and their sums in `pieces`. `open_ms` bounds the start of those that are not.
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
//! A pass looks at the dirty keys that have a pending event before the moment up to which it
//! closes: of all others no session ends before that moment. It voids the rows behind their cuts,
//! writes the recomputed sessions that are closed by then, and moves the state. Reading does the same without writing. So sealed and unsealed sessions
//! together are at every moment exactly the sessions of all events, late ones included; property
//! tests hold them against the pure function.

mod cuts;
mod pass;
mod reading;

pub(crate) use reading::Kept;
#[cfg(test)]
pub(crate) use reading::prepare;

use super::EventStoreError;
use super::engine::transaction;
use clew_core::model::SiteId;
use cuts::cuts;
use duckdb::types::Value;
use duckdb::{Connection, OptionalExt as _, params_from_iter};

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
    /// Highest number given to a session.
    sessions: i32,
}

impl Seal {
    /// Nothing sealed: every event is pending.
    const NONE: Self = Self {
        generation: 0,
        lsn: 0,
        closed_ms: i64::MAX,
        open_ms: i64::MAX,
        sessions: 0,
    };

    pub(crate) fn of(connection: &Connection, site: SiteId) -> Result<Self, EventStoreError> {
        let sql = "SELECT generation, lsn, closed_ms, open_ms, sessions FROM seals \
                   WHERE site = ?::UUID ORDER BY generation DESC LIMIT 1";
        let seal = connection
            .query_row(sql, [site.to_string()], |row| {
                Ok(Self {
                    generation: row.get(0)?,
                    lsn: row.get(1)?,
                    closed_ms: row.get(2)?,
                    open_ms: row.get(3)?,
                    sessions: row.get(4)?,
                })
            })
            .optional()?;
        Ok(seal.unwrap_or(Self::NONE))
    }
}

/// Seals what is closed at `now_ms`, in one transaction.
pub(crate) fn seal(
    connection: &Connection,
    site: SiteId,
    now_ms: i64,
) -> Result<Sealed, EventStoreError> {
    transaction(connection, || pass::pass(connection, site, now_ms))
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

/// Session keys whose first pending event lies in a stretch of time, and the values for the places
/// of [`cuts`].
#[derive(Clone, Debug)]
struct Places {
    site: String,
    seal: Seal,
    upto: i64,
    from_ms: i64,
    to_ms: i64,
    /// No event behind a cut lies before.
    reach_ms: i64,
    /// Keys with pending events.
    dirty: i64,
}

impl Places {
    /// Keys that are pending from `from_ms` on and before `to_ms`, as of the events up to `upto`.
    fn new(
        connection: &Connection,
        seal: Seal,
        (site, upto): (SiteId, i64),
        (from_ms, to_ms): (i64, i64),
    ) -> Result<Self, EventStoreError> {
        let mut places = Self {
            site: site.to_string(),
            seal,
            upto,
            from_ms,
            to_ms,
            reach_ms: seal.open_ms,
            dirty: 0,
        };
        let sql = format!("WITH {} SELECT count(*), min(reach_ms) FROM dirty", cuts());
        let (dirty, reach_ms): (i64, Option<i64>) =
            connection.query_row(&sql, params_from_iter(places.of_cuts()), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        places.dirty = dirty;
        places.reach_ms = reach_ms.map_or(seal.open_ms, |reach| reach.min(seal.open_ms));
        Ok(places)
    }

    /// For [`cuts`].
    fn of_cuts(&self) -> Vec<Value> {
        vec![
            Value::Text(self.site.clone()),
            Value::BigInt(self.seal.lsn),
            Value::BigInt(self.seal.closed_ms),
            Value::BigInt(self.upto),
            Value::BigInt(self.from_ms),
            Value::BigInt(self.to_ms),
        ]
    }

    /// For [`cuts`] and [`cuts::first_behind`].
    fn with_reach(&self) -> Vec<Value> {
        let mut values = self.of_cuts();
        values.push(Value::BigInt(self.reach_ms));
        values
    }

    /// For [`cuts`] and [`cuts::fresh`]; sessions that end before `closed_ms` are numbered first.
    fn values(&self, closed_ms: i64) -> Vec<Value> {
        let mut values = self.with_reach();
        values.push(Value::BigInt(closed_ms));
        values
    }
}
