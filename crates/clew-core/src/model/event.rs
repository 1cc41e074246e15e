//! The canonical event, in the only form that may be written to disk.
//!
//! A [`StoredEvent`] is made by the last pipeline stage (`pipeline::privacy`) or decoded from the
//! journal, and by nothing else: its request-time counterpart `pipeline::RequestEvent` holds the
//! client's address and cannot be serialised. Field numbers are for ever: never reuse or retype
//! one, only append (fixtures/journal pins every schema version).

use super::{Consent, EpochMs, EventId, FingerprintKey, SessionKey, UserKey, VisitorId};
use std::collections::BTreeMap;

/// How the visitor was recognised, strongest last (DESIGN, "Visitor precedence").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Enumeration)]
#[repr(i32)]
pub enum IdentityMethod {
    DailyHash = 0,
    Fingerprint = 1,
    /// An id that the client keeps in web storage and sends.
    Storage = 2,
    Cookie = 3,
    UserId = 4,
}

/// In which form [`StoredEvent::ip`] stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub enum IpForm {
    None = 0,
    /// Hex HMAC under the site's daily salt.
    Hmac = 1,
    /// /24 or /48 network address.
    Truncated = 2,
    Full = 3,
}

/// How [`StoredEvent::country`] and its finer parts are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub enum PlaceSource {
    /// The place is not known.
    None = 0,
    /// The import stated it.
    Import = 1,
    /// An address database of this server.
    Database = 2,
    /// A header of a trusted proxy.
    Proxy = 3,
    /// The browser's time zone: a country, and no more.
    TimeZone = 4,
}

/// Why an event is stored and counts in no number although it is no bot's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub enum SetApart {
    /// It counts.
    No = 0,
    /// Its address is on the site's list of blocked ones.
    Blocked = 1,
    /// Its address is on the site's list of testers.
    Testing = 2,
    /// Whoever sent it may not be measured: it carries what they sent and who they are to nobody.
    Silent = 3,
}

/// One event as it lies in journal, archive and event store.
///
/// The site and the time of receipt stand in the journal record's header. Empty string means
/// "absent". Times are epoch milliseconds.
#[derive(Clone, PartialEq, prost::Message)]
pub struct StoredEvent {
    // Who
    #[prost(message, required, tag = "1")]
    pub event_id: EventId,
    #[prost(message, required, tag = "2")]
    pub visitor_id: VisitorId,
    #[prost(enumeration = "IdentityMethod", tag = "3")]
    pub identity_method: i32,
    /// Hash of `client_session_id`; sessions are keyed by it when present.
    #[prost(message, optional, tag = "4")]
    pub client_session: Option<SessionKey>,
    /// The client's own session id, kept for echo.
    #[prost(string, tag = "5")]
    pub client_session_id: String,
    #[prost(message, optional, tag = "6")]
    pub user_key: Option<UserKey>,

    // When
    /// Client time corrected by the skew of its clock; what reports use.
    #[prost(int64, tag = "7")]
    pub time_ms: i64,
    /// Client time as sent; 0 when it sent none.
    #[prost(int64, tag = "8")]
    pub client_time_ms: i64,
    /// Position within the client's session, for measuring loss in transit; 0 = not sent.
    #[prost(uint32, tag = "9")]
    pub sequence: u32,

    // What
    /// `pageview`, `engagement`, `click`, `custom` … `[a-z][a-z0-9_]*`.
    #[prost(string, tag = "10")]
    pub event_type: String,
    /// Name of a custom event; empty for the others.
    #[prost(string, tag = "11")]
    pub name: String,
    /// Time the page was in use since the last report, milliseconds.
    #[prost(uint32, tag = "12")]
    pub engaged_ms: u32,
    /// Deepest scroll position so far, 0–100.
    #[prost(uint32, tag = "13")]
    pub scroll_percent: u32,
    #[prost(uint32, tag = "14")]
    pub load_time_ms: u32,
    /// Revenue in minor units of `currency` (ISO 4217).
    #[prost(int64, tag = "15")]
    pub value_minor: i64,
    #[prost(string, tag = "16")]
    pub currency: String,
    #[prost(btree_map = "string, string", tag = "17")]
    pub props: BTreeMap<String, String>,
    #[prost(btree_map = "string, double", tag = "18")]
    pub numbers: BTreeMap<String, f64>,

    // Where on the site
    /// Scheme, host, path and allow-listed query; no fragment.
    #[prost(string, tag = "20")]
    pub url: String,
    #[prost(string, tag = "21")]
    pub hostname: String,
    #[prost(string, tag = "22")]
    pub path: String,
    #[prost(string, tag = "23")]
    pub title: String,

