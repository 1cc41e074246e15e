//! A report's table as CSV (RFC 4180), for spreadsheets.
//!
//! The same numbers in the same order as the JSON.

use crate::spreadsheet::cell;
use axum::response::{IntoResponse as _, Response};
use clew_core::report::table::{Point, Slice};
use clew_core::report::{Body, Row, Table, Value};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};

/// Writes the table; one row a bucket or value, compared numbers in columns of their own.
pub fn write(table: &Table) -> Result<Vec<u8>, csv::Error> {
    // Spreadsheets of some countries split at semicolons; only quotes hold text together there.
    let mut out = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::NonNumeric)
        .from_writer(Vec::new());
    match &table.body {
        Body::Overview { totals, comparison } => overview(&mut out, totals, comparison.as_ref())?,
        Body::Timeseries {
            points, comparison, ..
        } => series(&mut out, points, comparison.as_deref())?,
        Body::Breakdown { rows, .. } => breakdown(&mut out, rows)?,
        Body::Realtime(realtime) => series(&mut out, &realtime.points, None)?,
        Body::DataHealth(health) => {
            out.write_record(["counted", "granted", "denied", "unknown"])?;
            let consent = health.consent;
            let counts = [
                health.counted,
                consent.granted,
                consent.denied,
                consent.unknown,
            ];
            out.write_record(counts.map(|n| n.to_string()))?;
        }
        Body::Bots { rows, .. } => {
            out.write_record(["value", "kind", "events", "pageviews", "last_seen"])?;
            for row in rows {
                let counts = [row.events, row.pageviews].map(|n| n.to_string());
                let last_seen = row.last_seen.to_timestamp().to_string();
                let [events, pageviews] = counts;
                out.write_record([
                    cell(&row.value),
                    cell(&row.kind),
                    events,
                    pageviews,
                    last_seen,
                ])?;
            }
        }
    }
    out.into_inner().map_err(|error| error.into_error().into())
}

/// Lines of text and numbers under a header; the first cell of each is a stranger's.
pub fn lines(
    header: &[&str],
    lines: impl Iterator<Item = Vec<String>>,
) -> Result<Vec<u8>, csv::Error> {
    let mut out = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::NonNumeric)
        .from_writer(Vec::new());
    out.write_record(header)?;
    for mut line in lines {
        if let Some(first) = line.first_mut() {
            *first = cell(first);
        }
        out.write_record(line)?;
    }
    out.into_inner().map_err(|error| error.into_error().into())
}

/// A file to save; `site` and `report` make its name.
pub fn attachment(site: &str, report: &str, text: Vec<u8>) -> Response {
    let file = format!("attachment; filename=\"{site}-{report}.csv\"");
    let headers = [
        (CACHE_CONTROL, "no-store".to_owned()),
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, file),
    ];
    (headers, text).into_response()
}

type Out = csv::Writer<Vec<u8>>;

fn overview(out: &mut Out, totals: &Row, comparison: Option<&Row>) -> Result<(), csv::Error> {
    match comparison {
        None => out.write_record(["metric", "value"])?,
        Some(_) => out.write_record(["metric", "value", "comparison"])?,
    }
    for (name, value) in &totals.0 {
        let mut line = vec![(*name).to_owned(), number(value)];
        line.extend(comparison.map(|row| row.get(name).map(number).unwrap_or_default()));
        out.write_record(line)?;
    }
    Ok(())
}

fn series(out: &mut Out, points: &[Point], comparison: Option<&[Point]>) -> Result<(), csv::Error> {
    let metrics = points.first().or(comparison.and_then(<[Point]>::first));
    let names: Vec<&str> = metrics.map_or(Vec::new(), |p| names(&p.metrics));
    let mut header = vec!["t".to_owned()];
    header.extend(names.iter().map(ToString::to_string));
    if comparison.is_some() {
        header.push("comparison_t".to_owned());
        header.extend(names.iter().map(|name| format!("comparison_{name}")));
    }
    out.write_record(header)?;
    let longest = points.len().max(comparison.map_or(0, <[Point]>::len));
    for i in 0..longest {
        let mut line = point(points.get(i), names.len());
        if let Some(compared) = comparison {
            line.extend(point(compared.get(i), names.len()));
        }
        out.write_record(line)?;
    }
    Ok(())
}

