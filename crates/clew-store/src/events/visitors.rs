//! What the events say about single visitors: when they came, what they share with whom, and what
//! they converted at.
//!
//! Only people: bots and what a site set apart are in none of the answers. Who is recognised for a
//! day only (`daily_hash`) is found when asked for by id, but is in no list and nobody's
//! neighbour: sharing a browser or an address must not recognise again whom policy forgets.

use super::EventStoreError;
use clew_core::model::{EpochMs, EventId, IdentityMethod, Profile, SiteId, VisitorId};
use duckdb::types::Value;
use duckdb::{Connection, Row, ToSql};
use uuid::Uuid;

/// Visitors of one answer.
pub const MOST_VISITORS: u32 = 1_000;

/// Values by which one visitor may be joined with others, and others named for each.
const MOST_VALUES: usize = 20;
const MOST_OTHERS: usize = 20;

/// Which visitors of one site to look at.
#[derive(Clone, Debug)]
pub struct VisitorQuery {
    pub site: SiteId,
    pub which: Visitors,
}

#[derive(Clone, Debug)]
pub enum Visitors {
    /// These, in no order; at most [`MOST_VISITORS`].
    Of(Vec<VisitorId>),
    /// The ones seen last, of those seen since.
    Latest { since: EpochMs, limit: u32 },
}

/// One visitor in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisitorFacts {
    pub visitor: VisitorId,
    /// The strongest one.
    pub identity_method: IdentityMethod,
    pub first_seen: EpochMs,
    pub last_seen: EpochMs,
    pub events: u64,
    pub pageviews: u64,
}

/// What joins visitors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bond {
    Fingerprint,
    /// The address in the form in which it is stored; only of events under `standard`.
    Ip,
    /// Autonomous system; so many share one that others are not named.
    Network,
}

/// One thing that a visitor has, and who else has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbours {
    pub bond: Bond,
    pub value: String,
    pub first_seen: EpochMs,
    pub last_seen: EpochMs,
    pub events: u64,
    /// The ones seen last with it, at most twenty.
    pub others: Vec<VisitorId>,
}

/// Which conversions to list, oldest first.
#[derive(Clone, Debug)]
pub struct ConversionQuery {
    pub site: SiteId,
    /// `from <= time < to`.
    pub from: EpochMs,
    pub to: EpochMs,
    /// Name of the event; `None`: whatever brought revenue.
    pub goal: Option<String>,
    /// One more is returned when there are more.
    pub most: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    pub event: EventId,
    pub visitor: VisitorId,
    /// Whom cookie or storage named where a user id named the visitor.
    pub device_visitor: Option<VisitorId>,
    pub identity_method: IdentityMethod,
    pub at: EpochMs,
    /// Minor units of `currency`; 0 without revenue.
    pub value_minor: i64,
    pub currency: String,
}

const PEOPLE: &str = "bot = '' AND set_apart = 0";

pub(super) fn visitors(
    connection: &Connection,
    query: &VisitorQuery,
) -> Result<Vec<VisitorFacts>, EventStoreError> {
    let ids = match &query.which {
        Visitors::Of(ids) => ids.iter().take(MOST_VISITORS as usize).copied().collect(),
        Visitors::Latest { since, limit } => latest(connection, query.site, *since, *limit)?,
    };
    let mut found = facts(connection, query.site, &ids)?;
    if matches!(query.which, Visitors::Latest { .. }) {
        found.sort_by_key(|facts| (std::cmp::Reverse(facts.last_seen), facts.visitor));
    }
    Ok(found)
}

fn latest(
    connection: &Connection,
    site: SiteId,
    since: EpochMs,
    limit: u32,
) -> Result<Vec<VisitorId>, EventStoreError> {
    let sql = format!(
        "SELECT visitor_id::VARCHAR FROM events \
         WHERE site = ?::UUID AND time_ms >= ? AND identity_method <> 0 AND {PEOPLE} \
         GROUP BY visitor_id ORDER BY max(time_ms) DESC, visitor_id LIMIT {}",
        limit.min(MOST_VISITORS)
    );
    let binds = [Value::Text(site.to_string()), Value::BigInt(since.0)];
    select(connection, &sql, &binds, |row| {
        id(row, 0, "visitor_id").map(VisitorId::from)
    })
}

