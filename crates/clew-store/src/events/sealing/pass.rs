//! One pass over a site: what is closed becomes rows.

use super::cuts::{cuts, first_behind, fresh};
use super::{Places, Seal, Sealed};
use crate::events::EventStoreError;
use crate::reports::facts::{columns, of_pieces};
use clew_core::model::{EpochMs, SiteId};
use clew_core::report::Dimension;
use clew_core::session::TIMEOUT_MS;
use duckdb::{Connection, OptionalExt as _, params, params_from_iter};

/// Events may arrive this much later than the session's end without unsealing it.
const GRACE_MS: i64 = 5 * EpochMs::MINUTE;

/// Rows looked at in one pass; more are left to the next, so that the writer is not kept long.
const PASS_ROWS: i64 = 50_000;

pub(super) fn pass(
    connection: &Connection,
    site: SiteId,
    now_ms: i64,
) -> Result<Sealed, EventStoreError> {
    let seal = Seal::of(connection, site)?;
    let (upto, caught_up) = next_lsn(connection, site, seal.lsn)?;
    // A clock that was set back must not reopen what is closed.
    let before = if seal == Seal::NONE {
        i64::MIN
    } else {
        seal.closed_ms
    };
    // Of a long import in order, what goes on in the next pass is not closed in this one.
    let seen_ms = if caught_up {
        now_ms
    } else {
        latest(connection, site, seal.lsn, upto)?.min(now_ms)
    };
    let closed_ms = (seen_ms - TIMEOUT_MS - GRACE_MS).max(before);
    let places = Places::new(connection, seal, (site, upto), (i64::MIN, closed_ms))?;
    if places.dirty == 0 && upto == seal.lsn {
        return Ok(Sealed {
            caught_up,
            ..Sealed::default()
        });
    }
    let (cuts, fresh) = (cuts(), fresh(Dimension::ALL));
    connection.execute(
        &format!("CREATE OR REPLACE TEMP TABLE fresh AS WITH {cuts}, {fresh} SELECT * FROM fresh"),
        params_from_iter(places.values(closed_ms)),
    )?;
    // What is open: of these keys, and of those that are not looked at.
    let others = Places::new(connection, seal, (site, upto), (closed_ms, i64::MAX))?;
    let open_ms: Option<i64> = connection.query_row(
        &first_behind(),
        params_from_iter(others.with_reach()),
        |row| row.get(0),
    )?;
    let voided = connection.execute(
        &format!("INSERT INTO voided WITH {cuts} SELECT site, session FROM behind"),
        params_from_iter(places.of_cuts()),
    )?;
    let sessions = write(connection, &places, closed_ms)?;
    let state = format!(
        "INSERT INTO seals SELECT ?::UUID, ?, ?, ?, \
         (SELECT least(coalesce(min(first_ms), {max}), ?) FROM fresh WHERE last_ms >= ?), \
         (SELECT ? + coalesce(max(number) FILTER (WHERE last_ms < ?), 0) FROM fresh)",
        max = i64::MAX
    );
    connection.execute(
        &state,
        params![
            places.site,
            seal.generation + 1,
            upto,
            closed_ms,
            open_ms.unwrap_or(i64::MAX),
            closed_ms,
            seal.sessions,
            closed_ms,
        ],
    )?;
    connection.execute_batch("DROP TABLE fresh")?;
    Ok(Sealed {
        sessions: sessions as u64,
        voided: voided as u64,
        caught_up,
    })
}

/// Writes what is closed in `fresh`; returns the number of sessions.
fn write(
    connection: &Connection,
    places: &Places,
    closed_ms: i64,
) -> Result<usize, EventStoreError> {
    let scope = params![places.site, places.seal.sessions, closed_ms];
    let sessions = connection.execute(
        "INSERT INTO sessions SELECT ?::UUID, number + ?, first_event, by_visitor, skey, first_ms, \
         alive_ms, last_ms, last_event FROM fresh \
         WHERE event_id = first_event AND last_ms < ? ORDER BY number",
        scope,
    )?;
    let facts = columns(Dimension::ALL);
    connection.execute(
        &format!(
            "INSERT INTO facts SELECT ?::UUID, number + ?, {facts} FROM fresh WHERE last_ms < ? \
             ORDER BY number, time_ms"
        ),
        scope,
    )?;
    let pieces = of_pieces("fresh WHERE last_ms < ?");
    connection.execute(
        &format!("INSERT INTO pieces SELECT ?::UUID, number + ?, {pieces} ORDER BY number"),
        scope,
    )?;
    Ok(sessions)
}

/// The latest time among the events that this pass looks at for the first time.
fn latest(
    connection: &Connection,
    site: SiteId,
    after: i64,
    upto: i64,
) -> Result<i64, EventStoreError> {
    let sql = "SELECT max(time_ms) FROM events WHERE site = ?::UUID AND lsn > ? AND lsn <= ?";
    Ok(
        connection.query_row(sql, params![site.to_string(), after, upto], |row| {
            row.get(0)
        })?,
    )
}

/// The LSN up to which this pass looks, and whether that is all there is.
fn next_lsn(
    connection: &Connection,
    site: SiteId,
    after: i64,
) -> Result<(i64, bool), EventStoreError> {
    let site = site.to_string();
    let last: Option<i64> = connection.query_row(
        "SELECT max(lsn) FROM events WHERE site = ?::UUID AND lsn > ?",
        params![site, after],
        |row| row.get(0),
    )?;
    let Some(last) = last else {
        return Ok((after, true));
    };
    // A record has at least one row, so most sites find their rows within the first window.
    let sql = "SELECT lsn FROM events WHERE site = ?::UUID AND lsn > ? AND lsn <= ? \
               ORDER BY lsn LIMIT 1 OFFSET ?";
    let mut window = PASS_ROWS;
    loop {
        let end = after.saturating_add(window).min(last);
        let far = connection
            .query_row(sql, params![site, after, end, PASS_ROWS], |row| row.get(0))
            .optional()?;
        match far {
            Some(lsn) => return Ok((lsn, lsn == last)),
            None if end == last => return Ok((last, true)),
            None => window = window.saturating_mul(4),
        }
    }
}
