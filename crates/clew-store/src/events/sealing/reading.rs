//! What a report needs to read sealed sessions and the open tail as one.

use super::cuts::{cuts, fresh};
use super::{Places, Seal};
use crate::events::EventStoreError;
use crate::reports::Sealed;
use crate::reports::facts::{GONE, TAIL, columns};
use clew_core::model::SiteId;
use clew_core::report::Dimension;
use duckdb::{Connection, params_from_iter};

/// Cuts the open tail of a site into temporary tables of this transaction, with `dimensions`.
/// `None`: nothing is sealed. A report about times before `until_ms` needs no tail behind it.
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
    let places = Places::new(connection, site, seal, i64::MAX)?;
    // Whatever pending events change lies at or after `reach_ms`.
    let tail = places.dirty > 0 && places.reach_ms < until_ms;
    let voided = "SELECT session FROM voided WHERE site = $1::UUID";
    if tail {
        let (cuts, fresh, columns) = (cuts(), fresh(dimensions), columns(dimensions));
        connection.execute(
            &format!(
                "CREATE OR REPLACE TEMP TABLE {TAIL} AS WITH {cuts}, {fresh} \
                 SELECT -number AS session, {columns} FROM fresh"
            ),
            params_from_iter(places.values(i64::MIN)),
        )?;
        connection.execute(
            &format!(
                "CREATE OR REPLACE TEMP TABLE {GONE} AS WITH {cuts} \
                 {voided} UNION ALL SELECT session FROM behind"
            ),
            params_from_iter(places.of_cuts()),
        )?;
    } else {
        let text = format!("CREATE OR REPLACE TEMP TABLE {GONE} AS {voided}");
        connection.execute(&text, [&places.site])?;
    }
    let gone = connection.query_row(&format!("SELECT count(*) > 0 FROM {GONE}"), [], |row| {
        row.get(0)
    })?;
    Ok(Some(Sealed {
        connection,
        closed_ms: seal.closed_ms,
        gone,
        tail,
    }))
}