/// Of the events that name them, or whose user's browser they are.
fn facts(
    connection: &Connection,
    site: SiteId,
    ids: &[VisitorId],
) -> Result<Vec<VisitorFacts>, EventStoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let columns = "identity_method, time_ms, event_type";
    let places = vec!["?::UUID"; ids.len()].join(", ");
    let sql = format!(
        "SELECT visitor::VARCHAR, max(identity_method), min(time_ms), max(time_ms), count(*), \
         count(*) FILTER (WHERE event_type = 'pageview') FROM (\
         SELECT visitor_id AS visitor, {columns} FROM events \
         WHERE site = ?::UUID AND {PEOPLE} AND visitor_id IN ({places}) \
         UNION ALL SELECT device_visitor AS visitor, {columns} FROM events \
         WHERE site = ?::UUID AND {PEOPLE} AND device_visitor IN ({places})) GROUP BY visitor"
    );
    let half = || {
        let ids = ids.iter().map(|id| Value::Text(id.to_string()));
        std::iter::once(Value::Text(site.to_string())).chain(ids)
    };
    let binds: Vec<Value> = half().chain(half()).collect();
    select(connection, &sql, &binds, |row| {
        Ok(VisitorFacts {
            visitor: id(row, 0, "visitor_id")?.into(),
            identity_method: method(row, 1)?,
            first_seen: EpochMs(row.get(2)?),
            last_seen: EpochMs(row.get(3)?),
            events: count(row, 4)?,
            pageviews: count(row, 5)?,
        })
    })
}

/// The column that holds what joins, as text, and which rows of it may join.
const BONDS: [(Bond, &str, &str); 3] = [
    (
        Bond::Fingerprint,
        "fingerprint::VARCHAR",
        "fingerprint IS NOT NULL",
    ),
    (Bond::Ip, "ip", "ip <> '' AND profile = {standard}"),
    (
        Bond::Network,
        "concat('AS', asn, CASE WHEN network = '' THEN '' ELSE ' ' || network END)",
        "asn <> 0",
    ),
];

pub(super) fn neighbours(
    connection: &Connection,
    site: SiteId,
    visitor: VisitorId,
) -> Result<Vec<Neighbours>, EventStoreError> {
    let mut all = Vec::new();
    for (bond, value, joins) in BONDS {
        let joins = joins.replace("{standard}", &(Profile::Standard as i32).to_string());
        let joins = format!("identity_method <> 0 AND {PEOPLE} AND {joins}");
        let mut own = own(connection, site, visitor, (bond, value, &joins))?;
        if bond != Bond::Network {
            name_others(connection, site, visitor, (value, &joins), &mut own)?;
        }
        all.append(&mut own);
    }
    Ok(all)
}

fn own(
    connection: &Connection,
    site: SiteId,
    visitor: VisitorId,
    (bond, value, joins): (Bond, &str, &str),
) -> Result<Vec<Neighbours>, EventStoreError> {
    let sql = format!(
        "SELECT {value} AS value, min(time_ms), max(time_ms), count(*) FROM events \
         WHERE site = ?::UUID AND (visitor_id = ?::UUID OR device_visitor = ?::UUID) AND {joins} \
         GROUP BY value ORDER BY max(time_ms) DESC, value LIMIT {MOST_VALUES}"
    );
    let visitor = || Value::Text(visitor.to_string());
    let binds = [Value::Text(site.to_string()), visitor(), visitor()];
    select(connection, &sql, &binds, |row| {
        Ok(Neighbours {
            bond,
            value: row.get(0)?,
            first_seen: EpochMs(row.get(1)?),
            last_seen: EpochMs(row.get(2)?),
            events: count(row, 3)?,
            others: Vec::new(),
        })
    })
}

