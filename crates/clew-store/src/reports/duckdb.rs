//! Statements on a DuckDB connection.

use super::{Arg, Cell, Dialect, DuckDb, Engine, ReportError, Statement};
use duckdb::types::{ToSqlOutput, Value, ValueRef};
use duckdb::{Connection, ToSql, params_from_iter};

impl Engine for Connection {
    fn dialect(&self) -> &dyn Dialect {
        &DuckDb
    }

    fn query(&self, statement: &Statement) -> Result<Vec<Vec<Cell>>, ReportError> {
        let mut prepared = self.prepare_cached(&statement.text)?;
        // An engine refuses values for places that the text does not use, and each has its use.
        let mut rows = prepared.query(params_from_iter(&statement.args))?;
        let width = rows.as_ref().map_or(0, duckdb::Statement::column_count);
        let mut answer = Vec::new();
        while let Some(row) = rows.next()? {
            let cells = (0..width).map(|i| cell(row.get_ref(i)?));
            answer.push(cells.collect::<Result<_, _>>()?);
        }
        Ok(answer)
    }
}

fn cell(value: ValueRef<'_>) -> Result<Cell, ReportError> {
    Ok(match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Int(n) => Cell::Int(n.into()),
        ValueRef::BigInt(n) => Cell::Int(n),
        ValueRef::Text(bytes) => Cell::Text(String::from_utf8_lossy(bytes).into_owned()),
        _ => return Err(ReportError::Answer("a column of an unexpected type")),
    })
}

impl ToSql for Arg {
    fn to_sql(&self) -> duckdb::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Owned(match self {
            Self::Int(n) => Value::BigInt(*n),
            Self::Text(text) => Value::Text(text.clone()),
        }))
    }
}
