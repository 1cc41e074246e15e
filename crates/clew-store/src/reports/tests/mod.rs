//! Reports against a plain reading of their definitions.

mod oracle;
mod properties;
mod shapes;

use crate::events::schema::create_in;
use crate::events::{ProjectedRecord, Projection, insert};
use clew_core::model::{
    EpochMs, EventId, QuarantinedEvent, SiteId, StoredBatch, StoredEvent, VisitorId,
};
use clew_core::report::{ReportPlan, parse};
use duckdb::Connection;
use jiff::tz::TimeZone;

const SITE: SiteId = SiteId::from_u128(0xA);
const OTHER: SiteId = SiteId::from_u128(0xB);

/// An empty store in memory.
fn store() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(&create_in("main")).unwrap();
    connection
}

fn fill(
    connection: &Connection,
    site: SiteId,
    lsn: u64,
    events: &[StoredEvent],
    quarantined: Vec<QuarantinedEvent>,
) {
    let batch = StoredBatch {
        events: events.to_vec(),
        quarantined,
        ..StoredBatch::default()
    };
    let record = ProjectedRecord {
        lsn,
        kind: 1,
        site,
        received_ms: events.first().map_or(0, |e| e.time_ms),
        batch,
    };
    let projection = Projection {
        after: lsn - 1,
        cursor: lsn,
        records: vec![record],
        ..Projection::default()
    };
    insert(connection, &projection, lsn - 1).unwrap();
}

fn at(text: &str) -> EpochMs {
    EpochMs(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn view(id: u128, visitor: u128, time: EpochMs, path: &str) -> StoredEvent {
    StoredEvent {
        event_id: EventId::from_u128(id),
        visitor_id: VisitorId::from_u128(visitor),
        time_ms: time.0,
        event_type: "pageview".into(),
        path: path.into(),
        ..StoredEvent::default()
    }
}

fn plan(report: &str, zone: &TimeZone, now: EpochMs, params: &[(&str, &str)]) -> ReportPlan {
    let params: Vec<_> = params
        .iter()
        .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
        .collect();
    parse(report, &params, SITE, zone, now).unwrap()
}
