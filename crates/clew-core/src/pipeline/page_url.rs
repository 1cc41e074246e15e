//! Addresses of pages: read once, kept without what may identify somebody.

use super::campaign;
use url::Url;

/// Longer addresses are refused rather than parsed.
pub(super) const INPUT_MAX: usize = 16 * 1024;
/// Bytes of path and of the whole address that are kept.
const PATH_MAX: usize = 1024;
const URL_MAX: usize = 2048;

/// The parts of a page's address that are stored.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CleanUrl {
    pub(super) url: String,
    pub(super) hostname: String,
    pub(super) path: String,
}

/// An absolute http or https address with a host.
pub(super) fn parse(address: &str) -> Option<Url> {
    if address.len() > INPUT_MAX {
        return None;
    }
    let url = Url::parse(address).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

/// Carries a visitor id from one of a site's domains to another for two minutes.
pub(super) const LINK_PARAMETER: &str = "_clew";

/// Scheme, host, port, path and the allow-listed query parameters. Credentials, fragment,
/// campaign parameters, click ids and the token of a cross-domain link are gone, whatever the
/// list says.
pub(super) fn clean(url: &Url, query_allow: &[String]) -> CleanUrl {
    let hostname = url.host_str().unwrap_or_default().trim_end_matches('.');
    let path = cut(url.path(), PATH_MAX);
    let mut out = String::with_capacity(url.scheme().len() + hostname.len() + path.len() + 16);
    out.push_str(url.scheme());
    out.push_str("://");
    out.push_str(hostname);
    if let Some(port) = url.port() {
        out.push(':');
        out.push_str(&port.to_string());
    }
    out.push_str(path);
    if let Some(query) = url.query().filter(|_| !query_allow.is_empty()) {
        push_allowed(&mut out, query, query_allow);
    }
    CleanUrl {
        url: out,
        hostname: hostname.to_owned(),
        path: path.to_owned(),
    }
}

fn push_allowed(out: &mut String, query: &str, allow: &[String]) {
    let mut separator = '?';
    for pair in query.split('&') {
        let key = pair.split('=').next().unwrap_or_default();
        let kept = allow.iter().any(|name| name == key)
            && key != LINK_PARAMETER
            && !campaign::is_parameter(key);
        if kept && out.len() + pair.len() < URL_MAX {
            out.push(separator);
            out.push_str(pair);
            separator = '&';
        }
    }
}

/// The address of a referrer without query and fragment; its parameters belong to others.
pub(super) fn without_query(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let path = cut(url.path(), PATH_MAX);
    format!("{}://{host}{path}", url.scheme())
}

/// Paths are ASCII after parsing; an escape is not torn apart.
fn cut(path: &str, max: usize) -> &str {
    if path.len() <= max {
        return path;
    }
    let mut end = max;
    while !path.is_char_boundary(end) {
        end -= 1;
    }
    let cut = &path[..end];
    match cut.rfind('%') {
        Some(at) if at + 3 > cut.len() => &cut[..at],
        _ => cut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_pages() {
        for (address, ok) in [
            ("https://shop.example/", true),
            ("http://127.0.0.1:8080/demo/", true),
            ("HTTPS://SHOP.example", true),
            ("javascript:alert(1)", false),
            ("data:text/html,x", false),
            ("file:///etc/passwd", false),
            ("about:blank", false),
            ("/relative", false),
            ("//shop.example/", false),
            ("https://", false),
            ("", false),
        ] {
            assert_eq!(parse(address).is_some(), ok, "{address}");
        }
        assert!(parse(&format!("https://a.example/{}", "x".repeat(INPUT_MAX))).is_none());
    }

    #[test]
    fn what_identifies_is_gone() {
        let allow = ["page", "gclid", "utm_source"].map(str::to_owned);
        for (address, url) in [
            (
                "https://u:p@Shop.example/a?page=2&mail=x#f",
                "https://shop.example/a?page=2",
            ),
            (
                "https://shop.example:8443/?gclid=1&utm_source=2",
                "https://shop.example:8443/",
            ),
            (
                "https://shop.example:443?page=1&page=2",
                "https://shop.example/?page=1&page=2",
            ),
            (
                "https://bücher.example/ü",
                "https://xn--bcher-kva.example/%C3%BC",
            ),
        ] {
            let parsed = parse(address).unwrap();
            assert_eq!(clean(&parsed, &allow).url, url);
        }
        let parsed = parse("https://shop.example/a?page=2").unwrap();
        assert_eq!(clean(&parsed, &[]).url, "https://shop.example/a");
    }

    #[test]
    fn a_long_path_is_cut_between_escapes() {
        let long = format!("https://a.example/{}", "%C3%BC".repeat(400));
        let path = clean(&parse(&long).unwrap(), &[]).path;
        assert!(path.len() <= PATH_MAX);
        assert!(path.ends_with("%C3") || path.ends_with("%BC"), "{path}");
    }
}
