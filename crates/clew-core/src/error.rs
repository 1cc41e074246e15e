//! Every public error code, in one table.
//!
//! A code is a promise to clients: never renamed, never reused. Only `clew/error.rs` maps them to
//! HTTP statuses.

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $message:literal;)*) => {
        /// A stable error code with its default English message.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode { $($(#[$doc])* $variant,)* }

        impl ErrorCode {
            /// All codes, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            pub const fn message(self) -> &'static str {
                match self { $(Self::$variant => $message,)* }
            }
        }
    };
}

codes! {
    // The request could not be read.
    MalformedJson = "malformed_json", "The body is not valid JSON.";
    InvalidBody = "invalid_body", "The body does not have the documented shape.";
    InvalidParameter = "invalid_parameter", "A parameter has an invalid value.";
    UnknownType = "unknown_type", "No event has this type.";
    InvalidSiteId = "invalid_site_id", "This is no site id.";
    BodyTooLarge = "body_too_large", "The body is larger than this endpoint accepts.";
    BatchTooLarge = "batch_too_large", "A batch holds at most 500 events.";
    UnsupportedMediaType = "unsupported_media_type", "Send JSON as application/json or text/plain, optionally gzip or br encoded.";
    BadEncoding = "bad_encoding", "The body could not be decompressed.";
    RequestTimeout = "request_timeout", "The request did not arrive in time.";
    NotFound = "not_found", "There is nothing at this address.";
    MethodNotAllowed = "method_not_allowed", "This address does not answer to that method.";

    // Who is asking.
    Unauthorized = "unauthorized", "Sign in, or send a valid secret key.";
    Forbidden = "forbidden", "Your role does not allow that.";
    UnknownSite = "unknown_site", "No site has this id.";
    ForeignOrigin = "foreign_origin", "This page's host is not on the site's list of domains; add it under Settings, Domains, if it is yours.";
    OriginRequired = "origin_required", "This site accepts events only with an Origin or Referer.";
    Conflict = "conflict", "That is taken already.";
    LastOwner = "last_owner", "An account needs at least one active owner.";
    WrongCredentials = "wrong_credentials", "E-mail address or password is wrong.";
    InvalidLink = "invalid_link", "This link is not valid any more; ask for a new one.";
    ConsentRequired = "consent_required", "The visitor has not agreed to be recognised.";
    LinkRefused = "link_refused", "This link token is forged, of another site, or older than two minutes.";
    CrossSite = "cross_site", "This request came from another web site.";

    // Come back later.
    RateLimited = "rate_limited", "Too many requests; see Retry-After.";
    Overloaded = "overloaded", "The server is catching up; see Retry-After.";
    StorageUnavailable = "storage_unavailable", "Events cannot be stored right now; see Retry-After.";
    ReportsUnavailable = "reports_unavailable", "Reports are being rebuilt; collection goes on. See Retry-After.";
    ReportTimeout = "report_timeout", "The report took too long; narrow the range or the filters.";
    ShuttingDown = "shutting_down", "The server is restarting; see Retry-After.";
    Internal = "internal", "Something went wrong on our side; quote the request id.";
}

#[cfg(test)]
mod tests {
    use super::ErrorCode;

    #[test]
    fn codes_are_unique() {
        let mut codes: Vec<_> = ErrorCode::ALL.iter().map(|c| c.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ErrorCode::ALL.len());
    }
}
