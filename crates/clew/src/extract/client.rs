//! What the edge knows about a sender besides the body.

use super::{address, origin, place};
use crate::config::Config;
use clew_core::wire::{Client, Hints};
use http::HeaderMap;
use http::header::{ACCEPT_LANGUAGE, USER_AGENT};
use std::net::IpAddr;

/// Longest user agent kept; real ones are below 300 bytes.
const USER_AGENT_LIMIT: usize = 512;

/// Reads the sender from a request; `trusted` says that a secret key vouches for it.
pub fn client(peer: IpAddr, headers: &HeaderMap, config: &Config, trusted: bool) -> Client {
    let proxies = &config.server.trusted_proxies;
    let seen = place::seen(peer, headers, proxies, config.geo.proxy_headers);
    Client {
        ip: address::client_ip(peer, headers, proxies),
        user_agent: user_agent(headers),
        origin_host: origin::origin_host(headers),
        language: language(headers),
        gpc: is_one(headers, "sec-gpc"),
        dnt: is_one(headers, "dnt"),
        trusted,
        hints: Hints::read(|name| headers.get(name)?.to_str().ok()).map(Box::new),
        place: seen.place,
        tor: seen.tor,
    }
}

pub fn user_agent(headers: &HeaderMap) -> String {
    let Some(value) = headers.get(USER_AGENT) else {
        return String::new();
    };
    let bytes = value.as_bytes();
    let bytes = &bytes[..bytes.len().min(USER_AGENT_LIMIT)];
    String::from_utf8_lossy(bytes).into_owned()
}

/// First tag of Accept-Language, e.g. `de-AT`; empty when it is none.
fn language(headers: &HeaderMap) -> String {
    let header = headers.get(ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    let first = header.and_then(|text| text.split([',', ';']).next());
    let tag = first.map(str::trim).unwrap_or_default();
    let is_tag = tag.len() <= 35 && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if is_tag {
        tag.to_owned()
    } else {
        String::new()
    }
}

fn is_one(headers: &HeaderMap, name: &str) -> bool {
    headers.get(name).is_some_and(|value| value == "1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Overrides;

    #[test]
    fn headers_are_read_and_nonsense_is_left_out() {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, "de-AT;q=0.9, en".parse().unwrap());
        headers.insert("sec-gpc", "1".parse().unwrap());
        headers.insert("dnt", "0".parse().unwrap());
        headers.insert(USER_AGENT, "x".repeat(2000).parse().unwrap());
        let peer = IpAddr::from([192, 0, 2, 1]);
        let config = Config::from_sources(&Overrides::default(), |_| None).unwrap();
        let seen = client(peer, &headers, &config, false);
        assert_eq!(
            (seen.language.as_str(), seen.gpc, seen.dnt),
            ("de-AT", true, false)
        );
        assert_eq!(seen.user_agent.len(), USER_AGENT_LIMIT);
        headers.insert(ACCEPT_LANGUAGE, "<script>".parse().unwrap());
        assert_eq!(client(peer, &headers, &config, false).language, "");
        assert_eq!((seen.hints, seen.place, seen.tor), (None, None, false));
        headers.insert("sec-ch-ua-platform", "\"Windows\"".parse().unwrap());
        let hints = client(peer, &headers, &config, false).hints;
        assert_eq!(hints.unwrap().platform, "Windows");
    }
}