fn point(point: Option<&Point>, metrics: usize) -> Vec<String> {
    match point {
        None => vec![String::new(); metrics + 1],
        Some(point) => {
            let numbers = point.metrics.0.iter().map(|(_, value)| number(value));
            std::iter::once(point.t.to_timestamp().to_string())
                .chain(numbers)
                .collect()
        }
    }
}

fn breakdown(out: &mut Out, rows: &[Slice]) -> Result<(), csv::Error> {
    let names: Vec<&str> = rows.first().map_or(Vec::new(), |row| names(&row.metrics));
    let compared = rows.iter().any(|row| row.comparison.is_some());
    let mut header = vec!["value".to_owned()];
    header.extend(names.iter().map(ToString::to_string));
    if compared {
        header.extend(names.iter().map(|name| format!("comparison_{name}")));
    }
    out.write_record(header)?;
    for row in rows {
        let mut line = vec![cell(&row.value)];
        line.extend(row.metrics.0.iter().map(|(_, value)| number(value)));
        if compared {
            let cells = names.iter().map(|name| {
                let value = row.comparison.as_ref().and_then(|other| other.get(name));
                value.map(number).unwrap_or_default()
            });
            line.extend(cells);
        }
        out.write_record(line)?;
    }
    Ok(())
}

fn names(row: &Row) -> Vec<&'static str> {
    row.0.iter().map(|(name, _)| *name).collect()
}

fn number(value: &Value) -> String {
    match value {
        Value::Int(n) => n.to_string(),
        Value::Float(n) => n.to_string(),
        Value::Text(value) => cell(value),
        Value::Null => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clew_core::model::EpochMs;
    use clew_core::report::{Exclusions, IdentityMix, Meta, Range};

    fn csv(body: Body) -> String {
        let range = Range::new(EpochMs(0), EpochMs(1));
        let meta = Meta {
            report: "x",
            range,
            comparison_range: None,
            time_zone: "UTC".into(),
            identity: IdentityMix::default(),
            exclusions: Exclusions::default(),
            notes: Vec::new(),
        };
        String::from_utf8(write(&Table { body, meta }).unwrap()).unwrap()
    }

    fn row(visitors: i64) -> Row {
        Row(vec![
            ("visitors", Value::Int(visitors)),
            ("bounce_rate", Value::Null),
        ])
    }

    #[test]
    fn a_value_is_quoted_and_no_formula_survives() {
        let slice = |value: &str, comparison| Slice {
            value: value.into(),
            metrics: row(1),
            comparison,
        };
        let rows = vec![
            slice("a,\"b\"\nc", Some(row(7))),
            slice("=HYPERLINK(1)", None),
            slice("", None),
            slice("x;=1+1", None),
            slice(" ＝1", None),
        ];
        let total_rows = 5;
        assert_eq!(
            csv(Body::Breakdown { rows, total_rows }),
            "\"value\",\"visitors\",\"bounce_rate\",\"comparison_visitors\",\"comparison_bounce_rate\"\n\
             \"a,\"\"b\"\"\nc\",1,\"\",7,\"\"\n\"'=HYPERLINK(1)\",1,\"\",\"\",\"\"\n\"\",1,\"\",\"\",\"\"\n\
             \"x;=1+1\",1,\"\",\"\",\"\"\n\"' ＝1\",1,\"\",\"\",\"\"\n"
        );
    }

    #[test]
    fn a_series_of_another_length_is_written_to_its_end() {
        let at = |t: i64, n| Point {
            t: EpochMs(t),
            metrics: Row(vec![("visits", Value::Int(n))]),
        };
        let text = csv(Body::Timeseries {
            interval: clew_core::report::Interval::Day,
            points: vec![at(0, 1)],
            comparison: Some(vec![at(1000, 2), at(2000, 3)]),
        });
        assert_eq!(
            text,
            "\"t\",\"visits\",\"comparison_t\",\"comparison_visits\"\n\
             \"1970-01-01T00:00:00Z\",1,\"1970-01-01T00:00:01Z\",2\n\
             \"\",\"\",\"1970-01-01T00:00:02Z\",3\n"
        );
    }

    #[test]
    fn totals_have_a_line_each() {
        let totals = row(5);
        let text = csv(Body::Overview {
            totals,
            comparison: Some(row(4)),
        });
        assert_eq!(
            text,
            "\"metric\",\"value\",\"comparison\"\n\"visitors\",5,4\n\"bounce_rate\",\"\",\"\"\n"
        );
    }
}
