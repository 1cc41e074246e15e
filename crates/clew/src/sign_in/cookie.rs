//! The session cookie: opaque, for this host only, out of reach for scripts.
//!
//! Over TLS it is called `__Host-clew`, which browsers bind to this very host. A plain-HTTP
//! installation cannot have that name; its cookie is called `clew` and the dashboard warns.

use clew_store::relational::Token;
use cookie::{Cookie, SameSite};
use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

/// Name and attributes of this installation's cookie.
#[derive(Clone, Copy, Debug)]
pub struct SessionCookie {
    https: bool,
}

impl SessionCookie {
    pub const fn new(https: bool) -> Self {
        Self { https }
    }

    const fn name(self) -> &'static str {
        if self.https { "__Host-clew" } else { "clew" }
    }

    /// The token that the browser sent.
    pub fn read(self, headers: &HeaderMap) -> Option<&str> {
        let lines = headers.get_all(COOKIE).iter();
        let pairs = lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'));
        let mut found = pairs.filter_map(|pair| pair.trim().split_once('='));
        found
            .find(|(name, _)| *name == self.name())
            .map(|(_, value)| value)
    }

    /// `Set-Cookie` that signs in, for at most `seconds`.
    pub fn set(self, token: &Token, seconds: i64) -> Option<HeaderValue> {
        self.header(token.as_str(), seconds)
    }

    /// `Set-Cookie` that signs out.
    pub fn clear(self) -> Option<HeaderValue> {
        self.header("", 0)
    }

    fn header(self, value: &str, seconds: i64) -> Option<HeaderValue> {
        let cookie = Cookie::build((self.name(), value))
            .path("/")
            .http_only(true)
            .secure(self.https)
            .same_site(SameSite::Lax)
            .max_age(cookie::time::Duration::seconds(seconds));
        HeaderValue::from_str(&cookie.to_string()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found_among_others_and_only_under_its_name() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, "a=1; clew=plain".parse().unwrap());
        headers.append(COOKIE, "__Host-clew=tls; b=2".parse().unwrap());
        assert_eq!(SessionCookie::new(false).read(&headers), Some("plain"));
        assert_eq!(SessionCookie::new(true).read(&headers), Some("tls"));
        assert_eq!(SessionCookie::new(true).read(&HeaderMap::new()), None);
    }

    #[test]
    fn scripts_and_other_hosts_never_get_it() {
        for (https, expected) in [
            (
                true,
                "__Host-clew=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0",
            ),
            (false, "clew=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0"),
        ] {
            let header = SessionCookie::new(https).clear().unwrap();
            assert_eq!(header, expected);
        }
    }
}
