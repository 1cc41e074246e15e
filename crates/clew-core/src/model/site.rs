//! A site as the ingest edge knows it: who may write and what may be kept.

use super::{ChannelRule, IpLists, SiteId};

/// Privacy profile (CONTRACTS, "Privacy profile × consent"). The default is the strictest that
/// still counts visitors: `gdpr`.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    prost::Enumeration,
)]
#[serde(rename_all = "lowercase")]
#[repr(i32)]
pub enum Profile {
    Gdpr = 0,
    Exempt = 1,
    Standard = 2,
    Hipaa = 3,
}

impl Profile {
    /// Whether anything may outlive the visit at all: an id in the browser, a link to a person.
    pub const fn allows_ids(self) -> bool {
        !matches!(self, Self::Exempt)
    }

    /// Whether browsers may be recognised by what they are, given consent and the site's wish.
    pub const fn allows_fingerprint(self) -> bool {
        matches!(self, Self::Gdpr | Self::Standard)
    }

    /// Whether the visitor's city may be stored. The health rules know no place smaller than a
    /// region that does not name somebody.
    pub const fn keeps_city(self) -> bool {
        !matches!(self, Self::Hipaa)
    }

    /// Whether the name and number of the visitor's network may be stored: it can be the company
    /// that somebody works for, and measuring an audience does not need it.
    pub const fn keeps_network(self) -> bool {
        matches!(self, Self::Gdpr | Self::Standard)
    }
}

/// In which form the client's address may cross the edge (DESIGN law 1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IpPolicy {
    #[default]
    None,
    Hmac,
    Truncated,
    Full,
}

/// Where a browser that may be recognised keeps its id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VisitorIdPolicy {
    /// Nowhere: every visitor is a daily hash.
    None,
    /// Web storage, by the tracker.
    #[default]
    Storage,
    /// A cookie that this server sets (HttpOnly), where page and collector share a registrable
    /// domain; web storage elsewhere.
    Cookie,
}

/// Everything the pipeline needs to know about a site; built from the relational store, cached.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools)] // Each is a decision of its own.
pub struct SitePolicy {
    pub id: SiteId,
    pub profile: Profile,
    pub ip: IpPolicy,
    /// IANA name, e.g. `Europe/Berlin`; salts rotate at this zone's midnight.
    pub time_zone: jiff::tz::TimeZone,
    /// Lower-case hosts, `*.example.com` for any subdomain (CONTRACTS C).
    pub domains: Vec<String>,
    /// Refuse events that carry neither Origin nor Referer.
    pub require_origin: bool,
    /// Store nothing at all when analytics consent is denied, instead of counting cookieless.
    pub silent_when_denied: bool,
    /// Under `standard`, values of forms that were not sent are kept, unless the visitor refused.
    pub partial_values: bool,
    /// Treat `DNT: 1` like `Sec-GPC: 1`.
    pub honour_dnt: bool,
    /// Query parameters kept in page URLs; all others are stripped. Campaign parameters and click
    /// ids move to columns of their own and never stay in the URL, listed here or not.
    pub query_allow: Vec<String>,
    /// Nothing is stored until analytics consent is granted.
    pub consent_required: bool,
    pub visitor_id: VisitorIdPolicy,
    /// Life of a visitor id, from its making; never renewed.
    pub visitor_id_days: u32,
    /// Browsers may be recognised by a fingerprint, where the visitor granted analytics.
    pub fingerprint: bool,
    /// In order, before the built-in channels.
    pub channel_rules: Vec<ChannelRule>,
    pub ip_lists: IpLists,
}

/// A setting that its site's profile forbids, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// Member of the API.
    pub setting: &'static str,
    pub why: &'static str,
}

/// Whether these settings ask for something that `profile` never does. The pipeline obeys the
/// profile either way; saying so keeps a site's owner from believing otherwise.
pub fn contradiction(
    profile: Profile,
    ip: IpPolicy,
    visitor_id: VisitorIdPolicy,
    fingerprint: bool,
) -> Option<Contradiction> {
    let contradiction = |setting, why| Some(Contradiction { setting, why });
    match profile {
        Profile::Exempt if fingerprint => contradiction(
            "fingerprint",
            "the profile exempt recognises nobody beyond a day, so it takes no fingerprints",
        ),
        Profile::Exempt if visitor_id == VisitorIdPolicy::Cookie => contradiction(
            "visitorId",
            "the profile exempt stores nothing in a browser, so it sets no cookie",
        ),
        Profile::Hipaa if fingerprint => {
            contradiction("fingerprint", "the profile hipaa takes no fingerprints")
        }
        Profile::Exempt | Profile::Hipaa if ip != IpPolicy::None => {
            contradiction("ip", "this profile stores no address in any form")
        }
        _ => None,
    }
}

impl SitePolicy {
    /// Thirteen months, the longest that the CNIL's guidelines allow.
    pub const VISITOR_ID_DAYS: u32 = 395;

    /// The strictest policy that still counts visitors: what a new site starts with.
    pub fn strict(id: SiteId) -> Self {
        Self {
            id,
            profile: Profile::Gdpr,
            ip: IpPolicy::None,
            time_zone: jiff::tz::TimeZone::UTC,
            domains: Vec::new(),
            require_origin: false,
            silent_when_denied: false,
            partial_values: false,
            honour_dnt: false,
            query_allow: Vec::new(),
            consent_required: false,
            visitor_id: VisitorIdPolicy::Storage,
            visitor_id_days: Self::VISITOR_ID_DAYS,
            fingerprint: false,
            channel_rules: Vec::new(),
            ip_lists: IpLists::default(),
        }
    }
}
