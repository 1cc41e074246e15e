//! The table of an export: one row for each thing that is stored, told apart by `record`.

use super::SealedWriter;
use crate::spreadsheet;
use clew_store::events::column_names;
use serde_json::Value;
use std::io;

/// A CSV file while it is written.
pub(super) struct Table {
    out: csv::Writer<SealedWriter>,
    columns: Vec<&'static str>,
}

impl Table {
    pub(super) fn begin(file: SealedWriter) -> io::Result<Self> {
        // Spreadsheets of some countries split at semicolons; only quotes hold text together there.
        let mut out = csv::WriterBuilder::new()
            .quote_style(csv::QuoteStyle::NonNumeric)
            .from_writer(file);
        let columns: Vec<_> = ["record"]
            .into_iter()
            .chain(column_names())
            .chain([
                "archived", "linked", "said_by", "click_id", "form_id", "fields",
            ])
            .collect();
        out.write_record(&columns)?;
        Ok(Self { out, columns })
    }

    /// Columns that `fields` does not name stay empty.
    pub(super) fn row(&mut self, record: &str, fields: &[(&'static str, Value)]) -> io::Result<()> {
        let cells = self.columns.iter().map(|column| {
            let field = fields.iter().find(|(name, _)| name == column);
            match field {
                _ if *column == "record" => record.to_owned(),
                None | Some((_, Value::Null)) => String::new(),
                Some((_, Value::String(text))) => spreadsheet::cell(text),
                Some((_, Value::Array(list))) if list.is_empty() => String::new(),
                Some((_, Value::Object(map))) if map.is_empty() => String::new(),
                Some((_, value)) => value.to_string(),
            }
        });
        Ok(self.out.write_record(cells.collect::<Vec<_>>())?)
    }

    pub(super) fn finish(self) -> io::Result<u64> {
        let file = self.out.into_inner();
        file.map_err(csv::IntoInnerError::into_error)?.finish()
    }
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Table(…)")
    }
}
