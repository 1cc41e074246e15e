//! The columns of `events`, in table order: how each is taken from an event and put back.
//!
//! One list serves writing (Arrow) and reading (rows), so a field cannot be written and forgotten
//! on the way back. A test compares it with the table itself.

use clew_core::model::{
    EventId, FingerprintKey, ImportId, SessionKey, SiteId, StoredEvent, UserKey, VisitorId,
};
use std::collections::BTreeMap;

/// One row of `events`: a stored event and what its journal record said about it.
#[derive(Clone, Debug, PartialEq)]
pub struct EventRow {
    pub site: SiteId,
    pub lsn: u64,
    /// Position within its record.
    pub index: u32,
    /// The record's kind byte.
    pub kind: u8,
    pub received_ms: i64,
    pub import: Option<ImportId>,
    pub event: StoredEvent,
}

impl EventRow {
    /// To be filled in column by column.
    pub(super) fn empty() -> Self {
        Self {
            site: SiteId::from_u128(0),
            lsn: 0,
            index: 0,
            kind: 0,
            received_ms: 0,
            import: None,
            event: StoredEvent::default(),
        }
    }

    /// As it is written.
    pub(crate) fn borrow(&self) -> RowRef<'_> {
        RowRef {
            site: self.site,
            lsn: self.lsn,
            index: self.index,
            kind: self.kind,
            received_ms: self.received_ms,
            import: self.import,
            event: &self.event,
        }
    }
}

/// A row about to be written; borrows the event.
#[derive(Clone, Copy)]
pub(crate) struct RowRef<'a> {
    pub(super) site: SiteId,
    pub(super) lsn: u64,
    pub(super) index: u32,
    pub(super) kind: u8,
    pub(super) received_ms: i64,
    pub(super) import: Option<ImportId>,
    pub(super) event: &'a StoredEvent,
}

/// The columns of `events`, in table order: those of every table, file and export of events.
pub fn column_names() -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().map(|column| column.name)
}

pub(super) type Texts = BTreeMap<String, String>;
pub(super) type Numbers = BTreeMap<String, f64>;

/// How a column's value is read from and written to a row, by engine type.
pub(super) enum Access {
    Id(fn(&RowRef) -> Option<u128>, fn(&mut EventRow, u128)),
    Text(
        for<'a> fn(&RowRef<'a>) -> &'a str,
        fn(&mut EventRow, String),
    ),
    I64(fn(&RowRef) -> i64, fn(&mut EventRow, i64)),
    I32(fn(&RowRef) -> i32, fn(&mut EventRow, i32)),
    U32(fn(&RowRef) -> u32, fn(&mut EventRow, u32)),
    U8(fn(&RowRef) -> u8, fn(&mut EventRow, u8)),
    Bool(fn(&RowRef) -> bool, fn(&mut EventRow, bool)),
    TextMap(
        for<'a> fn(&RowRef<'a>) -> &'a Texts,
        fn(&mut EventRow, Texts),
    ),
    NumberMap(
        for<'a> fn(&RowRef<'a>) -> &'a Numbers,
        fn(&mut EventRow, Numbers),
    ),
}

pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) access: Access,
    pub(super) nullable: bool,
}

macro_rules! column {
    ($name:literal, $kind:ident, $get:expr, $set:expr) => {
        Column {
            name: $name,
            access: Access::$kind($get, $set),
            nullable: false,
        }
    };
    (null $name:literal, $kind:ident, $get:expr, $set:expr) => {
        Column {
            name: $name,
            access: Access::$kind($get, $set),
            nullable: true,
        }
    };
}

/// A field of the event under its own name and type.
macro_rules! text {
    ($field:ident) => {
        Column {
            name: stringify!($field),
            access: Access::Text(|r| &r.event.$field, |r, v| r.event.$field = v),
            nullable: false,
        }
    };
}

macro_rules! plain {
    ($kind:ident $field:ident) => {
        Column {
            name: stringify!($field),
            access: Access::$kind(|r| r.event.$field, |r, v| r.event.$field = v),
            nullable: false,
        }
    };
}

/// A small number kept in one byte; protobuf knows nothing narrower than 32 bits.
macro_rules! byte {
    ($name:literal, $($path:ident).+) => {
        column!($name, U8,
            |r| u8::try_from(r.event.$($path).+).unwrap_or(u8::MAX),
            |r, v| r.event.$($path).+ = v.into())
    };
}

