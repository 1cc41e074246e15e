//! What an export says, as one JSON document and one table.
//!
//! Everything under the names of the table `events` (docs/retention.md): nothing is left out
//! because it looks technical. Numbers that stand for a word are told as the word.

use super::table::Table;
use super::{SealedWriter, SubmissionRow};
use clew_core::attribution::Touch;
use clew_core::model::consent::ConsentState;
use clew_core::model::event::{IdentityMethod, IpForm, PlaceSource, SetApart};
use clew_core::model::id::RowId;
use clew_core::model::{EpochMs, Profile, RecordKind, Signals, SiteId};
use clew_store::events::{EventRow, Field};
use clew_store::relational::person_links::PersonLink;
use serde_json::{Map, Value, json};
use std::io::{self, Write as _};

/// What the document begins with.
#[derive(Clone, Copy, Debug)]
pub struct About {
    pub export: RowId,
    pub site: SiteId,
    /// `visitor` or `user`.
    pub subject_kind: &'static str,
    pub at: EpochMs,
}

/// Members of the document in their order, and what a row of each is called in the table.
const SECTIONS: [(&str, &str); 4] = [
    ("events", "event"),
    ("personLinks", "person_link"),
    ("touches", "touch"),
    ("submissions", "submission"),
];
const EVENTS: usize = 0;
const LINKS: usize = 1;
const TOUCHES: usize = 2;
const SUBMISSIONS: usize = 3;

/// Both files of an export while they are written: events, then links, touches and
/// submissions.
#[derive(Debug)]
pub struct Document {
    json: SealedWriter,
    table: Table,
    events: u64,
    section: usize,
    /// Entries of the section so far.
    entries: u64,
}

impl Document {
    pub fn begin(about: &About, mut json: SealedWriter, csv: SealedWriter) -> io::Result<Self> {
        let head = json!({
            "exportId": about.export.to_string(),
            "siteId": about.site.to_string(),
            "subject": { "kind": about.subject_kind },
            "exportedAt": about.at.to_timestamp().to_string(),
        });
        write!(json, "{{\"export\":{head},\"{}\":[", SECTIONS[0].0)?;
        Ok(Self {
            json,
            table: Table::begin(csv)?,
            events: 0,
            section: 0,
            entries: 0,
        })
    }

    pub fn events(&self) -> u64 {
        self.events
    }

    /// `archived`: it has left the reports and lies in an archive file.
    pub fn event(&mut self, row: &EventRow, archived: bool) -> io::Result<()> {
        let mut fields = fields(row);
        fields.push(("archived", archived.into()));
        self.events += 1;
        self.entry(EVENTS, fields)
    }

    pub fn link(&mut self, link: &PersonLink) -> io::Result<()> {
        let fields = [
            ("site", json!(link.site.to_string())),
            ("lsn", json!(link.lsn)),
            ("idx", json!(link.seq)),
            ("received_ms", json!(link.at.0)),
            ("import_id", json!(link.import.map(|id| id.to_string()))),
            ("visitor_id", json!(link.visitor.to_string())),
            ("user_key", json!(link.user.to_string())),
            ("linked", json!(link.linked)),
            ("said_by", snake(&format!("{:?}", link.source)).into()),
        ];
        self.entry(LINKS, fields.into())
    }

    pub fn touch(&mut self, touch: &Touch) -> io::Result<()> {
        let text = |text: &str| {
            if text.is_empty() {
                Value::Null
            } else {
                text.into()
            }
        };
        let fields = [
            ("time_ms", json!(touch.at.0)),
            ("event_id", json!(touch.event.to_string())),
            ("visitor_id", json!(touch.visitor.to_string())),
            ("source", text(&touch.source)),
            ("medium", text(&touch.medium)),
            ("channel", text(&touch.channel)),
            ("utm_campaign", text(&touch.campaign)),
            ("utm_content", text(&touch.content)),
            ("utm_term", text(&touch.term)),
            ("click_id_kind", text(&touch.click_id_kind)),
            ("click_id", text(&touch.click_id)),
            ("referrer_host", text(&touch.referrer_host)),
            ("path", text(&touch.landing_path)),
        ];
        self.entry(TOUCHES, fields.into())
    }

    pub fn submission(&mut self, row: &SubmissionRow) -> io::Result<()> {
        let fields = [
            ("event_id", json!(row.event.to_string())),
            ("lsn", json!(row.lsn)),
            ("received_ms", json!(row.received.0)),
            ("kind", snake(&format!("{:?}", row.kind)).into()),
            ("form_id", row.form.as_str().into()),
            ("fields", json!(row.fields)),
        ];
        self.entry(SUBMISSIONS, fields.into())
    }

