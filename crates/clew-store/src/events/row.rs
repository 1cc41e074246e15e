//! Rows as others see them: read back from what `batch` writes, and column by column.
//!
//! Columns are known by their names, so a file that an older version wrote is read too: what it
//! does not have stays empty.

use super::EventStoreError;
use super::columns::{Access, COLUMNS, Column, EventRow, Numbers, Texts};
use arrow::array::{
    Array, ArrayRef, BooleanArray, FixedSizeBinaryArray, Float64Array, Int32Array, Int64Array,
    MapArray, RecordBatch, StringArray, UInt8Array, UInt32Array,
};
use uuid::Uuid;

/// The rows of a batch with the columns of `events`.
pub(crate) fn rows(batch: &RecordBatch) -> Result<Vec<EventRow>, EventStoreError> {
    let mut rows = vec![EventRow::empty(); batch.num_rows()];
    for column in COLUMNS {
        if let Some(array) = batch.column_by_name(column.name) {
            fill(column, array, &mut rows).ok_or(EventStoreError::Unreadable {
                column: column.name,
            })?;
        }
    }
    Ok(rows)
}

/// `None` when the array is of another type, or misses a value that must be there.
fn fill(column: &Column, array: &ArrayRef, rows: &mut [EventRow]) -> Option<()> {
    if !column.nullable && array.null_count() > 0 {
        return None;
    }
    macro_rules! copy {
        ($array:ty, $set:expr) => {{
            let values = array.as_any().downcast_ref::<$array>()?;
            for (i, row) in rows.iter_mut().enumerate() {
                $set(row, values.value(i).into());
            }
        }};
    }
    match &column.access {
        Access::Id(_, set) => {
            let ids = array.as_any().downcast_ref::<FixedSizeBinaryArray>()?;
            for (i, row) in rows.iter_mut().enumerate() {
                if ids.is_valid(i) {
                    set(row, u128::from_be_bytes(ids.value(i).try_into().ok()?));
                }
            }
        }
        Access::Text(_, set) => copy!(StringArray, set),
        Access::I64(_, set) => copy!(Int64Array, set),
        Access::I32(_, set) => copy!(Int32Array, set),
        Access::U32(_, set) => copy!(UInt32Array, set),
        Access::U8(_, set) => copy!(UInt8Array, set),
        Access::Bool(_, set) => copy!(BooleanArray, set),
        Access::TextMap(_, set) => {
            let maps = array.as_any().downcast_ref::<MapArray>()?;
            for (i, row) in rows.iter_mut().enumerate() {
                set(row, texts(maps, i)?);
            }
        }
        Access::NumberMap(_, set) => {
            let maps = array.as_any().downcast_ref::<MapArray>()?;
            for (i, row) in rows.iter_mut().enumerate() {
                set(row, numbers(maps, i)?);
            }
        }
    }
    Some(())
}

fn texts(maps: &MapArray, i: usize) -> Option<Texts> {
    let entries = maps.value(i);
    let keys = entries.column(0).as_any().downcast_ref::<StringArray>()?;
    let values = entries.column(1).as_any().downcast_ref::<StringArray>()?;
    let entry = |n| (keys.value(n).to_owned(), values.value(n).to_owned());
    Some((0..keys.len()).map(entry).collect())
}

fn numbers(maps: &MapArray, i: usize) -> Option<Numbers> {
    let entries = maps.value(i);
    let keys = entries.column(0).as_any().downcast_ref::<StringArray>()?;
    let values = entries.column(1).as_any().downcast_ref::<Float64Array>()?;
    let entry = |n| (keys.value(n).to_owned(), values.value(n));
    Some((0..keys.len()).map(entry).collect())
}

/// The value of one column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Field<'a> {
    Id(Option<Uuid>),
    Text(&'a str),
    Number(i64),
    Bool(bool),
    Texts(&'a Texts),
    Numbers(&'a Numbers),
}

impl EventRow {
    /// Every column with its name, in table order.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, Field<'_>)> {
        let row = self.borrow();
        COLUMNS.iter().map(move |column| {
            let field = match &column.access {
                Access::Id(get, _) => Field::Id(get(&row).map(Uuid::from_u128)),
                Access::Text(get, _) => Field::Text(get(&row)),
                Access::I64(get, _) => Field::Number(get(&row)),
                Access::I32(get, _) => Field::Number(get(&row).into()),
                Access::U32(get, _) => Field::Number(get(&row).into()),
                Access::U8(get, _) => Field::Number(get(&row).into()),
                Access::Bool(get, _) => Field::Bool(get(&row)),
                Access::TextMap(get, _) => Field::Texts(get(&row)),
                Access::NumberMap(get, _) => Field::Numbers(get(&row)),
            };
            (column.name, field)
        })
    }
}
