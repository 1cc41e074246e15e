//! Many rows of one site, in the order of the journal: for whoever takes events elsewhere.
//!
//! A page at a time, each a question of its own, so that reports are answered in between. Refuses
//! to read a store that does not hold everything up to the record that the asker counts on: one
//! that was set aside a moment ago would answer "nothing".

use super::columns::EventRow;
use super::{EventStoreError, engine, erase, list};
use clew_core::model::{SiteId, UserKey, VisitorId, Watermark};
use duckdb::types::Value;
use duckdb::{Connection, OptionalExt as _, params_from_iter};

/// Rows of one page.
const PAGE: usize = 8_192;

/// Which rows, and from where on.
#[derive(Clone, Debug)]
pub struct Scan {
    pub site: SiteId,
    pub wanted: Wanted,
    /// The store must have come this far; nothing newer is read.
    pub through: u64,
    /// Continue behind this place.
    pub after: Option<Place>,
}

#[derive(Clone, Debug)]
pub enum Wanted {
    /// What leaves when this mark is set.
    Expired(Watermark),
    /// Events of these visitors, and those in which these users said who they are.
    Subject {
        visitors: Vec<VisitorId>,
        users: Vec<UserKey>,
    },
}

/// Where a row stands: its record and its position within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub lsn: u64,
    pub index: u32,
}

impl EventRow {
    pub fn place(&self) -> Place {
        Place {
            lsn: self.lsn,
            index: self.index,
        }
    }
}

pub(super) fn scan(connection: &Connection, scan: &Scan) -> Result<Vec<EventRow>, EventStoreError> {
    let cursor = engine::cursor(connection)?;
    if cursor < scan.through {
        let after = scan.through;
        return Err(EventStoreError::Gap { after, cursor });
    }
    let (condition, values) = condition(scan);
    // Places first: sorting whole rows would hold all of them.
    let last = format!(
        "SELECT lsn, idx FROM events WHERE {condition} ORDER BY lsn, idx \
         LIMIT 1 OFFSET {}",
        PAGE - 1
    );
    let mut statement = connection.prepare(&last)?;
    let last: Option<(i64, i32)> = statement
        .query_row(params_from_iter(&values), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let (lsn, index) = last.unwrap_or((scan.through as i64, i32::MAX));
    let sql = format!(
        "SELECT {} FROM events WHERE {condition} AND lsn <= ? AND (lsn < ? OR idx <= ?) \
         ORDER BY lsn, idx",
        list::columns()
    );
    let page = [Value::BigInt(lsn), Value::BigInt(lsn), Value::Int(index)];
    let values = values.into_iter().chain(page);
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        events.push(list::read(row)?);
    }
    Ok(events)
}

fn condition(scan: &Scan) -> (String, Vec<Value>) {
    let mut sql = "site = ?::UUID AND lsn <= ?".to_owned();
    let mut values = vec![
        Value::Text(scan.site.to_string()),
        Value::BigInt(scan.through as i64),
    ];
    match &scan.wanted {
        Wanted::Expired(mark) => {
            let before = Value::BigInt(mark.before.0);
            sql = format!("{sql} AND {}", erase::EXPIRED);
            values.extend([Value::BigInt(mark.through as i64), before.clone(), before]);
        }
        Wanted::Subject { visitors, users } => {
            let (of_visitors, of_users) = (places(visitors.len()), places(users.len()));
            sql = format!("{sql} AND (visitor_id IN ({of_visitors}) OR user_key IN ({of_users}))");
            values.extend(visitors.iter().map(|id| Value::Text(id.to_string())));
            values.extend(users.iter().map(|id| Value::Text(id.to_string())));
        }
    }
    if let Some(Place { lsn, index }) = scan.after {
        let lsn = Value::BigInt(lsn as i64);
        sql.push_str(" AND lsn >= ? AND (lsn > ? OR idx > ?)");
        values.extend([lsn.clone(), lsn, Value::BigInt(i64::from(index))]);
    }
    (sql, values)
}

/// Places for bound ids; a list that nothing is in when there are none.
fn places(count: usize) -> String {
    match count {
        0 => "NULL".to_owned(),
        _ => vec!["?::UUID"; count].join(", "),
    }
}