    /// Returns the sizes of both files.
    pub fn finish(mut self) -> io::Result<(u64, u64)> {
        self.enter(SECTIONS.len() - 1)?;
        write!(self.json, "\n]}}\n")?;
        Ok((self.json.finish()?, self.table.finish()?))
    }

    fn entry(&mut self, section: usize, fields: Vec<(&'static str, Value)>) -> io::Result<()> {
        self.enter(section)?;
        let comma: &[u8] = if self.entries == 0 { b"\n" } else { b",\n" };
        self.entries += 1;
        self.json.write_all(comma)?;
        self.table.row(SECTIONS[section].1, &fields)?;
        let object = fields.into_iter();
        let object: Map<String, Value> = object.map(|(name, v)| (name.to_owned(), v)).collect();
        Ok(serde_json::to_writer(&mut self.json, &object)?)
    }

    /// Ends the sections before this one.
    fn enter(&mut self, section: usize) -> io::Result<()> {
        while self.section < section {
            self.section += 1;
            self.entries = 0;
            write!(self.json, "\n],\"{}\":[", SECTIONS[self.section].0)?;
        }
        Ok(())
    }
}

/// Every column of an event; what is empty is null.
fn fields(row: &EventRow) -> Vec<(&'static str, Value)> {
    let value = |name, field: Field<'_>| match field {
        Field::Id(id) => json!(id.map(|id| id.to_string())),
        Field::Text("") => Value::Null,
        Field::Text(text) => text.into(),
        Field::Bool(value) => value.into(),
        Field::Texts(map) => json!(map),
        Field::Numbers(map) => json!(map),
        Field::Number(number) if name == "signals" => {
            let signals = Signals(u32::try_from(number).unwrap_or(u32::MAX));
            signals.iter().map(clew_core::model::Signal::code).collect()
        }
        Field::Number(number) => word(name, number).map_or_else(|| number.into(), Value::from),
    };
    row.fields()
        .map(|(name, field)| (name, value(name, field)))
        .collect()
}

/// What a number of this column means.
fn word(column: &str, number: i64) -> Option<String> {
    let number = i32::try_from(number).ok()?;
    let name = match column {
        "kind" => match RecordKind::from_u8(u8::try_from(number).ok()?)? {
            RecordKind::Import => return Some("import".to_owned()),
            _ => return Some("event".to_owned()),
        },
        "identity_method" => format!("{:?}", IdentityMethod::try_from(number).ok()?),
        "ip_form" => format!("{:?}", IpForm::try_from(number).ok()?),
        "place_source" => format!("{:?}", PlaceSource::try_from(number).ok()?),
        "set_apart" => format!("{:?}", SetApart::try_from(number).ok()?),
        "profile" => format!("{:?}", Profile::try_from(number).ok()?),
        column if column.starts_with("consent_") && column != "consent_partial" => {
            format!("{:?}", ConsentState::try_from(number).ok()?)
        }
        _ => return None,
    };
    Some(snake(&name))
}