fn name_others(
    connection: &Connection,
    site: SiteId,
    visitor: VisitorId,
    (value, joins): (&str, &str),
    own: &mut [Neighbours],
) -> Result<(), EventStoreError> {
    if own.is_empty() {
        return Ok(());
    }
    let places = vec!["?"; own.len()].join(", ");
    let sql = format!(
        "SELECT value, visitor::VARCHAR FROM (\
         SELECT {value} AS value, visitor_id AS visitor, max(time_ms) AS seen FROM events \
         WHERE site = ?::UUID AND visitor_id <> ?::UUID AND {joins} GROUP BY 1, 2) \
         WHERE value IN ({places}) \
         QUALIFY row_number() OVER (PARTITION BY value ORDER BY seen DESC, visitor) \
         <= {MOST_OTHERS} ORDER BY value, seen DESC, visitor"
    );
    let asked = [
        Value::Text(site.to_string()),
        Value::Text(visitor.to_string()),
    ];
    let values = own.iter().map(|own| Value::Text(own.value.clone()));
    let binds: Vec<Value> = asked.into_iter().chain(values).collect();
    let named = select(connection, &sql, &binds, |row| {
        Ok((
            row.get::<_, String>(0)?,
            VisitorId::from(id(row, 1, "visitor_id")?),
        ))
    })?;
    for (value, other) in named {
        if let Some(with) = own.iter_mut().find(|own| own.value == value) {
            with.others.push(other);
        }
    }
    Ok(())
}

pub(super) fn conversions(
    connection: &Connection,
    query: &ConversionQuery,
) -> Result<Vec<Conversion>, EventStoreError> {
    let goal = match &query.goal {
        Some(_) => "name = ?",
        None => "value_minor <> 0",
    };
    let sql = format!(
        "SELECT event_id::VARCHAR, visitor_id::VARCHAR, device_visitor::VARCHAR, \
         identity_method, time_ms, value_minor, currency FROM events \
         WHERE site = ?::UUID AND time_ms >= ? AND time_ms < ? AND {PEOPLE} AND {goal} \
         ORDER BY time_ms, event_id LIMIT {}",
        u64::from(query.most) + 1
    );
    let mut binds = vec![
        Value::Text(query.site.to_string()),
        Value::BigInt(query.from.0),
        Value::BigInt(query.to.0),
    ];
    binds.extend(query.goal.clone().map(Value::Text));
    select(connection, &sql, &binds, |row| {
        let device: Option<String> = row.get(2)?;
        let device = device
            .map(|text| parse(&text, "device_visitor"))
            .transpose()?;
        Ok(Conversion {
            event: id(row, 0, "event_id")?.into(),
            visitor: id(row, 1, "visitor_id")?.into(),
            device_visitor: device.map(VisitorId::from),
            identity_method: method(row, 3)?,
            at: EpochMs(row.get(4)?),
            value_minor: row.get(5)?,
            currency: row.get(6)?,
        })
    })
}

fn select<T>(
    connection: &Connection,
    sql: &str,
    binds: &[Value],
    read: impl Fn(&Row<'_>) -> Result<T, EventStoreError>,
) -> Result<Vec<T>, EventStoreError> {
    let binds: Vec<&dyn ToSql> = binds.iter().map(|bind| bind as &dyn ToSql).collect();
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query(binds.as_slice())?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read(row)?);
    }
    Ok(all)
}

fn id(row: &Row<'_>, place: usize, column: &'static str) -> Result<Uuid, EventStoreError> {
    parse(&row.get::<_, String>(place)?, column)
}

fn parse(text: &str, column: &'static str) -> Result<Uuid, EventStoreError> {
    Uuid::parse_str(text).map_err(|_| EventStoreError::Unreadable { column })
}

fn method(row: &Row<'_>, place: usize) -> Result<IdentityMethod, EventStoreError> {
    let column = "identity_method";
    IdentityMethod::try_from(i32::from(row.get::<_, u8>(place)?))
        .map_err(|_| EventStoreError::Unreadable { column })
}

fn count(row: &Row<'_>, place: usize) -> Result<u64, EventStoreError> {
    let column = "count";
    u64::try_from(row.get::<_, i64>(place)?).map_err(|_| EventStoreError::Unreadable { column })
}
