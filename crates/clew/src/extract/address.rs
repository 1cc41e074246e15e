//! The client's address: the socket's peer, or what trusted proxies say about it.
//!
//! Invariant: `X-Forwarded-For` is read only when the peer is a configured proxy, from right to
//! left, and the first hop that is no such proxy is the client. Everything left of it was written
//! by the client itself and is ignored.

use crate::config::TrustedProxies;
use http::HeaderMap;
use std::net::{IpAddr, SocketAddr};

/// Address of the socket's peer, put into every request's extensions by the listener.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// The client's address; IPv4-mapped IPv6 becomes IPv4.
pub fn client_ip(peer: IpAddr, headers: &HeaderMap, trusted: &TrustedProxies) -> IpAddr {
    let mut client = peer.to_canonical();
    if trusted.is_empty() || !trusted.contains(client) {
        return client;
    }
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    let hops = lines.flat_map(|line| line.to_str().unwrap_or("?").rsplit(','));
    for hop in hops {
        let Some(address) = parse_hop(hop.trim()) else {
            return client;
        };
        client = address;
        if !trusted.contains(client) {
            return client;
        }
    }
    client
}

/// The network whose members share a rate limit: /24 of IPv4, /48 of IPv6.
pub fn prefix(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(v4) => IpAddr::V4((v4.to_bits() & 0xFFFF_FF00).into()),
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & !((1 << 80) - 1)).into()),
    }
}

/// `1.2.3.4`, `1.2.3.4:5`, `2001:db8::1` or `[2001:db8::1]:5`.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    let bare = hop
        .strip_prefix('[')
        .and_then(|rest| rest.split(']').next());
    let address = bare.unwrap_or(hop).parse::<IpAddr>();
    let address = address.or_else(|_| hop.parse::<SocketAddr>().map(|socket| socket.ip()));
    address.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_set_the_clients_address() {
        let trusted =
            TrustedProxies::try_from(vec!["10.0.0.0/8".to_owned(), "::1".to_owned()]).unwrap();
        let cases: &[(&str, &[&str], &str)] = &[
            // Nobody asked: the peer counts, whatever it claims.
            ("203.0.113.9", &[], "203.0.113.9"),
            ("203.0.113.9", &["1.1.1.1"], "203.0.113.9"),
            ("::ffff:203.0.113.9", &["1.1.1.1"], "203.0.113.9"),
            // Behind a proxy: the rightmost hop that is no proxy.
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.7"], "198.51.100.7"),
            ("::ffff:10.0.0.1", &["198.51.100.7"], "198.51.100.7"),
            ("10.0.0.1", &["6.6.6.6, 198.51.100.7"], "198.51.100.7"),
            (
                "10.0.0.1",
                &["6.6.6.6, 198.51.100.7, 10.2.2.2"],
                "198.51.100.7",
            ),
            ("10.0.0.1", &["6.6.6.6", "198.51.100.7"], "198.51.100.7"),
            ("10.0.0.1", &["10.3.3.3, 10.2.2.2"], "10.3.3.3"),
            ("10.0.0.1", &["198.51.100.7:4711"], "198.51.100.7"),
            ("::1", &["[2001:db8::1]:4711"], "2001:db8::1"),
            ("::1", &["2001:db8::1"], "2001:db8::1"),
            ("::1", &["::ffff:198.51.100.7"], "198.51.100.7"),
            // Nonsense never lets the client choose.
            ("10.0.0.1", &["6.6.6.6, unknown"], "10.0.0.1"),
            ("10.0.0.1", &["6.6.6.6, nonsense, 10.2.2.2"], "10.2.2.2"),
            ("10.0.0.1", &[""], "10.0.0.1"),
        ];
        for (peer, lines, expected) in cases {
            let mut headers = HeaderMap::new();
            for line in *lines {
                headers.append("x-forwarded-for", line.parse().unwrap());
            }
            let ip = client_ip(peer.parse().unwrap(), &headers, &trusted);
            assert_eq!(ip, expected.parse::<IpAddr>().unwrap(), "{peer} {lines:?}");
        }
    }

    #[test]
    fn a_prefix_is_a_24_or_a_48() {
        let cases = [
            ("203.0.113.9", "203.0.113.0"),
            ("2001:db8:1:2:3::4", "2001:db8:1::"),
        ];
        for (address, expected) in cases {
            let network = prefix(address.parse().unwrap());
            assert_eq!(network, expected.parse::<IpAddr>().unwrap());
        }
    }
}