pub(super) const COLUMNS: &[Column] = &[
    column!("site", Id, |r| Some(r.site.as_u128()), |r, v| r.site =
        SiteId::from_u128(v)),
    column!("lsn", I64, |r| r.lsn as i64, |r, v| r.lsn = v as u64),
    column!("idx", I32, |r| r.index as i32, |r, v| r.index = v as u32),
    column!("kind", U8, |r| r.kind, |r, v| r.kind = v),
    column!("received_ms", I64, |r| r.received_ms, |r, v| r
        .received_ms =
        v),
    column!(null "import_id", Id, |r| r.import.map(ImportId::as_u128), |r, v| r.import = Some(ImportId::from_u128(v))),
    column!(
        "event_id",
        Id,
        |r| Some(r.event.event_id.as_u128()),
        |r, v| r.event.event_id = EventId::from_u128(v)
    ),
    column!(
        "visitor_id",
        Id,
        |r| Some(r.event.visitor_id.as_u128()),
        |r, v| r.event.visitor_id = VisitorId::from_u128(v)
    ),
    byte!("identity_method", identity_method),
    column!(null "client_session", Id, |r| r.event.client_session.map(SessionKey::as_u128), |r, v| r.event.client_session = Some(SessionKey::from_u128(v))),
    text!(client_session_id),
    column!(null "user_key", Id, |r| r.event.user_key.map(UserKey::as_u128), |r, v| r.event.user_key = Some(UserKey::from_u128(v))),
    plain!(I64 time_ms),
    plain!(I64 client_time_ms),
    plain!(U32 sequence),
    text!(event_type),
    text!(name),
    plain!(U32 engaged_ms),
    byte!("scroll_percent", scroll_percent),
    plain!(U32 load_time_ms),
    plain!(I64 value_minor),
    text!(currency),
    column!("props", TextMap, |r| &r.event.props, |r, v| r.event.props =
        v),
    column!("numbers", NumberMap, |r| &r.event.numbers, |r, v| r
        .event
        .numbers =
        v),
    text!(url),
    text!(hostname),
    text!(path),
    text!(title),
    text!(referrer),
    text!(referrer_host),
    text!(source),
    text!(medium),
    text!(channel),
    text!(utm_source),
    text!(utm_medium),
    text!(utm_campaign),
    text!(utm_content),
    text!(utm_term),
    text!(click_id_kind),
    text!(gclid),
    text!(gbraid),
    text!(wbraid),
    text!(dclid),
    text!(fbclid),
    text!(msclkid),
    text!(ttclid),
    text!(twclid),
    text!(li_fat_id),
    text!(sc_click_id),
    text!(rdt_cid),
    text!(epik),
    text!(campaign_region),
    text!(ad_group),
    text!(ad_id),
    text!(search_query),
    text!(browser),
    text!(browser_version),
    text!(os),
    text!(os_version),
    text!(device),
    text!(screen),
    text!(viewport),
    text!(language),
    text!(time_zone),
    text!(country),
    text!(region),
    text!(city),
    plain!(U32 asn),
    text!(network),
    byte!("ip_form", ip_form),
    text!(ip),
    byte!("consent_analytics", consent.analytics),
    byte!("consent_marketing", consent.marketing),
    byte!("consent_replay", consent.replay),
    byte!("consent_partial", consent.partial),
    column!("gpc", Bool, |r| r.event.consent.gpc, |r, v| r
        .event
        .consent
        .gpc = v),
    byte!("profile", profile),
    text!(bot),
    plain!(Bool unverified_origin),
    column!(null "device_visitor", Id, |r| r.event.device_visitor.map(VisitorId::as_u128), |r, v| r.event.device_visitor = Some(VisitorId::from_u128(v))),
    text!(bot_kind),
    byte!("set_apart", set_apart),
    byte!("place_source", place_source),
    plain!(U32 signals),
    byte!("suspicion", suspicion),
    plain!(U32 suspicion_rules),
    column!(null "fingerprint", Id, |r| r.event.fingerprint.map(FingerprintKey::as_u128), |r, v| r.event.fingerprint = Some(FingerprintKey::from_u128(v))),
];
