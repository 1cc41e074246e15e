//! A site as the ingest edge knows it: who may write and what may be kept.

use super::SiteId;

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

/// Everything the pipeline needs to know about a site; built from the relational store, cached.
#[derive(Clone, Debug)]
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
    /// Treat `DNT: 1` like `Sec-GPC: 1`.
    pub honour_dnt: bool,
    /// Query parameters kept in page URLs; all others are stripped. Campaign parameters and click
    /// ids move to columns of their own and never stay in the URL, listed here or not.
    pub query_allow: Vec<String>,
}
