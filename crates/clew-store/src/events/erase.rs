//! Rows leave: retention, erasure, and the copy that takes their bytes off the disk.

use super::EventStoreError;
use super::engine::{quoted, transaction};
use super::schema::{ROW_TABLES, SEAL_TABLES, create_in};
use clew_core::model::{EventId, ImportId, SiteId, VisitorId, Watermark};
use duckdb::{Connection, ToSql, params};
use std::path::Path;

/// Rows copied at once.
const SLICE_ROWS: i64 = 500_000;

/// Rows of `events` that a [`Watermark`] covers; bind its record, then its moment twice.
pub(super) const EXPIRED: &str =
    "lsn <= ? AND ((kind <> 2 AND time_ms < ?) OR (kind = 2 AND received_ms < ?))";

/// The same of `quarantined`, where an event may have no time of its own.
const EXPIRED_ASIDE: &str = "lsn <= ? AND ((import_id IS NULL AND coalesce(time_ms, received_ms) < ?) \
     OR (import_id IS NOT NULL AND received_ms < ?))";

/// Which rows of one site leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// Retention: what this mark covers.
    Expired { site: SiteId, mark: Watermark },
    /// Erasure of one visitor.
    Visitor { site: SiteId, visitor: VisitorId },
    /// Erasure of single events, e.g. those of a deleted lead.
    Events { site: SiteId, events: Vec<EventId> },
    /// An import is taken back: what its records brought up to `before`, the revocation's LSN.
    Import {
        site: SiteId,
        import: ImportId,
        before: u64,
    },
    /// Records were rewritten: all rows of these.
    Records { site: SiteId, lsns: Vec<u64> },
    /// The whole site.
    Site { site: SiteId },
}

impl Deletion {
    /// Whose rows leave; never anybody else's.
    pub fn site(&self) -> SiteId {
        match self {
            Self::Expired { site, .. }
            | Self::Visitor { site, .. }
            | Self::Events { site, .. }
            | Self::Import { site, .. }
            | Self::Records { site, .. }
            | Self::Site { site } => *site,
        }
    }
}

/// Deletes in one transaction; returns the rows removed.
pub(super) fn delete(connection: &Connection, what: &Deletion) -> Result<u64, EventStoreError> {
    transaction(connection, || delete_rows(connection, what))
}

/// Within a transaction of the caller's. The site's sessions go with its rows, and are sealed anew
/// from what is left.
pub(super) fn delete_rows(
    connection: &Connection,
    what: &Deletion,
) -> Result<u64, EventStoreError> {
    let rows = delete_events(connection, what)?;
    if rows > 0 {
        for table in SEAL_TABLES {
            let sql = format!("DELETE FROM {table} WHERE site = ?::UUID");
            connection.execute(&sql, [what.site().to_string()])?;
        }
    }
    Ok(rows)
}

fn delete_events(connection: &Connection, what: &Deletion) -> Result<u64, EventStoreError> {
    let run = |sql: &str, site: &SiteId, value: Option<&dyn ToSql>| {
        let site = site.to_string();
        let mut binds: Vec<&dyn ToSql> = vec![&site];
        binds.extend(value);
        connection.execute(sql, binds.as_slice()).map(|n| n as u64)
    };
    Ok(match what {
        Deletion::Expired { site, mark } => {
            let (site, before) = (site.to_string(), mark.before.0);
            let through = mark.through as i64;
            let mut rows = 0;
            for (table, expired) in [("events", EXPIRED), ("quarantined", EXPIRED_ASIDE)] {
                let sql = format!("DELETE FROM {table} WHERE site = ?::UUID AND {expired}");
                rows += connection.execute(&sql, params![site, through, before, before])? as u64;
            }
            rows
        }
        Deletion::Visitor { site, visitor } => run(
            "DELETE FROM events WHERE site = ?::UUID AND visitor_id = ?::UUID",
            site,
            Some(&visitor.to_string()),
        )?,
        Deletion::Events { site, events } => {
            let mut rows = 0;
            for event in events.iter().map(ToString::to_string) {
                for table in ["events", "quarantined"] {
                    let sql =
                        format!("DELETE FROM {table} WHERE site = ?::UUID AND event_id = ?::UUID");
                    rows += run(&sql, site, Some(&event))?;
                }
            }
            rows
        }
        Deletion::Import {
            site,
            import,
            before,
        } => {
            let (site, import, before) = (site.to_string(), import.to_string(), *before as i64);
            let mut rows = 0;
            for table in ["events", "quarantined"] {
                let sql = format!(
                    "DELETE FROM {table} WHERE site = ?::UUID AND import_id = ?::UUID AND lsn < ?"
                );
                rows += connection.execute(&sql, params![site, import, before])? as u64;
            }
            rows
        }
        Deletion::Records { site, lsns } => {
            let mut rows = 0;
            for lsn in lsns.iter().map(|lsn| *lsn as i64) {
                for table in ["events", "quarantined"] {
                    let sql = format!("DELETE FROM {table} WHERE site = ?::UUID AND lsn = ?");
                    rows += run(&sql, site, Some(&lsn))?;
                }
            }
            rows
        }
        Deletion::Site { site } => {
            run("DELETE FROM events WHERE site = ?::UUID", site, None)?
                + run("DELETE FROM quarantined WHERE site = ?::UUID", site, None)?
        }
    })
}

/// Writes every live row into the new file `fresh`, complete on disk, and the cursor as one row.
pub(super) fn copy(connection: &Connection, fresh: &Path) -> Result<(), EventStoreError> {
    connection.execute_batch(&format!("ATTACH {} AS fresh", quoted(fresh)))?;
    let copied = copy_tables(connection);
    let detached = connection.execute_batch("DETACH fresh");
    copied?;
    Ok(detached?)
}

fn copy_tables(connection: &Connection) -> Result<(), EventStoreError> {
    connection.execute_batch(&create_in("fresh"))?;
    for table in ROW_TABLES {
        copy_rows(connection, table)?;
    }
    // What is void stays behind; a copied row is the only one of its session.
    for table in ["sessions", "facts", "pieces"] {
        connection.execute_batch(&format!(
            "INSERT INTO fresh.{table} SELECT * FROM {table} ANTI JOIN voided \
             USING (site, session)"
        ))?;
    }
    connection.execute_batch(
        "INSERT INTO fresh.seals SELECT * FROM seals \
           QUALIFY generation = max(generation) OVER (PARTITION BY site);",
    )?;
    connection.execute_batch(
        "INSERT INTO fresh.meta SELECT * FROM meta; \
         INSERT INTO fresh.cursors SELECT max(lsn) FROM cursors; CHECKPOINT fresh;",
    )?;
    Ok(())
}

/// Copies in slices of the journal's order, which is roughly the order of time: reports then find
/// a range in few row groups, and no slice is too large to hold in memory.
fn copy_rows(connection: &Connection, table: &str) -> Result<(), EventStoreError> {
    let (rows, first, last): (i64, i64, i64) = connection.query_row(
        &format!("SELECT count(*), coalesce(min(lsn), 0), coalesce(max(lsn), 0) FROM {table}"),
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let slices = rows / SLICE_ROWS + 1;
    let width = (last - first) / slices + 1;
    let sql = format!("INSERT INTO fresh.{table} SELECT * FROM {table} WHERE lsn BETWEEN ? AND ?");
    for from in (first..=last).step_by(width as usize) {
        connection.execute(&sql, [from, from + width - 1])?;
    }
    Ok(())
}
