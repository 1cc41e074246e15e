//! Which page sent this: the host of Origin, else of Referer.

use clew_core::model::domain;
use http::header::{ORIGIN, REFERER};
use http::{HeaderMap, HeaderName};

/// Normalised host without port; `None` when neither header vouches for a page.
///
/// `Origin: null` (sandboxed frames, files) says nothing, so Referer is asked. A header that is
/// present but no web address, or present more than once, is returned as it stands: it matches no
/// domain and is refused there.
pub fn origin_host(headers: &HeaderMap) -> Option<String> {
    let origin = all(headers, ORIGIN).filter(|origin| origin != "null");
    host_of(&origin.or_else(|| all(headers, REFERER))?)
}

/// Host of Referer alone, for doors whose contract asks for nothing else; `None` without one.
pub fn referer_host(headers: &HeaderMap) -> Option<String> {
    host_of(&all(headers, REFERER)?)
}

/// Every value of the header: several of them are one text that is no address.
fn all(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let values = headers.get_all(name).iter();
    let texts: Vec<_> = values
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    (!texts.is_empty()).then(|| texts.join(" "))
}

fn host_of(text: &str) -> Option<String> {
    let text = text.trim();
    let one = !text.contains(char::is_whitespace);
    let host = one.then(|| domain::header_host(text)).flatten();
    host.or_else(|| (!text.is_empty()).then(|| text.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_comes_from_origin_else_from_referer() {
        let cases: &[(Option<&str>, Option<&str>, Option<&str>)] = &[
            (None, None, None),
            (
                Some("https://Shop.Example:8443"),
                None,
                Some("shop.example"),
            ),
            (
                Some("https://a.example"),
                Some("https://b.example/"),
                Some("a.example"),
            ),
            (
                None,
                Some("https://b.example:1/p?q=x@y#z"),
                Some("b.example"),
            ),
            (None, Some("https://user:pw@b.example/"), Some("b.example")),
            (Some("null"), Some("https://b.example/"), Some("b.example")),
            (Some("null"), None, None),
            (Some("http://[::1]:8080"), None, Some("[::1]")),
            (Some("https://b.example."), None, Some("b.example")),
            (
                Some("https://evil.example\\@b.example"),
                None,
                Some("evil.example"),
            ),
            (Some("garbage"), None, Some("garbage")),
            (
                Some("https://a.example https://b.example"),
                None,
                Some("https://a.example https://b.example"),
            ),
            (
                Some("https://a.example/ https://b.example"),
                None,
                Some("https://a.example/ https://b.example"),
            ),
            (
                Some("null null"),
                Some("https://b.example"),
                Some("null null"),
            ),
        ];
        for (origin, referer, expected) in cases {
            let mut headers = HeaderMap::new();
            for (name, value) in [(ORIGIN, origin), (REFERER, referer)] {
                if let Some(value) = value {
                    headers.insert(name, value.parse().unwrap());
                }
            }
            assert_eq!(origin_host(&headers).as_deref(), *expected, "{headers:?}");
        }
    }

    #[test]
    fn two_origins_vouch_for_nobody() {
        let mut headers = HeaderMap::new();
        headers.append(ORIGIN, "https://a.example".parse().unwrap());
        headers.append(ORIGIN, "https://a.example".parse().unwrap());
        let host = origin_host(&headers).unwrap();
        assert!(host.contains(' '), "{host}");
    }
}
