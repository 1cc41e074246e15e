//! Rows leave: retention, erasure, and the copy that takes their bytes off the disk.

use super::EventStoreError;
use super::engine::{quoted, transaction};
use super::schema::{ROW_TABLES, SEAL_TABLES, create_in};
use clew_core::model::{ErasedPersons, EventId, ImportId, SiteId, VisitorId, Watermark};
use duckdb::types::Value;
use duckdb::{Connection, params, params_from_iter};
use std::path::Path;
use uuid::Uuid;

/// Rows copied at once.
const SLICE_ROWS: i64 = 500_000;

/// Rows of `events` that a [`Watermark`] covers; bind its record, then its moment twice.
pub(super) const EXPIRED: &str =
    "lsn <= ? AND ((kind <> 2 AND time_ms < ?) OR (kind = 2 AND received_ms < ?))";

/// The same of `quarantined`, where an event may have no time of its own.
const EXPIRED_ASIDE: &str = "lsn <= ? AND ((import_id IS NULL AND coalesce(time_ms, received_ms) < ?) \
     OR (import_id IS NOT NULL AND received_ms < ?))";

/// Which rows of one site leave.
#[derive(Clone, Debug)]
pub enum Deletion {
    /// Retention: what this mark covers.
    Expired { site: SiteId, mark: Watermark },
    /// One visitor.
    Visitor { site: SiteId, visitor: VisitorId },
    /// Single events, e.g. those of a deleted lead.
    Events { site: SiteId, events: Vec<EventId> },
    /// An import is taken back: what its records brought up to `before`, the revocation's LSN.
    Import {
        site: SiteId,
        import: ImportId,
        before: u64,
    },
    /// Erasure: what records before `before`, the erasure's LSN, say of these persons.
    Persons {
        site: SiteId,
        persons: ErasedPersons,
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
            | Self::Persons { site, .. }
            | Self::Records { site, .. }
            | Self::Site { site } => *site,
        }
    }
}

/// Rows of one table, as the end of a statement.
struct Rows {
    table: &'static str,
    condition: String,
    values: Vec<Value>,
}

