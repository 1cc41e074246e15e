//! Hosts and the allow-list of a site (CONTRACTS C).
//!
//! One meaning for every door: ports are ignored, `www.` equals the apex, IDN is punycode, an
//! exact entry beats a wildcard, the longest wildcard wins. `*.example.com` stands for every
//! subdomain and not for `example.com` itself.

use std::collections::HashMap;
use url::{Host, Url};

/// Lower-case punycode host without port, trailing dot, scheme or path.
///
/// Takes what people write into a list (`Example.com`, `*.bücher.example`, `localhost:8080`,
/// `https://shop.example/x`). `None` when there is no host in it.
pub fn normalise_host(entry: &str) -> Option<String> {
    let entry = entry.trim();
    let rest = entry.split_once("://").map_or(entry, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit('@').next().unwrap_or_default();
    let (wildcard, name) = match authority.strip_prefix("*.") {
        Some(name) => ("*.", name),
        None => ("", authority),
    };
    let name = without_port(name).trim_end_matches('.');
    let host = Host::parse(name).ok()?;
    Some(format!("{wildcard}{host}"))
}

/// Host of an `Origin` or `Referer` header; `None` for `null` and anything that is not a web
/// address.
pub fn header_host(header: &str) -> Option<String> {
    let url = Url::parse(header.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    url.host_str()
        .map(|host| host.trim_end_matches('.').to_owned())
}

/// May a page on `host` write to a site with this list? Both sides normalised.
pub fn host_allowed(host: &str, domains: &[String]) -> bool {
    domains.iter().any(|entry| strength(host, entry).is_some())
}

/// The owner of `host` among entries of several sites: exact before wildcard, then the longest.
pub fn owner_of<'a, T>(host: &str, entries: impl IntoIterator<Item = (&'a str, T)>) -> Option<T> {
    entries
        .into_iter()
        .filter_map(|(entry, owner)| Some((strength(host, entry)?, owner)))
        .max_by_key(|(strength, _)| *strength)
        .map(|(_, owner)| owner)
}

/// The entries of many sites, for look-ups as [`owner_of`] makes them without reading every entry.
#[derive(Clone, Debug)]
pub struct HostIndex<T> {
    exact: HashMap<String, T>,
    /// By what follows `*.`.
    wildcards: HashMap<String, T>,
}

impl<T> Default for HostIndex<T> {
    fn default() -> Self {
        Self {
            exact: HashMap::new(),
            wildcards: HashMap::new(),
        }
    }
}

impl<T> HostIndex<T> {
    pub fn insert(&mut self, entry: &str, owner: T) {
        match entry.strip_prefix("*.") {
            Some(parent) => self.wildcards.insert(parent.to_owned(), owner),
            None => self.exact.insert(apex(entry).to_owned(), owner),
        };
    }

    /// The owner of `host`: exact before wildcard, then the longest.
    pub fn owner_of(&self, host: &str) -> Option<&T> {
        let parents = host.match_indices('.').filter(|(at, _)| *at > 0);
        let mut wildcards = parents.filter_map(|(at, _)| self.wildcards.get(&host[at + 1..]));
        self.exact.get(apex(host)).or_else(|| wildcards.next())
    }
}

/// The part of a host that one owner registered (`bbc.co.uk`, `shop.github.io`); addresses,
/// `localhost` and public suffixes are themselves.
pub fn registrable(host: &str) -> &str {
    if is_address(host) {
        return host;
    }
    psl::domain_str(host).unwrap_or(host)
}

/// Do browsers see two hosts as one site, so that a cookie of one is first-party on the other?
pub fn same_site(a: &str, b: &str) -> bool {
    let owned = !is_address(a) && psl::domain_str(a).is_some();
    a == b || (owned && !is_address(b) && psl::domain_str(a) == psl::domain_str(b))
}

fn is_address(host: &str) -> bool {
    host.starts_with('[') || host.parse::<std::net::IpAddr>().is_ok()
}

/// How well an entry names a host: (exact?, length), larger is stronger.
fn strength(host: &str, entry: &str) -> Option<(bool, usize)> {
    if let Some(parent) = entry.strip_prefix("*.") {
        let head = host.strip_suffix(parent)?;
        return (head.len() > 1 && head.ends_with('.')).then_some((false, parent.len()));
    }
    (apex(host) == apex(entry)).then_some((true, entry.len()))
}

