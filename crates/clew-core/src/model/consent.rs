//! What the visitor said about being measured.

/// One purpose: never asked, refused, or granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, prost::Enumeration)]
#[repr(i32)]
pub enum ConsentState {
    Unknown = 0,
    Denied = 1,
    Granted = 2,
}

impl From<Option<bool>> for ConsentState {
    fn from(answer: Option<bool>) -> Self {
        match answer {
            None => Self::Unknown,
            Some(false) => Self::Denied,
            Some(true) => Self::Granted,
        }
    }
}

/// The purposes of CONTRACTS §0 and the browser's Global Privacy Control signal.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct Consent {
    #[prost(enumeration = "ConsentState", tag = "1")]
    pub analytics: i32,
    #[prost(enumeration = "ConsentState", tag = "2")]
    pub marketing: i32,
    #[prost(enumeration = "ConsentState", tag = "3")]
    pub replay: i32,
    #[prost(enumeration = "ConsentState", tag = "4")]
    pub partial: i32,
    /// `Sec-GPC: 1` or `navigator.globalPrivacyControl`.
    #[prost(bool, tag = "5")]
    pub gpc: bool,
}
