//! What a journal record means: its kind, its schema and its payload.
//!
//! The journal itself knows only opaque bytes; this file is the one place that gives them sense.

use super::id::LedgerKey;
use super::{
    ErasureId, EventId, ImportId, PersonHash, StoredEvent, StoredSubmission, UserKey, VisitorId,
};

/// Version of the payloads below, written into every record header. 2: imports name themselves and
/// can be revoked. 3: events carry signals, the source of their place and a fingerprint; persons
/// are linked and erased by records of their own. 4: what people submit in forms, sealed.
pub const SCHEMA: u16 = 4;

/// The `kind` byte of a journal record. Numbers are never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum RecordKind {
    /// [`StoredBatch`]: one HTTP batch of one site.
    Events = 1,
    /// [`StoredBatch`] of an import or of sample data; exempt from lateness, revocable as one.
    Import = 2,
    /// [`Revocation`]: an import of this site is taken back.
    Revoke = 3,
    /// [`Erasure`]: a person of this site is forgotten.
    Erase = 4,
    /// [`PersonLinks`]: visitors are merged or separated by hand.
    Link = 5,
}

impl RecordKind {
    pub const fn from_u8(kind: u8) -> Option<Self> {
        match kind {
            1 => Some(Self::Events),
            2 => Some(Self::Import),
            3 => Some(Self::Revoke),
            4 => Some(Self::Erase),
            5 => Some(Self::Link),
            _ => None,
        }
    }
}

/// Payload of [`RecordKind::Events`] and [`RecordKind::Import`].
///
/// Protobuf concatenates: the commit thread builds this by joining the already encoded events
/// that the ledger let through, so `events` keeps tag 1 for ever.
#[derive(Clone, PartialEq, prost::Message)]
pub struct StoredBatch {
    #[prost(message, repeated, tag = "1")]
    pub events: Vec<StoredEvent>,
    #[prost(message, repeated, tag = "2")]
    pub quarantined: Vec<QuarantinedEvent>,
    /// Of [`RecordKind::Import`]: which import the events belong to.
    #[prost(message, optional, tag = "3")]
    pub import_id: Option<ImportId>,
    /// What the ledger goes on knowing of events that were erased from this record: a client that
    /// sends one again must not bring it back. Hashes of random ids, with nobody's data in them.
    #[prost(message, repeated, tag = "4")]
    pub erased: Vec<LedgerKey>,
    /// What was typed into forms, each beside its event in `events`; the ledger lets both through
    /// or neither. Quarantined events have none.
    #[prost(message, repeated, tag = "5")]
    pub submissions: Vec<StoredSubmission>,
}

/// Payload of [`RecordKind::Revoke`]: whatever records before this one brought under this import
/// id counts no more, in any projection, at any replay. The id is never used again.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub struct Revocation {
    #[prost(message, required, tag = "1")]
    pub import_id: ImportId,
}

/// Payload of [`RecordKind::Erase`]: what records before this one say of these persons counts no
/// more, in any projection, at any replay, a restored backup's included. What comes after is new.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Erasure {
    #[prost(message, required, tag = "1")]
    pub erasure_id: ErasureId,
    /// Keyed hashes only: the record itself must not say whom it forgot.
    #[prost(message, repeated, tag = "2")]
    pub persons: Vec<PersonHash>,
}

/// Who says that a visitor is some person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, prost::Enumeration)]
#[repr(i32)]
pub enum LinkSource {
    /// An event of a page on which somebody signed in; never in a record of links.
    Page = 0,
    /// By hand: the visitor is this user.
    User = 1,
    /// By hand: the visitor is the same person as another visitor.
    Merge = 2,
}

/// Payload of [`RecordKind::Link`]: what was said in one breath; see `identity`.
#[derive(Clone, PartialEq, prost::Message)]
pub struct PersonLinks {
    #[prost(message, repeated, tag = "1")]
    pub links: Vec<StoredLink>,
}

/// One visitor, one person.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub struct StoredLink {
    #[prost(message, required, tag = "1")]
    pub visitor: VisitorId,
    #[prost(message, required, tag = "2")]
    pub person: UserKey,
    /// False: it is taken back.
    #[prost(bool, tag = "3")]
    pub linked: bool,
    #[prost(enumeration = "LinkSource", tag = "4")]
    pub source: i32,
}

/// An event that could not be counted, kept so that nothing disappears silently.
#[derive(Clone, PartialEq, prost::Message)]
pub struct QuarantinedEvent {
    #[prost(message, required, tag = "1")]
    pub event_id: EventId,
    /// Code of `pipeline::QuarantineCode`, e.g. `late`.
    #[prost(string, tag = "2")]
    pub code: String,
    /// Redacted like any other event; absent when it could not be read at all.
    #[prost(message, optional, tag = "3")]
    pub event: Option<StoredEvent>,
}

/// The ids alone of a [`StoredBatch`], for rebuilding the ledger without decoding events.
#[derive(Clone, PartialEq, prost::Message)]
pub struct BatchIds {
    #[prost(message, repeated, tag = "1")]
    pub events: Vec<IdOnly>,
    #[prost(message, repeated, tag = "2")]
    pub quarantined: Vec<IdOnly>,
    #[prost(message, repeated, tag = "4")]
    pub erased: Vec<LedgerKey>,
}

/// First field of [`StoredEvent`] and [`QuarantinedEvent`].
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub struct IdOnly {
    #[prost(message, required, tag = "1")]
    pub event_id: EventId,
}
