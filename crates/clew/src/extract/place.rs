//! Where a proxy saw the client: the visitor headers of content networks.
//!
//! Read only when the peer is a trusted proxy and the configuration names whose headers it sets: a
//! proxy that passes foreign headers through would let every client choose its country.

use crate::config::{ProxyHeaders, TrustedProxies};
use clew_core::model::Place;
use http::HeaderMap;
use percent_encoding::percent_decode_str;
use std::net::IpAddr;

const NAME_MAX: usize = 128;

/// What the proxy says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub place: Option<Place>,
    /// The client came out of the Tor network.
    pub tor: bool,
}

/// Names of the headers for country, region and city.
const fn names(of: ProxyHeaders) -> Option<[&'static str; 3]> {
    match of {
        ProxyHeaders::None => None,
        ProxyHeaders::Cloudflare => Some(["cf-ipcountry", "cf-region", "cf-ipcity"]),
        ProxyHeaders::Cloudfront => Some([
            "cloudfront-viewer-country",
            "cloudfront-viewer-country-region-name",
            "cloudfront-viewer-city",
        ]),
        ProxyHeaders::Vercel => Some([
            "x-vercel-ip-country",
            "x-vercel-ip-country-region",
            "x-vercel-ip-city",
        ]),
    }
}

pub fn seen(peer: IpAddr, headers: &HeaderMap, trusted: &TrustedProxies, of: ProxyHeaders) -> Seen {
    let Some([country, region, city]) = names(of) else {
        return Seen::default();
    };
    if !trusted.contains(peer.to_canonical()) {
        return Seen::default();
    }
    let code = text(headers, country).to_ascii_uppercase();
    let tor = code == "T1";
    // XX is "unknown" to those who set it.
    let is_country =
        code.len() == 2 && code != "XX" && code.bytes().all(|b| b.is_ascii_alphabetic());
    let place = is_country.then(|| Place {
        country: code,
        region: text(headers, region),
        city: text(headers, city),
    });
    Seen { place, tor }
}

/// Names outside ASCII come percent-encoded or as plain UTF-8.
fn text(headers: &HeaderMap, name: &str) -> String {
    let value = headers.get(name).map_or(&b""[..], |value| value.as_bytes());
    let value = String::from_utf8_lossy(&value[..value.len().min(NAME_MAX)]);
    let decoded = percent_decode_str(&value).decode_utf8_lossy();
    decoded.chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROXY: [u8; 4] = [10, 0, 0, 1];

    fn seen_from(peer: [u8; 4], of: ProxyHeaders, lines: &[(&'static str, &str)]) -> Seen {
        let trusted = TrustedProxies::try_from(vec!["10.0.0.0/8".to_owned()]).unwrap();
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.insert(*name, value.parse().unwrap());
        }
        seen(peer.into(), &headers, &trusted, of)
    }

    #[test]
    fn each_network_has_its_own_headers() {
        for (of, lines, expected) in [
            (
                ProxyHeaders::Cloudflare,
                [
                    ("cf-ipcountry", "at"),
                    ("cf-region", "Vienna"),
                    ("cf-ipcity", "Vienna"),
                ],
                ["AT", "Vienna", "Vienna"],
            ),
            (
                ProxyHeaders::Vercel,
                [
                    ("x-vercel-ip-country", "BR"),
                    ("x-vercel-ip-country-region", "SP"),
                    ("x-vercel-ip-city", "S%C3%A3o%20Paulo"),
                ],
                ["BR", "SP", "São Paulo"],
            ),
            (
                ProxyHeaders::Cloudfront,
                [
                    ("cloudfront-viewer-country", "US"),
                    ("cloudfront-viewer-country-region-name", "Michigan"),
                    ("cloudfront-viewer-city", "Ann Arbor"),
                ],
                ["US", "Michigan", "Ann Arbor"],
            ),
        ] {
            let place = seen_from(PROXY, of, &lines).place.unwrap();
            assert_eq!([place.country, place.region, place.city], expected);
            assert_eq!(seen_from([203, 0, 113, 9], of, &lines), Seen::default());
            assert_eq!(
                seen_from(PROXY, ProxyHeaders::None, &lines),
                Seen::default()
            );
        }
    }

    #[test]
    fn unknown_countries_and_tor_are_no_place() {
        for (country, tor) in [("XX", false), ("T1", true), ("", false), ("A1B", false)] {
            let seen = seen_from(
                PROXY,
                ProxyHeaders::Cloudflare,
                &[("cf-ipcountry", country)],
            );
            assert_eq!(seen, Seen { place: None, tor }, "{country}");
        }
    }
}