impl Rows {
    fn of(
        table: &'static str,
        site: SiteId,
        condition: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Self {
        let site = Value::Text(site.to_string());
        Self {
            table,
            condition: format!("site = ?::UUID{condition}"),
            values: std::iter::once(site).chain(values).collect(),
        }
    }

    fn delete(&self, connection: &Connection) -> Result<u64, EventStoreError> {
        let sql = format!("DELETE FROM {} WHERE {}", self.table, self.condition);
        Ok(connection.execute(&sql, params_from_iter(&self.values))? as u64)
    }

    fn count(&self, connection: &Connection) -> Result<u64, EventStoreError> {
        let (table, condition) = (self.table, &self.condition);
        let sql = format!("SELECT count(*) FROM {table} WHERE {condition}");
        let count: i64 =
            connection.query_row(&sql, params_from_iter(&self.values), |row| row.get(0))?;
        Ok(count as u64)
    }
}

/// How many rows [`delete`] would remove.
pub(super) fn count(connection: &Connection, what: &Deletion) -> Result<u64, EventStoreError> {
    let mut rows = 0;
    for part in rows_of(connection, what)? {
        rows += part.count(connection)?;
    }
    Ok(rows)
}

/// Deletes in one transaction; returns the rows removed.
pub(super) fn delete(connection: &Connection, what: &Deletion) -> Result<u64, EventStoreError> {
    transaction(connection, || delete_rows(connection, what))
}

/// Within a transaction of the caller's. The sessions of these rows go with them. Unless nobody
/// else's events are in them, all of the site go, and are sealed anew from what is left.
pub(super) fn delete_rows(
    connection: &Connection,
    what: &Deletion,
) -> Result<u64, EventStoreError> {
    let visitors = match what {
        Deletion::Persons { .. } => visitors_of(connection, what)?,
        _ => Vec::new(),
    };
    let mut rows = 0;
    for part in rows_of(connection, what)? {
        rows += part.delete(connection)?;
    }
    let unsealed =
        !visitors.is_empty() && rows > 0 && unseal_visitors(connection, what.site(), &visitors)?;
    if rows > 0 && !unsealed {
        for table in SEAL_TABLES {
            Rows::of(table, what.site(), "", []).delete(connection)?;
        }
    }
    Ok(rows)
}

fn rows_of(connection: &Connection, what: &Deletion) -> Result<Vec<Rows>, EventStoreError> {
    let site = what.site();
    let both = |condition: &str, values: Vec<Value>| {
        let rows = ROW_TABLES.iter();
        rows.map(|table| Rows::of(table, site, condition, values.clone()))
            .collect::<Vec<_>>()
    };
    Ok(match what {
        Deletion::Expired { mark, .. } => {
            let (before, through) = (mark.before.0, mark.through as i64);
            let values = [through, before, before].map(Value::BigInt);
            [("events", EXPIRED), ("quarantined", EXPIRED_ASIDE)]
                .map(|(table, expired)| {
                    Rows::of(table, site, &format!(" AND {expired}"), values.clone())
                })
                .into()
        }
        Deletion::Visitor { visitor, .. } => {
            let visitor = Value::Text(visitor.to_string());
            let own = " AND visitor_id = ?::UUID";
            vec![Rows::of("events", site, own, [visitor])]
        }
        Deletion::Events { events, .. } => {
            let ids = events.iter().map(|id| Value::Text(id.to_string()));
            ids.flat_map(|id| both(" AND event_id = ?::UUID", vec![id]))
                .collect()
        }
        Deletion::Import { import, before, .. } => {
            let values = vec![
                Value::Text(import.to_string()),
                Value::BigInt(*before as i64),
            ];
            both(" AND import_id = ?::UUID AND lsn < ?", values)
        }
        Deletion::Persons {
            persons, before, ..
        } => persons_rows(connection, site, persons, *before)?,
        Deletion::Records { lsns, .. } => {
            let lsns = lsns.iter().map(|lsn| Value::BigInt(*lsn as i64));
            lsns.flat_map(|lsn| both(" AND lsn = ?", vec![lsn]))
                .collect()
        }
        Deletion::Site { .. } => both("", Vec::new()),
    })
}

/// The engine cannot compute keyed hashes, so it lists whom it knows, and those who are meant are
/// named to it.
fn persons_rows(
    connection: &Connection,
    site: SiteId,
    persons: &ErasedPersons,
    before: u64,
) -> Result<Vec<Rows>, EventStoreError> {
    let known = |column: &str| -> Result<Vec<Uuid>, EventStoreError> {
        let one =
            |table: &str| format!("SELECT {column} FROM {table} WHERE site = ?::UUID AND lsn < ?");
        let (events, aside) = (one("events"), one("quarantined"));
        let sql = format!(
            "SELECT DISTINCT {column}::VARCHAR FROM ({events} UNION ALL {aside}) \
             WHERE {column} IS NOT NULL"
        );
        let (site, before) = (site.to_string(), before as i64);
        let mut statement = connection.prepare(&sql)?;
        let ids = statement.query_map(params![site, before, site, before], |row| {
            row.get::<_, String>(0)
        })?;
        ids.map(|id| {
            Uuid::parse_str(&id?).map_err(|_| EventStoreError::Unreadable { column: "visitor" })
        })
        .collect()
    };
    let mut visitors = known("visitor_id")?;
    visitors.retain(|id| persons.has_visitor((*id).into()));
    let mut users = known("user_key")?;
    users.retain(|id| persons.has_user((*id).into()));
    if visitors.is_empty() && users.is_empty() {
        return Ok(Vec::new());
    }
    let condition = format!(
        " AND lsn < ? AND (visitor_id IN ({}) OR user_key IN ({}))",
        places(visitors.len()),
        places(users.len())
    );
    let ids = visitors.iter().chain(&users);
    let ids = ids.map(|id| Value::Text(id.to_string()));
    let values: Vec<_> = std::iter::once(Value::BigInt(before as i64))
        .chain(ids)
        .collect();
    let rows = ROW_TABLES.iter();
    Ok(rows
        .map(|table| Rows::of(table, site, &condition, values.clone()))
        .collect())
}

/// Places for bound ids; a list that nothing is in when there are none.
fn places(count: usize) -> String {
    if count == 0 {
        return "NULL".to_owned();
    }
    vec!["?::UUID"; count].join(", ")
}

/// Under which visitor ids the events stand that are about to leave.
fn visitors_of(connection: &Connection, what: &Deletion) -> Result<Vec<Value>, EventStoreError> {
    let mut visitors = Vec::new();
    let parts = rows_of(connection, what)?;
    for part in parts.iter().filter(|part| part.table == "events") {
        let condition = &part.condition;
        let sql = format!("SELECT DISTINCT visitor_id::VARCHAR FROM events WHERE {condition}");
        let mut statement = connection.prepare(&sql)?;
        let found = statement.query_map(params_from_iter(&part.values), |row| row.get(0))?;
        for visitor in found {
            visitors.push(Value::Text(visitor?));
        }
    }
    Ok(visitors)
}

/// Removes the sealed sessions of visitors who have no events any more, and nothing else; false,
/// and nothing removed, when some of them are not theirs alone.
fn unseal_visitors(
    connection: &Connection,
    site: SiteId,
    visitors: &[Value],
) -> Result<bool, EventStoreError> {
    let own = format!("visitor_id IN ({})", places(visitors.len()));
    let theirs = |table, condition: &str, times: usize| {
        let again = (1..times).flat_map(|_| {
            std::iter::once(Value::Text(site.to_string())).chain(visitors.iter().cloned())
        });
        let values: Vec<_> = visitors.iter().cloned().chain(again).collect();
        Rows::of(table, site, condition, values)
    };
    let left = theirs("events", &format!(" AND {own}"), 1);
    let shared = format!(
        " AND NOT {own} AND session IN (SELECT session FROM facts WHERE site = ?::UUID AND {own})"
    );
    if left.count(connection)? > 0 || theirs("facts", &shared, 2).count(connection)? > 0 {
        return Ok(false);
    }
    let sessions = format!("SELECT DISTINCT session FROM facts WHERE site = ?::UUID AND {own}");
    let values = theirs("facts", "", 1).values;
    connection.execute(
        &format!("CREATE OR REPLACE TEMP TABLE gone AS {sessions}"),
        params_from_iter(&values),
    )?;
    for table in ["sessions", "facts", "pieces", "voided"] {
        let gone = " AND session IN (SELECT session FROM gone)";
        Rows::of(table, site, gone, []).delete(connection)?;
    }
    connection.execute_batch("DROP TABLE gone")?;
    Ok(true)
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