fn snake(name: &str) -> String {
    let mut text = String::new();
    for (i, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && i > 0 {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::{ExportFiles, ExportFormat};
    use super::*;
    use crate::secrets::MasterKey;
    use clew_core::model::{EventId, LinkSource, StoredEvent, SubmissionKind, UserKey, VisitorId};

    const ID: RowId = RowId::from_u128(7);
    const SITE: SiteId = SiteId::from_u128(1);

    fn event(n: u128) -> EventRow {
        let event = StoredEvent {
            event_id: EventId::from_u128(n),
            visitor_id: VisitorId::from_u128(2),
            title: "=HYPERLINK(\"x\")\n\"quoted\", <b>".into(),
            props: [("plan".to_owned(), "+1".to_owned())].into(),
            identity_method: 3,
            ..StoredEvent::default()
        };
        EventRow {
            site: SITE,
            lsn: 9,
            index: 0,
            kind: 2,
            received_ms: 5,
            import: None,
            event,
        }
    }

    fn link() -> PersonLink {
        PersonLink {
            site: SITE,
            visitor: VisitorId::from_u128(2),
            user: UserKey::from_u128(3),
            linked: true,
            source: LinkSource::Merge,
            node: 0,
            lsn: 9,
            seq: 0,
            at: EpochMs(5),
            import: None,
        }
    }

    fn touch() -> Touch {
        Touch {
            at: EpochMs(5),
            event: EventId::from_u128(1),
            visitor: VisitorId::from_u128(2),
            source: "+news".into(),
            medium: String::new(),
            campaign: "spring".into(),
            content: String::new(),
            term: String::new(),
            channel: "Email".into(),
            click_id_kind: "gclid".into(),
            click_id: "abc".into(),
            referrer_host: String::new(),
            landing_path: "/".into(),
        }
    }

    fn submission() -> SubmissionRow {
        let typed = ("message".to_owned(), "=1+1".to_owned());
        SubmissionRow {
            event: EventId::from_u128(1),
            lsn: 9,
            received: EpochMs(5),
            kind: SubmissionKind::Submitted,
            form: "contact".into(),
            fields: Some([typed].into()),
        }
    }

    fn written(events: u128, links: u32) -> (Value, Vec<csv::StringRecord>) {
        let dir = tempfile::tempdir().unwrap();
        let files = ExportFiles::open(dir.path(), MasterKey::from_bytes([1; 32])).unwrap();
        let about = About {
            export: ID,
            site: SITE,
            subject_kind: "visitor",
            at: EpochMs(0),
        };
        let create = |format| files.create(ID, format).unwrap();
        let (json, csv) = (create(ExportFormat::Json), create(ExportFormat::Csv));
        let mut document = Document::begin(&about, json, csv).unwrap();
        for n in 0..events {
            document.event(&event(n), n % 2 == 1).unwrap();
        }
        for _ in 0..links {
            document.link(&link()).unwrap();
        }
        for _ in 0..links {
            document.touch(&touch()).unwrap();
        }
        for _ in 0..links {
            document.submission(&submission()).unwrap();
        }
        document.finish().unwrap();
        let read = |format| -> Vec<u8> {
            let pieces = files.read(ID, format).unwrap();
            pieces.flat_map(Result::unwrap).collect()
        };
        let json = serde_json::from_slice(&read(ExportFormat::Json)).unwrap();
        let csv = read(ExportFormat::Csv);
        let mut table = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(csv.as_slice());
        (json, table.records().map(Result::unwrap).collect())
    }

    #[test]
    fn both_files_hold_every_column_of_every_event_and_every_link_and_touch() {
        let (json, table) = written(3, 2);
        assert_eq!(json["events"].as_array().unwrap().len(), 3);
        assert_eq!(json["personLinks"].as_array().unwrap().len(), 2);
        assert_eq!(json["touches"].as_array().unwrap().len(), 2);
        assert_eq!(json["submissions"][1]["fields"]["message"], "=1+1");
        assert_eq!(json["submissions"][1]["form_id"], "contact");
        assert_eq!(table.len(), 1 + 3 + 2 + 2 + 2);
        let header: Vec<_> = table[0].iter().collect();
        for name in clew_store::events::column_names() {
            assert!(header.contains(&name), "{name}");
            assert!(json["events"][0].get(name).is_some(), "{name}");
        }
        let first = &json["events"][0];
        assert_eq!(first["identity_method"], "cookie");
        assert_eq!(first["kind"], "import");
        assert_eq!(first["consent_analytics"], "unknown");
        assert_eq!(
            (&first["archived"], &json["events"][1]["archived"]),
            (&json!(false), &json!(true))
        );
        assert_eq!(first["title"], "=HYPERLINK(\"x\")\n\"quoted\", <b>");
        assert_eq!(json["personLinks"][1]["linked"], true);
        assert_eq!(json["personLinks"][1]["said_by"], "merge");
        assert_eq!(
            (&json["touches"][0]["source"], &json["touches"][0]["medium"]),
            (&json!("+news"), &Value::Null)
        );
        let typed = &table[table.len() - 1];
        assert!(typed.iter().any(|cell| cell == r#"{"message":"=1+1"}"#));
        let last = &table[table.len() - 3];
        for (column, cell) in [
            ("record", "touch"),
            ("source", "'+news"),
            ("click_id", "abc"),
            ("linked", ""),
        ] {
            let place = header.iter().position(|name| *name == column).unwrap();
            assert_eq!(&last[place], cell, "{column}");
        }
    }

    #[test]
    fn no_cell_is_a_formula() {
        let (_, table) = written(1, 0);
        let place = table[0].iter().position(|name| name == "title").unwrap();
        assert_eq!(&table[1][place], "'=HYPERLINK(\"x\")\n\"quoted\", <b>");
        for cell in table.iter().flat_map(csv::StringRecord::iter) {
            assert!(!cell.starts_with(['=', '+', '@']), "{cell}");
        }
    }

    #[test]
    fn nothing_stored_is_a_whole_document_too() {
        let (json, table) = written(0, 0);
        for (section, _) in SECTIONS {
            assert_eq!(json[section], json!([]));
        }
        assert_eq!(table.len(), 1);
    }
}
