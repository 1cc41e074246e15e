//! What a door's reply says besides its body.

use crate::error::{ApiError, ApiResult};
use crate::middleware::cors;
use axum::response::Response;
use clew_core::wire::{Door, Receipt, WireFormat};
use http::header::{CONTENT_TYPE, LINK, SET_COOKIE};
use http::{HeaderValue, StatusCode};

/// When the doors that have a successor began to be called deprecated (RFC 9745) and when they may
/// go (RFC 8594).
const DEPRECATION: &str = "@1764547200";
const SUNSET: &str = "Wed, 01 Dec 2027 00:00:00 GMT";

/// Headers of a reply, known as soon as the site is.
#[derive(Debug, Default)]
pub struct Marks {
    /// Whether the door may have to do with cookies at all.
    pub(super) cookies: bool,
    /// Origin whose pages may send the visitor's cookie.
    pub(super) credentials: Option<HeaderValue>,
    pub(super) set_cookie: Option<HeaderValue>,
    successor: Option<&'static str>,
}

impl Marks {
    pub(super) const fn of(door: &Door) -> Self {
        Self {
            cookies: door.cookies,
            credentials: None,
            set_cookie: None,
            successor: door.successor,
        }
    }

    /// Of a door that has no format: it may have to do with cookies.
    pub const fn with_cookies() -> Self {
        Self {
            cookies: true,
            credentials: None,
            set_cookie: None,
            successor: None,
        }
    }

    pub fn put_on(self, response: &mut Response) {
        let headers = response.headers_mut();
        cors::allow(headers);
        if let Some(origin) = self.credentials {
            cors::allow_credentials(headers, origin);
        }
        if let Some(cookie) = self.set_cookie {
            headers.insert(SET_COOKIE, cookie);
        }
        if let Some(successor) = self.successor {
            headers.insert("x-deprecated", HeaderValue::from_static("true"));
            headers.insert("deprecation", HeaderValue::from_static(DEPRECATION));
            headers.insert("sunset", HeaderValue::from_static(SUNSET));
            let link = HeaderValue::from_str(&format!("<{successor}>; rel=\"successor-version\""));
            headers.extend(link.ok().map(|link| (LINK, link)));
        }
    }
}

/// The format's own words for a success.
pub(super) fn success(
    format: &dyn WireFormat,
    door: &Door,
    receipt: &Receipt,
) -> ApiResult<Response> {
    let json = format.answer(door, receipt).map_err(ApiError::internal)?;
    let mut response = Response::new(json.into());
    *response.status_mut() = StatusCode::from_u16(door.status).map_err(ApiError::internal)?;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    Ok(response)
}
