//! The canonical spelling of a site's hosts, so that one host is one row.

use super::error::{Result, invalid};

/// Canonical form of a host that a user typed: lower case, IDN as punycode, without scheme, path,
/// port, trailing dot or leading `www.` (which means the same site). `*.example.com` stands for
/// any subdomain. IP addresses and `localhost` are hosts too.
pub fn canonical(input: &str) -> Result<String> {
    let text = input.trim();
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let text = text.split(['/', '?', '#']).next().unwrap_or_default();
    let (wildcard, name) = match text.strip_prefix("*.") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let host = parsed(name)?;
    if wildcard && (host.parse::<std::net::IpAddr>().is_ok() || host.starts_with('[')) {
        return Err(invalid("domain", "an address has no subdomains"));
    }
    Ok(if wildcard { format!("*.{host}") } else { host })
}

fn parsed(name: &str) -> Result<String> {
    if name.contains(['@', '*', '\\']) {
        return Err(invalid(
            "domain",
            "only a leading `*.` may stand for subdomains",
        ));
    }
    let url = url::Url::parse(&format!("http://{name}/")).map_err(|e| invalid("domain", e))?;
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    let host = match host.strip_prefix("www.") {
        Some(apex) if apex.contains('.') => apex,
        _ => host,
    };
    if host.is_empty() || host.len() > 253 {
        return Err(invalid("domain", "a host has 1 to 253 characters"));
    }
    Ok(host.to_owned())
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
            "exa mple.com",
            "user@example.com",
            "*.127.0.0.1",
            "http://",
        ] {
            assert!(canonical(input).is_err(), "{input}");
        }
    }
}
