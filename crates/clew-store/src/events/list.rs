//! One page of a site's events, newest first.

use super::EventStoreError;
use super::columns::{Access, COLUMNS, Column, EventRow, Numbers, Texts};
use clew_core::model::{EventId, SiteId, VisitorId};
use duckdb::types::{OrderedMap, Value};
use duckdb::{Connection, Row, ToSql};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// Most events on one page.
pub const MAX_PAGE: u32 = 1_000;

/// Which events to list. Empty filters ask for everything; `sites` is what the asker may see and
/// is never optional.
#[derive(Clone, Debug, Default)]
pub struct EventQuery {
    /// No site, no events.
    pub sites: Vec<SiteId>,
    /// `time_ms >= from_ms`.
    pub from_ms: Option<i64>,
    /// `time_ms < to_ms`.
    pub to_ms: Option<i64>,
    pub event_type: Option<String>,
    /// Name of a custom event.
    pub name: Option<String>,
    pub event_id: Option<EventId>,
    pub visitor: Option<VisitorId>,
    /// The session id as the client sent it.
    pub client_session_id: Option<String>,
    pub path: Option<String>,
    /// Nothing that was imported.
    pub live_only: bool,
    /// Capped at [`MAX_PAGE`]; 0 means 100.
    pub limit: u32,
    /// Continue behind this place.
    pub cursor: Option<PageCursor>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct EventPage {
    pub events: Vec<EventRow>,
    /// Set when there is more.
    pub next: Option<PageCursor>,
}

/// A place in the list: behind one event. Opaque text to clients; stays valid while events are
/// added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageCursor {
    time_ms: i64,
    lsn: u64,
    index: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor of this list")]
pub struct BadCursor;

impl fmt::Display for PageCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}.{:x}.{:x}", self.time_ms, self.lsn, self.index)
    }
}

impl FromStr for PageCursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let mut parts = text.split('.').map(|part| u64::from_str_radix(part, 16));
        let mut next = || parts.next().and_then(Result::ok).ok_or(BadCursor);
        let cursor = Self {
            time_ms: next()? as i64,
            lsn: next()?,
            index: u32::try_from(next()?).map_err(|_| BadCursor)?,
        };
        match (parts.next(), i64::try_from(cursor.lsn)) {
            (None, Ok(_)) => Ok(cursor),
            _ => Err(BadCursor),
        }
    }
}

pub(super) fn list(
    connection: &Connection,
    query: &EventQuery,
) -> Result<EventPage, EventStoreError> {
    if query.sites.is_empty() {
        return Ok(EventPage {
            events: Vec::new(),
            next: None,
        });
    }
    let limit = match query.limit {
        0 => 100,
        asked => asked.min(MAX_PAGE),
    };
    let mut text = Statement::new();
    text.scope(query);
    text.after(query.cursor);
    let sql = text.finish(limit + 1);
    let binds: Vec<&dyn ToSql> = text.binds.iter().map(|bind| bind as &dyn ToSql).collect();
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query(binds.as_slice())?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        events.push(read(row)?);
    }
    let more = events.len() > limit as usize;
    events.truncate(limit as usize);
    let next = events.last().filter(|_| more).map(|last| PageCursor {
        time_ms: last.event.time_ms,
        lsn: last.lsn,
        index: last.index,
    });
    Ok(EventPage { events, next })
}

struct Statement {
    conditions: String,
    binds: Vec<Value>,
}

impl Statement {
    fn new() -> Self {
        Self {
            conditions: String::new(),
            binds: Vec::new(),
        }
    }

    fn and(&mut self, condition: &str, binds: impl IntoIterator<Item = Value>) {
        let glue = if self.conditions.is_empty() {
            ""
        } else {
            " AND "
        };
        self.conditions.push_str(glue);
        self.conditions.push_str(condition);
        self.binds.extend(binds);
    }