fn apex(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port))
            if port.bytes().all(|b| b.is_ascii_digit())
                && (!host.contains(':') || host.ends_with(']')) =>
        {
            host
        }
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_normalised() {
        for (input, expected) in [
            ("Example.COM", Some("example.com")),
            ("example.com.", Some("example.com")),
            ("localhost:8080", Some("localhost")),
            ("127.0.0.1:80", Some("127.0.0.1")),
            ("[::1]:8080", Some("[::1]")),
            ("*.Bücher.example", Some("*.xn--bcher-kva.example")),
            ("https://user@shop.example:8443/a?b#c", Some("shop.example")),
            ("", None),
            ("a b", None),
            ("*.", None),
        ] {
            assert_eq!(normalise_host(input).as_deref(), expected, "{input}");
        }
    }

    #[test]
    fn headers_give_their_host_and_null_gives_none() {
        for (header, expected) in [
            ("https://Shop.example:8443", Some("shop.example")),
            ("https://bücher.example/path", Some("xn--bcher-kva.example")),
            ("null", None),
            ("file:///etc/passwd", None),
            ("javascript:alert(1)", None),
            ("", None),
        ] {
            assert_eq!(header_host(header).as_deref(), expected, "{header}");
        }
    }

    #[test]
    fn two_hosts_are_one_site_when_one_owner_registered_both() {
        for (a, b, same) in [
            ("shop.example.com", "stats.example.com", true),
            ("example.com", "a.b.example.com", true),
            ("bbc.co.uk", "stats.bbc.co.uk", true),
            ("a.co.uk", "b.co.uk", false),
            ("a.github.io", "b.github.io", false),
            ("a.github.io", "x.a.github.io", true),
            ("github.io", "a.github.io", false),
            ("example.com", "example.org", false),
            ("example.com", "notexample.com", false),
            ("localhost", "localhost", true),
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "10.0.0.1", false),
            ("[::1]", "[::1]", true),
            ("com", "example.com", false),
        ] {
            assert_eq!(same_site(a, b), same, "{a} {b}");
            assert_eq!(same_site(b, a), same, "{b} {a}");
        }
        for (host, owner) in [
            ("www.bbc.co.uk", "bbc.co.uk"),
            ("x.y.github.io", "y.github.io"),
            ("127.0.0.1", "127.0.0.1"),
            ("localhost", "localhost"),
        ] {
            assert_eq!(registrable(host), owner);
        }
    }

    #[test]
    fn the_list_decides_who_may_write() {
        let list = [
            "example.com",
            "www.shop.example",
            "*.apps.example",
            "localhost",
        ]
        .map(str::to_owned);
        for (host, allowed) in [
            ("example.com", true),
            ("www.example.com", true),
            ("blog.example.com", false),
            ("shop.example", true),
            ("a.apps.example", true),
            ("a.b.apps.example", true),
            ("apps.example", false),
            ("evilapps.example", false),
            ("notexample.com", false),
            ("example.com.evil.test", false),
            ("localhost", true),
            ("", false),
        ] {
            assert_eq!(host_allowed(host, &list), allowed, "{host}");
        }
    }

    #[test]
    fn exact_beats_wildcard_and_the_longest_wildcard_wins() {
        let entries = [
            ("*.x.example", 1),
            ("*.b.x.example", 2),
            ("a.b.x.example", 3),
        ];
        assert_eq!(owner_of("a.b.x.example", entries), Some(3));
        assert_eq!(owner_of("www.a.b.x.example", entries), Some(3));
        assert_eq!(owner_of("c.b.x.example", entries), Some(2));
        assert_eq!(owner_of("c.x.example", entries), Some(1));
        assert_eq!(owner_of("x.example", entries), None);
    }

    #[test]
    fn the_index_answers_like_the_list() {
        let entries = [
            ("*.x.example", 1),
            ("*.b.x.example", 2),
            ("a.b.x.example", 3),
            ("www.shop.example", 4),
            ("*.www.shop.example", 5),
            ("localhost", 6),
            ("[::1]", 7),
        ];
        let mut index = HostIndex::default();
        for (entry, owner) in entries {
            index.insert(entry, owner);
        }
        for host in [
            "a.b.x.example",
            "www.a.b.x.example",
            "c.b.x.example",
            "b.x.example",
            "x.example",
            ".x.example",
            "shop.example",
            "www.shop.example",
            "www.www.shop.example",
            "a.www.shop.example",
            "www.localhost",
            "localhost",
            "[::1]",
            "example",
            "",
            ".",
        ] {
            let listed = owner_of(host, entries);
            assert_eq!(index.owner_of(host).copied(), listed, "{host}");
        }
    }
}
