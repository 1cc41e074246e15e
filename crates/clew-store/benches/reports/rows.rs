//! Rows like those of a site with some traffic, made by the engine itself.

use clew_core::model::{EpochMs, EventId, SiteId, StoredBatch, StoredEvent};
use clew_store::events::schema::{SEED, create_in};
use clew_store::events::{DuckStore, EventStore, ProjectedRecord, Projection};
use duckdb::Connection;
use std::path::Path;

pub(super) const SITE: SiteId = SiteId::from_u128(0xA);
/// 2026-03-01T00:00:00Z.
pub(super) const START: i64 = 1_772_323_200_000;

/// Makes a store in `dir` with sessions of one to eight events. Returns the number of rows.
pub(super) fn make(dir: &Path, events: i64, days: i64) -> i64 {
    let connection = Connection::open(dir.join("events.duckdb")).expect("an event store");
    let tables = create_in("main");
    connection
        .execute_batch(&format!(
            "SET threads = 2; SET memory_limit = '2GB'; {tables} {SEED}"
        ))
        .expect("tables");
    let sessions = events * 2 / 9;
    let visitors = (sessions / 2).max(1);
    let columns: Vec<(String, String)> = {
        let sql = "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'events' ORDER BY ordinal_position";
        let mut statement = connection.prepare(sql).expect("the columns");
        let rows = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .expect("the columns");
        rows.collect::<Result<_, _>>().expect("the columns")
    };
    let values: Vec<String> = columns
        .iter()
        .map(|(name, kind)| value(name, kind))
        .collect();
    let sql = format!(
        "INSERT INTO events SELECT {} FROM (
           SELECT i, j, hash(i) AS h, hash(i % {visitors}, 'v') AS v, hash(i, j) AS hj,
             {START} + (hash(i, 's') % {span})::BIGINT + j * 37000 AS t
           FROM (SELECT i, unnest(range((1 + hash(i, 'n') % 8)::BIGINT)) AS j FROM range({sessions}) AS s(i)))
         ORDER BY t",
        values.join(", "),
        span = days * EpochMs::DAY - 2 * EpochMs::HOUR,
    );
    connection.execute_batch(&sql).expect("rows");
    connection
        .execute_batch("INSERT INTO cursors SELECT max(lsn) FROM events; CHECKPOINT")
        .expect("a checkpoint");
    connection
        .query_row("SELECT count(*) FROM events", [], |row| row.get(0))
        .expect("a count")
}

/// A plausible value of a column, from the hashes of session `h`, visitor `v` and event `hj`.
fn value(column: &str, kind: &str) -> String {
    let id = |hash: &str| format!("md5({hash}::VARCHAR)::UUID");
    let pick = |hash: &str, prefix: &str, n: u32| format!("'{prefix}' || ({hash} % {n})::VARCHAR");
    match (column, kind) {
        ("site", _) => format!("'{SITE}'::UUID"),
        ("event_id", _) => id("hj"),
        ("visitor_id", _) => id("v"),
        ("client_session", _) => id("h"),
        ("time_ms" | "received_ms" | "client_time_ms", _) => "t".to_owned(),
        ("lsn", _) => "row_number() OVER (ORDER BY t)".to_owned(),
        ("idx", _) => "j".to_owned(),
        ("identity_method", _) => "v % 5".to_owned(),
        ("event_type", _) => "CASE hj % 10 WHEN 0 THEN 'custom' WHEN 1 THEN 'engagement' WHEN 2 THEN 'engagement' ELSE 'pageview' END".to_owned(),
        ("name", _) => format!("CASE WHEN hj % 10 = 0 THEN {} ELSE '' END", pick("hj", "goal ", 20)),
        ("engaged_ms", _) => "CASE WHEN hj % 10 IN (1, 2) THEN 5000 ELSE 0 END".to_owned(),
        ("path", _) => pick("hj", "/page/", 500),
        ("hostname", _) => "'example.com'".to_owned(),
        ("source", _) => pick("h", "source ", 40),
        ("utm_campaign", _) => format!("CASE WHEN h % 5 = 0 THEN {} ELSE '' END", pick("h", "campaign ", 30)),
        ("country", _) => pick("v", "", 60),
        ("device", _) => pick("v", "device ", 3),
        ("browser", _) => pick("v", "browser ", 8),
        (_, "BOOLEAN") => "FALSE".to_owned(),
        (_, "VARCHAR") => "''".to_owned(),
        (_, "UUID") => "NULL".to_owned(),
        (_, kind) if kind.starts_with("MAP") => format!("MAP {{}}::{kind}"),
        _ => "0".to_owned(),
    }
}

/// One more event that counts in no number.
pub(super) async fn add_bot(store: &DuckStore) {
    let after = store.cursor().await.expect("a cursor");
    let bot = StoredEvent {
        event_id: EventId::from_u128(after.into()),
        time_ms: START,
        bot: "crawler".into(),
        ..StoredEvent::default()
    };
    let record = ProjectedRecord {
        lsn: after + 1,
        kind: 1,
        site: SITE,
        received_ms: START,
        batch: StoredBatch {
            events: vec![bot],
            ..StoredBatch::default()
        },
    };
    let projection = Projection {
        erasures: Vec::new(),
        after,
        cursor: after + 1,
        records: vec![record],
        revocations: Vec::new(),
        ..Projection::default()
    };
    store.append(projection).await.expect("an appended event");
}