    fn scope(&mut self, query: &EventQuery) {
        let places = vec!["?::UUID"; query.sites.len()].join(", ");
        let sites = query.sites.iter().map(|site| Value::Text(site.to_string()));
        self.and(&format!("site IN ({places})"), sites);
        let times = [
            ("time_ms >= ?", query.from_ms),
            ("time_ms < ?", query.to_ms),
        ];
        for (condition, value) in times {
            if let Some(value) = value {
                self.and(condition, [Value::BigInt(value)]);
            }
        }
        if query.live_only {
            self.and("import_id IS NULL", []);
        }
        let ids = [
            (
                "event_id = ?::UUID",
                query.event_id.map(|id| id.to_string()),
            ),
            (
                "visitor_id = ?::UUID",
                query.visitor.map(|id| id.to_string()),
            ),
        ];
        let texts = [
            ("event_type = ?", query.event_type.clone()),
            ("name = ?", query.name.clone()),
            ("client_session_id = ?", query.client_session_id.clone()),
            ("path = ?", query.path.clone()),
        ];
        for (condition, value) in ids.into_iter().chain(texts) {
            if let Some(value) = value {
                self.and(condition, [Value::Text(value)]);
            }
        }
    }

    fn after(&mut self, cursor: Option<PageCursor>) {
        if let Some(PageCursor {
            time_ms,
            lsn,
            index,
        }) = cursor
        {
            let (time, lsn, index) = (
                Value::BigInt(time_ms),
                Value::BigInt(lsn as i64),
                Value::BigInt(i64::from(index)),
            );
            self.and(
                "(time_ms < ? OR (time_ms = ? AND (lsn < ? OR (lsn = ? AND idx < ?))))",
                [time.clone(), time, lsn.clone(), lsn, index],
            );
        }
    }

    fn finish(&self, limit: u32) -> String {
        format!(
            "SELECT {} FROM events WHERE {} ORDER BY time_ms DESC, lsn DESC, idx DESC LIMIT {limit}",
            columns(),
            self.conditions
        )
    }
}

/// What [`read`] expects to be selected.
pub(super) fn columns() -> String {
    let select = |column: &Column| match column.access {
        Access::Id(..) => format!("{}::VARCHAR", column.name),
        _ => column.name.to_owned(),
    };
    COLUMNS.iter().map(select).collect::<Vec<_>>().join(", ")
}

pub(super) fn read(row: &Row<'_>) -> Result<EventRow, EventStoreError> {
    let mut event = EventRow::empty();
    for (place, column) in COLUMNS.iter().enumerate() {
        let unreadable = || EventStoreError::Unreadable {
            column: column.name,
        };
        match &column.access {
            Access::Id(_, set) => {
                if let Some(text) = row.get::<_, Option<String>>(place)? {
                    let id = Uuid::parse_str(&text).map_err(|_| unreadable())?;
                    set(&mut event, id.as_u128());
                }
            }
            Access::Text(_, set) => set(&mut event, row.get(place)?),
            Access::I64(_, set) => set(&mut event, row.get(place)?),
            Access::I32(_, set) => set(&mut event, row.get(place)?),
            Access::U32(_, set) => set(&mut event, row.get(place)?),
            Access::U8(_, set) => set(&mut event, row.get(place)?),
            Access::Bool(_, set) => set(&mut event, row.get(place)?),
            Access::TextMap(_, set) => {
                let map = texts(&row.get(place)?).ok_or_else(unreadable)?;
                set(&mut event, map);
            }
            Access::NumberMap(_, set) => {
                let map = numbers(&row.get(place)?).ok_or_else(unreadable)?;
                set(&mut event, map);
            }
        }
    }
    Ok(event)
}

fn entries(value: &Value) -> Option<&OrderedMap<Value, Value>> {
    match value {
        Value::Map(map) => Some(map),
        _ => None,
    }
}

fn texts(value: &Value) -> Option<Texts> {
    let entry = |(key, value): &(Value, Value)| match (key, value) {
        (Value::Text(key), Value::Text(value)) => Some((key.clone(), value.clone())),
        _ => None,
    };
    entries(value)?.iter().map(entry).collect()
}

fn numbers(value: &Value) -> Option<Numbers> {
    let entry = |(key, value): &(Value, Value)| match (key, value) {
        (Value::Text(key), Value::Double(value)) => Some((key.clone(), *value)),
        _ => None,
    };
    entries(value)?.iter().map(entry).collect()
}
