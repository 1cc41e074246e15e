//! What a report needs to read sealed sessions and the open tail as one.

use super::cuts::{cuts, fresh};
use super::{Places, Seal};
use crate::events::EventStoreError;
use crate::reports::Sealed;
use crate::reports::facts::{FEW, GONE, Gone, Rows, TAIL, columns};
use clew_core::model::SiteId;
use clew_core::report::Dimension;
use duckdb::{Connection, params, params_from_iter};

/// The open tail of one site as it lies in a connection's temporary tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    seal: Seal,
    /// Whatever pending events change lies at or after this moment; `None`: nothing is pending.
    reach_ms: Option<i64>,
    gone: Gone,
}

/// Which rows a cut was made from: while none of this changes, it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
struct State {
    site: SiteId,
    seal: Seal,
    /// Last LSN that the transaction sees.
    cursor: i64,
    /// Of the store, which changes with deletions too.
    version: u64,
}

/// The latest cut of a connection: a page asks many questions about one site at one moment.
#[derive(Debug, Default)]
pub(crate) struct Kept(Option<(State, Cut)>);

impl Kept {
    /// The site's cut with all dimensions, made anew only when something has changed since.
    /// `None`: nothing is sealed.
    pub(crate) fn cut(
        &mut self,
        connection: &Connection,
        site: SiteId,
        version: u64,
    ) -> Result<Option<Cut>, EventStoreError> {
        let seal = Seal::of(connection, site)?;
        if seal == Seal::NONE {
            return Ok(None);
        }
        let cursor = connection.query_row("SELECT max(lsn) FROM cursors", [], |row| row.get(0))?;
        let state = State {
            site,
            seal,
            cursor,
            version,
        };
        if let Some((of, cut)) = &self.0
            && *of == state
        {
            return Ok(Some(cut.clone()));
        }
        // The tables of the earlier cut are about to go.
        self.0 = None;
        let cut = cut(connection, site, seal, Dimension::ALL)?;
        self.0 = Some((state, cut.clone()));
        Ok(Some(cut))
    }
}

impl Cut {
    /// A report about times before `until_ms` needs no tail behind it.
    pub(crate) fn sealed<'a>(&self, connection: &'a Connection, until_ms: i64) -> Sealed<'a> {
        Sealed {
            connection,
            closed_ms: self.seal.closed_ms,
            rows: Rows {
                gone: self.gone.clone(),
                tail: self.reach_ms.is_some_and(|reach| reach < until_ms),
            },
            memory: None,
        }
    }
}

/// Cuts the open tail of a site into temporary tables of this transaction, with `dimensions`.
/// `None`: nothing is sealed.
#[cfg(test)]
pub(crate) fn prepare<'a>(
    connection: &'a Connection,
    site: SiteId,
    dimensions: &[Dimension],
    until_ms: i64,
) -> Result<Option<Sealed<'a>>, EventStoreError> {
    let seal = Seal::of(connection, site)?;
    if seal == Seal::NONE {
        return Ok(None);
    }
    let cut = cut(connection, site, seal, dimensions)?;
    Ok(Some(cut.sealed(connection, until_ms)))
}

fn cut(
    connection: &Connection,
    site: SiteId,
    seal: Seal,
    dimensions: &[Dimension],
) -> Result<Cut, EventStoreError> {
    let places = if pending(connection, site, seal)? {
        Some(Places::new(
            connection,
            seal,
            (site, i64::MAX),
            (i64::MIN, i64::MAX),
        )?)
    } else {
        None
    };
    let tail = places.filter(|p| p.dirty > 0);
    let few = "SELECT session FROM voided WHERE site = ?::UUID";
    let mut gone = numbers(connection, few, params![site.to_string()])?;
    if let Some(places) = &tail {
        let (cuts, fresh, columns) = (cuts(), fresh(dimensions), columns(dimensions));
        connection.execute(
            &format!(
                "CREATE OR REPLACE TEMP TABLE {TAIL} AS WITH {cuts}, {fresh} \
                 SELECT -number AS session, {columns} FROM fresh"
            ),
            params_from_iter(places.values(i64::MIN)),
        )?;
        let behind = format!("WITH {cuts} SELECT session FROM behind");
        gone.extend(numbers(
            connection,
            &behind,
            params_from_iter(places.of_cuts()),
        )?);
    }
    Ok(Cut {
        seal,
        reach_ms: tail.map(|places| places.reach_ms),
        gone: named(connection, gone)?,
    })
}

/// Whether there is an event that no sealed row speaks for.
fn pending(connection: &Connection, site: SiteId, seal: Seal) -> Result<bool, EventStoreError> {
    let sql = "SELECT (SELECT count(*) FROM events WHERE site = $1::UUID AND bot = '' AND set_apart = 0 AND lsn > $2) \
               + (SELECT count(*) FROM events WHERE site = $1::UUID AND bot = '' AND set_apart = 0 AND lsn <= $2 \
                  AND time_ms >= $3)";
    let mut statement = connection.prepare_cached(sql)?;
    let places = params![site.to_string(), seal.lsn, seal.closed_ms];
    let count: i64 = statement.query_row(places, |row| row.get(0))?;
    Ok(count > 0)
}

fn numbers(
    connection: &Connection,
    sql: &str,
    places: impl duckdb::Params,
) -> Result<Vec<i64>, EventStoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let numbers = statement.query_map(places, |row| row.get(0))?;
    Ok(numbers.collect::<Result<_, _>>()?)
}

/// Many numbers go into a temporary table.
fn named(connection: &Connection, sessions: Vec<i64>) -> Result<Gone, EventStoreError> {
    if sessions.len() <= FEW {
        return Ok(Gone::Few(sessions));
    }
    connection.execute_batch(&format!(
        "CREATE OR REPLACE TEMP TABLE {GONE} (session INTEGER)"
    ))?;
    let list: Vec<_> = sessions.iter().map(ToString::to_string).collect();
    let sql = format!("INSERT INTO {GONE} SELECT unnest(string_split(?, ',')::INTEGER[])");
    connection.execute(&sql, [list.join(",")])?;
    Ok(Gone::Many)
}
