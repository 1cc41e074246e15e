//! CORS of the public ingest and script doors: anyone may send, nobody sends credentials, except
//! pages of a site whose visitors have a cookie of this server.
//!
//! The headers are constants, so answering them costs three insertions. Management routes carry
//! no CORS headers at all: another site's page cannot read them.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderName,
    VARY,
};
use http::{HeaderMap, HeaderValue, StatusCode};

/// Lets any page read a reply of a public door.
pub fn allow(headers: &mut HeaderMap) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("Retry-After, X-Request-Id"),
    );
}

/// Lets the pages of this origin send the visitor's cookie; nobody else reads the reply.
pub fn allow_credentials(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(
        ACCESS_CONTROL_ALLOW_CREDENTIALS,
        HeaderValue::from_static("true"),
    );
    headers.insert(VARY, HeaderValue::from_static("Origin"));
}

/// Reply to a preflight of a public door; browsers may keep it for a day.
pub fn preflight() -> (StatusCode, [(HeaderName, &'static str); 5]) {
    let headers = [
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, OPTIONS"),
        (
            ACCESS_CONTROL_ALLOW_HEADERS,
            "Content-Type, Content-Encoding, X-Request-Id, X-API-Key",
        ),
        (ACCESS_CONTROL_EXPOSE_HEADERS, "Retry-After, X-Request-Id"),
        (ACCESS_CONTROL_MAX_AGE, "86400"),
    ];
    (StatusCode::NO_CONTENT, headers)
}
