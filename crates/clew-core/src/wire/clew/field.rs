//! The names of fields, their short spellings, and nothing else.

/// A key of the envelope or of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
pub(super) enum Field {
    // Envelope only
    SiteId,
    SentAt,
    Events,
    // Event only
    Id,
    #[serde(rename = "type")]
    Kind,
    Name,
    T,
    Value,
    FormId,
    Fields,
    // Both
    Currency,
    VisitorId,
    SessionId,
    UserId,
    Fingerprint,
    #[serde(alias = "seq")]
    Sequence,
    Consent,
    Url,
    Title,
    Referrer,
    Screen,
    Viewport,
    Language,
    #[serde(alias = "tz", alias = "timezone")]
    TimeZone,
    EngagedMs,
    #[serde(alias = "scroll")]
    ScrollPercent,
    LoadTimeMs,
    Webdriver,
    Silent,
    Props,
    #[serde(other)]
    Unknown,
}
