//! The canonical spelling of a site's hosts, so that one host is one row.

use super::error::{Result, invalid};
use clew_core::model::domain::normalise_host;

/// Canonical form of a host that a user typed: what `normalise_host` makes of it, without a leading
/// `www.` (which means the same site). `*.example.com` stands for any subdomain. IP addresses and
/// `localhost` are hosts too; public suffixes are not, because everybody's sites are below them.
pub fn canonical(input: &str) -> Result<String> {
    let host = spelling(input)?;
    if is_public_suffix(host.strip_prefix("*.").unwrap_or(&host)) {
        let reason = "anybody can register names under this public suffix: name a host of your own";
        return Err(invalid("domain", reason));
    }
    Ok(host)
}

/// As [`canonical`], also of what would be refused today and may be stored from before.
pub(super) fn spelling(input: &str) -> Result<String> {
    let host = normalise_host(input).ok_or_else(|| invalid("domain", "there is no host in it"))?;
    let (wildcard, name) = match host.strip_prefix("*.") {
        Some(name) => (true, name),
        None => (false, host.as_str()),
    };
    if name.contains('*') {
        return Err(invalid(
            "domain",
            "only a leading `*.` may stand for subdomains",
        ));
    }
    if wildcard && is_address(name) {
        return Err(invalid("domain", "an address has no subdomains"));
    }
    if name.len() > 253 {
        return Err(invalid("domain", "a host has 1 to 253 characters"));
    }
    Ok(match name.strip_prefix("www.") {
        Some(apex) if !wildcard && apex.contains('.') => apex.to_owned(),
        _ => host,
    })
}

/// Whether names directly under this one belong to whoever registers them. Names of one label that
/// no list knows (`localhost`, `intranet`) are hosts of a network of their own.
fn is_public_suffix(name: &str) -> bool {
    let suffix = psl::suffix(name.as_bytes());
    suffix.is_some_and(|suffix| suffix.is_known() && suffix == name.as_bytes())
}

fn is_address(host: &str) -> bool {
    host.starts_with('[') || host.parse::<std::net::IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn spellings_of_one_host_are_one_host() {
        for (input, host) in [
            ("Example.COM", "example.com"),
            ("https://www.example.com/path?x=1", "example.com"),
            ("example.com:8443", "example.com"),
            ("example.com.", "example.com"),
            (" münchen.example ", "xn--mnchen-3ya.example"),
            ("*.Shop.Example", "*.shop.example"),
            ("www.com", "www.com"),
            ("localhost:8080", "localhost"),
            ("intranet", "intranet"),
            ("*.jane.github.io", "*.jane.github.io"),
            ("127.0.0.1:8080", "127.0.0.1"),
            ("http://[::1]:8080/", "[::1]"),
        ] {
            assert_eq!(canonical(input).unwrap(), host, "{input}");
            assert_eq!(
                canonical(host).unwrap(),
                host,
                "{host} is not a fixed point"
            );
        }
    }

    #[test]
    fn what_is_not_a_host_is_refused() {
        for input in [
            "",
            "*",
            "a.*.example",
            "*.*.example",
            "exa mple.com",
            "*.127.0.0.1",
            "*.[::1]",
            "http://",
            "com",
            "*.com",
            "co.uk",
            "*.co.uk",
            "https://github.io/",
            "*.github.io",
            "www.github.io",
            &"a.".repeat(200),
        ] {
            assert!(canonical(input).is_err(), "{input}");
        }
    }
}
