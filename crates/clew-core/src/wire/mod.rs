//! Wire formats: bytes of a client become canonical events, and nothing downstream knows whose
//! they were (DESIGN law 4).

use crate::error::ErrorCode;
use crate::model::{Consent, EpochMs, Place};
use std::collections::BTreeMap;
use std::net::IpAddr;

pub mod clew;
mod clock;
mod collector;
pub mod crm_tracker;
mod door;
mod forms;
pub mod gif;
pub mod hints;
mod inheritance;
mod members;
mod pixel;
pub mod pulse;
mod receipt;
mod reject;
mod submission;
mod trackveil;
mod typed;
mod vocabulary;

pub use door::{Door, SiteRef, WireError, WireRequest};
pub use hints::Hints;
pub use receipt::{NotCountedItem, QuarantinedItem, Receipt};
pub use reject::REJECTS;
pub use submission::WireSubmission;

/// What the HTTP edge knows about the sender besides the body.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools)] // Each is a header of its own.
pub struct Client {
    /// Address after trusted proxies were peeled off.
    pub ip: IpAddr,
    pub user_agent: String,
    /// Host of Origin, else of Referer; lower case, no port.
    pub origin_host: Option<String>,
    /// First tag of Accept-Language.
    pub language: String,
    /// `Sec-GPC: 1`.
    pub gpc: bool,
    /// `DNT: 1`.
    pub dnt: bool,
    /// Authenticated by a secret key: needs no Origin.
    pub trusted: bool,
    /// What the browser says about itself besides its user agent.
    pub hints: Option<Box<Hints>>,
    /// Where a proxy that the operator trusts saw the client.
    pub place: Option<Place>,
    /// Such a proxy saw it come out of the Tor network.
    pub tor: bool,
}

/// A decoded request: one site's batch, each item readable or refused on its own.
#[derive(Clone, Debug)]
pub struct WireBatch {
    pub site: SiteRef,
    /// Public write key in the body, for clients that cannot send headers.
    pub write_key: Option<String>,
    /// What the answer repeats: an event's or a session's id, as the client wrote it.
    pub echo: Option<String>,
    pub sent_at: Option<EpochMs>,
    /// What the visitor had said when the batch was sent.
    pub consent: Consent,
    /// An item that cannot be read never takes its neighbours with it.
    pub items: Vec<Result<WireEvent, WireReject>>,
}

/// Why one item of a batch cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireReject {
    /// Stable code, e.g. `invalid_type`.
    pub code: &'static str,
    /// First 128 bits of the BLAKE3 hash of the item's bytes: a batch that is sent again is
    /// recognised by it.
    pub digest: [u8; 16],
}

impl WireReject {
    /// A reject of the item with these bytes; `code` is one of [`REJECTS`].
    pub fn of(code: &'static str, item: &[u8]) -> Self {
        debug_assert!(REJECTS.contains(&code), "{code} is missing from REJECTS");
        let mut digest = [0; 16];
        digest.copy_from_slice(&blake3::hash(item).as_bytes()[..16]);
        Self { code, digest }
    }
}

/// One event as the client stated it: nothing checked, nothing trusted.
#[derive(Clone, Debug, Default)]
pub struct WireEvent {
    /// The client's event id, any string.
    pub id: Option<String>,
    /// What the id is the name of.
    pub id_kind: IdKind,
    pub event_type: String,
    pub name: Option<String>,
    pub time: Option<EpochMs>,
    pub visitor_id: Option<String>,
    pub session_id: Option<String>,
    pub user_id: Option<String>,
    /// What the browser is, hashed there.
    pub fingerprint: Option<String>,
    pub sequence: Option<u32>,
    pub consent: Consent,
    pub url: String,
    /// An address that cannot be read, or is a page of somebody else's, is left out instead of
    /// setting the event apart: what it says is worth more than where.
    pub page_is_optional: bool,
    pub title: Option<String>,
    pub referrer: Option<String>,
    pub screen: Option<String>,
    pub viewport: Option<String>,
    pub language: Option<String>,
    pub time_zone: Option<String>,
    pub engaged_ms: Option<u32>,
    pub scroll_percent: Option<u32>,
    pub load_time_ms: Option<u32>,
    /// Revenue in major units as sent, with ISO 4217 code.
    pub value: Option<f64>,
    pub currency: Option<String>,
    pub props: BTreeMap<String, String>,
    pub numbers: BTreeMap<String, f64>,
    /// `navigator.webdriver`: a program steers the browser.
    pub webdriver: bool,
    /// The page says that nobody may be measured by this, whatever the site's policy allows: it can
    /// only be stricter.
    pub silent: bool,
    /// Campaign and ad parameters and click ids that were stated apart from the page's address, by
    /// their names there. Where the address has one of them too, the address counts.
    pub campaign: BTreeMap<&'static str, String>,
    /// The form that the event is about: our form's id, or what the page calls it.
    pub form_id: Option<String>,
    /// What was typed into it.
    pub submission: Option<Box<WireSubmission>>,
}

/// What the id of an event names: ids of different kinds are never the same, whatever they say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum IdKind {
    /// The event itself.
    #[default]
    Event = 0,
    /// A session, of which the event is the only beginning.
    Session = 1,
    /// An order, of which the event is the only sale.
    Order = 2,
    /// A lead that was handed in.
    Lead = 3,
}

/// A family of clients: where they come, how their bytes are read and what answer they expect.
pub trait WireFormat: std::fmt::Debug + Send + Sync {
    /// Short name, part of the identity of events without a UUID (DESIGN law 2).
    fn name(&self) -> &'static str;

    fn doors(&self) -> &'static [Door];

    /// # Errors
    /// The whole body is unreadable; a single bad item is reported inside the batch instead.
    fn decode(&self, request: &WireRequest<'_>) -> Result<WireBatch, WireError>;

    /// The JSON of a success.
    ///
    /// # Errors
    /// None in practice: every answer is made of plain text and numbers.
    fn answer(&self, door: &Door, receipt: &Receipt) -> serde_json::Result<Vec<u8>>;

    /// What this family's clients are told instead of `code`, where theirs is documented to differ.
    fn refusal(&self, code: ErrorCode) -> ErrorCode {
        code
    }
}

/// Every wire format, in the order of CONTRACTS.
pub const FORMATS: &[&dyn WireFormat] = &[
    &clew::Clew,
    &pixel::Pixel,
    &crm_tracker::CrmTracker,
    &collector::Collector,
    &pulse::Pulse,
    &trackveil::Trackveil,
];
