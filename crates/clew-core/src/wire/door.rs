//! The addresses of a wire format: what the HTTP edge, the API description and the documents know
//! about each without knowing whose clients come there.

use crate::error::ErrorCode;
use crate::model::EventId;
use std::borrow::Cow;

/// One address where events come in by POST.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools)] // Each is a promise of its own.
pub struct Door {
    pub path: &'static str,
    /// One line for the API description.
    pub summary: &'static str,
    /// What a developer must know besides.
    pub description: &'static str,
    /// JSON Schema (2020-12) of the body.
    pub request: &'static str,
    /// JSON Schema of the answer.
    pub answer: &'static str,
    /// HTTP status of the answer, 200 or 201.
    pub status: u16,
    /// What can be refused here besides what every door refuses ([`Door::ALWAYS`]).
    pub errors: &'static [ErrorCode],
    /// `application/x-www-form-urlencoded` bodies are read too, as a flat JSON object
    /// (`fields[email]` is the member `email` of `fields`).
    pub takes_forms: bool,
    /// JSON Schema of such bodies, where it differs.
    pub form: Option<&'static str>,
    /// May give and read this server's visitor cookie, where the site uses one.
    pub cookies: bool,
    /// Takes nothing without a key or a page that vouches for it, even where the body names a site.
    pub needs_key_or_page: bool,
    /// What to do, said to whoever names no site and vouches for none.
    pub unnamed: &'static str,
    /// Path of the address that clients should use instead.
    pub successor: Option<&'static str>,
}

impl Door {
    /// A door as most are; formats fill in the rest.
    pub const PLAIN: Self = Self {
        path: "",
        summary: "",
        description: "",
        request: "{}",
        answer: "{}",
        status: 200,
        errors: &[],
        takes_forms: false,
        form: None,
        cookies: true,
        needs_key_or_page: false,
        unnamed: "Nothing says which site this is for: name it, or send this from one of its pages.",
        successor: None,
    };

    /// What every door may refuse.
    pub const ALWAYS: &'static [ErrorCode] = &[
        ErrorCode::MalformedJson,
        ErrorCode::BadEncoding,
        ErrorCode::Unauthorized,
        ErrorCode::Forbidden,
        ErrorCode::ForeignOrigin,
        ErrorCode::OriginRequired,
        ErrorCode::UnknownSite,
        ErrorCode::RequestTimeout,
        ErrorCode::BodyTooLarge,
        ErrorCode::BatchTooLarge,
        ErrorCode::UnsupportedMediaType,
        ErrorCode::InvalidBody,
        ErrorCode::RateLimited,
        ErrorCode::Overloaded,
        ErrorCode::StorageUnavailable,
        ErrorCode::ShuttingDown,
        ErrorCode::Internal,
    ];
}

/// What a format reads.
#[derive(Clone, Copy, Debug)]
pub struct WireRequest<'a> {
    /// The door that was asked.
    pub path: &'a str,
    /// JSON, already inflated.
    pub body: &'a [u8],
    /// A fresh UUIDv7, for what must have an id in the answer and was sent without one.
    pub minted: EventId,
}

/// Why a whole request cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireError {
    pub code: ErrorCode,
    /// What is wrong, in a sentence; the code's own message when absent.
    pub message: Option<Cow<'static, str>>,
    /// Member of the body that is wrong.
    pub field: Option<&'static str>,
}

impl WireError {
    /// A member that is missing or has no sense: says what was expected.
    pub fn field(code: ErrorCode, field: &'static str, expected: &'static str) -> Self {
        Self {
            code,
            message: Some(format!("{field}: {expected}").into()),
            field: Some(field),
        }
    }
}

impl From<ErrorCode> for WireError {
    fn from(code: ErrorCode) -> Self {
        Self {
            code,
            message: None,
            field: None,
        }
    }
}

/// Which site a batch is for, as the client says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SiteRef {
    /// Id, slug or public write key.
    Id(String),
    /// Id, slug or host name. The page's own host is asked first; this one counts where there is
    /// no page, and must not contradict it.
    Host(String),
    /// Nothing is said: the write key or the page's host tells.
    Page,
}