    // Where from
    #[prost(string, tag = "30")]
    pub referrer: String,
    /// Registrable domain of an external referrer; empty for internal and direct.
    #[prost(string, tag = "31")]
    pub referrer_host: String,
    /// Name to show: utm_source, else the known referrer's brand, else its host.
    #[prost(string, tag = "32")]
    pub source: String,
    #[prost(string, tag = "33")]
    pub medium: String,
    #[prost(string, tag = "34")]
    pub channel: String,
    #[prost(string, tag = "35")]
    pub utm_source: String,
    #[prost(string, tag = "36")]
    pub utm_medium: String,
    #[prost(string, tag = "37")]
    pub utm_campaign: String,
    #[prost(string, tag = "38")]
    pub utm_content: String,
    #[prost(string, tag = "39")]
    pub utm_term: String,
    /// Which click id was in the URL (`gclid` …); stays when its value may not be kept.
    #[prost(string, tag = "40")]
    pub click_id_kind: String,
    #[prost(string, tag = "41")]
    pub gclid: String,
    #[prost(string, tag = "42")]
    pub gbraid: String,
    #[prost(string, tag = "43")]
    pub wbraid: String,
    #[prost(string, tag = "44")]
    pub dclid: String,
    #[prost(string, tag = "45")]
    pub fbclid: String,
    #[prost(string, tag = "46")]
    pub msclkid: String,
    #[prost(string, tag = "47")]
    pub ttclid: String,
    #[prost(string, tag = "48")]
    pub twclid: String,
    #[prost(string, tag = "49")]
    pub li_fat_id: String,
    #[prost(string, tag = "50")]
    pub sc_click_id: String,
    #[prost(string, tag = "51")]
    pub rdt_cid: String,
    #[prost(string, tag = "52")]
    pub epik: String,
    #[prost(string, tag = "53")]
    pub campaign_region: String,
    #[prost(string, tag = "54")]
    pub ad_group: String,
    #[prost(string, tag = "55")]
    pub ad_id: String,
    #[prost(string, tag = "56")]
    pub search_query: String,

    // On what
    #[prost(string, tag = "60")]
    pub browser: String,
    #[prost(string, tag = "61")]
    pub browser_version: String,
    #[prost(string, tag = "62")]
    pub os: String,
    #[prost(string, tag = "63")]
    pub os_version: String,
    /// `desktop`, `mobile`, `tablet`, `tv`, `other` or empty.
    #[prost(string, tag = "64")]
    pub device: String,
    /// `1920x1080`.
    #[prost(string, tag = "65")]
    pub screen: String,
    #[prost(string, tag = "66")]
    pub viewport: String,
    /// Primary BCP 47 tag, e.g. `de-AT`.
    #[prost(string, tag = "67")]
    pub language: String,
    /// IANA zone of the browser.
    #[prost(string, tag = "68")]
    pub time_zone: String,

    // From where (filled by the geo and network stages)
    #[prost(string, tag = "70")]
    pub country: String,
    #[prost(string, tag = "71")]
    pub region: String,
    #[prost(string, tag = "72")]
    pub city: String,
    #[prost(uint32, tag = "73")]
    pub asn: u32,
    #[prost(string, tag = "74")]
    pub network: String,
    #[prost(enumeration = "IpForm", tag = "75")]
    pub ip_form: i32,
    #[prost(string, tag = "76")]
    pub ip: String,

    // How it may be used
    #[prost(message, required, tag = "80")]
    pub consent: Consent,
    #[prost(enumeration = "super::Profile", tag = "81")]
    pub profile: i32,
    /// Name of the bot; such events are stored and browsable but in no visitor number.
    #[prost(string, tag = "82")]
    pub bot: String,
    /// Neither Origin nor Referer vouched for the site.
    #[prost(bool, tag = "83")]
    pub unverified_origin: bool,
    /// When a user id named the visitor: whom cookie or storage would have named. The link
    /// between the two is what makes them one person.
    #[prost(message, optional, tag = "84")]
    pub device_visitor: Option<VisitorId>,
    /// Which family of bots: `ai`, `search`, `automation` …; empty for people.
    #[prost(string, tag = "85")]
    pub bot_kind: String,
    #[prost(enumeration = "SetApart", tag = "86")]
    pub set_apart: i32,
    #[prost(enumeration = "PlaceSource", tag = "87")]
    pub place_source: i32,
    /// Bits of [`super::Signals`].
    #[prost(uint32, tag = "88")]
    pub signals: u32,
    /// 0 (nothing speaks against a person) to 100, by the rules of `suspicion_rules`.
    #[prost(uint32, tag = "89")]
    pub suspicion: u32,
    /// Version of the rules that gave `suspicion`; 0 = not rated.
    #[prost(uint32, tag = "90")]
    pub suspicion_rules: u32,
    /// The browser's fingerprint under the site's key, where site and visitor allow one.
    #[prost(message, optional, tag = "91")]
    pub fingerprint: Option<FingerprintKey>,
}

impl StoredEvent {
    pub fn time(&self) -> EpochMs {
        EpochMs(self.time_ms)
    }

    /// Whether it is nobody's: of somebody who may not be measured, and who all the same sent
    /// something to be read. Such an event names itself where others name their visitor, so that
    /// no two of them ever belong together.
    pub fn is_of_nobody(&self) -> bool {
        self.visitor_id == VisitorId::of_nobody(self.event_id)
    }

    pub fn is_bot(&self) -> bool {
        !self.bot.is_empty()
    }

    /// Neither a bot's nor set apart by the site's own lists.
    pub fn counts(&self) -> bool {
        !self.is_bot() && self.set_apart() == SetApart::No
    }
}
