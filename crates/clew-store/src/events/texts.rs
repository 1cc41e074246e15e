//! Every text that the store holds, for whoever looks for what must not be there.

use super::EventStoreError;
use duckdb::Connection;

/// One value of one column; each is told once per site, whatever the number of its rows.
#[derive(Clone, Debug)]
pub struct StoredText {
    pub table: String,
    pub column: String,
    pub site: Option<String>,
    pub value: String,
}

/// Table and column of every text.
pub(super) fn columns(connection: &Connection) -> Result<Vec<(String, String)>, EventStoreError> {
    let mut statement = connection.prepare(
        "SELECT table_name, column_name FROM duckdb_columns() \
         WHERE data_type LIKE '%VARCHAR%' AND NOT internal ORDER BY table_name, column_index",
    )?;
    let columns = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(columns.collect::<Result<_, _>>()?)
}

/// Shows every text of a column, one of [`columns`], to `look`.
pub(super) fn each(
    connection: &Connection,
    (table, column): (&str, &str),
    look: &mut dyn FnMut(&StoredText),
) -> Result<(), EventStoreError> {
    let sql = format!("SELECT DISTINCT site::VARCHAR, {column}::VARCHAR FROM {table}");
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (site, value): (Option<String>, Option<String>) = (row.get(0)?, row.get(1)?);
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            look(&StoredText {
                table: table.to_owned(),
                column: column.to_owned(),
                site,
                value,
            });
        }
    }
    Ok(())
}
