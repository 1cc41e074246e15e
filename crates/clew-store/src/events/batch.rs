//! Rows become Arrow record batches.
//!
//! A batch never exceeds the engine's vector of 2,048 rows: a larger one would be sliced by the
//! appender, which copies the map columns whole for every slice.

use super::EventStoreError;
use super::columns::{Access, COLUMNS, Column, Numbers, RowRef, Texts};
use arrow::array::{
    ArrayRef, BooleanArray, FixedSizeBinaryBuilder, Float64Builder, Int32Array, Int64Array,
    MapBuilder, RecordBatch, StringBuilder, UInt8Array, UInt32Array,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// Rows per record batch.
pub(super) const BATCH_ROWS: usize = 2_048;

pub(crate) static SCHEMA: LazyLock<SchemaRef> =
    LazyLock::new(|| Arc::new(Schema::new(COLUMNS.iter().map(field).collect::<Vec<_>>())));

/// `rows` (at most [`BATCH_ROWS`]) as one record batch with the columns of `events`.
pub(crate) fn events(rows: &[RowRef<'_>]) -> Result<RecordBatch, EventStoreError> {
    let arrays = COLUMNS
        .iter()
        .map(|column| array(column, rows))
        .collect::<Result<Vec<_>, arrow::error::ArrowError>>()?;
    Ok(RecordBatch::try_new(Arc::clone(&SCHEMA), arrays)?)
}

fn field(column: &Column) -> Field {
    match &column.access {
        Access::Id(..) => uuid_field(column.name, column.nullable),
        Access::Text(..) => Field::new(column.name, DataType::Utf8, false),
        Access::I64(..) => Field::new(column.name, DataType::Int64, false),
        Access::I32(..) => Field::new(column.name, DataType::Int32, false),
        Access::U32(..) => Field::new(column.name, DataType::UInt32, false),
        Access::U8(..) => Field::new(column.name, DataType::UInt8, false),
        Access::Bool(..) => Field::new(column.name, DataType::Boolean, false),
        Access::TextMap(..) => map_field(column.name, DataType::Utf8),
        Access::NumberMap(..) => map_field(column.name, DataType::Float64),
    }
}

/// A field that the appender writes as the engine's own `UUID`.
pub(super) fn uuid_field(name: &str, nullable: bool) -> Field {
    let extension = ("ARROW:extension:name".to_owned(), "arrow.uuid".to_owned());
    Field::new(name, DataType::FixedSizeBinary(16), nullable)
        .with_metadata(HashMap::from([extension]))
}

fn map_field(name: &str, value: DataType) -> Field {
    let entries = Field::new(
        "entries",
        DataType::Struct(
            vec![
                Field::new("keys", DataType::Utf8, false),
                Field::new("values", value, true),
            ]
            .into(),
        ),
        false,
    );
    Field::new(name, DataType::Map(Arc::new(entries), false), false)
}

fn array(column: &Column, rows: &[RowRef<'_>]) -> Result<ArrayRef, arrow::error::ArrowError> {
    Ok(match &column.access {
        Access::Id(get, _) => uuids(rows.iter().map(get), rows.len())?,
        Access::Text(get, _) => texts(rows.iter().map(get), rows.len()),
        Access::I64(get, _) => Arc::new(Int64Array::from_iter_values(rows.iter().map(get))),
        Access::I32(get, _) => Arc::new(Int32Array::from_iter_values(rows.iter().map(get))),
        Access::U32(get, _) => Arc::new(UInt32Array::from_iter_values(rows.iter().map(get))),
        Access::U8(get, _) => Arc::new(UInt8Array::from_iter_values(rows.iter().map(get))),
        Access::Bool(get, _) => {
            Arc::new(rows.iter().map(|r| Some(get(r))).collect::<BooleanArray>())
        }
        Access::TextMap(get, _) => text_maps(rows.iter().map(get))?,
        Access::NumberMap(get, _) => number_maps(rows.iter().map(get))?,
    })
}

pub(super) fn uuids(
    values: impl Iterator<Item = Option<u128>>,
    len: usize,
) -> Result<ArrayRef, arrow::error::ArrowError> {
    let mut builder = FixedSizeBinaryBuilder::with_capacity(len, 16);
    for value in values {
        match value {
            Some(id) => builder.append_value(id.to_be_bytes())?,
            None => builder.append_null(),
        }
    }
    Ok(Arc::new(builder.finish()))
}

pub(super) fn texts<'a>(values: impl Iterator<Item = &'a str>, len: usize) -> ArrayRef {
    let mut builder = StringBuilder::with_capacity(len, len * 8);
    values.for_each(|value| builder.append_value(value));
    Arc::new(builder.finish())
}

fn text_maps<'a>(
    maps: impl Iterator<Item = &'a Texts>,
) -> Result<ArrayRef, arrow::error::ArrowError> {
    let mut builder = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
    for map in maps {
        for (key, value) in map {
            builder.keys().append_value(key);
            builder.values().append_value(value);
        }
        builder.append(true)?;
    }
    Ok(Arc::new(builder.finish()))
}

fn number_maps<'a>(
    maps: impl Iterator<Item = &'a Numbers>,
) -> Result<ArrayRef, arrow::error::ArrowError> {
    let mut builder = MapBuilder::new(None, StringBuilder::new(), Float64Builder::new());
    for map in maps {
        for (key, value) in map {
            builder.keys().append_value(key);
            builder.values().append_value(*value);
        }
        builder.append(true)?;
    }
    Ok(Arc::new(builder.finish()))
}
